package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The share of tokens that have a property: a ratio of sums.
 *
 * @param tokens tokens that have it
 * @param allTokens all tokens of the same requests
 * @param sampleSize requests that count
 * @param requests requests that arrived
 */
public record TokenShare(long tokens, long allTokens, long sampleSize, long requests) implements MetricValue {
    public TokenShare {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("tokens", tokens);
        Fields.requireNotNegative("allTokens", allTokens);
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
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("rate", Fields.percentOrNull(ratio()));
        if (details) {
            fields.put("tokens", tokens);
            fields.put("all_tokens", allTokens);
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
