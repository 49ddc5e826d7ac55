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
 * Hits of the response cache, their ratio and their latency. Immutable, compared by value.
 */
public final class CacheUse extends MetricValue {
    private final long hits;
    private final long sampleSize;
    private final long requests;
    private final OptionalDouble meanHitLatency;

    CacheUse(long hits, long sampleSize, long requests, OptionalDouble meanHitLatency) {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requirePart("hits", hits, "sampleSize", sampleSize);
        Fields.requireMeasure("meanHitLatency", meanHitLatency);
        this.hits = hits;
        this.sampleSize = sampleSize;
        this.requests = requests;
        this.meanHitLatency = meanHitLatency;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param hits requests it answered
     * @param sampleSize requests where it is known whether it did
     * @param requests requests that arrived
     * @param meanHitLatency mean latency of the hits in milliseconds; empty where none was measured
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static CacheUse of(long hits, long sampleSize, long requests, OptionalDouble meanHitLatency) {
        return new CacheUse(hits, sampleSize, requests, meanHitLatency);
    }

    /**
     * Returns the number of requests for which it is known whether the cache answered.
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
     * Mean latency of the hits in milliseconds.
     *
     * @return empty where none was measured
     */
    public OptionalDouble meanHitLatency() {
        return meanHitLatency;
    }

    /**
     * Returns the hits over the requests for which it is known whether the cache answered.
     *
     * @return 0 to 1; empty where it is known for no request
     */
    public OptionalDouble hitRatio() {
        return sampleSize == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) hits / sampleSize);
    }

    /**
     * Returns the number of requests that the cache answered.
     *
     * @return 0 where nothing arrived; empty where requests arrived but it is known for none of them
     */
    public OptionalLong hitCount() {
        return Fields.known(hits, sampleSize, requests);
    }

    /**
     * Returns the confidence interval of the ratio (Wilson's score interval), which is valid for small samples too.
     *
     * @param confidence the confidence level
     * @return the interval; empty where there is no sample
     */
    public Optional<Interval> interval(Confidence confidence) {
        return Interval.wilson(hits, sampleSize, confidence);
    }

    @Override
    public OptionalDouble headline() {
        return hitRatio();
    }

    @Override
    public Optional<Absence> absence() {
        if (sampleSize > 0) {
            return Optional.empty();
        }
        return Optional.of(requests == 0 ? Absence.NO_TRAFFIC : Absence.NOT_MEASURED);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("hit_rate", Fields.percentOrNull(hitRatio()));
        fields.put("hit_count", Fields.orNull(hitCount()));
        fields.put("avg_latency_ms", Fields.orNull(meanHitLatency));
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(hits, sampleSize, requests, meanHitLatency);
    }
}
