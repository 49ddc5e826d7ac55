package io.budmetrics.metric;

import io.budmetrics.metric.MetricValue.Absence;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The average cost of a unit, such as a request or 1,000 tokens, in the currency of the column. Immutable, compared by value.
 */
public final class UnitCost extends MetricValue {
    private final BigDecimal sum;
    private final long units;
    private final long per;
    private final long sampleSize;
    private final long requests;

    UnitCost(BigDecimal sum, long units, long per, long sampleSize, long requests) {
        this.sum = Fields.money(sum);
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("units", units);
        Fields.requireNotNegative("per", per);
        this.units = units;
        this.per = per;
        this.sampleSize = sampleSize;
        this.requests = requests;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param sum the price of the requests that count, with 12 decimals
     * @param units how many things they are
     * @param per how many of them the cost is for
     * @param sampleSize requests that count
     * @param requests requests that arrived
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static UnitCost of(BigDecimal sum, long units, long per, long sampleSize, long requests) {
        return new UnitCost(sum, units, per, sampleSize, requests);
    }

    /**
     * Returns the number of units that the cost is for.
     *
     * @return the number
     */
    public long per() {
        return per;
    }

    /**
     * Returns the number of requests that are counted.
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
     * Returns the cost of one unit, or of the number of units that the metric is about: a ratio of sums. Read it with
     * {@link #coverage()}.
     *
     * @return sum x per / units, 12 decimals, half to even; empty where there are no units
     */
    public Optional<BigDecimal> value() {
        return quotient(12, RoundingMode.HALF_EVEN);
    }

    private Optional<BigDecimal> quotient(int scale, RoundingMode rounding) {
        return units == 0
                ? Optional.empty()
                : Optional.of(sum.multiply(BigDecimal.valueOf(per)).divide(BigDecimal.valueOf(units), scale, rounding));
    }

    /**
     * Returns the share of all requests that are counted.
     *
     * @return 0 to 1; empty where nothing arrived
     */
    public OptionalDouble coverage() {
        return Fields.ratio(sampleSize, requests);
    }

    /** The quotient before it is rounded, so that groups rank as the server ranks them. */
    @Override
    public OptionalDouble headline() {
        return exactHeadline()
                .map(value -> OptionalDouble.of(value.doubleValue()))
                .orElse(OptionalDouble.empty());
    }

    @Override
    public Optional<BigDecimal> exactHeadline() {
        return quotient(24, RoundingMode.DOWN);
    }

    @Override
    public Optional<Absence> absence() {
        return Fields.absence(units > 0, requests, sampleSize);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("value", value().orElse(null));
        fields.put("coverage", Fields.percentOrNull(coverage()));
        if (details) {
            fields.put("cost", sum);
            fields.put("units", units);
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(sum, units, per, sampleSize, requests);
    }
}
