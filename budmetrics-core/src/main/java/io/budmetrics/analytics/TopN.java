package io.budmetrics.analytics;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Metric;
import java.util.Objects;

/**
 * Keeps the first groups of a ranking over the whole range; all others become one group, which is computed exactly. Ties go
 * by the group's key: ids and texts by their letters, numbers by their size, false before true, a missing value last.
 * Immutable.
 *
 * @param size how many groups, 1 to 1,000
 * @param by whose headline value ranks them
 * @param smallestFirst whether the smallest comes first
 */
public record TopN(int size, Metric<?> by, boolean smallestFirst) {
    private static final int MAX_SIZE = 1_000;

    public TopN {
        Objects.requireNonNull(by, "by is null");
        if (size < 1 || size > MAX_SIZE) {
            throw BudMetricsException.invalidQuery("top is " + size + "; use 1 to " + MAX_SIZE + " groups");
        }
    }

    /**
     * Keeps the first groups by a metric: durations smallest first, everything else largest first.
     *
     * @param size how many groups, 1 to 1,000
     * @param by whose headline value ranks them
     * @return the ranking
     * @throws BudMetricsException INVALID_QUERY for a size outside its range
     */
    public static TopN of(int size, Metric<?> by) {
        Objects.requireNonNull(by, "by is null");
        return new TopN(size, by, by.smallestFirst());
    }
}
