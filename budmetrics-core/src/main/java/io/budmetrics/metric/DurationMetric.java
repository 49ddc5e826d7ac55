package io.budmetrics.metric;

import io.budmetrics.metric.Distribution.Numbers;
import java.util.Objects;

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
        return with(sample(), checked(newLevels));
    }

    @Override
    public DurationMetric withMinimumSample(long minimum) {
        return with(sample().atLeast(name(), minimum), levels());
    }

    @Override
    public DurationMetric withIntervals(Confidence confidence) {
        return with(sample().sure(Objects.requireNonNull(confidence, "confidence is null")), levels());
    }

    @Override
    DurationMetric with(Sample newSample, double... newLevels) {
        return new DurationMetric(definition, meanField, newSample, newLevels);
    }

    @Override
    String meanField() {
        return meanField;
    }

    @Override
    DurationStatistics value(Numbers numbers, double[] ofLevels) {
        return new DurationStatistics(numbers, ofLevels);
    }
}
