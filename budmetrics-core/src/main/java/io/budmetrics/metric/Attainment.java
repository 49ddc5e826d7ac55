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
 * The share of requests that kept a service level. Immutable, compared by value.
 */
public final class Attainment extends MetricValue {
    private final long good;
    private final long sampleSize;
    private final long requests;
    private final long minimumSample;

    Attainment(long good, long sampleSize, long requests, long minimumSample) {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requirePart("good", good, "sampleSize", sampleSize);
        Fields.requireNotNegative("minimumSample", minimumSample);
        this.good = good;
        this.sampleSize = sampleSize;
        this.requests = requests;
        this.minimumSample = minimumSample;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param good requests that kept it
     * @param sampleSize requests for which it is known whether they kept the service level
     * @param requests requests that arrived
     * @param minimumSample below which sample size the ratio is withheld; 0 for none
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Attainment of(long good, long sampleSize, long requests, long minimumSample) {
        return new Attainment(good, sampleSize, requests, minimumSample);
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param good requests that kept it
     * @param sampleSize requests for which it is known whether they kept the service level
     * @param requests requests that arrived
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Attainment of(long good, long sampleSize, long requests) {
        return new Attainment(good, sampleSize, requests, 0);
    }

    /**
     * Returns the number of requests for which it is known whether they kept the service level.
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
     * Returns the good requests over the sample size. The error budget of an objective such as 0.999 is 1 - 0.999 of the
     * sample, and the burn rate is (1 - ratio) / (1 - 0.999).
     *
     * @return 0 to 1; empty where it is known for no request, or for fewer than the question demands
     */
    public OptionalDouble ratio() {
        return sampleSize < minimumSample ? OptionalDouble.empty() : Fields.ratio(good, sampleSize);
    }

    /**
     * Returns the number of requests that kept the service level.
     *
     * @return 0 where nothing arrived; empty where requests arrived but none can be judged
     */
    public OptionalLong good() {
        return Fields.known(good, sampleSize, requests);
    }

    /**
     * Returns the number of requests that did not keep the service level.
     *
     * @return 0 where nothing arrived; empty where requests arrived but none can be judged
     */
    public OptionalLong bad() {
        return Fields.known(sampleSize - good, sampleSize, requests);
    }

    /**
     * Returns the confidence interval of the ratio (Wilson's score interval), which is valid for small samples too.
     *
     * @param confidence the confidence level
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
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("rate", Fields.percentOrNull(ratio()));
        if (details) {
            fields.put("good", good);
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(good, sampleSize, requests, minimumSample);
    }
}
