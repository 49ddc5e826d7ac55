package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A number of requests.
 *
 * @param count 0 or more; 0 where nothing arrived
 */
public record Count(long count) implements MetricValue {
    public Count {
        Fields.requireNotNegative("count", count);
    }

    @Override
    public OptionalDouble headline() {
        return OptionalDouble.of((double) count);
    }

    @Override
    public Optional<Absence> absence() {
        return Optional.empty();
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("count", count);
        fields.put(Fields.RATE, null);
        return fields;
    }
}
