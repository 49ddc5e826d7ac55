package io.budmetrics.metric;

import io.budmetrics.metric.MetricValue.Absence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The average number of requests in flight at the same time. Immutable, compared by value.
 */
public final class AverageConcurrency extends MetricValue {
    private final OptionalDouble average;

    AverageConcurrency(OptionalDouble average) {
        Fields.requireMeasure("average", average);
        this.average = average;
    }

    /**
     * Makes a value, for an answer built by hand.
     *
     * @param average time spent by all requests over the covered time; 0 where nothing ran;
     *     empty where requests arrived and no duration is known
     * @return the value
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static AverageConcurrency of(OptionalDouble average) {
        return new AverageConcurrency(average);
    }

    /**
     * Returns the time that all requests spent running, over the covered time.
     *
     * @return 0 where nothing ran; empty where requests arrived and no duration is known
     */
    public OptionalDouble average() {
        return average;
    }

    @Override
    public OptionalDouble headline() {
        return average;
    }

    @Override
    public Optional<Absence> absence() {
        return average.isPresent() ? Optional.empty() : Optional.of(Absence.NOT_MEASURED);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("avg", Fields.orNull(average));
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(average);
    }
}
