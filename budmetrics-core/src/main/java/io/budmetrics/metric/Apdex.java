package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How satisfied users can be with a latency.
 *
 * @param satisfied requests that took at most the target
 * @param tolerating requests that took longer, and at most four times the target
 * @param sampleSize requests of which it is known, the frustrated ones included
 * @param requests requests that arrived
 * @param minimumSample below which sample size the score is withheld; 0 for none
 */
public record Apdex(long satisfied, long tolerating, long sampleSize, long requests, long minimumSample)
        implements MetricValue {
    public Apdex {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("satisfied", satisfied);
        Fields.requirePart("tolerating", tolerating, "the rest of sampleSize", sampleSize - satisfied);
        Fields.requireNotNegative("minimumSample", minimumSample);
    }

    /**
     * Without a minimum.
     *
     * @param satisfied requests that took at most the target
     * @param tolerating requests that took longer, and at most four times the target
     * @param sampleSize requests of which it is known, the frustrated ones included
     * @param requests requests that arrived
     */
    public Apdex(long satisfied, long tolerating, long sampleSize, long requests) {
        this(satisfied, tolerating, sampleSize, requests, 0);
    }

    /**
     * Satisfied and half of the tolerating, over sample size.
     *
     * @return 0 to 1; empty where it is known of no request, or of fewer than the question demands
     */
    public OptionalDouble score() {
        return sampleSize == 0 || sampleSize < minimumSample
                ? OptionalDouble.empty()
                : OptionalDouble.of((satisfied + tolerating / 2.0) / sampleSize);
    }

    /**
     * Requests that took longer than four times the target, or failed.
     *
     * @return the rest of the sample
     */
    public long frustrated() {
        return sampleSize - satisfied - tolerating;
    }

    @Override
    public OptionalDouble headline() {
        return score();
    }

    @Override
    public Optional<Absence> absence() {
        return Fields.absence(score().isPresent(), requests, sampleSize, minimumSample);
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("score", Fields.orNull(score()));
        if (details) {
            fields.put("satisfied", satisfied);
            fields.put("tolerating", tolerating);
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
