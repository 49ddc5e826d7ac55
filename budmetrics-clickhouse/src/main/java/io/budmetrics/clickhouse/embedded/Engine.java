package io.budmetrics.clickhouse.embedded;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The engine of this process. Connections serve one request each; a few are opened ahead, since opening one takes half
 * of what a short query takes. The number of statements at work is bounded, further ones wait.
 */
final class Engine {
    private static final int OPENED_AHEAD = 4;

    /** Settings that libchdb changes and a server does not, set back. */
    private static final String SERVER_DEFAULTS = "SET implicit_select = 0, allow_introspection_functions = 0,"
            + " storage_file_read_method = 'pread', output_format_arrow_use_native_writer = 1";

    private final Chdb chdb;
    private final String[] arguments;
    private final Semaphore places;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentLinkedQueue<EngineConnection> opened = new ConcurrentLinkedQueue<>();
    private final Semaphore refill = new Semaphore(OPENED_AHEAD);
    private final Object controlLock = new Object();
    private EngineConnection control;
    private final Thread opener;
    private volatile boolean closing;

    Engine(Path library, Path data, long memoryLimit, int statements) throws ServerError {
        this.chdb = Native.load(
                library.toString(), Chdb.class, Map.of(com.sun.jna.Library.OPTION_STRING_ENCODING, "UTF-8"));
        this.places = new Semaphore(statements, true);
        List<String> list = new ArrayList<>(List.of("clickhouse", "--path=" + data));
        if (memoryLimit > 0) {
            list.add("--max_server_memory_usage=" + memoryLimit);
        }
        this.arguments = list.toArray(new String[0]);
        // the JVM needs the signals that the engine would take
        chdb.chdb_set_signal_handlers_enabled(0);
        this.control = connect();
        this.opener = new Thread(this::openAhead, "engine-connections");
        this.opener.setDaemon(true);
        this.opener.start();
    }

    /** Runs a statement of ours on the connection that is kept for it, so that it never waits for a place. */
    String control(String sql) throws ServerError {
        synchronized (controlLock) {
            try {
                return control.runText(sql);
            } catch (ServerError e) {
                // what a failed statement had written would come with the answer of the next
                control.close();
                control = connect();
                throw e;
            }
        }
    }

    /** Waits for a place; false when the caller gave up. */
    boolean awaitPlace(Abandoned abandoned) throws InterruptedException {
        while (!closing && !abandoned.now()) {
            if (places.tryAcquire(50, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    void leavePlace() {
        places.release();
    }

    EngineConnection connection() throws ServerError {
        @Nullable EngineConnection ready = opened.poll();
        if (ready == null) {
            return connect();
        }
        refill.release();
        return ready;
    }

    /** Whether a waiting request need not wait any longer. */
    @FunctionalInterface
    interface Abandoned {
        boolean now();
    }

    private EngineConnection connect() throws ServerError {
        open.incrementAndGet();
        Pointer handle = chdb.chdb_connect(arguments.length, new StringArray(arguments, "UTF-8"));
        if (handle == null) {
            open.decrementAndGet();
            throw ServerError.of(
                    ServerError.UNKNOWN_EXCEPTION,
                    "UNKNOWN_EXCEPTION",
                    "The engine could not open its data directory; is it writable, and free of another engine's data?");
        }
        EngineConnection connection = new EngineConnection(chdb, handle, open::decrementAndGet);
        try {
            connection.runText(SERVER_DEFAULTS);
        } catch (ServerError | RuntimeException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private void openAhead() {
        try {
            while (!closing) {
                refill.acquire();
                if (!closing) {
                    opened.add(connect());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ServerError e) {
            // requests open their own connections from here on, and report why they cannot
            System.err.println("opening connections ahead ended: " + e.getMessage());
        }
    }

    /**
     * Ends every statement, closes every connection and stops the engine.
     *
     * @return whether no native thread is left, so that the process may exit
     */
    boolean stop() throws InterruptedException {
        closing = true;
        opener.interrupt();
        opener.join(5_000);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            for (EngineConnection ready = opened.poll(); ready != null; ready = opened.poll()) {
                ready.close();
            }
            if (open.get() <= 1 || System.nanoTime() > deadline) {
                break;
            }
            try {
                control("KILL QUERY WHERE query NOT ILIKE 'KILL%' ASYNC");
            } catch (ServerError e) {
                System.err.println("ending the statements: " + e.getMessage());
            }
            Thread.sleep(20);
        }
        synchronized (controlLock) {
            control.close();
        }
        return chdb.chdb_shutdown() == 0;
    }
}
