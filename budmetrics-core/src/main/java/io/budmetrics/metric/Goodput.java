package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Requests per second that kept a service level.
 *
 * @param good requests that kept it
 * @param sampleSize requests of which it is known whether they did
 * @param requests requests that arrived
 * @param coveredSeconds the part of the period that the question covers, in seconds
 */
public record Goodput(long good, long sampleSize, long requests, double coveredSeconds) implements MetricValue {
    public Goodput {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requirePart("good", good, "sampleSize", sampleSize);
        Fields.requireSeconds(coveredSeconds);
    }

    /**
     * Good requests over covered seconds.
     *
     * @return requests per second; 0 where nothing arrived; empty where requests arrived and it is known of none
     */
    public OptionalDouble perSecond() {
        return sampleSize == 0 && requests > 0 ? OptionalDouble.empty() : OptionalDouble.of(good / coveredSeconds);
    }

    @Override
    public OptionalDouble headline() {
        return perSecond();
    }

    @Override
    public Optional<Absence> absence() {
        return Fields.absence(perSecond().isPresent(), requests, sampleSize);
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("per_second", Fields.orNull(perSecond()));
        if (details) {
            fields.put("good", good);
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
            fields.put(Fields.COVERED_SECONDS, coveredSeconds);
        }
        return fields;
    }
}
