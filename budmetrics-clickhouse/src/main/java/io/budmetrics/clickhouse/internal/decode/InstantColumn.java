package io.budmetrics.clickhouse.internal.decode;

import java.time.Instant;

/** DateTime and DateTime64: ticks since 1970-01-01 in UTC, whatever the zone of the type, which is only for display. */
final class InstantColumn extends LongsColumn {
    private final TickScale scale;

    InstantColumn(int width, boolean signed, int digits) {
        super(width, signed);
        this.scale = new TickScale(digits);
    }

    @Override
    Instant instantAt(int row) {
        long seconds = scale.seconds(values[row]);
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw new ArithmeticException("a DateTime64 is outside the range of Instant; use longAt");
        }
        return Instant.ofEpochSecond(seconds, scale.nanos(values[row]));
    }

    @Override
    Object valueAt(int row) {
        return instantAt(row);
    }

    @Override
    String accessors() {
        return "instantAt or longAt";
    }
}
