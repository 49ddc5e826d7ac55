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
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BufferedInferenceWriterTest {
    private static final Instant ARRIVAL = Instant.parse("2026-03-04T05:06:07.123456Z");
    private static final StubServer.Handler STORED = StubServer.ok(new byte[0]);
    private static final StubServer.Handler REFUSED = StubServer.error(404, 60, "no table");
    private static final long BYTES = RecordColumns.footprint(row(0));
    private static final Duration NEVER = Duration.ofHours(1);

    private final List<Unwritten> unwritten = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private static InferenceRecord row(int id) {
        return InferenceRecord.builder()
                .inferenceId(new UUID(0, id))
                .requestArrivalTime(ARRIVAL)
                .build();
    }

    /** The numbers of rows that each insert brought: the second number of the block, 7 bits a byte. */
    private static List<Integer> rows(StubServer server) {
        return server.questions().stream()
                .map(request -> {
                    byte[] content = request.content();
                    int rows = content[1] & 0x7F;
                    for (int i = 1; (content[i] & 0x80) != 0; i++) {
                        rows |= (content[i + 1] & 0x7F) << (7 * i);
                    }
                    return rows;
                })
                .toList();
    }

    private static int sum(List<Integer> rows) {
        return rows.stream().mapToInt(Integer::intValue).sum();
    }

    private static InferenceWriter writer(StubServer server, Duration timeout) {
        return InferenceWriter.builder(server.dataSource()).timeout(timeout).build();
    }

    /** One that sends nothing unless it has to. */
    private BufferedInferenceWriter.Builder patient(InferenceWriter writer) {
        return BufferedInferenceWriter.builder(writer, unwritten::add).maxDelay(NEVER);
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(1);
        }
    }

    private List<Integer> unwrittenIds() {
        return unwritten.stream()
                .flatMap(piece -> piece.records().stream())
                .map(record -> (int) record.inferenceId().getLeastSignificantBits())
                .sorted()
                .toList();
    }

    @Test
    void aBatchGoesWhenItHasEnoughRecords() throws Exception {
        try (StubServer server = StubServer.start(STORED);
                InferenceWriter writer = writer(server, NEVER);
                BufferedInferenceWriter buffer = patient(writer).maxRecords(100).build()) {
            for (int i = 0; i < 250; i++) {
                buffer.add(row(i));
            }
            until(() -> buffer.counts().written() == 200);
            assertThat(buffer.counts().pending()).isEqualTo(50);
            BufferedInferenceWriter.Counts counts = buffer.flush();
            assertThat(counts).isEqualTo(new BufferedInferenceWriter.Counts(250, 250, 0));
            assertThat(rows(server)).containsExactly(100, 100, 50);
            buffer.flush();
            assertThat(server.questions()).hasSize(3);
        }
        assertThat(unwritten).isEmpty();
    }

    @Test
    void aBatchGoesWhenItHasEnoughBytes() throws Exception {
        try (StubServer server = StubServer.start(STORED);
                InferenceWriter writer = writer(server, NEVER);
                BufferedInferenceWriter buffer =
                        patient(writer).maxBytes(3 * BYTES).build()) {
            for (int i = 0; i < 5; i++) {
                buffer.add(row(i));
            }
            until(() -> buffer.counts().written() == 3);
            assertThat(buffer.counts().pending()).isEqualTo(2);
        }
    }

    @Test
    void aBatchGoesWhenItsFirstRecordHasWaitedLongEnough() throws Exception {
        try (StubServer server = StubServer.start(STORED);
                InferenceWriter writer = writer(server, NEVER);
                BufferedInferenceWriter buffer = BufferedInferenceWriter.builder(writer, unwritten::add)
                        .maxDelay(Duration.ofMillis(20))
                        .senders(3)
                        .build()) {
            for (int i = 0; i < 5; i++) {
                buffer.add(row(i));
                int now = i + 1;
                until(() -> buffer.counts().written() == now);
            }
        }
    }

    @Test
    void closingSendsWhatIsLeft() throws IOException {
        try (StubServer server = StubServer.start(STORED);
                InferenceWriter writer = writer(server, NEVER)) {
            BufferedInferenceWriter buffer = patient(writer).build();
            buffer.add(row(1));
            buffer.close();
            assertThat(rows(server)).containsExactly(1);
            assertThat(buffer.counts()).isEqualTo(new BufferedInferenceWriter.Counts(1, 1, 0));
            assertThatThrownBy(() -> buffer.add(row(2)))
                    .hasMessageContaining("the buffer is closed, so the record was not taken");
            assertThatThrownBy(() -> buffer.offer(row(2))).hasMessageContaining("closed");
            buffer.close();
            assertThat(buffer.flush().added()).isEqualTo(1);
        }
    }

    @Test
    void memoryIsBoundedWhileTheServerIsSlow() throws Exception {
        Semaphore answers = new Semaphore(0);
        AtomicInteger most = new AtomicInteger();
        CompletableFuture<BufferedInferenceWriter> started = new CompletableFuture<>();
        StubServer.Handler handler = (request, out) -> {
            answers.acquire();
            most.accumulateAndGet((int) started.join().counts().pending(), Math::max);
            STORED.answer(request, out);
        };
        try (StubServer server = StubServer.start(handler);
                InferenceWriter writer = writer(server, NEVER);
                BufferedInferenceWriter buffer =
                        patient(writer).maxRecords(7).capacityBytes(20 * BYTES).build()) {
            started.complete(buffer);
            List<Future<?>> producers = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int thread = t;
                producers.add(
                        threads.submit(() -> IntStream.range(0, 100).forEach(i -> buffer.add(row(100 * thread + i)))));
            }
            until(() -> buffer.counts().pending() == 20);
            assertThat(buffer.offer(row(9_999))).isFalse();
            assertThat(buffer.counts().pending()).isEqualTo(20);
            answers.release(Integer.MAX_VALUE);
            for (Future<?> producer : producers) {
                assertThat(producer.get()).isNull();
            }
            assertThat(buffer.flush()).isEqualTo(new BufferedInferenceWriter.Counts(800, 800, 0));
            assertThat(sum(rows(server))).isEqualTo(800);
            assertThat(most.get()).isBetween(1, 20);
        }
    }

    @Test
    void aFullBufferDoesNotWaitForItsTime() throws Exception {
        try (StubServer server = StubServer.start(STORED);
                InferenceWriter writer = writer(server, NEVER);
                BufferedInferenceWriter buffer =
                        patient(writer).capacityBytes(2 * BYTES).build()) {
            for (int i = 0; i < 20; i++) {
                buffer.add(row(i));
            }
            InferenceRecord huge =
                    row(1).toBuilder().output("x".repeat(100_000)).build();
            buffer.add(huge);
            until(() -> buffer.offer(row(21)));
            assertThat(buffer.flush().written()).isEqualTo(22);
        }
    }

    @Test
    void anInterruptedProducerKeepsItsRecord() throws Exception {
        try (StubServer server = StubServer.start(StubServer.slow(false));
                InferenceWriter writer = writer(server, NEVER)) {
            BufferedInferenceWriter buffer =
                    patient(writer).capacityBytes(2 * BYTES).build();
            buffer.add(row(1));
            buffer.add(row(2));
            Future<?> producer = threads.submit(() -> {
                BudMetricsException e = Objects.requireNonNull(
                        catchThrowableOfType(BudMetricsException.class, () -> buffer.add(row(3))));
                assertThat(e.code()).isEqualTo(ErrorCode.QUERY_CANCELLED);
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
            until(() -> !server.questions().isEmpty());
            threads.shutdownNow();
            assertThat(producer.get()).isNull();

            // what is under way when closing is interrupted goes to the handler, and so does the rest
            Thread.currentThread().interrupt();
            buffer.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(unwrittenIds()).containsExactly(1, 2);
            assertThat(unwritten).allMatch(piece -> piece.outcome() == Outcome.UNKNOWN);
            assertThat(buffer.counts()).isEqualTo(new BufferedInferenceWriter.Counts(2, 0, 2));
        }
    }

    @Test
    void anInterruptOfClosingDoesNotReachTheHandler() throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        Consumer<Unwritten> handler = piece -> {
            inHandler.countDown();
            boolean cut = false;
            try {
                goOn.await();
            } catch (InterruptedException e) {
                cut = true;
            }
            interrupted.add(cut || Thread.currentThread().isInterrupted());
        };
        try (StubServer server = StubServer.start(REFUSED);
                InferenceWriter writer = writer(server, NEVER)) {
            BufferedInferenceWriter buffer = BufferedInferenceWriter.builder(writer, handler)
                    .maxRecords(1)
                    .build();
            buffer.add(row(1));
            buffer.add(row(2));
            inHandler.await();
            Thread closer = new Thread(buffer::close);
            closer.start();
            until(() -> closer.getState() == Thread.State.WAITING);
            closer.interrupt();
            until(() -> !closer.isInterrupted());
            goOn.countDown();
            closer.join();
            assertThat(interrupted).containsExactly(false, false);
            assertThat(buffer.counts().unwritten()).isEqualTo(2);
        }
    }

    @Test
    void closingWhileManyAddLosesNothing() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (StubServer server = StubServer.start(STORED);
                    InferenceWriter writer = writer(server, NEVER)) {
                BufferedInferenceWriter buffer = patient(writer)
                        .maxRecords(10)
                        .capacityBytes(30 * BYTES)
                        .senders(1 + round % 3)
                        .build();
                AtomicInteger taken = new AtomicInteger();
                List<Future<?>> producers = new ArrayList<>();
                for (int t = 0; t < 6; t++) {
                    producers.add(threads.submit(() -> {
                        try {
                            while (true) {
                                buffer.add(row(1));
                                taken.incrementAndGet();
                            }
                        } catch (IllegalStateException closed) {
                            assertThat(closed).hasMessageContaining("closed");
                        }
                    }));
                }
                int least = round * 10;
                until(() -> taken.get() > least);
                buffer.close();
                for (Future<?> producer : producers) {
                    assertThat(producer.get()).isNull();
                }
                assertThat(buffer.counts()).isEqualTo(new BufferedInferenceWriter.Counts(taken.get(), taken.get(), 0));
                assertThat(sum(rows(server))).isEqualTo(taken.get());
            }
        }
    }

    @Test
    void whatIsRefusedGoesToTheHandlerAndTheRestGoesOn() throws IOException {
        AtomicInteger turn = new AtomicInteger();
        StubServer.Handler handler =
                (request, out) -> (turn.getAndIncrement() == 1 ? REFUSED : STORED).answer(request, out);
        try (StubServer server = StubServer.start(handler);
                InferenceWriter writer = writer(server, NEVER);
                BufferedInferenceWriter buffer = patient(writer).maxRecords(2).build()) {
            for (int i = 0; i < 6; i++) {
                buffer.add(row(i));
            }
            assertThat(buffer.flush()).isEqualTo(new BufferedInferenceWriter.Counts(6, 4, 2));
            assertThat(unwrittenIds()).containsExactly(2, 3);
            assertThat(unwritten.get(0).outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(unwritten.get(0).reason().code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        }
    }

    @Test
    void aServerThatIsAwayForAWhileCostsNothing() throws IOException {
        AtomicInteger turn = new AtomicInteger();
        StubServer.Handler handler = (request, out) -> {
            if (turn.getAndIncrement() < 5) {
                throw new IOException("gone");
            }
            STORED.answer(request, out);
        };
        try (StubServer server = StubServer.start(handler);
                InferenceWriter writer = writer(server, NEVER);
                BufferedInferenceWriter buffer = patient(writer).maxRecords(2).build()) {
            buffer.add(row(1));
            buffer.add(row(2));
            buffer.add(row(3));
            assertThat(buffer.flush()).isEqualTo(new BufferedInferenceWriter.Counts(3, 3, 0));
        }
        assertThat(unwritten).isEmpty();
    }

    @Test
    void closingHandsOverWhatCannotBeSentInTime() throws IOException {
        try (StubServer server = StubServer.start(StubServer.slow(false));
                InferenceWriter writer = writer(server, Duration.ofMillis(300))) {
            BufferedInferenceWriter buffer = patient(writer).maxRecords(2).build();
            for (int i = 0; i < 9; i++) {
                assertThat(buffer.offer(row(i))).isTrue();
            }
            buffer.close();
            assertThat(buffer.counts()).isEqualTo(new BufferedInferenceWriter.Counts(9, 0, 9));
            assertThat(unwrittenIds()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(unwritten).allMatch(piece -> !piece.token().isEmpty());
        }
    }

    @Test
    void aHandlerMayOfferButNotWaitForItself() throws Exception {
        CompletableFuture<BufferedInferenceWriter> started = new CompletableFuture<>();
        List<String> told = new CopyOnWriteArrayList<>();
        AtomicInteger turn = new AtomicInteger();
        StubServer.Handler first =
                (request, out) -> (turn.getAndIncrement() == 0 ? REFUSED : STORED).answer(request, out);
        Consumer<Unwritten> handler = piece -> {
            BufferedInferenceWriter buffer = started.join();
            assertThatThrownBy(() -> buffer.add(row(2))).satisfies(e -> told.add(String.valueOf(e.getMessage())));
            assertThatThrownBy(buffer::flush).satisfies(e -> told.add(String.valueOf(e.getMessage())));
            assertThat(buffer.offer(row(2))).isFalse();
            throw new IllegalStateException("a handler that fails");
        };
        try (StubServer server = StubServer.start(first);
                InferenceWriter writer = writer(server, NEVER)) {
            BufferedInferenceWriter buffer = BufferedInferenceWriter.builder(writer, handler)
                    .capacityBytes(BYTES)
                    .build();
            started.complete(buffer);
            buffer.add(row(1));
            buffer.add(row(3));
            assertThat(buffer.flush()).isEqualTo(new BufferedInferenceWriter.Counts(2, 1, 1));
            assertThat(told).hasSize(2).allMatch(text -> text.contains("would wait for itself"));
            buffer.close();
        }
    }

    @Test
    void aHandlerMayCloseTheBuffer() throws Exception {
        CompletableFuture<BufferedInferenceWriter> started = new CompletableFuture<>();
        try (StubServer server = StubServer.start(REFUSED);
                InferenceWriter writer = writer(server, NEVER)) {
            BufferedInferenceWriter buffer = BufferedInferenceWriter.builder(
                            writer, piece -> started.join().close())
                    .maxRecords(1)
                    .build();
            started.complete(buffer);
            assertThat(buffer.offer(row(1))).isTrue();
            until(() -> buffer.counts().pending() == 0);
            assertThatThrownBy(() -> buffer.add(row(2))).hasMessageContaining("closed");
        }
    }

    @Test
    void aClosedWriterLosesNothingEither() throws IOException {
        try (StubServer server = StubServer.start(STORED)) {
            InferenceWriter writer = writer(server, NEVER);
            try (BufferedInferenceWriter buffer = patient(writer).build()) {
                buffer.add(row(1));
                writer.close();
            }
            assertThat(unwrittenIds()).containsExactly(1);
            assertThat(unwritten.get(0).reason()).hasMessageContaining("the writer is closed");
        }
    }

    @Test
    void limitsHaveLimits() throws IOException {
        try (StubServer server = StubServer.start(STORED);
                InferenceWriter writer = writer(server, NEVER)) {
            BufferedInferenceWriter.Builder builder = patient(writer);
            assertThatThrownBy(() -> builder.maxRecords(0)).hasMessageContaining("maxRecords is 0; give 1 to 1000000");
            assertThatThrownBy(() -> builder.maxRecords(1_000_001))
                    .hasMessageContaining("maxRecords is 1000001; give 1 to 1000000");
            assertThatThrownBy(() -> builder.maxBytes(0)).hasMessageContaining("maxBytes is 0; give 1 or more");
            assertThatThrownBy(() -> builder.capacityBytes(-1)).hasMessageContaining("capacityBytes");
            assertThatThrownBy(() -> builder.senders(65)).hasMessageContaining("senders");
            assertThatThrownBy(() -> builder.maxDelay(Duration.ZERO))
                    .hasMessageContaining("maxDelay is PT0S; give more than 0 and at most PT1H");
        }
    }
}
