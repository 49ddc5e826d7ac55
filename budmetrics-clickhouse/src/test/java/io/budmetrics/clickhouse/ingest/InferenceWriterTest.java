package io.budmetrics.clickhouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.clickhouse.internal.call.StubServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.record.InferenceRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the writer makes of a server that misbehaves. */
@Timeout(60)
final class InferenceWriterTest {
    private static final Instant MARCH = Instant.parse("2026-03-04T05:06:07.123456Z");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final StubServer.Handler STORED = StubServer.ok(new byte[0]);
    private static final StubServer.Handler GONE = (request, out) -> {
        throw new IOException("gone");
    };

    private static InferenceRecord row(int id, Instant arrival) {
        return InferenceRecord.builder()
                .inferenceId(new UUID(0, id))
                .requestArrivalTime(arrival)
                .build();
    }

    private static InferenceWriter writer(StubServer server, long millis) {
        return InferenceWriter.builder(server.dataSource())
                .timeout(Duration.ofMillis(millis))
                .build();
    }

    /** Answers the first requests with the given handlers, and all others with the last of them. */
    private static StubServer.Handler inTurn(StubServer.Handler... handlers) {
        AtomicInteger turn = new AtomicInteger();
        return (request, out) -> handlers[Math.min(turn.getAndIncrement(), handlers.length - 1)].answer(request, out);
    }

    /** The digests of what was sent, without what tells one try from another. */
    private static List<String> tokens(StubServer server) {
        List<String> tokens = server.questions().stream()
                .map(request -> request.url("insert_deduplication_token"))
                .map(values -> {
                    assertThat(values).singleElement().asString().matches("budmetrics-[0-9a-f]{32}-[0-9a-f-]{36}");
                    return values.get(0);
                })
                .toList();
        assertThat(tokens).doesNotHaveDuplicates();
        return tokens.stream().map(token -> token.substring(0, 43)).toList();
    }

    static StubServer.Handler fault(String name) {
        return switch (name) {
            case "gone" -> GONE;
            case "cut" ->
                (request, out) -> {
                    StubServer.head(out, 200, 10, "X-ClickHouse-Summary: {}");
                    out.flush();
                    throw new IOException("cut");
                };
            case "too many queries" -> StubServer.error(500, 202, "SECRET");
            case "too many parts" -> StubServer.error(500, 252, "SECRET");
            case "read-only replica" -> StubServer.error(500, 242, "SECRET");
            case "server's time limit" -> StubServer.error(500, 159, "SECRET");
            case "proxy" -> (request, out) -> StubServer.head(out, 502, 0, "X-Other: 1");
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gone",
                "cut",
                "too many queries",
                "too many parts",
                "read-only replica",
                "server's time limit",
                "proxy"
            })
    void aPassingFaultIsTriedAgainWithTheSameContent(String fault) throws IOException {
        try (StubServer server = StubServer.start(inTurn(fault(fault), fault(fault), STORED));
                InferenceWriter writer = writer(server, 20_000)) {
            WriteResult result = writer.tryWrite(List.of(row(1, MARCH), row(2, MARCH)));

            assertThat(result.complete()).isTrue();
            assertThat(result.written()).isEqualTo(2);
            assertThat(tokens(server)).hasSize(3).containsOnly(tokens(server).get(0));
            assertThat(server.questions())
                    .extracting(request -> request.url("query_id"))
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "16, SCHEMA_MISMATCH",
        "60, SCHEMA_MISMATCH",
        "497, ACCESS_DENIED",
        "241, RESOURCE_EXHAUSTED",
        "243, RESOURCE_EXHAUSTED",
        "117, DATABASE_ERROR"
    })
    void aRefusalIsFinal(int code, ErrorCode expected) throws IOException {
        try (StubServer server =
                        StubServer.start(StubServer.error(500, code, "No such column request_arrival_time 'SECRET'"));
                InferenceWriter writer = writer(server, 20_000)) {
            WriteResult result = writer.tryWrite(List.of(row(1, MARCH), row(2, MARCH)));

            assertThat(server.questions()).hasSize(1);
            assertThat(result.refused()).isEqualTo(2);
            assertThat(result.outcome(1)).isEqualTo(Outcome.REFUSED);
            Unwritten refused = result.unwritten().get(0);
            assertThat(refused.reason().code()).isEqualTo(expected);
            assertThat(refused.reason().queryId())
                    .hasValue(server.questions().get(0).url("query_id").get(0));
            assertThat(refused.toString()).contains(refused.token()).doesNotContain("SECRET");
            assertThat(result).hasToString("WriteResult[written=0, refused=2, unknown=0]");
        }
    }

    @Test
    void aMissingColumnIsNamed() throws IOException {
        try (StubServer server = StubServer.start(
                        StubServer.error(404, 16, "No such column `request_arrival_time` in table 'SECRET'"));
                InferenceWriter writer = writer(server, 20_000)) {
            assertThatThrownBy(() -> writer.write(List.of(row(1, MARCH))))
                    .hasMessageContaining("request_arrival_time")
                    .hasMessageNotContaining("SECRET");
        }
    }

