package io.budmetrics.metric;

import io.budmetrics.metric.Distribution.Numbers;
import java.util.Objects;

/** A metric over speeds, in tokens per second, with mean, extremes and any percentiles. Immutable. */
public final class SpeedMetric extends DistributionMetric<SpeedStatistics> {
    private final Definition definition;

    SpeedMetric(Definition definition, Sample sample, double... levels) {
        super(definition, sample, false, levels);
        this.definition = definition;
    }

    @Override
    public SpeedMetric withPercentiles(double... newLevels) {
        return with(sample(), checked(newLevels));
    }

    @Override
    public SpeedMetric withMinimumSample(long minimum) {
        return with(sample().atLeast(name(), minimum), levels());
    }

    @Override
    public SpeedMetric withIntervals(Confidence confidence) {
        return with(sample().sure(Objects.requireNonNull(confidence, "confidence is null")), levels());
    }

    @Override
    SpeedMetric with(Sample newSample, double... newLevels) {
        return new SpeedMetric(definition, newSample, newLevels);
    }

    @Override
    SpeedStatistics value(Numbers numbers, double[] ofLevels) {
        return new SpeedStatistics(numbers, ofLevels);
    }
}
