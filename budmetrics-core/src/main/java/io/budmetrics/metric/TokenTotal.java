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
 * The sum of the tokens of requests. Immutable, compared by value.
 */
public final class TokenTotal extends MetricValue {
    private final long sum;
    private final long sampleSize;
    private final long requests;

    TokenTotal(long sum, long sampleSize, long requests) {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("sum", sum);
        this.sum = sum;
        this.sampleSize = sampleSize;
        this.requests = requests;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param sum the tokens that were counted
     * @param sampleSize requests whose tokens are known
     * @param requests requests that arrived
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static TokenTotal of(long sum, long sampleSize, long requests) {
        return new TokenTotal(sum, sampleSize, requests);
    }

    /**
     * How many requests are in the sample: those whose tokens are known.
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
     * The tokens of the requests that arrived.
     *
     * @return 0 where nothing arrived; empty where requests arrived and the tokens of none are known
     */
    public OptionalLong total() {
        return Fields.known(sum, sampleSize, requests);
    }

    @Override
    public OptionalDouble headline() {
        return total().isPresent() ? OptionalDouble.of((double) sum) : OptionalDouble.empty();
    }

    @Override
    public Optional<Absence> absence() {
        return total().isPresent() ? Optional.empty() : Optional.of(Absence.NOT_MEASURED);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("count", Fields.orNull(total()));
        fields.put(Fields.RATE, null);
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(sum, sampleSize, requests);
    }
}
