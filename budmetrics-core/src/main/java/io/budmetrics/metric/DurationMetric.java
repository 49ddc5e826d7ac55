package io.budmetrics.metric;

import io.budmetrics.metric.Distribution.Numbers;

/** A metric over durations, in milliseconds, with mean, extremes and any percentiles. Immutable. */
public final class DurationMetric extends DistributionMetric<DurationStatistics> {
    private final Definition definition;
    private final String meanField;

    DurationMetric(Definition definition, Sample sample, double... levels) {
        this(definition, Distribution.MEAN, sample, levels);
    }

    DurationMetric(Definition definition, String meanField, Sample sample, double... levels) {
        super(definition, sample, true, levels);
        this.definition = definition;
        this.meanField = meanField;
    }

    @Override
    public DurationMetric withPercentiles(double... newLevels) {
        return new DurationMetric(definition, meanField, sample(), checked(newLevels));
    }

    @Override
    String meanField() {
        return meanField;
    }

    @Override
    public DurationMetric withMinimumSample(long minimum) {
        return new DurationMetric(definition, meanField, sample().atLeast(name(), minimum), levels());
    }

    @Override
    DurationStatistics value(Numbers numbers, double[] ofLevels) {
        return new DurationStatistics(numbers, ofLevels);
    }
}
