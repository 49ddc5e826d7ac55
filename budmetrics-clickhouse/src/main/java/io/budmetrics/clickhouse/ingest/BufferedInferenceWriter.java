package io.budmetrics.clickhouse.ingest;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.record.InferenceRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects inferences that come one by one and writes them in batches, from a thread of its own. A batch goes when it is
 * large enough or its oldest record has waited long enough:
 *
 * <pre>{@code
 * InferenceWriter writer = InferenceWriter.over(dataSource);
 * try (BufferedInferenceWriter buffer = BufferedInferenceWriter.over(writer, unwritten -> keep(unwritten.records()))) {
 *     buffer.add(record);
 * }
 * }</pre>
 *
 * <p>Every record that was added is written, or given to the handler of unwritten records, exactly one of the two; none
 * is dropped. What the server cannot take for the moment is sent again within the time limit of the writer, and is given
 * to the handler after it. A JVM that ends without {@link #close} takes what is still in memory with it.
 *
 * <p>Memory is bounded: when the records that wait or are being sent fill the capacity, {@link #add} waits and
 * {@link #offer} declines.
 *
 * <p>Safe for use by many threads.
 */
public final class BufferedInferenceWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedInferenceWriter.class);

    private final InferenceWriter writer;
    private final Consumer<Unwritten> onUnwritten;
    private final long maxDelayNanos;
    private final long capacityBytes;
    private final List<Thread> senders = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();

    /** For senders: a batch may be due. */
    private final Condition work = lock.newCondition();

    /** For those who add: there may be room. */
    private final Condition room = lock.newCondition();

    /** For those who flush: a batch is settled. */
    private final Condition settled = lock.newCondition();

    private final BatchQueue queue;
    private final Progress progress = new Progress();
    private long heldBytes;

    /** Records up to this number do not wait for others. */
    private long hurried;

    /** Those who wait for room. */
    private int waiting;

    /** Senders that are inside the writer, and may be interrupted. */
    private final Set<Thread> writing = new HashSet<>();

    private boolean closing;
    private long closeDeadline;

    private BufferedInferenceWriter(Builder builder) {
        writer = builder.writer;
        onUnwritten = builder.onUnwritten;
        queue = new BatchQueue(builder.maxRecords, builder.maxBytes);
        maxDelayNanos = builder.maxDelay.toNanos();
        capacityBytes = builder.capacityBytes;
        for (int i = 1; i <= builder.senders; i++) {
            Thread sender = new Thread(this::send, "budmetrics-writer-" + i);
            sender.setDaemon(true);
            senders.add(sender);
        }
        senders.forEach(Thread::start);
    }

    /**
     * A buffer with the default limits.
     *
     * @param writer what writes the batches; it stays open when the buffer is closed
     * @param onUnwritten gets the records that are not stored, or not known to be. It runs on the buffer's own thread and
     *     holds up what comes after. What it throws is logged and ends there
     * @return the buffer, to be closed
     */
    public static BufferedInferenceWriter over(InferenceWriter writer, Consumer<Unwritten> onUnwritten) {
        return builder(writer, onUnwritten).build();
    }

    /**
     * A buffer with limits of its own.
     *
     * @param writer what writes the batches; it stays open when the buffer is closed
     * @param onUnwritten gets the records that are not stored, or not known to be; see {@link #over}
     * @return a new builder
     */
    public static Builder builder(InferenceWriter writer, Consumer<Unwritten> onUnwritten) {
        return new Builder(writer, onUnwritten);
    }

    /**
     * Takes a record; waits while there is no room.
     *
     * @param record what is to be written
     * @throws IllegalStateException when the buffer is closed, or is full and the caller is its own handler. The record was
     *     not taken then
     * @throws BudMetricsException QUERY_CANCELLED when the thread is interrupted while it waits. The record was not taken then
     */
    public void add(InferenceRecord record) {
        long bytes = RecordColumns.footprint(record);
        lock.lock();
        try {
            requireOpen();
            if (!fits(bytes)) {
                requireOther("add");
            }
            while (!fits(bytes)) {
                waiting++;
                work.signal();
                try {
                    room.await();
                } finally {
                    waiting--;
                }
                requireOpen();
            }
            put(record, bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BudMetricsException.of(
                    ErrorCode.QUERY_CANCELLED,
                    "the thread was interrupted while it waited for room; nothing was taken");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a record if there is room.
     *
     * @param record what is to be written
     * @return whether it was taken
     * @throws IllegalStateException when the buffer is closed
     */
    public boolean offer(InferenceRecord record) {
        long bytes = RecordColumns.footprint(record);
        lock.lock();
        try {
            requireOpen();
            if (!fits(bytes)) {
                hurried = progress.added();
                work.signal();
                return false;
            }
            put(record, bytes);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closing) {
            throw new IllegalStateException(
                    "the buffer is closed, so the record was not taken; keep it open until the last record is added");
        }
    }

    private void requireOther(String method) {
        if (senders.contains(Thread.currentThread())) {
            throw new IllegalStateException("the handler of unwritten records would wait for itself in " + method
                    + ": use offer, or keep the records elsewhere");
        }
    }

    /** One that is larger than the capacity goes alone. */
    private boolean fits(long bytes) {
        return heldBytes + bytes <= capacityBytes || heldBytes == 0;
    }

    private void put(InferenceRecord record, long bytes) {
        queue.add(record, bytes, System.nanoTime());
        heldBytes += bytes;
        progress.add();
        // a sender sleeps until the first record is due, or until there is a batch
        if (queue.size() == 1 || queue.isBatch()) {
            work.signal();
        }
    }

    /**
     * Sends what was added before this call, and waits until each of it is written or with the handler.
     *
     * @return the counts afterwards
     * @throws BudMetricsException QUERY_CANCELLED when the thread is interrupted, the records are still sent
     * @throws IllegalStateException when the handler calls it
     */
    @CanIgnoreReturnValue
    public Counts flush() {
        lock.lock();
        try {
            requireOther("flush");
            long until = progress.added();
            hurried = Math.max(hurried, until);
            work.signalAll();
            while (progress.firstUnsettled() < until) {
                settled.await();
            }
            return progress.counts();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BudMetricsException.of(
                    ErrorCode.QUERY_CANCELLED, "the thread was interrupted while records were sent; that goes on");
        } finally {
            lock.unlock();
        }
    }

    /**
     * What has become of the records so far.
     *
     * @return the counts at one moment
     */
    public Counts counts() {
        lock.lock();
        try {
            return progress.counts();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many records were added, and what has become of them; the rest is on its way.
     *
     * @param added records that were taken
     * @param written those of them that are stored
     * @param unwritten those of them that the handler got
     */
    public record Counts(long added, long written, long unwritten) {
        /**
         * How many records wait or are being sent.
         *
         * @return 0 or more
         */
        public long pending() {
            return added - written - unwritten;
        }
    }

    /**
     * Takes no more records, sends those it has, and waits for them: at most about the time limit of the writer, after
     * which the handler has got what is left. When the thread is or gets interrupted, the handler gets it at once. The
     * writer stays open.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closing) {
                closing = true;
                closeDeadline = System.nanoTime() + writer.timeout().toNanos();
            }
            work.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        if (senders.contains(Thread.currentThread())) {
            // its handler closes it: the sender cannot wait for itself
            return;
        }
        boolean interrupted = false;
        for (Thread sender : senders) {
            while (sender.isAlive()) {
                try {
                    sender.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cutOff();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void cutOff() {
        lock.lock();
        try {
            closeDeadline = System.nanoTime();
            // not those that are in the handler, which may be about to save the records
            writing.forEach(Thread::interrupt);
        } finally {
            lock.unlock();
        }
    }

    private void send() {
        for (Batch batch = next(); batch != null; batch = next()) {
            WriteResult result;
            try {
                result = writer.tryWrite(batch.taken().records(), batch.deadline());
            } catch (RuntimeException | Error e) {
                // the writer is closed, or there is no memory: nothing may be lost for that
                result = batch.failed(e);
            }
            stopWriting();
            result.unwritten().forEach(this::hand);
            settle(batch, result);
        }
    }

    private void stopWriting() {
        lock.lock();
        try {
            writing.remove(Thread.currentThread());
            if (Thread.interrupted()) {
                LOG.debug("a batch was cut off");
            }
        } finally {
            lock.unlock();
        }
    }

    private void hand(Unwritten piece) {
        try {
            onUnwritten.accept(piece);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "the handler of unwritten records failed; {} records are lost",
                    piece.records().size(),
                    e);
        }
    }

    private void settle(Batch batch, WriteResult result) {
        lock.lock();
        try {
            progress.settle(batch.first(), result);
            heldBytes -= batch.taken().bytes();
            room.signalAll();
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a batch that is due; null when there will be none any more. */
    private @Nullable Batch next() {
        lock.lock();
        try {
            while (true) {
                if (due()) {
                    return take();
                }
                if (closing && queue.isEmpty()) {
                    return null;
                }
                try {
                    if (queue.isEmpty()) {
                        work.await();
                    } else {
                        work.awaitNanos(maxDelayNanos - queue.waitedNanos());
                    }
                } catch (InterruptedException e) {
                    LOG.debug("a sender has no reason to end before close()");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean due() {
        return !queue.isEmpty()
                && (closing
                        || queue.isBatch()
                        || progress.taken() < hurried
                        || waiting > 0
                        || queue.waitedNanos() >= maxDelayNanos);
    }

    private Batch take() {
        BatchQueue.Taken batch = queue.take();
        long first = progress.take(batch.records().size());
        if (!queue.isEmpty()) {
            // another sender watches over the rest
            work.signal();
        }
        writing.add(Thread.currentThread());
        long deadline = System.nanoTime() + writer.timeout().toNanos();
        return new Batch(batch, first, closing ? Math.min(deadline, closeDeadline) : deadline);
    }

    /** Collects the settings of a {@link BufferedInferenceWriter}. Every method changes it and returns it; not thread-safe. */
    public static final class Builder {
        private final InferenceWriter writer;
        private final Consumer<Unwritten> onUnwritten;
        private int maxRecords = 20_000;
        private long maxBytes = 32 << 20;
        private Duration maxDelay = Duration.ofSeconds(1);
        private long capacityBytes = 256 << 20;
        private int senders = 1;

        private Builder(InferenceWriter writer, Consumer<Unwritten> onUnwritten) {
            this.writer = Objects.requireNonNull(writer, "writer is null");
            this.onUnwritten = Objects.requireNonNull(onUnwritten, "onUnwritten is null");
        }

        /**
         * How many records make a batch.
         *
         * @param records 1 to 1,000,000; 20,000 by default
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
         */
        @CanIgnoreReturnValue
        public Builder maxRecords(int records) {
            maxRecords = (int) BufferLimits.inRange("maxRecords", records, 1_000_000);
            return this;
        }

        /**
         * How many bytes make a batch. Records are estimated: 2,000 bytes each and two for each character of its texts.
         *
         * @param bytes 1 or more; 32 MiB by default
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
         */
        @CanIgnoreReturnValue
        public Builder maxBytes(long bytes) {
            maxBytes = BufferLimits.inRange("maxBytes", bytes, Long.MAX_VALUE);
            return this;
        }

        /**
         * How long a record waits for others.
         *
         * @param delay more than 0, at most an hour; a second by default
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
         */
        @CanIgnoreReturnValue
        public Builder maxDelay(Duration delay) {
            maxDelay = BufferLimits.delay("maxDelay", delay);
            return this;
        }

        /**
         * How many bytes of records may wait or be on their way, estimated as for {@link #maxBytes}; beyond it those who
         * add have to wait. A record that is larger than that is taken when there is no other.
         *
         * @param bytes 1 or more; 256 MiB by default
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
         */
        @CanIgnoreReturnValue
        public Builder capacityBytes(long bytes) {
            capacityBytes = BufferLimits.inRange("capacityBytes", bytes, Long.MAX_VALUE);
            return this;
        }

        /**
         * How many batches may be under way at a time, each from a thread of its own. With more than one, of two records
         * of one inference that were added at different times the earlier one may be stored last, and then counts.
         *
         * @param threads 1 to 64; 1 by default
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
         */
        @CanIgnoreReturnValue
        public Builder senders(int threads) {
            senders = (int) BufferLimits.inRange("senders", threads, 64);
            return this;
        }

        /**
         * Starts the buffer.
         *
         * @return the buffer, to be closed
         */
        public BufferedInferenceWriter build() {
            return new BufferedInferenceWriter(this);
        }
    }
}
