package io.budmetrics.clickhouse.internal.call;

import static io.budmetrics.clickhouse.internal.call.TestCalls.BODY;
import static io.budmetrics.clickhouse.internal.call.TestCalls.failureOf;
import static io.budmetrics.clickhouse.internal.call.TestCalls.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent again, and what is not. */
@Timeout(30)
final class RetryTest {
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
    void transientError_isRetriedUnderANewId(StubServer.Handler failing) throws IOException {
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
    void permanentError_isNotRetried(int code) throws IOException {
        try (StubServer server = StubServer.start(StubServer.error(500, code, "SECRET"));
                DriverClient client = DriverClient.over(server.dataSource(), options(10_000, 2))) {
            assertThat(failureOf(client).serverCode()).hasValue(code);
            assertThat(server.questions()).hasSize(1);
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
    void retries_stopAtTheDeadline() throws IOException {
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
}
