package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How many users sent requests.
 *
 * @param users distinct users
 * @param sampleSize requests whose user is known
 * @param requests requests that arrived
 * @param relativeError how far off an estimate can be expected to be, such as 0.01 for one percent; empty when exact
 */
public record UniqueUsers(long users, long sampleSize, long requests, OptionalDouble relativeError)
        implements MetricValue {
    public UniqueUsers {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("users", users);
        Fields.requireMeasure("relativeError", relativeError);
    }

    /**
     * Distinct users.
     *
     * @return 0 where nothing arrived; empty where requests arrived and the user of none is known
     */
    public OptionalLong count() {
        return sampleSize == 0 && requests > 0 ? OptionalLong.empty() : OptionalLong.of(users);
    }

    @Override
    public OptionalDouble headline() {
        return count().isPresent() ? OptionalDouble.of((double) users) : OptionalDouble.empty();
    }

    @Override
    public Optional<Absence> absence() {
        return Fields.absence(count().isPresent(), requests, sampleSize);
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("count", Fields.orNull(count()));
        if (relativeError.isPresent()) {
            fields.put("error", Fields.percentOrNull(relativeError));
        }
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
