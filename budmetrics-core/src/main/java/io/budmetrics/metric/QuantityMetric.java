package io.budmetrics.metric;

import io.budmetrics.filter.Quantity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A custom metric over a quantity, with mean, extremes and any percentiles. Made with
 * {@link Metrics#distribution(String, Quantity)}. Immutable.
 */
public final class QuantityMetric extends DistributionMetric<QuantityStatistics> {
    private final Definition definition;
    private final Map<String, Object> parameters;

    QuantityMetric(Definition definition, Sample sample, Map<String, Object> parameters, double... levels) {
        super(
                definition,
                CustomMetrics.PREFIX + definition.name(),
                sample,
                definition.unit().equals(CustomMetrics.MILLISECONDS),
                levels);
        this.definition = definition;
        this.parameters = parameters;
    }

    @Override
    public QuantityMetric withPercentiles(double... newLevels) {
        return with(sample(), checked(newLevels));
    }

    @Override
    public QuantityMetric withMinimumSample(long minimum) {
        return with(sample().atLeast(name(), minimum), levels());
    }

    @Override
    public QuantityMetric withIntervals(Confidence confidence) {
        return with(sample().sure(Objects.requireNonNull(confidence, "confidence is null")), levels());
    }

    @Override
    QuantityMetric with(Sample newSample, double... newLevels) {
        return new QuantityMetric(definition, newSample, parameters, newLevels);
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> all = new LinkedHashMap<>(parameters);
        addTo(all);
        return all;
    }

    @Override
    QuantityStatistics value(Distribution.Numbers numbers, double[] ofLevels) {
        return new QuantityStatistics(numbers, ofLevels);
    }
}
