package io.budmetrics.metric;

import io.budmetrics.metric.MetricValue.Absence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The peak of requests in flight at the same time. Immutable, compared by value.
 */
public final class Concurrency extends MetricValue {
    private final OptionalLong peak;

    Concurrency(OptionalLong peak) {
        Objects.requireNonNull(peak, "peak is null");
        peak.ifPresent(value -> Fields.requireNotNegative("peak", value));
        this.peak = peak;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param peak the greatest number at any moment of the bucket, those that were already running at its start included;
     *     0 where nothing ran; empty where requests arrived and no duration is known
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Concurrency of(OptionalLong peak) {
        return new Concurrency(peak);
    }

    /**
     * Returns the greatest number at any moment of the bucket, including requests that were already running at its start.
     *
     * @return 0 where nothing ran; empty where requests arrived and no duration is known
     */
    public OptionalLong peak() {
        return peak;
    }

    @Override
    public OptionalDouble headline() {
        return peak.isPresent() ? OptionalDouble.of((double) peak.getAsLong()) : OptionalDouble.empty();
    }

    @Override
    public Optional<Absence> absence() {
        return peak.isPresent() ? Optional.empty() : Optional.of(Absence.NOT_MEASURED);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("avg", Fields.orNull(peak));
        fields.put("p99", null);
        fields.put("p95", null);
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(peak);
    }
}
