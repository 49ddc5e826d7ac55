package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The share of requests that kept a service level.
 *
 * @param good requests that kept it
 * @param sampleSize requests of which it is known whether they did
 * @param requests requests that arrived
 */
public record Attainment(long good, long sampleSize, long requests) implements MetricValue {
    /**
     * Good over sample size. The error budget of an objective such as 0.999 is 1 - 0.999 of the sample, and the burn rate
     * is (1 - ratio) / (1 - 0.999).
     *
     * @return 0 to 1; empty where it is known of no request
     */
    public OptionalDouble ratio() {
        return Fields.ratio(good, sampleSize);
    }

    /**
     * Requests that did not keep it.
     *
     * @return sample size less the good ones
     */
    public long bad() {
        return sampleSize - good;
    }

    @Override
    public OptionalDouble headline() {
        return ratio();
    }

    @Override
    public Optional<Absence> absence() {
        return Fields.absence(sampleSize > 0, requests, sampleSize);
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("rate", Fields.percentOrNull(ratio()));
        if (details) {
            fields.put("good", good);
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
