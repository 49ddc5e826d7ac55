package io.budmetrics.metric;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The value of a metric in one bucket and group. It always exists; each number that is not known is empty, never a zero.
 * Immutable, compared by value.
 */
public abstract class MetricValue {
    MetricValue() {}

    /**
     * Returns the number that deltas and rankings use, in the unit of the metric.
     *
     * @return the number; empty when it is absent
     */
    public abstract OptionalDouble headline();

    /**
     * The headline with all its digits.
     *
     * @return the amount of money as it was summed, or the number of {@link #headline()}; empty when it is absent
     */
    public Optional<BigDecimal> exactHeadline() {
        OptionalDouble headline = headline();
        return headline.isPresent() ? Optional.of(new BigDecimal(headline.getAsDouble())) : Optional.empty();
    }

    /**
     * Returns why the headline value is absent.
     *
     * @return the reason; empty when the headline is there
     */
    public abstract Optional<Absence> absence();

    /** The numbers of its JSON object in order, null for what is absent; details are what is needed to read it back. */
    abstract Map<String, @Nullable Number> fields(boolean details);

    /** All that the value was made of, by which it is compared. */
    abstract List<?> state();

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof MetricValue that && getClass() == that.getClass() && state().equals(that.state()));
    }

    @Override
    public final int hashCode() {
        return state().hashCode();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + fields(true);
    }

    /** Why a headline value is absent. */
    public enum Absence {
        /** No request arrived. */
        NO_TRAFFIC,
        /** Requests arrived, none of them measured. */
        NOT_MEASURED,
        /** Measured, but the formula has no result, such as a quotient over a sum of zero. */
        UNDEFINED,
        /** Measured, but fewer requests than the minimum sample that the question demands. */
        TOO_FEW
    }
}
