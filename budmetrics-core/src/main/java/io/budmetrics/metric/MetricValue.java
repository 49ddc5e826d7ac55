package io.budmetrics.metric;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a metric says of one period and group. The value always exists; what it could not know is empty. Immutable. */
public interface MetricValue {
    /**
     * The one number that stands for the value in deltas and rankings, in the metric's unit.
     *
     * @return the number; empty when it is absent
     */
    OptionalDouble headline();

    /**
     * The headline with all its digits.
     *
     * @return the amount of money as it was summed, or what {@link #headline()} says; empty when it is absent
     */
    default Optional<BigDecimal> exactHeadline() {
        OptionalDouble headline = headline();
        return headline.isPresent() ? Optional.of(new BigDecimal(headline.getAsDouble())) : Optional.empty();
    }

    /**
     * Why the headline is absent.
     *
     * @return the reason; empty when the headline is there
     */
    Optional<Absence> absence();

    /**
     * The value as the numbers of its JSON object, in order.
     *
     * @param details whether to add what is needed to read the value back
     * @return names and numbers; null for what is absent
     */
    Map<String, @Nullable Number> fields(boolean details);
}
