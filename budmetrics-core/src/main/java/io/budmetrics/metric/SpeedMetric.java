package io.budmetrics.metric;

import io.budmetrics.metric.Distribution.Numbers;

/** A metric over speeds, in tokens per second, with mean, extremes and any percentiles. Immutable. */
public final class SpeedMetric extends DistributionMetric<SpeedStatistics> {
    private final Definition definition;

    SpeedMetric(Definition definition, Sample sample, double... levels) {
        super(definition, sample, false, levels);
        this.definition = definition;
    }

    @Override
    public SpeedMetric withPercentiles(double... newLevels) {
        return new SpeedMetric(definition, sample(), checked(newLevels));
    }

    @Override
    public SpeedMetric withMinimumSample(long minimum) {
        return new SpeedMetric(definition, sample().atLeast(name(), minimum), levels());
    }

    @Override
    SpeedStatistics value(Numbers numbers, double[] ofLevels) {
        return new SpeedStatistics(numbers, ofLevels);
    }
}
