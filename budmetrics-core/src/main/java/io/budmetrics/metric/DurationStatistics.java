package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The distribution of a duration over the requests where it was measured, in milliseconds. Immutable. */
public final class DurationStatistics implements MetricValue {
    private static final double[] NONE = {};

    private final long requests;
    private final long sampleSize;
    private final double mean;
    private final double min;
    private final double max;
    private final double[] levels;
    private final double[] percentiles;

    DurationStatistics(
            long requests,
            long sampleSize,
            double mean,
            double min,
            double max,
            double[] levels,
            double[] percentiles) {
        this.requests = requests;
        this.sampleSize = sampleSize;
        this.mean = mean;
        this.min = min;
        this.max = max;
        this.levels = levels;
        this.percentiles = percentiles;
    }

    static DurationStatistics unmeasured(long requests, double[] levels) {
        return new DurationStatistics(requests, 0, 0, 0, 0, levels, NONE);
    }

    private OptionalDouble measured(double value) {
        return sampleSize == 0 ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * Sum over number of the measured durations.
     *
     * @return milliseconds; empty where none was measured
     */
    public OptionalDouble mean() {
        return measured(mean);
    }

    /**
     * The shortest.
     *
     * @return milliseconds; empty where none was measured
     */
    public OptionalDouble min() {
        return measured(min);
    }

    /**
     * The longest.
     *
     * @return milliseconds; empty where none was measured
     */
    public OptionalDouble max() {
        return measured(max);
    }

    /**
     * An exact percentile, linear between the closest ranks.
     *
     * @param level 0 to 1; one of those that the question asked for
     * @return milliseconds; empty where none was measured
     * @throws BudMetricsException INVALID_QUERY when the question did not ask for this level
     */
    public OptionalDouble percentile(double level) {
        for (int i = 0; i < levels.length; i++) {
            if (levels[i] == level) {
                return sampleSize == 0 ? OptionalDouble.empty() : OptionalDouble.of(percentiles[i]);
            }
        }
        throw BudMetricsException.invalidQuery("percentile " + level + " was not asked for; the question has "
                + Arrays.toString(levels) + "; name it with withPercentiles(...)");
    }

    /**
     * How many durations were measured.
     *
     * @return 0 or more
     */
    public long sampleSize() {
        return sampleSize;
    }

    @Override
    public OptionalDouble headline() {
        return mean();
    }

    @Override
    public Optional<Absence> absence() {
        if (sampleSize > 0) {
            return Optional.empty();
        }
        return Optional.of(requests == 0 ? Absence.NO_TRAFFIC : Absence.NOT_MEASURED);
    }

    /** Without percentiles the seed's name of the mean is another one. */
    private String meanField() {
        return levels.length == 0 ? "avg_time_ms" : "avg";
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put(meanField(), Fields.orNull(mean()));
        for (int i = levels.length - 1; i >= 0; i--) {
            fields.put(percentileField(levels[i]), sampleSize == 0 ? null : (Number) percentiles[i]);
        }
        if (details) {
            fields.put("min", Fields.orNull(min()));
            fields.put("max", Fields.orNull(max()));
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }

    static String percentileField(double level) {
        String percent = Double.toString(Math.rint(level * 1e10) / 1e8);
        return "p" + (percent.endsWith(".0") ? percent.substring(0, percent.length() - 2) : percent);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DurationStatistics that
                && requests == that.requests
                && sampleSize == that.sampleSize
                && Double.compare(mean, that.mean) == 0
                && Double.compare(min, that.min) == 0
                && Double.compare(max, that.max) == 0
                && Arrays.equals(levels, that.levels)
                && Arrays.equals(percentiles, that.percentiles);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(requests) * 31 + Double.hashCode(mean);
    }

    @Override
    public String toString() {
        return "DurationStatistics" + fields(true);
    }
}
