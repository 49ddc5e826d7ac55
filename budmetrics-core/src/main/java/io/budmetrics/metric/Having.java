package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter.Side;
import java.math.BigDecimal;
import java.util.Objects;

/**
 * Keeps only groups whose headline value of a metric over the whole range is on one side of a bound; groups whose value is
 * absent are dropped. Built by the metric, as in <code>REQUEST_COUNT.atLeast(100)</code>. Immutable.
 *
 * @param metric the metric whose headline value is compared
 * @param side on which side of the bound it must be
 * @param bound in the unit of the headline value, of at most 12 decimals
 */
public record Having(Metric<?> metric, Side side, BigDecimal bound) {
    private static final int MOST_DECIMALS = 12;
    private static final BigDecimal GREATEST = BigDecimal.TEN.pow(18);

    /** Checks the range of the bound; 1 and 1.0 are the same bound. */
    public Having {
        Objects.requireNonNull(metric, "metric is null");
        Objects.requireNonNull(side, "side is null");
        Objects.requireNonNull(bound, "bound is null");
        if (bound.compareTo(GREATEST) > 0 || bound.compareTo(GREATEST.negate()) < 0) {
            throw BudMetricsException.invalidQuery("having of " + metric + " has a bound outside -" + GREATEST + " to "
                    + GREATEST + "; give one inside");
        }
        if (bound.stripTrailingZeros().scale() > MOST_DECIMALS) {
            throw BudMetricsException.invalidQuery(
                    "having of " + metric + " has a bound of more than " + MOST_DECIMALS + " decimals; give no more");
        }
        bound = bound.setScale(MOST_DECIMALS);
    }

    static Having of(Metric<?> metric, Side side, double bound) {
        if (!Double.isFinite(bound)) {
            throw BudMetricsException.invalidQuery(
                    "having of " + metric + " has the bound " + bound + "; give a finite number");
        }
        return new Having(metric, side, BigDecimal.valueOf(bound));
    }

    @Override
    public String toString() {
        return metric + " " + side.jsonName() + " " + bound.stripTrailingZeros().toPlainString();
    }
}
