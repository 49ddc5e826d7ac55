package io.budmetrics.clickhouse.embedded;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The child process, seen from the parent. */
final class EngineProcess {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedClickHouse.class);
    private static final int STOP_SECONDS = 20;
    private static final int TAIL_LINES = 30;

    private final Process process;
    private final Path run;
    private final int port;
    private final String version;
    private final CountDownLatch stopped;
    private boolean closed;

    private EngineProcess(Process process, Path run, int port, String version, CountDownLatch stopped) {
        this.process = process;
        this.run = run;
        this.port = port;
        this.version = version;
        this.stopped = stopped;
    }

    /** What the child needs to know. */
    record Configuration(Path library, @Nullable Path data, int port, long memoryLimit, String user, String password) {

        byte[] bytes(Path run, Path usedData) throws IOException {
            Map<String, String> values = new LinkedHashMap<>();
            values.put("library", library.toString());
            values.put("data", usedData.toString());
            values.put("run", run.toString());
            values.put("port", Integer.toString(port));
            values.put("memory", Long.toString(memoryLimit));
            values.put("user", user);
            values.put("password", password);
            values.put("parent", Long.toString(ProcessHandle.current().pid()));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream output = new DataOutputStream(bytes)) {
                output.writeInt(values.size());
                for (Map.Entry<String, String> value : values.entrySet()) {
                    output.writeUTF(value.getKey());
                    output.writeUTF(value.getValue());
                }
            }
            return bytes.toByteArray();
        }

        /** The password stays out of logs. */
        @Override
        public String toString() {
            return "Configuration[port=" + port + "]";
        }
    }

    static EngineProcess start(Configuration configuration, Duration timeout) throws IOException {
        long begin = System.nanoTime();
        Path run = Files.createTempDirectory("budmetrics-engine-").toRealPath();
        boolean started = false;
        Process process = null;
        try {
            Path data = dataDirectory(configuration.data(), run);
            Files.createDirectories(run.resolve("tmp"));
            process = spawn(run);
            Tail errors = new Tail(process.getErrorStream());
            CompletableFuture<String> answer = new CompletableFuture<>();
            CountDownLatch stopped = new CountDownLatch(1);
            listen(process.getInputStream(), answer, stopped);
            try {
                process.getOutputStream().write(configuration.bytes(run, data));
                process.getOutputStream().flush();
            } catch (IOException e) {
                // it ended before it read: what it said on its way is worth more than a broken pipe
                log.debug("the child process of the embedded engine did not read its configuration", e);
            }
            List<String> words = List.of(await(answer, timeout, errors).split("\t", -1));
            if (!words.get(0).equals("READY")) {
                throw failed(words.size() > 1 ? words.get(1) : "it ended without any output", errors);
            }
            EngineProcess engine =
                    new EngineProcess(process, run, Integer.parseInt(words.get(1)), words.get(2), stopped);
            started = true;
            log.debug(
                    "embedded ClickHouse {} on port {} after {} ms",
                    engine.version,
                    engine.port,
                    (System.nanoTime() - begin) / 1_000_000);
            return engine;
        } finally {
            if (!started) {
                if (process != null) {
                    kill(process);
                }
                FileTrees.delete(run);
            }
        }
    }

    private static Path dataDirectory(@Nullable Path wanted, Path run) throws IOException {
        if (wanted == null) {
            return Files.createDirectories(run.resolve("data"));
        }
        if (Files.exists(wanted) && !Files.isDirectory(wanted)) {
            throw BudMetricsException.of(
                    ErrorCode.DATABASE_UNAVAILABLE, "dataDirectory " + wanted + " is a file; give a directory");
        }
        try {
            Path data = Files.createDirectories(wanted).toRealPath();
            if (Files.isWritable(data)) {
                return data;
            }
        } catch (IOException e) {
            throw BudMetricsException.of(
                    ErrorCode.DATABASE_UNAVAILABLE,
                    "dataDirectory " + wanted + " cannot be created; give a directory that this user may write",
                    e);
        }
        throw BudMetricsException.of(
                ErrorCode.DATABASE_UNAVAILABLE,
                "dataDirectory " + wanted + " is not writable; give a directory that this user may write");
    }

    private static Process spawn(Path run) throws IOException {
        Path java = Path.of(System.getProperty("java.home", ""), "bin", "java");
        if (!Files.isExecutable(java)) {
            throw BudMetricsException.of(
                    ErrorCode.DATABASE_UNAVAILABLE,
                    "the embedded engine runs in a second JVM, and this runtime has no bin/java: run on a JDK or JRE"
                            + " that has one");
        }
        ClassLoader loader = EngineMain.class.getClassLoader();
        String classPath = new ChildClassPath(loader == null ? ClassLoader.getSystemClassLoader() : loader)
                .build(run.resolve("lib"));
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-Xms16m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + run.resolve("crash.log"),
                "-Djava.io.tmpdir=" + run.resolve("tmp"),
                "-Dfile.encoding=UTF-8",
                // without it every answer waits for the delayed acknowledgement of its head
                "-Dsun.net.httpserver.nodelay=true"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath, EngineMain.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(run.toFile());
        // options for the host's JVM, such as a debugger's port, are not for this one
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        return builder.start();
    }

    /** Hears the child's answer, empty when it ends without one, and that its engine has stopped, also by its end. */
    private static void listen(InputStream output, CompletableFuture<String> answer, CountDownLatch stopped) {
        daemon("embedded-clickhouse-output", () -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.equals(EngineMain.MARK + EngineMain.STOPPED)) {
                        stopped.countDown();
                    } else if (line.startsWith(EngineMain.MARK)) {
                        answer.complete(line.substring(EngineMain.MARK.length()));
                    }
                }
            } catch (IOException e) {
                log.debug("reading what the embedded engine prints ended", e);
            }
            answer.complete("");
            stopped.countDown();
        });
    }

    private static String await(CompletableFuture<String> answer, Duration timeout, Tail errors) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failed("it did not answer within the startTimeout of " + timeout + "; give it longer", errors);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("waiting for it was interrupted", errors);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the answer is never completed with an exception", e);
        }
    }

    private static BudMetricsException failed(String why, Tail errors) {
        String tail = errors.text();
        return BudMetricsException.of(
                ErrorCode.DATABASE_UNAVAILABLE,
                "the embedded engine did not start: " + why
                        + (tail.isEmpty() ? "" : "; the last it printed:" + System.lineSeparator() + tail));
    }

    int port() {
        return port;
    }

    String version() {
        return version;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long processId() {
        return process.pid();
    }

    Path runDirectory() {
        return run;
    }

    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            // the end of its input is the child's sign to stop
            process.getOutputStream().close();
            if (stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                // it still removes its files, which may be many
                int unused = process.waitFor();
            } else {
                log.warn("the embedded engine did not stop within {} s and is killed", STOP_SECONDS);
            }
        } catch (IOException e) {
            log.debug("the embedded engine was gone before it was stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill(process);
        try {
            FileTrees.delete(run);
        } catch (IOException e) {
            log.warn("temporary files of the embedded engine are left in {}", run, e);
        }
    }

    private static void kill(Process process) {
        process.destroyForcibly();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("the child process {} of the embedded engine cannot be killed", process.pid());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The last lines of what a process prints as errors. */
    private static final class Tail {
        private final Deque<String> lines = new ArrayDeque<>();
        private final Thread reader;

        Tail(InputStream errors) {
            reader = new Thread(() -> read(errors), "embedded-clickhouse-errors");
            reader.setDaemon(true);
            reader.start();
        }

        private void read(InputStream errors) {
            try (BufferedReader input = new BufferedReader(new InputStreamReader(errors, StandardCharsets.UTF_8))) {
                for (String line = input.readLine(); line != null; line = input.readLine()) {
                    log.debug("embedded engine: {}", line);
                    synchronized (lines) {
                        lines.add(line);
                        if (lines.size() > TAIL_LINES) {
                            lines.remove();
                        }
                    }
                }
            } catch (IOException e) {
                log.debug("reading the errors of the embedded engine ended", e);
            }
        }

        String text() {
            try {
                // the process may be gone before its last words are read
                reader.join(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            synchronized (lines) {
                return String.join(System.lineSeparator(), lines);
            }
        }
    }
}
