package io.budmetrics.clickhouse.internal.call;

import static io.budmetrics.clickhouse.internal.call.TestCalls.BODY;
import static io.budmetrics.clickhouse.internal.call.TestCalls.failureOf;
import static io.budmetrics.clickhouse.internal.call.TestCalls.hikari;
import static io.budmetrics.clickhouse.internal.call.TestCalls.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.clickhouse.jdbc.ConnectionImpl;
import com.clickhouse.jdbc.DataSourceImpl;
import com.zaxxer.hikari.HikariDataSource;
import io.budmetrics.clickhouse.fixture.CapturedLog;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.SqlParameter;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Connections, pools and the log, with the real driver against a server that misbehaves. */
@Timeout(30)
final class DriverClientTest {
    @Test
    void aServerThatIsNotThereIsUnavailable() throws IOException {
        StubServer server = StubServer.start(StubServer.ok(BODY));
        DataSource dataSource = server.dataSource();
        server.close();
        try (DriverClient client = DriverClient.over(dataSource)) {
            BudMetricsException exception = failureOf(client);
            assertThat(exception.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(exception.retryable()).isTrue();
        }
    }

    @Test
    void aPoolLosesTheConnectionThatWasAborted() throws Exception {
        try (StubServer server = StubServer.start(StubServer.inTurn(StubServer.slow(true), StubServer.ok(BODY)));
                HikariDataSource pool = hikari(server);
                DriverClient client = DriverClient.over(pool, options(400))) {
            Set<ConnectionImpl> before = driverConnections(pool);
            assertThat(failureOf(client).code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            assertThat(client.query("SELECT a", List.of()).longAt(0, 0)).isEqualTo(42);
            Set<ConnectionImpl> after = driverConnections(pool);
            assertThat(after).noneMatch(connection -> {
                try {
                    return connection.isClosed();
                } catch (SQLException e) {
                    return true;
                }
            });
            assertThat(before).anyMatch(connection -> !after.contains(connection));
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    /** All connections of the pool of two. */
    private static Set<ConnectionImpl> driverConnections(HikariDataSource pool) throws SQLException {
        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            return Set.of(first.unwrap(ConnectionImpl.class), second.unwrap(ConnectionImpl.class));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatIsBackAnswersTheVeryNextCall(boolean pooled) throws Exception {
        StubServer server = StubServer.start(StubServer.ok(BODY));
        int port = server.port();
        try (CapturedLog log = CapturedLog.of(CallLog.NAME, Level.DEBUG);
                HikariDataSource pool = pooled ? hikari(server) : null;
                DriverClient client = pool == null
                        ? DriverClient.connect(server.url(), StubServer.properties(), 1, options(5000))
                        : DriverClient.over(pool, options(5000))) {
            assertThat(client.query("SELECT a", List.of()).longAt(0, 0)).isEqualTo(42);
            server.close();
            BudMetricsException exception = failureOf(client);
            assertThat(exception.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(exception.retryable()).isTrue();
            try (StubServer back = StubServer.start(port, StubServer.ok(BODY))) {
                assertThat(client.query("SELECT a", List.of()).longAt(0, 0)).isEqualTo(42);
                assertThat(back.questions()).hasSize(1);
            }
            assertThat(log.lines()).noneMatch(line -> line.contains("quarantine"));
        } finally {
            server.close();
        }
    }

    /** The pool itself would wait for 30 seconds. */
    @Test
    @Timeout(20)
    void aClientIsMadeWithinItsTimeoutOverAPoolThatHasNoConnectionToGive() throws Exception {
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                HikariDataSource pool = hikari(server)) {
            DriverClient client;
            try (Connection first = pool.getConnection();
                    Connection second = pool.getConnection()) {
                client = DriverClient.over(pool, options(300));
                assertThat(pool.getHikariPoolMXBean().getThreadsAwaitingConnection())
                        .isZero();
                assertThat(first.isClosed() || second.isClosed()).isFalse();
            }
            try (client) {
                assertThat(client.query("SELECT a", List.of()).rowCount()).isPositive();
            }
        }
    }

    /** Where the JVM has them; compiled for one that has not. */
    @Test
    void manyVirtualThreads() throws Exception {
        ExecutorService threads;
        try {
            threads = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            Assumptions.abort("this JVM has no virtual threads");
            return;
        }
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.connect(server.url(), StubServer.properties(), 4, options(25_000))) {
            List<Future<Long>> answers = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                answers.add(
                        threads.submit(() -> client.query("SELECT a", List.of()).longAt(0, 0)));
            }
            for (Future<Long> answer : answers) {
                assertThat(answer.get()).isEqualTo(42);
            }
            assertThat(server.questions()).hasSize(500);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void connectionsThatAreAsynchronousFailTheSame() throws Exception {
        Properties properties = StubServer.properties();
        properties.setProperty("async", "true");
        try (StubServer server = StubServer.start(StubServer.error(404, 60, "SECRET"));
                DriverClient client = DriverClient.over(new DataSourceImpl(server.url(), properties), options(5000))) {
            BudMetricsException exception = failureOf(client);
            assertThat(exception.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
            assertThat(exception.serverCode()).hasValue(60);
        }
    }

    @Test
    void logsIdDurationAndRowsAndNeverValues() throws Exception {
        SqlParameter secret = SqlParameter.of("p0", "SECRET");
        StatementOptions slow = new StatementOptions(
                Duration.ofSeconds(5), StatementLimits.none(), true, null, Duration.ofNanos(1), 0, StatedSettings.NONE);
        try (CapturedLog log = CapturedLog.of(CallLog.NAME, Level.DEBUG);
                StubServer server =
                        StubServer.start((request, out) -> (request.body().contains("wrong")
                                        ? StubServer.error(500, 62, "SECRET")
                                        : StubServer.ok(BODY))
                                .answer(request, out));
                DriverClient client = DriverClient.over(server.dataSource(), options(5000))) {
            assertThat(client.query("SELECT {p0:String} AS a", List.of(secret)).rowCount())
                    .isEqualTo(1);
            String queryId = server.questions().get(0).url("query_id").get(0);
            assertThat(log.ownLines())
                    .singleElement()
                    .asString()
                    .contains("DEBUG", "statement took ", " us, rows 1, rows scanned 7, query id " + queryId);
            assertThat(client.query(StatementRequest.of("question", "SELECT {p0:String} AS a", List.of(secret), slow))
                            .columns()
                            .rowCount())
                    .isEqualTo(1);
            assertThat(log.ownLines().get(1))
                    .contains("WARN", "slow question took ", "rows 1, rows scanned 7, query id ");
            BudMetricsException exception = Objects.requireNonNull(catchThrowableOfType(
                    BudMetricsException.class, () -> client.query("SELECT wrong {p0:String}", List.of(secret))));
            assertThat(log.ownLines().get(2))
                    .contains(
                            "DEBUG",
                            "statement failed with DATABASE_ERROR, query id "
                                    + exception.queryId().orElseThrow());
            assertThat(log.ownLines()).hasSize(3).noneMatch(line -> line.contains("SECRET"));
        }
        try (CapturedLog log = CapturedLog.of(CallLog.NAME, Level.INFO);
                StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.over(server.dataSource(), options(5000))) {
            assertThat(client.query("SELECT a", List.of()).rowCount()).isEqualTo(1);
            assertThat(log.ownLines()).isEmpty();
        }
    }

    @Test
    void manyThreadsShareFewConnections() throws Exception {
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.connect(server.url(), StubServer.properties(), 3, options(20_000))) {
            ExecutorService threads = Executors.newFixedThreadPool(200);
            try {
                List<Future<Long>> answers = new ArrayList<>();
                for (int i = 0; i < 600; i++) {
                    answers.add(threads.submit(
                            () -> client.query("SELECT a", List.of()).longAt(0, 0)));
                }
                for (Future<Long> answer : answers) {
                    assertThat(answer.get()).isEqualTo(42);
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(server.questions()).hasSize(600);
            assertThat(server.connections()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void anotherDriverIsRefusedWithWhatToWrite() {
        Connection foreign = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> method.getName().equals("isWrapperFor") ? false : null);
        DataSource dataSource = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> foreign);
        BudMetricsException exception = Objects.requireNonNull(
                catchThrowableOfType(BudMetricsException.class, () -> DriverClient.over(dataSource)));
        assertThat(exception.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(exception)
                .message()
                .contains("new com.clickhouse.jdbc.DataSourceImpl(", "BudMetrics.over(dataSource)");
    }
}
