package io.budmetrics.result;

import java.time.Duration;
import java.time.Instant;

/**
 * A bucket and the part of it that the question covers.
 *
 * @param from start of the bucket, inclusive
 * @param to end of the bucket, exclusive
 * @param coveredFrom start of the part inside the range
 * @param coveredTo end of the part inside the range
 */
public record Period(Instant from, Instant to, Instant coveredFrom, Instant coveredTo) {
    /**
     * Whether the range, or the moment the question was asked, cuts the bucket.
     *
     * @return true when part of it was not looked at
     */
    public boolean partial() {
        return !from.equals(coveredFrom) || !to.equals(coveredTo);
    }

    /**
     * How long the covered part is.
     *
     * @return seconds, for rates
     */
    public double coveredSeconds() {
        Duration covered = Duration.between(coveredFrom, coveredTo);
        return covered.getSeconds() + covered.getNano() / 1e9;
    }
}
