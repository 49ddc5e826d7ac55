package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Confidence.Interval;
import io.budmetrics.metric.MetricValue.Absence;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Mean, extremes and percentiles of a number over the requests where it was measured, in the unit of the metric: durations
 * in milliseconds. Immutable, compared by value.
 */
public final class Distribution extends MetricValue {
    /** What the mean is called in JSON, unless the metric calls it otherwise. */
    static final String MEAN = "avg";

    /** Behind the name of a percentile in JSON. */
    static final List<String> SIDES = List.of("_low", "_high");

    private static final double[] NONE = {};

    private final Numbers numbers;
    private final double[] levels;

    Distribution(Numbers numbers, double[] levels) {
        this.numbers = numbers;
        this.levels = levels;
    }

    /** The numbers of one cell. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and not shared
    record Numbers(
            long requests,
            long sampleSize,
            boolean tooFew,
            double mean,
            double min,
            double max,
            double[] percentiles,
            double[] bounds) {
        static Numbers unmeasured(long requests, double[] bounds) {
            return new Numbers(requests, 0, false, 0, 0, 0, NONE, bounds);
        }

        static Numbers tooFew(long requests, long sampleSize, double[] bounds) {
            return new Numbers(requests, sampleSize, true, 0, 0, 0, NONE, bounds);
        }
    }

    private boolean isMeasured() {
        return numbers.sampleSize > 0 && !numbers.tooFew;
    }

    /**
     * Makes the distribution of at least one measured number, for an answer built by hand.
     *
     * @param requests requests that arrived
     * @param sampleSize those where the number was measured, 1 or more
     * @param mean in the unit of the metric, from min to max
     * @param min 0 or more
     * @param max min or more
     * @param percentiles level from 0 to 1 to a number from min to max, not falling; one for each level that the question
     *     asks for
     * @return the distribution
     * @throws BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Distribution of(
            long requests, long sampleSize, double mean, double min, double max, Map<Double, Double> percentiles) {
        Objects.requireNonNull(percentiles, "percentiles is null");
        if (sampleSize < 1) {
            throw BudMetricsException.invalidQuery("sampleSize is " + sampleSize
                    + "; give 1 or more, and leave the value out where nothing was measured");
        }
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requireMeasure("min", min);
        requireBetween("max", max, min, Double.MAX_VALUE);
        requireBetween("mean", mean, min, max);
        SortedMap<Double, Double> ascending = new TreeMap<>(percentiles);
        double floor = min;
        for (Map.Entry<Double, Double> percentile : ascending.entrySet()) {
            double level = percentile.getKey();
            requireBetween("the level of a percentile", level, 0, 1);
            requireBetween("percentile " + level, percentile.getValue(), floor, max);
            floor = percentile.getValue();
        }
        return new Distribution(
                new Numbers(requests, sampleSize, false, mean, min, max, unboxed(ascending.values()), NONE),
                unboxed(ascending.keySet()));
    }

    private static void requireBetween(String name, double value, double least, double greatest) {
        if (!(value >= least && value <= greatest)) {
            throw BudMetricsException.invalidQuery(
                    name + " is " + value + "; give a number from " + least + " to " + greatest);
        }
    }

    private static double[] unboxed(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private OptionalDouble measured(double value) {
        return isMeasured() ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /**
     * The mean: the sum of the measured values over their number.
     *
     * @return in the metric's unit; empty where none was measured, or fewer than the question demands
     */
    public OptionalDouble mean() {
        return measured(numbers.mean);
    }

    /**
     * The smallest measured value.
     *
     * @return in the metric's unit; empty where none was measured, or fewer than the question demands
     */
    public OptionalDouble min() {
        return measured(numbers.min);
    }

    /**
     * The greatest measured value.
     *
     * @return in the metric's unit; empty where none was measured, or fewer than the question demands
     */
    public OptionalDouble max() {
        return measured(numbers.max);
    }

