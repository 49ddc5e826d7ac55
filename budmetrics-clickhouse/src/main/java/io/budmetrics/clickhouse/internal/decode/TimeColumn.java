package io.budmetrics.clickhouse.internal.decode;

import java.time.Duration;

/** Time and Time64: signed ticks, and no time of day, since they may be negative or above 24 hours. */
final class TimeColumn extends LongsColumn {
    private final TickScale scale;

    TimeColumn(int width, int digits) {
        super(width, true);
        this.scale = new TickScale(digits);
    }

    @Override
    Object valueAt(int row) {
        return Duration.ofSeconds(scale.seconds(values[row]), scale.nanos(values[row]));
    }
}
