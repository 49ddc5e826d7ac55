package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How many requests ran at the same time, on average.
 *
 * @param average time spent by all requests over the covered time; 0 where nothing ran; empty where requests arrived and
 *     no duration is known
 */
public record AverageConcurrency(OptionalDouble average) implements MetricValue {
    public AverageConcurrency {
        Fields.requireMeasure("average", average);
    }

    @Override
    public OptionalDouble headline() {
        return average;
    }

    @Override
    public Optional<Absence> absence() {
        return average.isPresent() ? Optional.empty() : Optional.of(Absence.NOT_MEASURED);
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("avg", Fields.orNull(average));
        return fields;
    }
}
