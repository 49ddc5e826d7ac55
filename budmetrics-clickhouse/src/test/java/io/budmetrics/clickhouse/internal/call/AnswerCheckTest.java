package io.budmetrics.clickhouse.internal.call;

import static io.budmetrics.clickhouse.internal.call.TestCalls.BODY;
import static io.budmetrics.clickhouse.internal.call.TestCalls.failure;
import static io.budmetrics.clickhouse.internal.call.TestCalls.failureOf;
import static io.budmetrics.clickhouse.internal.call.TestCalls.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.clickhouse.jdbc.DataSourceImpl;
import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are cut, foreign or too large, and headers that must not matter. */
@Timeout(30)
final class AnswerCheckTest {
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
}
