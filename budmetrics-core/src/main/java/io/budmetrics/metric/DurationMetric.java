package io.budmetrics.metric;

import io.budmetrics.metric.Distribution.Numbers;

/** A metric over durations, in milliseconds, with mean, extremes and any percentiles. Immutable. */
public final class DurationMetric extends DistributionMetric<DurationStatistics> {
    private final Definition definition;

    DurationMetric(Definition definition, Sample sample, double... levels) {
        super(definition, sample, true, levels);
        this.definition = definition;
    }

    @Override
    public DurationMetric withPercentiles(double... newLevels) {
        return new DurationMetric(definition, sample(), checked(newLevels));
    }

    @Override
    public DurationMetric withMinimumSample(long minimum) {
        return new DurationMetric(definition, sample().atLeast(name(), minimum), levels());
    }

    @Override
    DurationStatistics value(Numbers numbers, double[] ofLevels) {
        return new DurationStatistics(numbers, ofLevels);
    }
}
