package io.budmetrics.examples;

import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.examples.support.Cli;
import io.budmetrics.examples.support.Progress;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** An embedded ClickHouse that serves any client until it is stopped. */
@Command(name = "examples/run engine", description = "Serves ClickHouse's HTTP interface on this machine until Ctrl-C.")
final class Engine implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;
    private final CountDownLatch stop;

    @Option(names = "--port", paramLabel = "N", description = "The port to serve; default: a free one")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where the data lies, and stays; default: a temporary folder")
    private @Nullable Path data;

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            description = "The password; default: a random one. Others on this machine can see it in the process list",
            defaultValue = "")
    private String password = "";

    @Option(names = "--migrate", description = "Creates the tables of budmetrics, or brings them up to date")
    private boolean migrate;

    private Engine(PrintStream out, PrintStream err, CountDownLatch stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    public static void main(String[] arguments) {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        // Ctrl-C and kill end here: the engine closes its data before the process goes
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            await(stopped, 20);
        }));
        int code = 1;
        try {
            code = run(arguments, System.out, System.err, stop);
        } finally {
            stopped.countDown();
        }
        System.exit(code);
    }

    static int run(String[] arguments, PrintStream out, PrintStream err, CountDownLatch stop) {
        return Cli.run(new Engine(out, err, stop), arguments, out, err);
    }

    @Override
    public Integer call() throws InterruptedException {
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
        try (Progress progress = new Progress(err);
                EmbeddedClickHouse engine = start(builder, progress)) {
            progress.done("version " + engine.version());
            if (migrate) {
                progress.start("Migrating");
                progress.done(SchemaMigrator.over(engine.dataSource()).migrate().size() + " statements");
            }
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
            stop.await();
            err.println("Stopping.");
        }
        err.println("Stopped.");
        return 0;
    }

    private static EmbeddedClickHouse start(EmbeddedClickHouse.Builder builder, Progress progress) {
        progress.start("Starting ClickHouse");
        return builder.start();
    }

    /** For a shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static void await(CountDownLatch latch, int seconds) {
        try {
            if (!latch.await(seconds, TimeUnit.SECONDS)) {
                System.err.println("The engine did not stop in " + seconds + " seconds; leaving it behind.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
