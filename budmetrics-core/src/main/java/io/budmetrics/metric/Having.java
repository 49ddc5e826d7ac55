package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Side;
import java.math.BigDecimal;
import java.util.Objects;

/**
 * A condition on groups: the headline value of a metric over the whole range lies on this side of a bound. It does not hold
 * of a group whose value is absent. Made from metrics, such as <code>REQUEST_COUNT.atLeast(100)</code>. Immutable.
 *
 * @param metric whose headline value
 * @param side where it lies
 * @param bound in the unit of the headline value, of at most 12 decimals
 */
public record Having(Metric<?> metric, Side side, BigDecimal bound) {
    private static final int MOST_DECIMALS = 12;
    private static final BigDecimal GREATEST = BigDecimal.TEN.pow(18);

    /** Refuses a bound outside its range; equal bounds are equal. */
    public Having {
        Objects.requireNonNull(metric, "metric is null");
        Objects.requireNonNull(side, "side is null");
        Objects.requireNonNull(bound, "bound is null");
        if (bound.compareTo(GREATEST) > 0 || bound.compareTo(GREATEST.negate()) < 0) {
            throw BudMetricsException.invalidQuery("having of " + metric + " has a bound outside -" + GREATEST + " to "
                    + GREATEST + "; choose one inside");
        }
        if (bound.stripTrailingZeros().scale() > MOST_DECIMALS) {
            throw BudMetricsException.invalidQuery(
                    "having of " + metric + " has a bound of more than " + MOST_DECIMALS + " decimals; round it");
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
