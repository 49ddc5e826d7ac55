package io.budmetrics.clickhouse.synthetic;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.record.InferenceRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/** Writes synthetic traffic while it is made: the server, the encoding and the making each have work. For one thread. */
final class SyntheticLoad implements AutoCloseable {
    /** Batches under way at a time. */
    private static final int SENDERS = 2;

    private final ToLongFunction<List<InferenceRecord>> writer;
    private final LongConsumer progress;
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS, work -> {
        Thread thread = new Thread(work, "budmetrics-synthetic");
        thread.setDaemon(true);
        return thread;
    });
    private final Deque<Future<Long>> underWay = new ArrayDeque<>();
    private long done;

    SyntheticLoad(ToLongFunction<List<InferenceRecord>> writer, LongConsumer progress) {
        this.writer = writer;
        this.progress = progress;
    }

    /** Writes the batches, save those at the beginning whose records all arrived before an instant. */
    long write(Iterable<List<InferenceRecord>> batches, Instant settled) {
        // of batches that were under way together any may be missing
        Deque<List<InferenceRecord>> doubtful = new ArrayDeque<>();
        boolean skipping = true;
        for (List<InferenceRecord> batch : batches) {
            skipping &= batch.stream()
                    .allMatch(record -> record.requestArrivalTime().isBefore(settled));
            if (skipping) {
                doubtful.add(batch);
                if (doubtful.size() > SENDERS) {
                    advance(doubtful.remove().size());
                }
            } else {
                while (!doubtful.isEmpty()) {
                    send(doubtful.remove());
                }
                send(batch);
            }
        }
        while (!doubtful.isEmpty()) {
            send(doubtful.remove());
        }
        while (!underWay.isEmpty()) {
            await();
        }
        return done;
    }

    private void send(List<InferenceRecord> batch) {
        if (underWay.size() == SENDERS) {
            await();
        }
        underWay.add(senders.submit(() -> writer.applyAsLong(batch)));
    }

    private void await() {
        try {
            advance(underWay.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BudMetricsException.of(
                    ErrorCode.QUERY_CANCELLED, "the thread was interrupted while a batch was written");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BudMetricsException ours
                    ? ours
                    : new IllegalStateException("a batch could not be written", e.getCause());
        }
    }

    private void advance(long records) {
        done += records;
        progress.accept(done);
    }

    /** Cuts off what is under way. */
    @Override
    public void close() {
        senders.shutdownNow();
    }
}
