package io.budmetrics.clickhouse.ingest;

import java.util.TreeSet;

/**
 * What has become of the records of a buffer. They are numbered in the order in which they were added, and each batch is a
 * range of numbers. Its owner locks.
 */
final class Progress {
    private long added;
    private long taken;
    private long written;
    private long unwritten;

    /** The first numbers of the batches that are being sent. */
    private final TreeSet<Long> sending = new TreeSet<>();

    void add() {
        added++;
    }

    long added() {
        return added;
    }

    long taken() {
        return taken;
    }

    /** A batch of the next records is being sent; the number of its first record is the result. */
    long take(int records) {
        long first = taken;
        taken += records;
        sending.add(first);
        return first;
    }

    /** The batch with this first number is written, or with the handler. */
    void settle(long first, WriteResult result) {
        sending.remove(first);
        written += result.written();
        unwritten += result.size() - result.written();
    }

    /** All records below this number are settled. */
    long firstUnsettled() {
        return sending.isEmpty() ? taken : sending.first();
    }

    BufferedInferenceWriter.Counts counts() {
        return new BufferedInferenceWriter.Counts(added, written, unwritten);
    }
}