    @ParameterizedTest
    @CsvSource({"241, gone", "497, cut"})
    void whatMayHaveArrivedBeforeTheRefusalIsUnknown(int code, String before) throws IOException {
        try (StubServer server = StubServer.start(inTurn(fault(before), StubServer.error(500, code, "SECRET")));
                InferenceWriter writer = writer(server, 20_000)) {
            assertThat(writer.tryWrite(List.of(row(1, MARCH))).outcome(0)).isEqualTo(Outcome.UNKNOWN);
        }
    }

    @Test
    void whatTheServerItselfDoesNotKnowIsUnknown() throws IOException {
        try (StubServer server = StubServer.start(StubServer.error(500, 319, "SECRET"));
                InferenceWriter writer = writer(server, 20_000)) {
            assertThat(writer.tryWrite(List.of(row(1, MARCH))).outcome(0)).isEqualTo(Outcome.UNKNOWN);
        }
    }

    @Test
    void theTimeLimitIsTotalAndTheTokenStaysTheSameAfterIt() throws Exception {
        AtomicInteger working = new AtomicInteger();
        StubServer.Handler handler =
                (request, out) -> (working.get() == 1 ? STORED : StubServer.slow(false)).answer(request, out);
        try (StubServer server = StubServer.start(handler);
                InferenceWriter writer = writer(server, 700);
                InferenceWriter other = writer(server, 700)) {
            WriteResult result = writer.tryWrite(List.of(row(7, APRIL), row(1, MARCH), row(8, APRIL), row(2, MARCH)));

            assertThat(result.unknown()).isEqualTo(4);
            Unwritten march = result.unwritten().get(0);
            Unwritten april = result.unwritten().get(1);
            assertThat(march.records()).containsExactly(row(1, MARCH), row(2, MARCH));
            assertThat(march.positions()).containsExactly(1, 3);
            assertThat(april.positions()).containsExactly(0, 2);
            assertThat(march.reason().code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            // one try takes half of the time at most; for April there was none left
            assertThat(tokens(server)).hasSizeGreaterThan(1).containsOnly(march.token());
            for (int i = 0; i < 500 && server.requests().size() < 4; i++) {
                Thread.sleep(10);
            }
            assertThat(server.requests()).anyMatch(request -> request.body().startsWith("KILL QUERY"));

            working.set(1);
            int before = server.questions().size();
            assertThat(other.write(april.records())).isEqualTo(2);
            assertThat(writer.write(march.records())).isEqualTo(2);
            assertThat(tokens(server).subList(before, before + 2)).containsExactly(april.token(), march.token());
        }
    }

    @Test
    void outcomesAreByRecord() throws IOException {
        try (StubServer server = StubServer.start(inTurn(STORED, StubServer.error(404, 60, "SECRET"), STORED));
                InferenceWriter writer = writer(server, 20_000)) {
            Instant may = Instant.parse("2026-05-31T23:59:59.999999Z");
            List<InferenceRecord> records =
                    List.of(row(0, may), row(1, APRIL), row(2, MARCH), row(3, APRIL), row(4, MARCH));
            WriteResult result = writer.tryWrite(records);

            assertThat(result.size()).isEqualTo(5);
            assertThat(result.written()).isEqualTo(3);
            assertThat(result.complete()).isFalse();
            assertThat(List.of(0, 1, 2, 3, 4))
                    .extracting(result::outcome)
                    .containsExactly(
                            Outcome.WRITTEN, Outcome.REFUSED, Outcome.WRITTEN, Outcome.REFUSED, Outcome.WRITTEN);
            assertThatThrownBy(() -> result.outcome(5)).isInstanceOf(IndexOutOfBoundsException.class);
            BudMetricsException told =
                    Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, result::orThrow));
            assertThat(told.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
            assertThat(told.serverCode()).hasValue(60);
            assertThat(told).hasMessageContaining("3 of 5 records were written, 2 refused, 0 are not known");
        }
    }

    @Test
    void token_namesTheInferencesAndTheirOrder() throws IOException {
        try (StubServer server = StubServer.start(STORED);
                InferenceWriter writer = writer(server, 20_000)) {
            writer.write(List.of(row(1, MARCH), row(2, MARCH)));
            writer.write(List.of(row(1, MARCH), row(2, MARCH)));
            writer.write(List.of(row(2, MARCH), row(1, MARCH)));
            writer.write(List.of(row(1, MARCH)));
            writer.write(List.of(row(1, MARCH).toBuilder().userId("").build()));
            List<String> tokens = tokens(server);
            assertThat(tokens.get(1)).isEqualTo(tokens.get(0)).matches("budmetrics-[0-9a-f]{32}");
            assertThat(tokens.subList(1, 4)).doesNotHaveDuplicates();
            // a correction of the same inference
            assertThat(tokens.get(4)).isEqualTo(tokens.get(3));
        }
    }

