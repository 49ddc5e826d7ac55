package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.QueryBuilder;
import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.clickhouse.internal.StubServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.metric.Metrics;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.Frequency;
import io.budmetrics.result.AnalyticsAnswer;
import io.budmetrics.sql.SqlStatement;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class BudMetricsTest {
    private static final SqlStatement<Long> STATEMENT =
            SqlStatement.of("SELECT a", List.of(), columns -> columns.longAt(columns.indexOf("a"), 0));

    @Test
    void runsAStatementOverAConfiguration() throws IOException {
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)))) {
            ClickHouseConfig config = ClickHouseConfig.builder()
                    .host("127.0.0.1")
                    .port(server.port())
                    .user("u")
                    .password("p")
                    .database("d")
                    .compressed(false)
                    .limits(QueryLimits.defaults().withMaxThreads(2))
                    .build();
            BudMetrics client = BudMetrics.connect(config);
            assertThat(client.execute(STATEMENT)).isEqualTo(5);
            client.close();
            StubServer.Request request = server.questions().get(0);
            assertThat(request.headers()).containsEntry("x-clickhouse-database", "d");
            assertThat(request.url("max_threads")).containsExactly("2");
            assertThat(request.url("readonly")).containsExactly("2");
            BudMetricsException closed = Objects.requireNonNull(
                    catchThrowableOfType(BudMetricsException.class, () -> client.execute(STATEMENT)));
            assertThat(closed).message().contains("closed");
        }
    }

    @Test
    void aQuestionWithoutAnEndIsAskedAsOfTheClock() throws IOException {
        Instant now = Instant.parse("2026-03-01T12:00:00.123456789Z");
        try (StubServer server = StubServer.start(StubServer.ok(new byte[0]));
                BudMetrics client = BudMetrics.builder()
                        .dataSource(server.dataSource())
                        .clock(Clock.fixed(now, ZoneOffset.UTC))
                        .build()) {
            AnalyticsQuestion question = QueryBuilder.analytics()
                    .metrics(Metrics.REQUEST_COUNT)
                    .since(Instant.parse("2026-02-27T00:00:00Z"))
                    .every(Frequency.DAY)
                    .build();
            AnalyticsAnswer answer = client.execute(question);
            assertThat(answer.asOf()).isEqualTo(Instant.parse("2026-03-01T12:00:00.123456Z"));
            assertThat(answer.rows()).allMatch(row -> !row.hasTraffic());
            assertThat(server.questions()).hasSize(1);
        }
    }

    @Test
    void needsSomethingToAsk() {
        assertThat(Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, () -> BudMetrics.builder()
                                .build()))
                        .code())
                .isEqualTo(ErrorCode.INVALID_QUERY);
    }

    @Test
    void aSecureConfigurationSpeaksTls() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Integer> firstByte = CompletableFuture.supplyAsync(() -> {
                try (Socket socket = listener.accept();
                        InputStream in = socket.getInputStream()) {
                    return in.read();
                } catch (IOException e) {
                    return -1;
                }
            });
            ClickHouseConfig config = ClickHouseConfig.builder()
                    .host("127.0.0.1")
                    .port(listener.getLocalPort())
                    .secure(true)
                    .limits(QueryLimits.defaults().withTimeout(Duration.ofSeconds(5)))
                    .build();
            try (BudMetrics client = BudMetrics.connect(config)) {
                assertThat(Objects.requireNonNull(catchThrowableOfType(
                                        BudMetricsException.class, () -> client.execute(STATEMENT)))
                                .code())
                        .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            }
            assertThat(firstByte.get(5, TimeUnit.SECONDS)).isEqualTo(22); // a TLS handshake record
        }
    }
}
