package io.budmetrics.clickhouse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.jdbc.ConnectionImpl;
import com.clickhouse.jdbc.DataSourceImpl;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.budmetrics.clickhouse.fixture.CapturedLog;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.result.Columns;
import io.budmetrics.sql.SqlParameter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** The real driver against a server that misbehaves. */
@Timeout(30)
final class DriverClientTest {
    private static final byte[] BODY = NativeBytes.one("a", 42);

    private static StatementOptions options(long millis) {
        return options(millis, 0);
    }

    private static StatementOptions options(long millis, int retries) {
        return new StatementOptions(
                Duration.ofMillis(millis),
                1000,
                0,
                0,
                2000,
                3,
                true,
                Duration.ofMillis(1500),
                Duration.ofSeconds(5),
                retries);
    }

    private static BudMetricsException failure(StubServer.Handler handler) throws IOException {
        try (StubServer server = StubServer.start(handler);
                DriverClient client = DriverClient.over(server.dataSource(), options(5000))) {
            BudMetricsException exception = failureOf(client);
            assertThat(server.questions()).as("how often it was sent").hasSize(1);
            assertThat(exception.queryId())
                    .hasValue(server.questions().get(0).url("query_id").get(0));
            StringWriter all = new StringWriter();
            exception.printStackTrace(new PrintWriter(all, true));
            assertThat(all.toString()).doesNotContain("SECRET").doesNotContain("known_column FROM");
            return exception;
        }
    }

    private static BudMetricsException failureOf(DriverClient client) {
        return Objects.requireNonNull(catchThrowableOfType(
                BudMetricsException.class, () -> client.query("SELECT known_column FROM known_table", List.of())));
    }

    @Test
    void anAnswerThatTheMemoryCannotHoldIsAnError() throws IOException {
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.over(server.dataSource(), options(5000))) {
            BudMetricsException exception = Objects.requireNonNull(catchThrowableOfType(
                    BudMetricsException.class,
                    () -> client.call("listing", "", Duration.ofSeconds(5), "id", driver -> {
                        throw new OutOfMemoryError();
                    })));
            assertThat(exception.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            assertThat(exception.queryId()).hasValue("id");
        }
    }

