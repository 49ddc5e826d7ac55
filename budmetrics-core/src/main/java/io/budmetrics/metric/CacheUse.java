package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the response cache did.
 *
 * @param hits requests it answered
 * @param sampleSize requests where it is known whether it did
 * @param requests requests that arrived
 * @param meanHitLatency mean latency of the hits in milliseconds; empty where none was measured
 */
public record CacheUse(long hits, long sampleSize, long requests, OptionalDouble meanHitLatency)
        implements MetricValue {
    public CacheUse {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requirePart("hits", hits, "sampleSize", sampleSize);
        Fields.requireMeasure("meanHitLatency", meanHitLatency);
    }

    /**
     * Hits over requests where it is known.
     *
     * @return 0 to 1; empty where it is known of no request
     */
    public OptionalDouble hitRatio() {
        return sampleSize == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) hits / sampleSize);
    }

    /**
     * Requests the cache answered.
     *
     * @return 0 where nothing arrived; empty where requests arrived and it is known of none
     */
    public OptionalLong hitCount() {
        return sampleSize == 0 && requests > 0 ? OptionalLong.empty() : OptionalLong.of(hits);
    }

    /**
     * Where the true ratio lies, as far as this sample tells (Wilson's score interval).
     *
     * @param confidence how sure
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
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("hit_rate", Fields.percentOrNull(hitRatio()));
        fields.put("hit_count", Fields.orNull(hitCount()));
        fields.put("avg_latency_ms", Fields.orNull(meanHitLatency));
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
