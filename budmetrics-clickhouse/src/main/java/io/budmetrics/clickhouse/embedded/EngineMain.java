package io.budmetrics.clickhouse.embedded;

import com.sun.net.httpserver.HttpServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The child process: reads what to do from its standard input, says on its standard output that it serves, and ends
 * when its standard input ends, which it does however the parent process ends.
 */
final class EngineMain {
    /** Begins every line that is meant for the parent; the engine may print others. */
    static final String MARK = "budmetrics-engine\t";

    /** The engine has ended; what follows is the removal of its files, which can be many. */
    static final String STOPPED = "STOPPED";

    private EngineMain() {}

    /**
     * Runs the engine until the parent is gone.
     *
     * @param arguments none are taken
     * @throws IOException when the parent left before it said what to do
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream parent = System.out;
        System.setOut(System.err);
        DataInputStream input = new DataInputStream(System.in);
        Map<String, String> configuration = new HashMap<>();
        int count = input.readInt();
        for (int i = 0; i < count; i++) {
            configuration.put(input.readUTF(), input.readUTF());
        }
        Path run = Path.of(configuration.getOrDefault("run", ""));
        Shutdown shutdown = new Shutdown(run, parent);
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::orderly, "engine-shutdown"));
        try {
            EngineServer server = start(configuration, run, shutdown);
            say(parent, "READY\t" + server.port() + "\t" + server.version());
        } catch (BindException e) {
            say(
                    parent,
                    "FAILED\tport " + configuration.get("port") + " is not free (" + e.getMessage()
                            + "); choose another, or 0 for any");
            shutdown.end();
        } catch (ServerError | IOException | RuntimeException | LinkageError e) {
            say(parent, "FAILED\t" + e.getClass().getSimpleName() + ": " + e.getMessage());
            shutdown.end();
        }
        untilEnd(System.in, Long.parseLong(configuration.getOrDefault("parent", "0")));
        shutdown.end();
    }

    private static EngineServer start(Map<String, String> configuration, Path run, Shutdown shutdown)
            throws IOException, ServerError {
        HttpServer http = EngineServer.bind(Integer.parseInt(configuration.getOrDefault("port", "0")));
        Engine engine = new Engine(
                Path.of(configuration.getOrDefault("library", "")),
                Path.of(configuration.getOrDefault("data", "")),
                Long.parseLong(configuration.getOrDefault("memory", "0")),
                Math.max(8, 4 * Runtime.getRuntime().availableProcessors()));
        shutdown.engine = engine;
        EngineServer server = new EngineServer(
                http,
                engine,
                configuration.getOrDefault("user", ""),
                configuration.getOrDefault("password", ""),
                run.resolve("tmp"));
        shutdown.server = server;
        server.start();
        return server;
    }

    private static void say(PrintStream parent, String line) {
        byte[] bytes = (MARK + line.replace('\n', ' ').replace('\r', ' ') + "\n").getBytes(StandardCharsets.UTF_8);
        parent.write(bytes, 0, bytes.length);
        parent.flush();
    }

    private static void untilEnd(InputStream input, long parent) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread reader = new Thread(
                () -> {
                    try {
                        while (input.read() >= 0) {
                            // whatever comes, only the end matters
                        }
                    } catch (IOException e) {
                        // a broken pipe is an end as well
                    }
                    ended.countDown();
                },
                "engine-parent");
        reader.setDaemon(true);
        reader.start();
        // should another process have inherited the other end of the pipe
        var unused = ProcessHandle.of(parent).map(handle -> handle.onExit().thenRun(ended::countDown));
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops what was started, once, in the order the engine needs, and removes the run directory. */
    private static final class Shutdown {
        private final Path run;
        private final PrintStream parent;
        private boolean done;
        private volatile @org.jspecify.annotations.Nullable EngineServer server;
        private volatile @org.jspecify.annotations.Nullable Engine engine;

        Shutdown(Path run, PrintStream parent) {
            this.run = run;
            this.parent = parent;
        }

        void end() {
            orderly();
            // no exit handlers: native ones must not meet engine threads
            Runtime.getRuntime().halt(0);
        }

        /** A second caller waits for the first. */
        synchronized void orderly() {
            if (done) {
                return;
            }
            done = true;
            EngineServer startedServer = server;
            if (startedServer != null) {
                startedServer.stop();
            }
            Engine startedEngine = engine;
            if (startedEngine != null) {
                try {
                    if (!startedEngine.stop()) {
                        System.err.println("the engine still had threads at work when it was stopped");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                    System.err.println("stopping the engine: " + e);
                }
            }
            say(parent, STOPPED);
            if (Files.isDirectory(run)) {
                try {
                    FileTrees.delete(run);
                } catch (IOException e) {
                    System.err.println("removing temporary files: " + e);
                }
            }
        }
    }
}
