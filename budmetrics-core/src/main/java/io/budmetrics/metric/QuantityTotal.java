package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.MetricValue.Absence;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The sum of a quantity over requests, in its unit; durations in milliseconds. Immutable, compared by value.
 */
public final class QuantityTotal extends MetricValue {
    private final Optional<BigDecimal> total;
    private final long sampleSize;
    private final long requests;
    /** Time that a cache saved: a floating-point number, and called so in JSON. */
    private final boolean saved;

    private QuantityTotal(Optional<BigDecimal> total, long sampleSize, long requests, boolean saved) {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        this.total = total;
        this.sampleSize = sampleSize;
        this.requests = requests;
        this.saved = saved;
    }

    /**
     * Makes the total of a quantity, for an answer built by hand.
     *
     * @param sum over the requests where it was measured, without rounding; trailing zeros are left out
     * @param sampleSize requests where it was measured
     * @param requests requests that arrived
     * @return the value
     * @throws BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static QuantityTotal of(BigDecimal sum, long sampleSize, long requests) {
        Objects.requireNonNull(sum, "sum is null");
        BigDecimal plain = sum.stripTrailingZeros();
        Optional<BigDecimal> total = sampleSize == 0 && requests > 0
                ? Optional.empty()
                : Optional.of(plain.scale() < 0 ? plain.setScale(0) : plain);
        return new QuantityTotal(total, sampleSize, requests, false);
    }

    /**
     * Creates the time that a response cache saved, for an answer built by hand: the time that its hits would have taken at
     * the mean latency of the misses of the same cell, minus the time that they took.
     *
     * @param milliseconds of all hits together, negative when hits are slower than misses; 0 where nothing was hit; empty
     *     where requests were hit and no hit or no miss was measured, or where it is known for no request
     * @param sampleSize requests where it is known whether the cache answered
     * @param requests requests that arrived
     * @return the value
     * @throws BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static QuantityTotal ofTimeSaved(OptionalDouble milliseconds, long sampleSize, long requests) {
        Objects.requireNonNull(milliseconds, "milliseconds is null");
        if (milliseconds.isPresent() && !Double.isFinite(milliseconds.getAsDouble())) {
            throw BudMetricsException.invalidQuery(
                    "milliseconds is " + milliseconds.getAsDouble() + "; give a finite number");
        }
        Optional<BigDecimal> total = milliseconds.isPresent()
                ? Optional.of(BigDecimal.valueOf(milliseconds.getAsDouble()))
                : Optional.empty();
        return new QuantityTotal(total, sampleSize, requests, true);
    }

    /**
     * Returns the number of requests for which the quantity was measured.
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
     * The sum over the requests that arrived.
     *
     * @return zero where nothing arrived; empty where requests arrived and it was measured of none
     */
    public Optional<BigDecimal> total() {
        return total;
    }

    @Override
    public OptionalDouble headline() {
        return total.isPresent() ? OptionalDouble.of(total.get().doubleValue()) : OptionalDouble.empty();
    }

    @Override
    public Optional<BigDecimal> exactHeadline() {
        return saved ? super.exactHeadline() : total;
    }

    @Override
    public Optional<Absence> absence() {
        return total.isPresent() ? Optional.empty() : Optional.of(Absence.NOT_MEASURED);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        if (saved) {
            fields.put("total_ms", Fields.orNull(headline()));
        } else {
            fields.put("total", total.orElse(null));
        }
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(total, sampleSize, requests, saved);
    }
}
