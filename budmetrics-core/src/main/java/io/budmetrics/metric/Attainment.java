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
 * @param minimumSample below which sample size the ratio is withheld; 0 for none
 */
public record Attainment(long good, long sampleSize, long requests, long minimumSample) implements MetricValue {
    public Attainment {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requirePart("good", good, "sampleSize", sampleSize);
        Fields.requireNotNegative("minimumSample", minimumSample);
    }

    /**
     * Without a minimum.
     *
     * @param good requests that kept it
     * @param sampleSize requests of which it is known whether they did
     * @param requests requests that arrived
     */
    public Attainment(long good, long sampleSize, long requests) {
        this(good, sampleSize, requests, 0);
    }

    /**
     * Good over sample size. The error budget of an objective such as 0.999 is 1 - 0.999 of the sample, and the burn rate
     * is (1 - ratio) / (1 - 0.999).
     *
     * @return 0 to 1; empty where it is known of no request, or of fewer than the question demands
     */
    public OptionalDouble ratio() {
        return sampleSize < minimumSample ? OptionalDouble.empty() : Fields.ratio(good, sampleSize);
    }

    /**
     * Requests that did not keep it.
     *
     * @return sample size less the good ones
     */
    public long bad() {
        return sampleSize - good;
    }

    /**
     * Where the true ratio lies, as far as this sample tells (Wilson's score interval).
     *
     * @param confidence how sure
     * @return the interval; empty where there is no sample
     */
    public Optional<Interval> interval(Confidence confidence) {
        return Interval.wilson(good, sampleSize, confidence);
    }

    @Override
    public OptionalDouble headline() {
        return ratio();
    }

    @Override
    public Optional<Absence> absence() {
        return Fields.absence(ratio().isPresent(), requests, sampleSize, minimumSample);
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
