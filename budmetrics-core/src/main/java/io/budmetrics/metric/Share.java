package io.budmetrics.metric;

import io.budmetrics.metric.Confidence.Interval;
import io.budmetrics.metric.MetricValue.Absence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How many requests have a property, and their share of those where it is known. Immutable, compared by value.
 */
public final class Share extends MetricValue {
    private final long matches;
    private final long sampleSize;
    private final long requests;
    private final long minimumSample;

    Share(long matches, long sampleSize, long requests, long minimumSample) {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requirePart("matches", matches, "sampleSize", sampleSize);
        Fields.requireNotNegative("minimumSample", minimumSample);
        this.matches = matches;
        this.sampleSize = sampleSize;
        this.requests = requests;
        this.minimumSample = minimumSample;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param matches requests that have it
     * @param sampleSize requests where it is known
     * @param requests requests that arrived
     * @param minimumSample below which sample size the ratio is withheld; 0 for none
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Share of(long matches, long sampleSize, long requests, long minimumSample) {
        return new Share(matches, sampleSize, requests, minimumSample);
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param matches requests that have it
     * @param sampleSize requests where it is known
     * @param requests requests that arrived
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Share of(long matches, long sampleSize, long requests) {
        return new Share(matches, sampleSize, requests, 0);
    }

    /**
     * Returns the number of requests for which it is known whether they have the property.
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
     * Requests that have the property.
     *
     * @return 0 where nothing arrived; empty where requests arrived but it is known for none of them
     */
    public OptionalLong count() {
        return Fields.known(matches, sampleSize, requests);
    }

    /**
     * Returns the requests with the property over the sample size.
     *
     * @return 0 to 1; empty where the property is known for no request, or for fewer than the question demands
     */
    public OptionalDouble ratio() {
        return sampleSize < minimumSample ? OptionalDouble.empty() : Fields.ratio(matches, sampleSize);
    }

    /**
     * Returns the confidence interval of the ratio (Wilson's score interval), which is valid for small samples too.
     *
     * @param confidence the confidence level
     * @return the interval; empty where there is no sample
     */
    public Optional<Interval> interval(Confidence confidence) {
        return Interval.wilson(matches, sampleSize, confidence);
    }

    @Override
    public OptionalDouble headline() {
        return count().isPresent() ? OptionalDouble.of((double) matches) : OptionalDouble.empty();
    }

    @Override
    public Optional<Absence> absence() {
        return count().isPresent() ? Optional.empty() : Optional.of(Absence.NOT_MEASURED);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("count", Fields.orNull(count()));
        fields.put(Fields.RATE, Fields.percentOrNull(ratio()));
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(matches, sampleSize, requests, minimumSample);
    }
}
