package io.budmetrics.metric;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a number of things cost on average, in the currency of the column.
 *
 * @param sum the price of the requests that count, with 12 decimals
 * @param units how many things they are
 * @param per how many of them the cost is for
 * @param sampleSize requests that count
 * @param requests requests that arrived
 */
public record UnitCost(BigDecimal sum, long units, long per, long sampleSize, long requests) implements MetricValue {
    public UnitCost {
        sum = Fields.money(sum);
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("units", units);
        Fields.requireNotNegative("per", per);
    }

    /**
     * A ratio of sums; read it with {@link #coverage()}.
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
     * Requests that count over all.
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
    public Map<String, @Nullable Number> fields(boolean details) {
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
}
