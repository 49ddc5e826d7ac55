package io.budmetrics.metric;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A sum of a quantity, in its unit, durations in ms.
 *
 * @param sum over the requests where it was measured, without rounding; trailing zeros are left out
 * @param sampleSize requests where it was measured
 * @param requests requests that arrived
 */
public record QuantityTotal(BigDecimal sum, long sampleSize, long requests) implements MetricValue {
    /** Refuses a sample that is greater than the traffic; equal sums are equal. */
    public QuantityTotal {
        Objects.requireNonNull(sum, "sum is null");
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        BigDecimal plain = sum.stripTrailingZeros();
        sum = plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    /**
     * The sum over the requests that arrived.
     *
     * @return zero where nothing arrived; empty where requests arrived and it was measured of none
     */
    public Optional<BigDecimal> total() {
        return sampleSize == 0 && requests > 0 ? Optional.empty() : Optional.of(sum);
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
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