    /**
     * An exact percentile, linear between the closest ranks.
     *
     * @param level 0 to 1; one of those that the question asked for
     * @return in the metric's unit; empty where none was measured, or fewer than the question demands
     * @throws BudMetricsException INVALID_QUERY when the question did not ask for this level
     */
    public OptionalDouble percentile(double level) {
        int position = position(level);
        return isMeasured() ? OptionalDouble.of(numbers.percentiles[position]) : OptionalDouble.empty();
    }

    private int position(double level) {
        for (int i = 0; i < levels.length; i++) {
            if (levels[i] == level) {
                return i;
            }
        }
        throw BudMetricsException.invalidQuery("percentile " + level + " is not in the question, which has " + levels()
                + "; give withPercentiles each level that is read, from 0 to 1");
    }

    /**
     * The confidence interval of a percentile, whatever the distribution: it lies between two values of the sample, whose
     * ranks n p - z sqrt(n p (1 - p)), rounded down, and n p + z sqrt(n p (1 - p)), rounded up, plus one, follow from how many of n
     * values are below a percentile, which is binomial (Conover, Practical Nonparametric Statistics, 3.2). So at least as many of a
     * hundred such intervals hold it as the confidence says.
     *
     * @param level 0 to 1; one of those that the question asked for
     * @return in the metric's unit; empty where the sample is too small to bound it on both sides: a median needs 8 values, a
     *     99th percentile some 560 to be 95 % sure
     * @throws BudMetricsException INVALID_QUERY when the question did not ask for this level, or not for intervals
     */
    public Optional<Interval> interval(double level) {
        int position = position(level);
        if (numbers.bounds.length == 0) {
            throw BudMetricsException.invalidQuery(
                    "intervals are not in the question; give withIntervals a confidence");
        }
        double low = numbers.bounds[2 * position];
        double high = numbers.bounds[2 * position + 1];
        return Double.isNaN(low) || Double.isNaN(high) ? Optional.empty() : Optional.of(new Interval(low, high));
    }

    /**
     * The levels of the percentiles that the question asked for.
     *
     * @return from 0 to 1, ascending
     */
    public List<Double> levels() {
        return Arrays.stream(levels).boxed().toList();
    }

    /**
     * How many requests arrived.
     *
     * @return 0 or more
     */
    public long requests() {
        return numbers.requests;
    }

    /**
     * How many requests were measured.
     *
     * @return 0 to {@link #requests()}
     */
    public long sampleSize() {
        return numbers.sampleSize;
    }

    @Override
    public OptionalDouble headline() {
        return mean();
    }

    @Override
    public Optional<Absence> absence() {
        return numbers.tooFew
                ? Optional.of(Absence.TOO_FEW)
                : Fields.absence(numbers.sampleSize > 0, numbers.requests, numbers.sampleSize);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        return fields(MEAN, details);
    }

    Map<String, @Nullable Number> fields(String meanField, boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put(meanField, Fields.orNull(mean()));
        for (int i = levels.length - 1; i >= 0; i--) {
            String field = percentileField(levels[i]);
            fields.put(field, isMeasured() ? (Number) numbers.percentiles[i] : null);
            for (int side = 0; side < 2 && numbers.bounds.length > 0; side++) {
                double bound = numbers.bounds[2 * i + side];
                fields.put(field + SIDES.get(side), Double.isNaN(bound) ? null : (Number) bound);
            }
        }
        if (details) {
            fields.put("min", Fields.orNull(min()));
            fields.put("max", Fields.orNull(max()));
            fields.put(Fields.SAMPLE_SIZE, numbers.sampleSize);
        }
        return fields;
    }

    static String percentileField(double level) {
        return "p"
                + BigDecimal.valueOf(level)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    @Override
    List<?> state() {
        return List.of(
                numbers.requests,
                numbers.sampleSize,
                numbers.tooFew,
                numbers.mean,
                numbers.min,
                numbers.max,
                levels(),
                Arrays.toString(numbers.percentiles),
                Arrays.toString(numbers.bounds));
    }
}
