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
 * The number of distinct users that sent requests. Immutable, compared by value.
 */
public final class UniqueUsers extends MetricValue {
    private final long users;
    private final long sampleSize;
    private final long requests;
    private final OptionalDouble relativeError;

    UniqueUsers(long users, long sampleSize, long requests, OptionalDouble relativeError) {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireNotNegative("users", users);
        Fields.requireMeasure("relativeError", relativeError);
        this.users = users;
        this.sampleSize = sampleSize;
        this.requests = requests;
        this.relativeError = relativeError;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param users distinct users
     * @param sampleSize requests whose user is known
     * @param requests requests that arrived
     * @param relativeError how far off an estimate can be expected to be, such as 0.01 for one percent; empty when exact
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static UniqueUsers of(long users, long sampleSize, long requests, OptionalDouble relativeError) {
        return new UniqueUsers(users, sampleSize, requests, relativeError);
    }

    /**
     * How many requests are in the sample: those whose user is known.
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
     * Returns the expected relative error of an estimate, such as 0.01 for one percent.
     *
     * @return empty when exact
     */
    public OptionalDouble relativeError() {
        return relativeError;
    }

    /**
     * Distinct users.
     *
     * @return 0 where nothing arrived; empty where requests arrived and the user of none is known
     */
    public OptionalLong count() {
        return Fields.known(users, sampleSize, requests);
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
    Map<String, @Nullable Number> fields(boolean details) {
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

    @Override
    List<?> state() {
        return List.of(users, sampleSize, requests, relativeError);
    }
}
