package io.budmetrics.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.clickhouse.jdbc.DataSourceImpl;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.QueryLimits;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.SqlStatement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client in mid-query while its engine is paused, killed or starved. */
@Timeout(120)
final class EngineFaultsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Beyond the time limit, on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(3);

    private static final String ENDLESS = "SELECT count() AS a FROM numbers(100000000000000) WHERE number % 7 = 1";

    @TempDir
    private Path directory;

    private static long ask(BudMetrics client, String sql) {
        return client.execute(SqlStatement.of(sql, List.of(), columns -> columns.longAt(0, 0)));
    }

    /** The limits with which it runs, in seconds, a text for each time that it runs. */
    private static List<String> running(BudMetrics client) {
        return running(client, "Settings['max_execution_time']");
    }

    private static List<String> running(BudMetrics client, String shown) {
        return client.execute(SqlStatement.of(
                "SELECT " + shown + " AS shown FROM system.processes WHERE query LIKE '%100000000000000)%7 = 1'",
                List.of(),
                found -> IntStream.range(0, found.rowCount())
                        .mapToObj(row -> found.textAt(0, row))
                        .toList()));
    }

    private static void awaitRunning(BudMetrics client, List<String> limits) throws InterruptedException {
        await(
                () -> running(client).equals(limits),
                () -> "runs: " + running(client, "toString((Settings, elapsed, read_rows, is_cancelled))"));
    }

    private static void await(BooleanSupplier condition, Supplier<String> otherwise) throws InterruptedException {
        for (int i = 0; i < 1500 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(condition.getAsBoolean()).as(otherwise).isTrue();
    }

    private static CompletableFuture<BudMetricsException> failing(BudMetrics client) {
        return CompletableFuture.supplyAsync(() ->
                Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, () -> ask(client, ENDLESS))));
    }

    private static void signal(EmbeddedClickHouse engine, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(engine.processId())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static Set<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("budmetrics"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void anEngineThatIsPausedIsATimeoutAndNothingIsLeftBehind() throws Exception {
        Set<String> before = ownThreads();
        try (EmbeddedClickHouse engine = EmbeddedClickHouse.start();
                BudMetrics observer = BudMetrics.over(engine.dataSource())) {
            Properties properties = new Properties();
            properties.setProperty("user", engine.user());
            properties.setProperty("password", engine.password());
            // of the pool's own probes, which nobody else can end
            properties.setProperty("connection_timeout", "500");
            properties.setProperty("socket_timeout", "500");
            properties.setProperty("retry", "0");
            HikariConfig config = new HikariConfig();
            config.setDataSource(new DataSourceImpl(engine.jdbcUrl(), properties));
            config.setMaximumPoolSize(3);
            // probing one dead connection after another does not notice an interrupt either
            config.setConnectionTimeout(TIMEOUT.toMillis() + 500);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                try (BudMetrics client = BudMetrics.builder()
                        .dataSource(pool)
                        .limits(QueryLimits.defaults().withTimeout(TIMEOUT))
                        .build()) {
                    long start = System.nanoTime();
                    CompletableFuture<BudMetricsException> failure = failing(client);
                    awaitRunning(observer, List.of("2"));
                    signal(engine, "STOP");
                    try {
                        assertThat(failure.get(60, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
                        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plus(SLACK));

                        // the pool finds its connections dead, and in the end not even connects: the engine accepts
                        // none
                        for (int i = 0; i < 3; i++) {
                            long next = System.nanoTime();
                            assertThat(failing(client).get(60, TimeUnit.SECONDS).code())
                                    .isEqualTo(ErrorCode.QUERY_TIMEOUT);
                            assertThat(Duration.ofNanos(System.nanoTime() - next))
                                    .isLessThan(TIMEOUT.plus(SLACK));
                        }
                    } finally {
                        signal(engine, "CONT");
                    }
                    awaitRunning(observer, List.of());
                    assertThat(ask(client, "SELECT 42 AS a")).isEqualTo(42);
                    await(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0, () -> "a connection is out");
                }
            }
        }
        await(() -> ownThreads().equals(before), () -> "threads: " + ownThreads());
    }

    @Test
    void anEngineThatIsKilledIsUnavailableUntilItIsStartedAgain() throws Exception {
        EmbeddedClickHouse engine = engine(0);
        try (BudMetrics client = BudMetrics.over(engine.dataSource())) {
            CompletableFuture<BudMetricsException> failure = failing(client);
            try (BudMetrics observer = BudMetrics.over(engine.dataSource())) {
                await(() -> running(observer).size() == 1, () -> "it does not run");
            }
            int port = engine.port();
            ProcessHandle process = ProcessHandle.of(engine.processId()).orElseThrow();
            assertThat(process.destroyForcibly()).isTrue();

            assertThat(failure.get(60, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(failing(client).get(60, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);

            engine.close();
            engine = engine(port);
            assertThat(ask(client, "SELECT 42 AS a")).isEqualTo(42);
            assertThat(running(client)).isEmpty();
        } finally {
            engine.close();
        }
    }

    @Test
    void anEngineThatIsStarvedIsExhaustedAndAnswersTheNext() {
        try (EmbeddedClickHouse engine =
                        EmbeddedClickHouse.builder().memoryLimit(600L << 20).start();
                BudMetrics client = BudMetrics.over(engine.dataSource())) {
            for (int i = 0; i < 3; i++) {
                BudMetricsException failure = Objects.requireNonNull(catchThrowableOfType(
                        BudMetricsException.class,
                        () -> ask(client, "SELECT uniqExact(toString(number)) AS a FROM numbers(100000000)")));
                assertThat(failure.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
                assertThat(failure.serverCode()).hasValue(241);
                assertThat(ask(client, "SELECT 42 AS a")).isEqualTo(42);
            }
        }
    }

    private EmbeddedClickHouse engine(int port) {
        return EmbeddedClickHouse.builder()
                .dataDirectory(directory.resolve("data"))
                .password("test")
                .port(port)
                .start();
    }
}
