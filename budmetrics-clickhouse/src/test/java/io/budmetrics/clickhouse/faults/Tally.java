package io.budmetrics.clickhouse.faults;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A human-readable count of what was tried. Safe for use by many threads. */
final class Tally {
    private final Map<String, AtomicInteger> counts = new ConcurrentSkipListMap<>();
    private final AtomicLong longestOverrun = new AtomicLong();

    void count(String name) {
        counts.computeIfAbsent(name, added -> new AtomicInteger()).incrementAndGet();
    }

    void overrun(Duration beyond) {
        longestOverrun.accumulateAndGet(beyond.toMillis(), Math::max);
    }

    int total() {
        return counts.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    int kinds() {
        return counts.size();
    }

    @Override
    public String toString() {
        return total() + " faults of " + kinds() + " kinds; none ended more than " + longestOverrun
                + " ms after its deadline";
    }
}
