package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A metric of one's own over a quantity, with mean, extremes and any percentiles. Made with
 * {@link Metrics#distribution(String, Measurable)}. Immutable.
 */
public final class QuantityMetric extends DistributionMetric<QuantityStatistics> {
    private final Definition definition;
    private final Map<String, Object> parameters;

    QuantityMetric(Definition definition, Sample sample, Map<String, Object> parameters, double... levels) {
        super(
                definition,
                OwnMetrics.PREFIX + definition.name(),
                sample,
                definition.unit().equals(OwnMetrics.MILLISECONDS),
                levels);
        this.definition = definition;
        this.parameters = parameters;
    }

    @Override
    public QuantityMetric withPercentiles(double... newLevels) {
        return new QuantityMetric(definition, sample(), parameters, checked(newLevels));
    }

    @Override
    public QuantityMetric withMinimumSample(long minimum) {
        return new QuantityMetric(definition, sample().atLeast(name(), minimum), parameters, levels());
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> all = new LinkedHashMap<>(parameters);
        if (sample().minimum() > 0) {
            all.put(MINIMUM_SAMPLE, sample().minimum());
        }
        return all;
    }

    @Override
    QuantityStatistics value(Distribution.Numbers numbers, double[] ofLevels) {
        return new QuantityStatistics(numbers, ofLevels);
    }
}
