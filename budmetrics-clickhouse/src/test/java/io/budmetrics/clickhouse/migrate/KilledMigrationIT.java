package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.clickhouse.jdbc.DataSourceImpl;
import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.error.BudMetricsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever is killed in the middle of a migration, the process that migrates or the engine: the next migration completes,
 * and the tables are as they should be. <code>-Dbudmetrics.kills=300</code> kills more often than the 20 times of every
 * build.
 */
final class KilledMigrationIT {
    private static final int KILLS = Integer.getInteger("budmetrics.kills", 5);
    private static final long SEED = Long.getLong("budmetrics.seed", System.nanoTime());

    private final SplittableRandom random = new SplittableRandom(SEED);

    /** How many statements were left to run after a kill, and how often. */
    private final TreeMap<Integer, Integer> reached = new TreeMap<>();

    @Test
    void aKilledProcess() throws Exception {
        try (EmbeddedClickHouse engine = EmbeddedClickHouse.start()) {
            for (int kill = 0; kill < KILLS; kill++) {
                String database = "killed_" + kill;
                execute(engine.dataSource(), "CREATE DATABASE " + database);
                Process process = Migration.start(engine, database);
                try (BufferedReader output =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                    long usual = Long.parseLong(output.readLine());
                    sleep(random.nextLong(usual));
                } finally {
                    process.destroyForcibly();
                }
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                complete(engine.dataSource(database), kill);
                execute(engine.dataSource(), "DROP DATABASE " + database);
            }
        }
        report("process");
    }

    @Test
    void aKilledEngine(@TempDir Path directory) throws Exception {
        Path data = directory.resolve("data");
        // the engine that comes after one that was killed completes what that one was killed in
        for (int kill = 0; kill <= KILLS; kill++) {
            Set<ProcessHandle> before = children();
            try (EmbeddedClickHouse engine = start(data)) {
                if (kill > 0) {
                    complete(engine.dataSource("killed_" + (kill - 1)), kill - 1);
                    execute(engine.dataSource(), "DROP DATABASE killed_" + (kill - 1));
                }
                if (kill < KILLS) {
                    List<ProcessHandle> own = children().stream()
                            .filter(child -> !before.contains(child))
                            .toList();
                    assertThat(own).hasSize(1);
                    killWhileItMigrates(engine, own.get(0), "killed_" + kill);
                }
            }
        }
        report("engine");
    }

    private void killWhileItMigrates(EmbeddedClickHouse engine, ProcessHandle process, String database)
            throws Exception {
        long usual = Migration.warmNanos(engine.dataSource());
        execute(engine.dataSource(), "CREATE DATABASE " + database);
        CompletableFuture<Void> migration = CompletableFuture.runAsync(
                () -> StepsOfATest.migrator(engine.dataSource(database)).migrate());
        sleep(random.nextLong(usual));
        process.destroyForcibly();
        process.onExit().get(30, TimeUnit.SECONDS);
        awaitFailureOrEnd(migration);
    }

    private static EmbeddedClickHouse start(Path data) {
        return EmbeddedClickHouse.builder().dataDirectory(data).start();
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toSet());
    }

    private void complete(DataSource database, int kill) {
        SchemaMigrator migrator = StepsOfATest.migrator(database);
        try {
            reached.merge(migrator.migrate().size(), 1, Integer::sum);
            assertThat(migrator.verify()).isEmpty();
            assertThat(migrator.plan()).isEmpty();
        } catch (BudMetricsException | AssertionError e) {
            throw new AssertionError("after kill " + kill + " with -Dbudmetrics.seed=" + SEED, e);
        }
    }

    private void report(String victim) {
        System.out.println("killed the " + victim + " " + KILLS + " times, seed " + SEED
                + "; statements left to run -> how often: " + reached);
        // or nobody was killed in the middle of anything
        assertThat(reached).hasSizeGreaterThan(1);
    }

    private static void awaitFailureOrEnd(CompletableFuture<Void> migration)
            throws InterruptedException, TimeoutException {
        try {
            migration.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(BudMetricsException.class);
        }
    }

    private static void sleep(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos);
    }

    private static void execute(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A process that migrates, to be killed. */
    static final class Migration {
        private Migration() {}

        static Process start(EmbeddedClickHouse engine, String database) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Migration.class.getName(),
                    engine.httpUrl(),
                    database);
            builder.environment().put("MIGRATION_PASSWORD", engine.password());
            return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        }

        public static void main(String[] arguments) throws SQLException {
            Properties properties = new Properties();
            properties.setProperty("user", "default");
            properties.setProperty("password", System.getenv("MIGRATION_PASSWORD"));
            DataSource server = new DataSourceImpl("jdbc:clickhouse:" + arguments[0] + "/", properties);
            System.out.println(warmNanos(server));
            StepsOfATest.migrator(server, arguments[1]).migrate();
        }

        /** How long a migration takes when all classes are loaded. */
        static long warmNanos(DataSource server) throws SQLException {
            long took = 0;
            for (int run = 0; run < 2; run++) {
                execute(server, "CREATE DATABASE warm");
                long begin = System.nanoTime();
                StepsOfATest.migrator(server, "warm").migrate();
                took = System.nanoTime() - begin;
                execute(server, "DROP DATABASE warm");
            }
            return took;
        }
    }
}
