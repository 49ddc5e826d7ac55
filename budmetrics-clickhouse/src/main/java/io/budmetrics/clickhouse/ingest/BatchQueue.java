package io.budmetrics.clickhouse.ingest;

import io.budmetrics.record.InferenceRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The records that wait to be sent, first come, first served, and when they make a batch. Its owner locks. */
final class BatchQueue {
    private final int maxRecords;
    private final long maxBytes;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private long bytes;

    BatchQueue(int maxRecords, long maxBytes) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    private record Waiting(InferenceRecord record, long bytes, long sinceNanos) {}

    /** Records that leave together. */
    record Taken(List<InferenceRecord> records, long bytes) {}

    void add(InferenceRecord record, long itsBytes, long nowNanos) {
        queue.add(new Waiting(record, itsBytes, nowNanos));
        bytes += itsBytes;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int size() {
        return queue.size();
    }

    /** Whether there are as many records, or as large ones, as go together. */
    boolean isBatch() {
        return queue.size() >= maxRecords || bytes >= maxBytes;
    }

    /** How long the oldest record has waited; there must be one. */
    long waitedNanos() {
        return System.nanoTime() - queue.element().sinceNanos;
    }

    /** The oldest records, as many as go together; one that is too large goes alone. */
    Taken take() {
        List<InferenceRecord> records = new ArrayList<>(Math.min(queue.size(), maxRecords));
        long taken = 0;
        while (!queue.isEmpty() && records.size() < maxRecords && (records.isEmpty() || taken < maxBytes)) {
            Waiting waiting = queue.removeFirst();
            records.add(waiting.record);
            taken += waiting.bytes;
        }
        bytes -= taken;
        return new Taken(records, taken);
    }
}
