package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How much time the response cache saved, as an estimate: what its hits would have taken had each taken the mean of the
 * misses of the same cell, less what they took.
 *
 * @param milliseconds the time of all hits together, negative when hits are slower than misses; 0 where nothing was hit;
 *     empty where requests were hit and no hit or no miss was measured, or where it is known of no request
 * @param sampleSize requests where it is known whether the cache answered
 * @param requests requests that arrived
 */
public record LatencySaved(OptionalDouble milliseconds, long sampleSize, long requests) implements MetricValue {
    public LatencySaved {
        Objects.requireNonNull(milliseconds, "milliseconds is null");
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        if (milliseconds.isPresent() && !Double.isFinite(milliseconds.getAsDouble())) {
            throw BudMetricsException.invalidQuery(
                    "milliseconds is " + milliseconds.getAsDouble() + "; give a finite number");
        }
    }

    @Override
    public OptionalDouble headline() {
        return milliseconds;
    }

    @Override
    public Optional<Absence> absence() {
        return milliseconds.isPresent() ? Optional.empty() : Optional.of(Absence.NOT_MEASURED);
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("total_ms", Fields.orNull(milliseconds));
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
