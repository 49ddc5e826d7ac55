package io.budmetrics.metric;

import io.budmetrics.metric.MetricValue.Absence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An Apdex score: how satisfied users can be with a duration, from 0 to 1. Immutable, compared by value.
 */
public final class Apdex extends MetricValue {
    private final long satisfied;
    private final long tolerating;
    private final long sampleSize;
    private final long requests;
    private final long minimumSample;

    Apdex(long satisfied, long tolerating, long sampleSize, long requests, long minimumSample) {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("satisfied", satisfied);
        Fields.requirePart("tolerating", tolerating, "the rest of sampleSize", sampleSize - satisfied);
        Fields.requireNotNegative("minimumSample", minimumSample);
        this.satisfied = satisfied;
        this.tolerating = tolerating;
        this.sampleSize = sampleSize;
        this.requests = requests;
        this.minimumSample = minimumSample;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param satisfied requests that took at most the target
     * @param tolerating requests that took longer, and at most four times the target
     * @param sampleSize requests that can be judged, frustrated ones included
     * @param requests requests that arrived
     * @param minimumSample below which sample size the score is withheld; 0 for none
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Apdex of(long satisfied, long tolerating, long sampleSize, long requests, long minimumSample) {
        return new Apdex(satisfied, tolerating, sampleSize, requests, minimumSample);
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param satisfied requests that took at most the target
     * @param tolerating requests that took longer, and at most four times the target
     * @param sampleSize requests that can be judged, frustrated ones included
     * @param requests requests that arrived
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Apdex of(long satisfied, long tolerating, long sampleSize, long requests) {
        return new Apdex(satisfied, tolerating, sampleSize, requests, 0);
    }

    /**
     * Returns the number of requests that can be judged, frustrated ones included.
     *
     * @return 0 to {@link #requests()}
     */
    public long sampleSize() {
        return sampleSize;
    }

    /**
     * How many requests arrived.
     *
     * @return 0 or more
     */
    public long requests() {
        return requests;
    }

    /**
     * Returns the score: satisfied plus half of the tolerating requests, over the sample size.
     *
     * @return 0 to 1; empty where it is known for no request, or for fewer than the question demands
     */
    public OptionalDouble score() {
        return sampleSize == 0 || sampleSize < minimumSample
                ? OptionalDouble.empty()
                : OptionalDouble.of((satisfied + tolerating / 2.0) / sampleSize);
    }

    /**
     * Requests that took at most the target.
     *
     * @return 0 where nothing arrived; empty where requests arrived but none can be judged
     */
    public OptionalLong satisfied() {
        return Fields.known(satisfied, sampleSize, requests);
    }

    /**
     * Requests that took longer than the target, and at most four times the target.
     *
     * @return 0 where nothing arrived; empty where requests arrived but none can be judged
     */
    public OptionalLong tolerating() {
        return Fields.known(tolerating, sampleSize, requests);
    }

    /**
     * Requests that took longer than four times the target, or failed.
     *
     * @return 0 where nothing arrived; empty where requests arrived but none can be judged
     */
    public OptionalLong frustrated() {
        return Fields.known(sampleSize - satisfied - tolerating, sampleSize, requests);
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
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("score", Fields.orNull(score()));
        if (details) {
            fields.put("satisfied", satisfied);
            fields.put("tolerating", tolerating);
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(satisfied, tolerating, sampleSize, requests, minimumSample);
    }
}
