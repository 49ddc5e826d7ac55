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
 * The share of tokens that have a property: a ratio of sums. Immutable, compared by value.
 */
public final class TokenShare extends MetricValue {
    private final long tokens;
    private final long allTokens;
    private final long sampleSize;
    private final long requests;

    TokenShare(long tokens, long allTokens, long sampleSize, long requests) {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("tokens", tokens);
        Fields.requireNotNegative("allTokens", allTokens);
        this.tokens = tokens;
        this.allTokens = allTokens;
        this.sampleSize = sampleSize;
        this.requests = requests;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param tokens tokens that have it
     * @param allTokens all tokens of the same requests
     * @param sampleSize requests that count
     * @param requests requests that arrived
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static TokenShare of(long tokens, long allTokens, long sampleSize, long requests) {
        return new TokenShare(tokens, allTokens, sampleSize, requests);
    }

    /**
     * Returns the number of requests that are counted.
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
     * Tokens that have the property.
     *
     * @return 0 where nothing arrived; empty where requests arrived and none of them counts
     */
    public OptionalLong tokens() {
        return Fields.known(tokens, sampleSize, requests);
    }

    /**
     * All tokens of the same requests.
     *
     * @return 0 where nothing arrived; empty where requests arrived and none of them counts
     */
    public OptionalLong allTokens() {
        return Fields.known(allTokens, sampleSize, requests);
    }

    /**
     * Tokens over all tokens.
     *
     * @return 0 to 1; empty where there are no tokens
     */
    public OptionalDouble ratio() {
        return Fields.ratio(tokens, allTokens);
    }

    @Override
    public OptionalDouble headline() {
        return ratio();
    }

    @Override
    public Optional<Absence> absence() {
        return Fields.absence(allTokens > 0, requests, sampleSize);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("rate", Fields.percentOrNull(ratio()));
        if (details) {
            fields.put("tokens", tokens);
            fields.put("all_tokens", allTokens);
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(tokens, allTokens, sampleSize, requests);
    }
}
