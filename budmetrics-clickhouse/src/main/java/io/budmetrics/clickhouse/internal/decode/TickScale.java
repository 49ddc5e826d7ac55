package io.budmetrics.clickhouse.internal.decode;

/** What a tick of DateTime64 and Time64 is: a second divided by a power of ten. */
record TickScale(int digits) {
    static final int MAX_DIGITS = 9;

    private static final long[] POWERS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    /** Whole seconds, rounded down. */
    long seconds(long ticks) {
        return Math.floorDiv(ticks, POWERS[digits]);
    }

    /** What is left of the second: 0 to 999,999,999. */
    long nanos(long ticks) {
        return Math.floorMod(ticks, POWERS[digits]) * POWERS[MAX_DIGITS - digits];
    }
}