    /**
     * The driver rejects a block that claims more than 1 GiB, and for a smaller one makes room before it looks at the rest;
     * 1 GiB is the whole heap of these tests.
     */
    @ParameterizedTest
    @CsvSource({
        "2147483647, the driver failed with ClientException",
        "1073741824, a compressed block larger than the memory"
    })
    void compressedBlockOfImpossibleSize_isAnError(int claimed, String message) throws IOException {
        NativeBytes damaged = new NativeBytes().longs(1, 2).raw(0x82);
        for (int size : new int[] {claimed, 30}) {
            damaged.raw(size & 0xff, size >> 8 & 0xff, size >> 16 & 0xff, size >>> 24);
        }
        Properties compressed = StubServer.properties();
        compressed.setProperty("compress", "true");
        try (StubServer server =
                        StubServer.start(StubServer.ok(damaged.longs(1, 2, 3, 4).bytes()));
                DriverClient client = DriverClient.over(new DataSourceImpl(server.url(), compressed), options(5000))) {
            BudMetricsException exception = failureOf(client);
            assertThat(exception.code()).as(exception.toString()).isEqualTo(ErrorCode.DATABASE_ERROR);
            assertThat(exception).hasMessageContaining(message);
            assertThat(exception.queryId()).isPresent();
            assertThat(exception.retryable()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "404, 60, SCHEMA_MISMATCH, false",
        "404, 81, SCHEMA_MISMATCH, false",
        "400, 47, SCHEMA_MISMATCH, false",
        "500, 241, RESOURCE_EXHAUSTED, false",
        "500, 202, RESOURCE_EXHAUSTED, true",
        "500, 203, DATABASE_UNAVAILABLE, true",
        "500, 209, QUERY_TIMEOUT, true",
        "500, 210, DATABASE_UNAVAILABLE, true",
        "500, 396, RESOURCE_EXHAUSTED, false",
        "500, 158, RESOURCE_EXHAUSTED, false",
        "408, 159, QUERY_TIMEOUT, false",
        "500, 160, QUERY_TIMEOUT, false",
        "500, 394, QUERY_CANCELLED, false",
        "403, 497, ACCESS_DENIED, false",
        "403, 516, ACCESS_DENIED, false",
        "500, 164, ACCESS_DENIED, false",
        "500, 999, DATABASE_UNAVAILABLE, true",
        "500, 62, DATABASE_ERROR, false",
        "500, 36, DATABASE_ERROR, false",
        "200, 241, RESOURCE_EXHAUSTED, false"
    })
    void serverErrors(int status, int code, ErrorCode expected, boolean retryable) throws IOException {
        BudMetricsException exception =
                failure(StubServer.error(status, code, "SECRET in 'SECRET' near SELECT 'SECRET'. (NAME)"));
        assertThat(exception.code()).isEqualTo(expected);
        assertThat(exception.serverCode()).hasValue(code);
        assertThat(exception.retryable()).isEqualTo(retryable);
    }

    @Test
    void namesOnlyWhatStandsInOurText() throws IOException {
        assertThat(failure(StubServer.error(404, 47, "Unknown 'SECRET' or `known_column` in scope")))
                .message()
                .contains("known_column");
    }

    /** Also when the answer asks for another try in an hour, which the HTTP client below the driver would wait for. */
    @ParameterizedTest
    @CsvSource({
        "302, DATABASE_ERROR, false",
        "401, ACCESS_DENIED, false",
        "404, DATABASE_ERROR, false",
        "418, DATABASE_ERROR, false",
        "429, DATABASE_UNAVAILABLE, true",
        "500, DATABASE_ERROR, false",
        "502, DATABASE_UNAVAILABLE, true",
        "503, DATABASE_UNAVAILABLE, true",
        "504, QUERY_TIMEOUT, false"
    })
    void errorsOfSomethingElseAreSentOnce(int status, ErrorCode expected, boolean retryable) throws IOException {
        BudMetricsException exception = failure((request, out) -> {
            StubServer.head(out, status, 6, "Retry-After: 3600");
            out.write("SECRET".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(exception.code()).isEqualTo(expected);
        assertThat(exception.retryable()).isEqualTo(retryable);
        assertThat(exception).message().contains("HTTP status " + status);
    }

    /** Everything that a server can say where it is not asked to. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: SECRET\r\n\r\n",
                "HTTP/1.1 200 SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 200 OK\r\nX-ClickHouse-Summary: SECRET\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-ClickHouse-Format: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 200 OK\r\nX-ClickHouse-Timezone: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 200 OK\r\nContent-Encoding: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 500 SECRET\r\nX-ClickHouse-Exception-Code: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 500 X\r\nX-ClickHouse-Exception-Code: 47\r\nContent-Length: 8\r\n\r\n'SECRET'",
                "HTTP/1.1 500 X\r\nX-ClickHouse-Exception-Code: 60\r\nX-ClickHouse-Query-Id: SECRET\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 500 X\r\nX-ClickHouse-Exception-Code: 497\r\nContent-Length: 34\r\n\r\nthe grant SELECT(SECRET) ON SECRET",
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/SECRET\r\nContent-Length: 0\r\n\r\n",
                "SECRET\r\n\r\n",
                "HTTP/1.1 SECRET\r\n\r\n"
            })
    void nothingTheServerSaysIsShown(String answer) throws IOException {
        try (CapturedLog log = CapturedLog.of(DriverClient.class, Level.TRACE);
                StubServer server = StubServer.start((request, out) -> {
                    out.write(answer.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    throw new IOException("the end");
                });
                DriverClient client = DriverClient.over(server.dataSource(), options(5000))) {
            StringWriter all = new StringWriter();
            failureOf(client).printStackTrace(new PrintWriter(all, true));
            assertThat(all.toString()).doesNotContain("SECRET");
            assertThat(log.ownLines()).isNotEmpty().noneMatch(line -> line.contains("SECRET"));
        }
    }

    @Test
    void aUserIsToldWhatToBeGranted() throws IOException {
        assertThat(failure(StubServer.error(500, 164, "Cannot modify 'max_execution_time' setting in readonly mode")))
                .message()
                .contains("ALTER USER", "SETTINGS readonly = 2", "READONLY");
        assertThat(failure(StubServer.error(
                        403, 497, "u: Not enough privileges. ... necessary to have the grant SELECT(a, b) ON d.t.")))
                .message()
                .contains("grant it SELECT");
        assertThat(failure(StubServer.error(500, 452, "Setting max_memory_usage shouldn't be greater than 5")))
                .message()
                .contains("QueryLimits");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCutBodyIsNeverAnAnswer(boolean chunked) throws IOException {
        byte[] two = new NativeBytes()
                .block(1, 1)
                .column("a", "Int64")
                .longs(1)
                .block(1, 1)
                .column("a", "Int64")
                .longs(2)
                .bytes();
        for (int sent : new int[] {0, 1, 5, two.length / 2, two.length - 1}) {
            BudMetricsException exception = failure(StubServer.cut(two, sent, chunked));
            assertThat(exception.code()).as("cut at %s", sent).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(exception.retryable()).isTrue();
        }
    }

    @Test
    void anErrorTextAfterStatus200IsAnError() throws IOException {
        byte[] text = "Code: 241. DB::Exception: SECRET".getBytes(StandardCharsets.UTF_8);
        BudMetricsException exception = failure(StubServer.ok(text));
        assertThat(exception.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        assertThat(exception.serverCode()).hasValue(241);
    }

    @Test
    void foreignAnswersAreErrors() throws IOException {
        byte[] page = "<html><body>SECRET</body></html>".repeat(100).getBytes(StandardCharsets.UTF_8);
        assertThat(failure(StubServer.ok(page)).code()).isEqualTo(ErrorCode.DATABASE_ERROR);
        assertThat(failure((request, out) -> StubServer.head(out, 200, 0, "X-Other: 1"))
                        .code())
                .isEqualTo(ErrorCode.DATABASE_ERROR);
        assertThat(failure((request, out) ->
                                StubServer.head(out, 200, 0, "X-ClickHouse-Summary: {\"result_rows\":\"3\"}"))
                        .code())
                .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    }

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

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void theDeadlineIsTotalAndTheServerIsTold(boolean afterHead, boolean pool) throws Exception {
        try (StubServer server = StubServer.start(StubServer.inTurn(StubServer.slow(afterHead), StubServer.ok(BODY)));
                HikariDataSource hikari = pool ? hikari(server) : null;
                DriverClient client = hikari == null
                        ? DriverClient.connect(server.url(), StubServer.properties(), 1, options(400))
                        : DriverClient.over(hikari, options(400))) {
            long start = System.nanoTime();
            BudMetricsException exception = failureOf(client);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(390), Duration.ofSeconds(2));
            assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            String queryId = exception.queryId().orElseThrow();
            // the connection that was aborted is not used again
            assertThat(client.query("SELECT a", List.of()).longAt(0, 0)).isEqualTo(42);
            for (int i = 0; i < 200 && server.requests().stream().noneMatch(r -> kills(r, queryId)); i++) {
                Thread.sleep(10);
            }
            assertThat(server.requests()).anyMatch(r -> kills(r, queryId));
        }
    }

    private static boolean kills(StubServer.Request request, String queryId) {
        return request.body().contains("KILL QUERY WHERE query_id = '" + queryId + "'");
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
        try (CapturedLog log = CapturedLog.of(DriverClient.class, Level.DEBUG);
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

    @Test
    void theDeadlineHoldsWhileThereIsNoConnectionToBeHad() throws Exception {
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                HikariDataSource pool = hikari(server);
                DriverClient client = DriverClient.over(pool, options(300));
                Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            BudMetricsException exception = failureOf(client);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            assertThat(exception).message().contains("no connection within 300 ms");
            assertThat(server.questions()).isEmpty();
            assertThat(first.isClosed() || second.isClosed()).isFalse();
        }
        try (StubServer server = StubServer.start(StubServer.slow(false));
                DriverClient client = DriverClient.connect(server.url(), StubServer.properties(), 1, options(20_000))) {
            Thread occupier = new Thread(() -> assertThat(failureOf(client)).isNotNull());
            occupier.start();
            while (server.questions().isEmpty()) {
                Thread.onSpinWait();
            }
            BudMetricsException exception = Objects.requireNonNull(catchThrowableOfType(
                    BudMetricsException.class,
                    () -> client.query(StatementRequest.of("other", "SELECT a", List.of(), options(300)))));
            assertThat(exception.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            assertThat(exception).message().contains("all 1 connections were busy");
            occupier.interrupt();
            occupier.join();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoWaitsForAConnectionCanBeFreed(boolean byInterrupt) throws Exception {
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                HikariDataSource pool = hikari(server)) {
            DriverClient client = DriverClient.over(pool, options(20_000));
            Thread caller = Thread.currentThread();
            Thread other = new Thread(() -> {
                while (pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 0) {
                    Thread.onSpinWait();
                }
                if (byInterrupt) {
                    caller.interrupt();
                } else {
                    client.close();
                }
            });
            try (Connection first = pool.getConnection();
                    Connection second = pool.getConnection()) {
                other.start();
                BudMetricsException exception = failureOf(client);
                assertThat(Thread.interrupted()).isEqualTo(byInterrupt);
                assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_CANCELLED);
                assertThat(first.isClosed() || second.isClosed()).isFalse();
            }
            other.join();
            client.close();
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

    /** The driver's own limit on that wait is not ours: the call has as long as its deadline says, and no longer. */
    @Test
    void theDeadlineHoldsWhileTheDriverWaitsForASocket() throws Exception {
        Properties properties = StubServer.properties();
        properties.setProperty("max_open_connections", "1");
        properties.setProperty("connection_request_timeout", "50");
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                Connection shared = new DataSourceImpl(server.url(), properties).getConnection();
                DriverClient client = DriverClient.over(neverClosing(shared), options(300))) {
            Client driver = shared.unwrap(ConnectionImpl.class).getClient();
            QueryResponse holdsTheSocket = driver.query("SELECT held").get();
            Thread other = new Thread(() -> {
                try {
                    Thread.sleep(300);
                    holdsTheSocket.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            other.start();
            assertThat(client.query(StatementRequest.of("patient", "SELECT a", List.of(), options(20_000)))
                            .columns()
                            .longAt(0, 0))
                    .isEqualTo(42);
            other.join();
            assertThat(driver.query("SELECT held").get()).isNotNull();
            assertThat(failureOf(client).code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            assertThat(shared.isClosed()).isTrue();
        }
    }

    /** A data source with one connection for everybody. */
    private static DataSource neverClosing(Connection shared) {
        Connection handle = (Connection) Proxy.newProxyInstance(
                DriverClientTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                        method.getName().equals("close") ? null : method.invoke(shared, arguments));
        return (DataSource) Proxy.newProxyInstance(
                DriverClientTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> handle);
    }

    /** As one does that probes its connections, and goes on when the probe was interrupted. */
    @Test
    void theDeadlineHoldsThoughAPoolTakesAnInterruptForItsOwn() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger interrupts = new AtomicInteger();
        try (StubServer server = StubServer.start(StubServer.ok(BODY))) {
            DataSource pool = (DataSource) Proxy.newProxyInstance(
                    DriverClientTest.class.getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, none) -> {
                        if (calls.getAndIncrement() == 0) {
                            return server.dataSource().getConnection();
                        }
                        while (interrupts.get() < 3) {
                            try {
                                TimeUnit.SECONDS.sleep(10);
                            } catch (InterruptedException e) {
                                interrupts.incrementAndGet();
                            }
                        }
                        throw new SQLException("interrupted while waiting for a connection");
                    });
            try (DriverClient client = DriverClient.over(pool, options(300))) {
                BudMetricsException exception = failureOf(client);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
                assertThat(exception).message().contains("no connection within 300 ms");
                assertThat(interrupts).hasValue(3);
            }
        }
    }

    @Test
    void theDeadlineHoldsWhileAConnectionIsMade() throws Exception {
        // with one place in its queue taken, a listener that accepts nobody leaves the next one waiting
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<SocketChannel> queued = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(listener.getLocalSocketAddress());
                queued.add(channel);
            }
            Properties properties = StubServer.properties();
            properties.setProperty("connection_timeout", "25000");
            try (DriverClient client = DriverClient.connect(
                    "jdbc:clickhouse:http://127.0.0.1:" + listener.getLocalPort(), properties, 1, options(400))) {
                assertThat(failureOf(client).code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            }
            for (SocketChannel channel : queued) {
                channel.close();
            }
        }
    }

    /** What has nothing to do with the statement. */
    static List<StubServer.Handler> passing() {
        return List.of(
                (request, out) -> {
                    throw new IOException("closed before an answer");
                },
                (request, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nX-ClickHouse-Timezone: UTC\r\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    throw new IOException("closed in the head of the answer");
                },
                (request, out) -> {
                    StubServer.head(out, 200, BODY.length, "X-ClickHouse-Summary: {\"result_rows\":\"2\"}");
                    out.write(BODY);
                },
                StubServer.cut(BODY, 0, false),
                StubServer.cut(BODY, 3, false),
                StubServer.cut(BODY, BODY.length - 1, true),
                (request, out) -> StubServer.head(out, 429, 0, "X: 1"),
                (request, out) -> StubServer.head(out, 502, 0, "X: 1"),
                (request, out) -> StubServer.head(out, 503, 0, "Retry-After: 3600"),
                StubServer.error(500, 202, "SECRET"),
                StubServer.error(500, 203, "SECRET"),
                StubServer.error(500, 209, "SECRET"),
                StubServer.error(500, 210, "SECRET"));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void isSentAgainUnderANewIdWhenTheStatementIsNotToBlame(StubServer.Handler failing) throws IOException {
        try (StubServer server = StubServer.start(StubServer.inTurn(failing, failing, StubServer.ok(BODY)));
                DriverClient client = DriverClient.over(server.dataSource(), options(10_000, 2))) {
            StatementResult result =
                    client.query(StatementRequest.of("statement", "SELECT a", List.of(), options(10_000, 2)));
            assertThat(result.columns().longAt(0, 0)).isEqualTo(42);
            assertThat(server.questions()).hasSize(3);
            List<String> ids = server.questions().stream()
                    .map(request -> request.url("query_id").get(0))
                    .toList();
            assertThat(ids).doesNotHaveDuplicates().endsWith(result.queryId());
        }
        try (StubServer server = StubServer.start(failing);
                DriverClient client = DriverClient.over(server.dataSource(), options(10_000, 2))) {
            BudMetricsException exception = failureOf(client);
            assertThat(server.questions()).hasSize(3);
            assertThat(exception.queryId())
                    .hasValue(server.questions().get(2).url("query_id").get(0));
            assertThat(exception.retryable()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {241, 159, 160, 394, 60, 47, 497, 516, 164, 62, 242, 252, 279, 439, 745, 999})
    void isSentOnceWhenTheStatementMayBeToBlame(int code) throws IOException {
        try (StubServer server = StubServer.start(StubServer.error(500, code, "SECRET"));
                DriverClient client = DriverClient.over(server.dataSource(), options(10_000, 2))) {
            assertThat(failureOf(client).serverCode()).hasValue(code);
            assertThat(server.questions()).hasSize(1);
        }
    }

    @Test
    void aCommandThatDoesNotEndIsNamed() throws IOException {
        try (StubServer server = StubServer.start(StubServer.slow(false));
                DriverClient client = DriverClient.over(server.dataSource(), options(400))) {
            assertThatThrownBy(() -> client.execute("CREATE TABLE IF NOT EXISTS t (\n    a Int64\n)"))
                    .hasMessageContaining("CREATE TABLE IF NOT EXISTS t did not end within 400 ms");
            assertThatThrownBy(() -> client.execute("ALTER TABLE t\n    REMOVE TTL"))
                    .hasMessageContaining("ALTER TABLE t did not end within 400 ms");
        }
    }

    @Test
    void aCommandIsSentOnce() throws IOException {
        try (StubServer server = StubServer.start(StubServer.error(500, 202, "SECRET"));
                DriverClient client = DriverClient.over(server.dataSource(), options(10_000, 2))) {
            assertThat(catchThrowableOfType(BudMetricsException.class, () -> client.execute("CREATE TABLE t")))
                    .isNotNull();
            assertThat(server.questions()).hasSize(1);
        }
    }

    @Test
    void isSentAgainOnlyWithinTheDeadline() throws IOException {
        try (StubServer server = StubServer.start(StubServer.error(500, 202, "SECRET"));
                DriverClient client = DriverClient.over(server.dataSource(), options(900, 10))) {
            assertThat(failureOf(client).serverCode()).hasValue(202);
            assertThat(server.questions()).hasSizeBetween(2, 6);
            assertThat(server.questions())
                    .allMatch(request -> request.url("max_execution_time").equals(List.of("1")));
        }
        // a second try has what the first has left
        try (StubServer server = StubServer.start(
                        StubServer.inTurn(StubServer.error(500, 202, "SECRET"), StubServer.slow(true)));
                DriverClient client = DriverClient.over(server.dataSource(), options(900, 10))) {
            BudMetricsException exception = failureOf(client);
            assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            assertThat(exception.queryId())
                    .hasValue(server.questions().get(1).url("query_id").get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interrupt", "close", "cancel"})
    void aPauseBetweenTwoTriesCanBeEnded(String by) throws Exception {
        try (StubServer server = StubServer.start(StubServer.error(500, 202, "SECRET"))) {
            DriverClient client = DriverClient.over(server.dataSource(), options(25_000, 10));
            Cancellation cancellation = new Cancellation();
            Thread caller = Thread.currentThread();
            Thread other = new Thread(() -> {
                while (server.questions().size() < 4) {
                    Thread.onSpinWait();
                }
                switch (by) {
                    case "interrupt" -> caller.interrupt();
                    case "close" -> client.close();
                    default -> cancellation.cancel();
                }
            });
            other.start();
            BudMetricsException exception = Objects.requireNonNull(catchThrowableOfType(
                    BudMetricsException.class,
                    () -> client.query(new StatementRequest(
                            "statement",
                            "comment",
                            "SELECT a",
                            List.of(),
                            options(25_000, 10),
                            System.nanoTime(),
                            cancellation))));
            assertThat(Thread.interrupted()).isEqualTo(by.equals("interrupt"));
            assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_CANCELLED);
            other.join();
            assertThat(server.questions()).hasSizeLessThan(6);
            client.close();
        }
    }

    /** Else a server that is stuck would take the pool's connections one by one. */
    @Test
    void aKillThatIsNotAnsweredGivesItsConnectionBack() throws Exception {
        CountDownLatch killed = new CountDownLatch(1);
        try (StubServer server = StubServer.startWithoutCourtesy((request, out) -> {
                    if (request.body().startsWith("KILL")) {
                        killed.countDown();
                    }
                    (request.body().startsWith("SELECT 1") ? StubServer.probed() : StubServer.slow(true))
                            .answer(request, out);
                });
                HikariDataSource pool = hikari(server);
                DriverClient client = DriverClient.over(pool, options(300))) {
            assertThat(failureOf(client).code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            assertThat(killed.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 1500 && pool.getHikariPoolMXBean().getActiveConnections() > 0; i++) {
                Thread.sleep(10);
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
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
        StatementOptions slow =
                new StatementOptions(Duration.ofSeconds(5), 0, 0, 0, 0, 0, true, null, Duration.ofNanos(1), 0);
        try (CapturedLog log = CapturedLog.of(DriverClient.class, Level.DEBUG);
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
        try (CapturedLog log = CapturedLog.of(DriverClient.class, Level.INFO);
                StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.over(server.dataSource(), options(5000))) {
            assertThat(client.query("SELECT a", List.of()).rowCount()).isEqualTo(1);
            assertThat(log.ownLines()).isEmpty();
        }
    }

    private static HikariDataSource hikari(StubServer server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.url());
        config.setDriverClassName("com.clickhouse.jdbc.Driver");
        config.setDataSourceProperties(StubServer.properties());
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptedCallerIsFreedAndStaysInterrupted(boolean afterHead) throws Exception {
        try (StubServer server = StubServer.start(StubServer.slow(afterHead));
                DriverClient client = DriverClient.over(server.dataSource(), options(20_000))) {
            Thread caller = Thread.currentThread();
            Thread other = new Thread(() -> {
                while (server.questions().isEmpty()) {
                    Thread.onSpinWait();
                }
                caller.interrupt();
            });
            other.start();
            BudMetricsException exception = failureOf(client);
            assertThat(Thread.interrupted()).isTrue();
            other.join();
            assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_CANCELLED);
            Thread.currentThread().interrupt();
            assertThat(failureOf(client).code()).isEqualTo(ErrorCode.QUERY_CANCELLED);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(server.questions()).hasSize(1);
        }
    }

    @Test
    void closingCancelsAndRefuses() throws Exception {
        try (StubServer server = StubServer.start(StubServer.slow(false))) {
            DriverClient client = DriverClient.over(server.dataSource(), options(20_000));
            Thread other = new Thread(() -> {
                while (server.questions().isEmpty()) {
                    Thread.onSpinWait();
                }
                client.close();
            });
            other.start();
            assertThat(failureOf(client).code()).isEqualTo(ErrorCode.QUERY_CANCELLED);
            other.join();
            assertThat(failureOf(client)).hasMessageContaining("closed");
            client.close();
        }
    }

    @Test
    void sendsEachStatementWithItsSettings() throws IOException {
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.over(server.dataSource(), options(1500))) {
            assertThat(client.query("SELECT a", List.of()).longAt(0, 0)).isEqualTo(42);
            client.execute("CREATE TABLE t");
            StubServer.Request question = server.questions().get(0);
            assertThat(question.headers()).containsEntry("x-clickhouse-format", "Native");
            assertThat(question.body()).isEqualTo("SELECT a");
            String[] expected = {
                "wait_end_of_query=1", "max_execution_time=2", "readonly=2", "max_result_rows=1000",
                "result_overflow_mode=throw", "max_memory_usage=2000", "max_threads=3", "use_query_cache=1",
                "query_cache_ttl=2", "log_comment=budmetrics statement"
            };
            for (String setting : expected) {
                String[] pair = setting.split("=", -1);
                assertThat(question.url(pair[0])).as(pair[0]).containsExactly(pair[1]);
            }
            assertThat(question.url("max_rows_to_read")).isEmpty();
            StubServer.Request command = server.questions().get(1);
            assertThat(command.url("readonly")).isEmpty();
            assertThat(command.url("query_id")).isNotEqualTo(question.url("query_id"));
        }
    }

    /** Pins a constant of the driver: this way it sends values as they are, in the URL and in a form. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5000})
    void parametersArriveAsTheyWereEncoded(int padding) throws IOException {
        SqlParameter hostile = SqlParameter.of(
                "p0", "it's \\ back\t tab\n nl \0 nul \"q\" é 😀 100% a+b &=;#? {x} --" + "x".repeat(padding));
        SqlParameter second = SqlParameter.ofTexts("p1", List.of("a'b\\", "ü"));
        String encoded = hostile.encoded();
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.over(server.dataSource())) {
            Columns columns = client.query("SELECT {p0:String} AS é", List.of(hostile, second));
            assertThat(columns.rowCount()).isEqualTo(1);
            StubServer.Request request = server.questions().get(0);
            if (padding == 0) {
                assertThat(request.url("param_p0")).containsExactly(encoded);
                assertThat(request.url("param_p1")).containsExactly(second.encoded());
                assertThat(request.body()).isEqualTo("SELECT {p0:String} AS é");
            } else {
                assertThat(request.url("param_p0")).isEmpty();
                assertThat(request.headers().get("content-type")).startsWith("multipart/form-data");
                assertThat(request.body())
                        .contains("name=\"param_p0\"", "\r\n\r\n" + encoded + "\r\n")
                        .contains("name=\"param_p1\"", "\r\n\r\n" + second.encoded() + "\r\n")
                        .contains("name=\"query\"", "\r\n\r\nSELECT {p0:String} AS é\r\n");
            }
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

    /** A server that is set to another zone between two calls, behind a proxy that does not know what time it is. */
    @Test
    void theClockAndTheZoneOfTheServerChangeNothing() throws IOException {
        Instant moment = Instant.parse("2026-03-29T01:30:00.000001Z");
        byte[] body = new NativeBytes()
                .block(2, 1)
                .column("a", "DateTime64(6, 'UTC')")
                .longs(1_774_747_800_000_001L)
                .column("b", "DateTime64(6)")
                .longs(1_774_747_800_000_001L)
                .bytes();
        List<String> clocks = List.of(
                "X-ClickHouse-Timezone: UTC\r\nDate: Sun, 29 Mar 2026 01:30:00 GMT",
                "X-ClickHouse-Timezone: Asia/Kolkata\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT",
                "X-ClickHouse-Timezone: America/St_Johns\r\nDate: Fri, 31 Dec 2100 23:59:59 GMT",
                "X-ClickHouse-Timezone: Nowhere/Atlantis\r\nDate: yesterday",
                "Date: ");
        StubServer.Handler[] answers = clocks.stream()
                .map(clock -> (StubServer.Handler) (request, out) -> {
                    StubServer.head(out, 200, body.length, clock + "\r\nX-ClickHouse-Summary: {\"result_rows\":\"1\"}");
                    out.write(body);
                })
                .toArray(StubServer.Handler[]::new);
        try (StubServer server = StubServer.start(StubServer.inTurn(answers));
                DriverClient client = DriverClient.connect(server.url(), StubServer.properties(), 1, options(5000))) {
            for (String clock : clocks) {
                Columns columns =
                        client.query("SELECT {p:DateTime64(6, 'UTC')} AS a", List.of(SqlParameter.of("p", moment)));
                assertThat(columns.longAt(0, 0)).as(clock).isEqualTo(1_774_747_800_000_001L);
                assertThat(columns.longAt(1, 0)).as(clock).isEqualTo(1_774_747_800_000_001L);
            }
            assertThat(server.questions()).hasSize(clocks.size()).allSatisfy(request -> assertThat(
                            request.url("param_p"))
                    .containsExactly("2026-03-29 01:30:00.000001"));
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
        assertThat(exception.code()).isEqualTo(ErrorCode.INVALID_QUERY);
        assertThat(exception)
                .message()
                .contains("new com.clickhouse.jdbc.DataSourceImpl(", "BudMetrics.over(dataSource)");
    }
}
