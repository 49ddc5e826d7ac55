package io.budmetrics.examples;

import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.examples.support.Progress;
import io.budmetrics.examples.support.Terminal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves an embedded ClickHouse to any client until it is stopped. */
@Command(
        name = "engine",
        sortOptions = false,
        description = "Serve an embedded ClickHouse on this machine until Ctrl-C.",
        footer = {
            "",
            "The engine prints its URL, user and password, and an export line that tells 'examples/run query' where it is.",
            "",
            "Example: examples/run engine --data traffic"
        })
final class Engine implements Callable<Integer> {
    private static final int STOP_SECONDS = 20;

    private final PrintStream out;
    private final PrintStream err;
    private final CountDownLatch stop;

    @Option(names = "--port", paramLabel = "N", description = "The HTTP port; default: any free one")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where the data is kept; default: a temporary folder, deleted at the end")
    private @Nullable Path data;

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            description =
                    "The password, which other users of this machine can see in the process list; default: a random"
                            + " one",
            defaultValue = "")
    private String password = "";

    @Option(names = "--migrate", description = "Create the tables of budmetrics, or bring them up to date")
    private boolean migrate;

    Engine(Terminal terminal, CountDownLatch stop) {
        this.out = terminal.out();
        this.err = terminal.err();
        this.stop = stop;
    }

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        // Ctrl-C and kill end here: the engine closes its data before the process goes
        Thread hook = new Thread(() -> {
            stop.countDown();
            await(stopped);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            serve();
        } finally {
            stopped.countDown();
            remove(hook);
        }
        return 0;
    }

    private void serve() throws InterruptedException {
        try (Progress progress = new Progress(err);
                EmbeddedClickHouse engine = start(progress)) {
            progress.done("version " + engine.version());
            if (migrate) {
                progress.start("Creating the tables");
                progress.done(SchemaMigrator.over(engine.dataSource()).migrate().size() + " statements");
            }
            describe(engine);
            stop.await();
            err.println("Stopping.");
        }
        err.println("Stopped.");
    }

    private EmbeddedClickHouse start(Progress progress) {
        EmbeddedClickHouse.Builder builder = EmbeddedClickHouse.builder();
        if (port != 0) {
            builder = builder.port(port);
        }
        if (data != null) {
            builder = builder.dataDirectory(data);
        }
        if (!password.isEmpty()) {
            builder = builder.password(password);
        }
        progress.start("Starting ClickHouse");
        return builder.start();
    }

    private void describe(EmbeddedClickHouse engine) {
        out.println("URL       " + engine.httpUrl());
        out.println("JDBC URL  " + engine.jdbcUrl());
        out.println("User      " + engine.user());
        out.println("Password  " + engine.password());
        out.println("Data      "
                + (data == null ? "temporary" : data.toAbsolutePath().normalize()));
        out.println("For query export CLICKHOUSE_HOST=127.0.0.1 CLICKHOUSE_HTTP_PORT=" + engine.port()
                + " CLICKHOUSE_DB_NAME=default CLICKHOUSE_USER=" + quoted(engine.user()) + " CLICKHOUSE_PASSWORD="
                + quoted(engine.password()));
        out.println("Try       curl -u " + quoted(engine.user() + ":" + engine.password()) + " "
                + quoted(engine.httpUrl()) + " --data-binary 'SELECT version()'");
        out.println("Serving until Ctrl-C.");
        out.flush();
    }

    /** Quotes a text for a shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private void await(CountDownLatch stopped) {
        try {
            if (!stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                err.println("The engine did not stop within " + STOP_SECONDS + " seconds and is left running.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is being stopped, and the hook is at work
        }
    }
}
