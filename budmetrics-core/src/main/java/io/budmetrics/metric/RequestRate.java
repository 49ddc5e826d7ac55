package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Requests per second.
 *
 * @param count requests that arrived
 * @param coveredSeconds the part of the period that the question covers, in seconds
 */
public record RequestRate(long count, double coveredSeconds) implements MetricValue {
    public RequestRate {
        Fields.requireNotNegative("count", count);
        Fields.requireSeconds(coveredSeconds);
    }

    /**
     * Requests over covered seconds.
     *
     * @return requests per second; 0 where nothing arrived
     */
    public double perSecond() {
        return count / coveredSeconds;
    }

    @Override
    public OptionalDouble headline() {
        return OptionalDouble.of(perSecond());
    }

    @Override
    public Optional<Absence> absence() {
        return Optional.empty();
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("per_second", perSecond());
        if (details) {
            fields.put(Fields.COVERED_SECONDS, coveredSeconds);
        }
        return fields;
    }
}
