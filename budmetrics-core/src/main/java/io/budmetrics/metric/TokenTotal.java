package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A sum of tokens.
 *
 * @param sum the tokens that were counted
 * @param sampleSize requests whose tokens are known
 * @param requests requests that arrived
 */
public record TokenTotal(long sum, long sampleSize, long requests) implements MetricValue {
    public TokenTotal {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("sum", sum);
    }

    /**
     * The tokens of the requests that arrived.
     *
     * @return 0 where nothing arrived; empty where requests arrived and the tokens of none are known
     */
    public OptionalLong total() {
        return sampleSize == 0 && requests > 0 ? OptionalLong.empty() : OptionalLong.of(sum);
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
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("count", Fields.orNull(total()));
        fields.put(Fields.RATE, null);
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