    @Test
    void everySettingIsStated() throws IOException {
        try (StubServer server = StubServer.start(STORED);
                InferenceWriter writer = writer(server, 3_000)) {
            writer.write(List.of(row(1, MARCH), row(2, MARCH)));
            StubServer.Request request = server.questions().get(0);
            String[] expected = {
                "async_insert=0",
                "insert_deduplicate=0",
                "optimize_on_insert=0",
                "wait_end_of_query=1",
                "max_insert_block_size=1048576",
                "min_insert_block_size_rows=1048576",
                "min_insert_block_size_bytes=0",
                "input_format_defaults_for_omitted_fields=1",
                "max_execution_time=2",
                "log_comment=budmetrics insert"
            };
            for (String setting : expected) {
                String[] pair = setting.split("=", -1);
                assertThat(request.url(pair[0])).as(pair[0]).containsExactly(pair[1]);
            }
            // the block says how many columns and rows it has
            assertThat(Arrays.copyOf(request.content(), 2)).containsExactly(2, 2);
        }
    }

    @Test
    void anAnswerOfSomethingElseIsNoProof() throws IOException {
        try (StubServer server = StubServer.start((request, out) -> StubServer.head(out, 200, 0, "X-Other: 1"));
                InferenceWriter writer = writer(server, 20_000)) {
            WriteResult result = writer.tryWrite(List.of(row(1, MARCH)));
            assertThat(result.outcome(0)).isEqualTo(Outcome.UNKNOWN);
            assertThat(result.unwritten().get(0).reason().code()).isEqualTo(ErrorCode.DATABASE_ERROR);
        }
    }

    @Test
    void anInterruptedThreadSendsNothingMore() throws Exception {
        try (StubServer server = StubServer.start(StubServer.slow(false));
                InferenceWriter writer = writer(server, 20_000)) {
            Thread caller = Thread.currentThread();
            Thread other = new Thread(() -> {
                while (server.questions().isEmpty()) {
                    Thread.onSpinWait();
                }
                caller.interrupt();
            });
            other.start();
            WriteResult result = writer.tryWrite(List.of(row(1, MARCH), row(2, APRIL)));
            assertThat(Thread.interrupted()).isTrue();
            other.join();
            assertThat(result.unknown()).isEqualTo(2);
            assertThat(result.unwritten().get(1).reason().code()).isEqualTo(ErrorCode.QUERY_CANCELLED);
            assertThat(server.questions()).hasSize(1);
        }
    }

    @Test
    void anInterruptEndsThePauseBetweenTries() throws Exception {
        CountDownLatch failed = new CountDownLatch(2);
        StubServer.Handler handler = (request, out) -> {
            failed.countDown();
            GONE.answer(request, out);
        };
        try (StubServer server = StubServer.start(handler);
                InferenceWriter writer = writer(server, 3_600_000)) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                Future<WriteResult> result = thread.submit(() -> writer.tryWrite(List.of(row(1, MARCH))));
                failed.await();
                thread.shutdownNow();
                assertThat(result.get().unknown()).isEqualTo(1);
            } finally {
                thread.shutdownNow();
            }
        }
    }

    @Test
    void closingWaitsForCallsAndRefusesLaterOnes() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        StubServer.Handler handler = (request, out) -> {
            arrived.countDown();
            answer.await();
            STORED.answer(request, out);
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (StubServer server = StubServer.start(handler)) {
            InferenceWriter writer = writer(server, 20_000);
            Future<Long> written = threads.submit(() -> writer.write(List.of(row(1, MARCH))));
            arrived.await();
            Future<?> closed = threads.submit(writer::close);
            assertThatThrownBy(() -> {
                        while (true) {
                            // until the other thread has begun to close
                            writer.write(List.of());
                        }
                    })
                    .hasMessageContaining("closed");
            assertThat(closed.isDone()).isFalse();
            answer.countDown();
            assertThat(written.get()).isEqualTo(1);
            assertThat(closed.get()).isNull();
            writer.close();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anInterruptedCloseCutsCallsOff() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        StubServer.Handler handler = (request, out) -> {
            arrived.countDown();
            StubServer.slow(false).answer(request, out);
        };
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (StubServer server = StubServer.start(handler)) {
            InferenceWriter writer = writer(server, 3_600_000);
            Future<WriteResult> result = thread.submit(() -> writer.tryWrite(List.of(row(1, MARCH))));
            arrived.await();
            Thread.currentThread().interrupt();
            writer.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(result.get().unknown()).isEqualTo(1);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void nothingIsSentForWhatIsNotARecord() throws IOException {
        try (StubServer server = StubServer.start(STORED);
                InferenceWriter writer = writer(server, 20_000)) {
            List<InferenceRecord> records = new ArrayList<>(List.of(row(1, MARCH), row(2, MARCH)));
            records.set(1, null);
            assertThatThrownBy(() -> writer.write(records)).hasMessageContaining("position 1 is null");
            assertThat(writer.write(List.of())).isZero();
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void theTimeLimitHasLimits() throws IOException {
        try (StubServer server = StubServer.start(STORED)) {
            InferenceWriter.Builder builder = InferenceWriter.builder(server.dataSource());
            for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
                assertThatThrownBy(() -> builder.timeout(wrong))
                        .hasMessageContaining("give more than 0 and at most a day");
            }
        }
    }
}
