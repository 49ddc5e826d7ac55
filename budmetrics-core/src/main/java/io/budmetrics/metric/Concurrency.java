package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How many requests ran at the same time.
 *
 * @param peak the greatest number at any moment of the period, those that were already running at its start included;
 *     0 where nothing ran; empty where requests arrived and no duration is known
 */
public record Concurrency(OptionalLong peak) implements MetricValue {
    public Concurrency {
        Objects.requireNonNull(peak, "peak is null");
        peak.ifPresent(value -> Fields.requireNotNegative("peak", value));
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
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("avg", Fields.orNull(peak));
        fields.put("p99", null);
        fields.put("p95", null);
        return fields;
    }
}
