package io.budmetrics.clickhouse.internal.call;

import static io.budmetrics.clickhouse.internal.call.TestCalls.BODY;
import static io.budmetrics.clickhouse.internal.call.TestCalls.failureOf;
import static io.budmetrics.clickhouse.internal.call.TestCalls.hikari;
import static io.budmetrics.clickhouse.internal.call.TestCalls.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.jdbc.ConnectionImpl;
import com.clickhouse.jdbc.DataSourceImpl;
import com.zaxxer.hikari.HikariDataSource;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How calls end at their deadline, by an interrupt, a cancellation or a close. */
@Timeout(30)
final class CallEndTest {
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
    void waitingForAConnection_endsWithTheCall(boolean byInterrupt) throws Exception {
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
                CallEndTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                        method.getName().equals("close") ? null : method.invoke(shared, arguments));
        return (DataSource) Proxy.newProxyInstance(
                CallEndTest.class.getClassLoader(),
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
                    CallEndTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, none) -> {
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
            assertThatThrownBy(() -> client.query("SELECT a", List.of()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the client is closed, so statement was not sent");
            client.close();
        }
    }
}
