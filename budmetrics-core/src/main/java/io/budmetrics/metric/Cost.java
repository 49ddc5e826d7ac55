package io.budmetrics.metric;

import io.budmetrics.metric.MetricValue.Absence;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The total price of requests, in the currency of the column, and how many of them have a price. Immutable, compared by value.
 */
public final class Cost extends MetricValue {
    private final BigDecimal sum;
    private final long sampleSize;
    private final long requests;

    Cost(BigDecimal sum, long sampleSize, long requests) {
        this.sum = Fields.money(sum);
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        this.sampleSize = sampleSize;
        this.requests = requests;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param sum the price of those that have one; kept with 12 decimals
     * @param sampleSize requests that have a price
     * @param requests requests that arrived
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Cost of(BigDecimal sum, long sampleSize, long requests) {
        return new Cost(sum, sampleSize, requests);
    }

    /**
     * Returns the number of requests that have a price.
     *
     * @return 0 to {@link #requests()}
     */
    public long sampleSize() {
        return sampleSize;
    }

    /**
     * How many requests arrived.
     *
     * @return 0 or more
     */
    public long requests() {
        return requests;
    }

    /**
     * The price of the requests that have one; read it with {@link #coverage()}.
     *
     * @return zero where nothing arrived; empty where requests arrived and none has a price
     */
    public Optional<BigDecimal> total() {
        return sampleSize == 0 && requests > 0 ? Optional.empty() : Optional.of(sum);
    }

    /**
     * Returns the share of all requests that have a price.
     *
     * @return 0 to 1; empty where nothing arrived
     */
    public OptionalDouble coverage() {
        return requests == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) sampleSize / requests);
    }

    @Override
    public OptionalDouble headline() {
        return total().isPresent() ? OptionalDouble.of(sum.doubleValue()) : OptionalDouble.empty();
    }

    @Override
    public Optional<BigDecimal> exactHeadline() {
        return total();
    }

    @Override
    public Optional<Absence> absence() {
        return total().isPresent() ? Optional.empty() : Optional.of(Absence.NOT_MEASURED);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("total", total().orElse(null));
        fields.put("coverage", Fields.percentOrNull(coverage()));
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(sum, sampleSize, requests);
    }
}
