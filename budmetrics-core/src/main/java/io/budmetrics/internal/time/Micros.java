package io.budmetrics.internal.time;

import java.time.Instant;

/** Moments as microseconds since 1970, which is how statements and buckets count time. */
public final class Micros {
    private static final long PER_SECOND = 1_000_000;

    private Micros() {}

    /**
     * Microseconds since 1970; a moment between two of them is rounded up, so that a range never grows.
     *
     * @param instant a moment
     * @return its microseconds
     */
    public static long roundedUp(Instant instant) {
        return instant.getEpochSecond() * PER_SECOND + (instant.getNano() + 999) / 1000;
    }

    /**
     * The moment of a number of microseconds.
     *
     * @param micros microseconds since 1970
     * @return the moment
     */
    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1000);
    }
}
