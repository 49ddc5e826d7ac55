package io.budmetrics.metric;

import io.budmetrics.metric.MetricValue.Absence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The number of requests. Immutable, compared by value.
 */
public final class Count extends MetricValue {
    private final long count;

    Count(long count) {
        Fields.requireNotNegative("count", count);
        this.count = count;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param count 0 or more; 0 where nothing arrived
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Count of(long count) {
        return new Count(count);
    }

    /**
     * Returns the number of requests, 0 or more.
     *
     * @return 0 where nothing arrived
     */
    public long count() {
        return count;
    }

    @Override
    public OptionalDouble headline() {
        return OptionalDouble.of((double) count);
    }

    @Override
    public Optional<Absence> absence() {
        return Optional.empty();
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("count", count);
        fields.put(Fields.RATE, null);
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(count);
    }
}
