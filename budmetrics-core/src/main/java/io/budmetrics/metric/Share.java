package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How many requests have a property, and their share of those where it is known.
 *
 * @param matches requests that have it
 * @param sampleSize requests where it is known
 * @param requests requests that arrived
 * @param minimumSample below which sample size the ratio is withheld; 0 for none
 */
public record Share(long matches, long sampleSize, long requests, long minimumSample) implements MetricValue {
    public Share {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requirePart("matches", matches, "sampleSize", sampleSize);
        Fields.requireNotNegative("minimumSample", minimumSample);
    }

    /**
     * Without a minimum.
     *
     * @param matches requests that have it
     * @param sampleSize requests where it is known
     * @param requests requests that arrived
     */
    public Share(long matches, long sampleSize, long requests) {
        this(matches, sampleSize, requests, 0);
    }

    /**
     * Requests that have the property.
     *
     * @return 0 where nothing arrived; empty where requests arrived and it is known of none
     */
    public OptionalLong count() {
        return sampleSize == 0 && requests > 0 ? OptionalLong.empty() : OptionalLong.of(matches);
    }

    /**
     * Matches over sample size.
     *
     * @return 0 to 1; empty where the property is known of no request, or of fewer than the question demands
     */
    public OptionalDouble ratio() {
        return sampleSize < minimumSample ? OptionalDouble.empty() : Fields.ratio(matches, sampleSize);
    }

    /**
     * Where the true ratio lies, as far as this sample tells (Wilson's score interval).
     *
     * @param confidence how sure
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
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("count", Fields.orNull(count()));
        fields.put(Fields.RATE, Fields.percentOrNull(ratio()));
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
