package io.budmetrics.clickhouse;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Durations in buckets that are at most a thirty-second of their value wide. Safe for use by many threads. */
final class DurationHistogram {
    private static final int SUB_BITS = 5;
    private static final int SUBS = 1 << SUB_BITS;

    private final AtomicLongArray counts = new AtomicLongArray(64 * SUBS);
    private final LongAdder sum = new LongAdder();

    void add(long nanos) {
        counts.incrementAndGet(bucket(Math.max(nanos, 0)));
        sum.add(Math.max(nanos, 0));
    }

    long count() {
        long count = 0;
        for (int i = 0; i < counts.length(); i++) {
            count += counts.get(i);
        }
        return count;
    }

    /** The upper end of the bucket of the value at this rank, in nanoseconds; 0 when there is none. */
    long percentile(double level) {
        long rank = Math.max(1, (long) Math.ceil(level * count()));
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen >= rank) {
                return upperEnd(i);
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        if (nanos < SUBS) {
            return (int) nanos;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(nanos);
        int sub = (int) (nanos >>> (exponent - SUB_BITS)) & (SUBS - 1);
        return (exponent - SUB_BITS + 1) * SUBS + sub;
    }

    private static long upperEnd(int bucket) {
        if (bucket < SUBS) {
            return bucket;
        }
        int shift = bucket / SUBS - 1;
        return ((SUBS + bucket % SUBS + 1L) << shift) - 1;
    }

    /** Count, mean and percentiles in milliseconds. */
    @Override
    public String toString() {
        long count = count();
        if (count == 0) {
            return "count 0";
        }
        return String.format(
                Locale.ROOT,
                "count %d, mean %.3f, p50 %.3f, p95 %.3f, p99 %.3f ms",
                count,
                sum.sum() / 1e6 / count,
                percentile(0.5) / 1e6,
                percentile(0.95) / 1e6,
                percentile(0.99) / 1e6);
    }
}
