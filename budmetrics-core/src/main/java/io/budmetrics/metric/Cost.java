package io.budmetrics.metric;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What the requests cost, in the currency of the column.
 *
 * @param sum the price of those that have one; kept with 12 decimals
 * @param sampleSize requests that have a price
 * @param requests requests that arrived
 */
public record Cost(BigDecimal sum, long sampleSize, long requests) implements MetricValue {
    public Cost {
        sum = Fields.money(sum);
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
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
     * Requests with a price over all.
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
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("total", total().orElse(null));
        fields.put("coverage", Fields.percentOrNull(coverage()));
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
