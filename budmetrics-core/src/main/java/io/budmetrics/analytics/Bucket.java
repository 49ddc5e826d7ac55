package io.budmetrics.analytics;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A bucket and the part of it that the question covers.
 *
 * @param from start of the bucket, inclusive
 * @param to end of the bucket, exclusive
 * @param coveredFrom start of the part inside the range
 * @param coveredTo end of the part inside the range
 */
public record Bucket(Instant from, Instant to, Instant coveredFrom, Instant coveredTo) {
    public Bucket {
        Objects.requireNonNull(from, "from is null");
        Objects.requireNonNull(to, "to is null");
        Objects.requireNonNull(coveredFrom, "coveredFrom is null");
        Objects.requireNonNull(coveredTo, "coveredTo is null");
    }

    /**
     * Whether the range, or the moment the question was asked, cuts the bucket.
     *
     * @return true if part of it is outside the covered range
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
