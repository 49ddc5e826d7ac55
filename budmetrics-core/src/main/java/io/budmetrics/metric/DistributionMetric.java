package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.SqlFunction.COUNT_IF;
import static io.budmetrics.internal.expr.SqlFunction.NULL_IF;
import static io.budmetrics.internal.expr.SqlFunction.SUM_IF;
import static io.budmetrics.internal.expr.SqlFunction.TO_DECIMAL_256;
import static io.budmetrics.internal.expr.SqlFunction.TO_FLOAT_64;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.Definition.Kind;
import io.budmetrics.metric.Distribution.Numbers;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A metric over a number that each request has, such as a duration, with mean, extremes and any percentiles. Immutable,
 * compared by value.
 */
public final class DistributionMetric extends Metric<Distribution> {
    private static final int MEASURED = 0;
    private static final int SUM = 1;
    private static final int MIN = 2;
    private static final int MAX = 3;
    private static final int QUANTILES = 4;
    private static final int BOUNDS = 5;
    private static final double[] NONE = {};

    static final String CONFIDENCE = "confidence";

    private final Definition definition;
    private final Names names;
    private final Sample sample;
    private final double[] levels;

    /**
     * How a distribution is named in results and JSON.
     *
     * @param columns what the names of its columns begin with
     * @param mean what the mean is called in JSON
     * @param parameters what makes it a custom metric; empty for the catalogue
     */
    private record Names(String columns, String mean, Map<String, Object> parameters) {}

    /**
     * What is measured.
     *
     * @param number of a request
     * @param condition under which it was measured
     * @param kind what number it is
     * @param divisor what it is divided by to have the unit of the metric
     * @param minimum how many of them there must be
     * @param confidence of the intervals around its percentiles; null for none
     */
    record Sample(
            Expr number,
            Expr condition,
            Kind kind,
            double divisor,
            long minimum,
            @Nullable Confidence confidence) {
        Sample(Expr number, Expr condition, Kind kind, double divisor) {
            this(number, condition, kind, divisor, 0, null);
        }

        Sample atLeast(String metric, long newMinimum) {
            return new Sample(number, condition, kind, divisor, requireMinimum(metric, newMinimum), confidence);
        }

        Sample sure(@Nullable Confidence newConfidence) {
            return new Sample(number, condition, kind, divisor, minimum, newConfidence);
        }

        /** As all but sums of amounts are computed. */
        private Expr real() {
            return kind == Kind.AMOUNT ? call(TO_FLOAT_64, number) : number;
        }

        private Expr mean() {
            Expr sum = call(SUM_IF, number, condition);
            Expr count = call(COUNT_IF, condition);
            return binary(
                    kind == Kind.AMOUNT ? call(TO_DECIMAL_256, sum, Expr.number(24)) : sum,
                    DIVIDE,
                    // what is absent is null everywhere: not a number comes before null where groups are ordered
                    call(NULL_IF, count, Expr.number(0)));
        }
    }

    private DistributionMetric(
            Definition definition, Names names, Sample sample, boolean smallestFirst, double... levels) {
        super(
                definition
                        .ranked(new Definition.Scale(
                                BigDecimal.valueOf(sample.divisor).setScale(0, RoundingMode.UNNECESSARY), 0))
                        .of(sample.kind == Kind.AMOUNT ? Kind.QUOTIENT : Kind.REAL),
                aggregates(names.columns, sample, levels),
                atLeast(call(COUNT_IF, sample.condition), sample.minimum, sample.mean()),
                smallestFirst);
        this.definition = definition;
        this.names = names;
        this.sample = sample;
        this.levels = levels;
    }

    /** Ranked smallest first. */
    static DistributionMetric ofDurations(Definition definition, Sample sample, double... levels) {
        return ofDurations(definition, Distribution.MEAN, sample, levels);
    }

    static DistributionMetric ofDurations(Definition definition, String mean, Sample sample, double... levels) {
        return new DistributionMetric(definition, new Names(definition.name(), mean, Map.of()), sample, true, levels);
    }

    static DistributionMetric ofSpeeds(Definition definition, Sample sample, double... levels) {
        Names names = new Names(definition.name(), Distribution.MEAN, Map.of());
        return new DistributionMetric(definition, names, sample, false, levels);
    }

    static DistributionMetric custom(Definition definition, Sample sample, Map<String, Object> parameters) {
        Names names = new Names(CustomMetrics.PREFIX + definition.name(), Distribution.MEAN, parameters);
        boolean durations = definition.unit().equals(CustomMetrics.MILLISECONDS);
        return new DistributionMetric(definition, names, sample, durations);
    }

    /** Such as the latency: what an Apdex can be of. */
    boolean isDurationOfTheCatalogue() {
        return smallestFirst() && names.parameters.isEmpty();
    }

    private static List<Aggregate> aggregates(String name, Sample sample, double[] levels) {
        Expr number = sample.real();
        Expr condition = sample.condition;
        List<Aggregate> aggregates = new ArrayList<>();
        aggregates.add(Aggregate.countIf(name + "_measured", condition));
        aggregates.add(Aggregate.where(name + "_sum", Fold.SUM, sample.number, condition));
        aggregates.add(Aggregate.where(name + "_min", Fold.MIN, number, condition));
        aggregates.add(Aggregate.where(name + "_max", Fold.MAX, number, condition));
        if (levels.length > 0) {
            List<Double> quantiles = Arrays.stream(levels).boxed().toList();
            aggregates.add(Aggregate.quantiles(name + "_quantiles", quantiles, number, condition));
        }
        Confidence confidence = sample.confidence;
        if (levels.length > 0 && confidence != null) {
            Expr bounds =
                    Ranks.values(levels, confidence, Aggregate.allValues(number, condition), call(COUNT_IF, condition));
            aggregates.add(Aggregate.ranked(name + "_bounds", number, condition, bounds));
        }
        return aggregates;
    }

    Sample sample() {
        return sample;
    }

    /**
     * Replaces the percentiles that are computed.
     *
     * @param newLevels each from 0 (the smallest) to 1 (the greatest), no two equal; at most 20
     * @return a new metric of the same name
     * @throws BudMetricsException INVALID_QUERY for a level outside 0 to 1, two equal ones or too many
     */
    public DistributionMetric withPercentiles(double... newLevels) {
        return with(sample, checked(newLevels));
    }

    /**
     * Adds a confidence interval around each percentile: between two values of the sample, whatever the distribution. A
     * sample that is too small has none. All values of a cell are sorted for it, which takes more time and memory
     * than percentiles do.
     *
     * @param confidence the confidence level
     * @return a new metric of the same name
     */
    public DistributionMetric withIntervals(Confidence confidence) {
        return with(sample.sure(Objects.requireNonNull(confidence, "confidence is null")), levels);
    }

    @Override
    public DistributionMetric withMinimumSample(long minimum) {
        return with(sample.atLeast(name(), minimum), levels);
    }

    private DistributionMetric with(Sample newSample, double... newLevels) {
        return new DistributionMetric(definition, names, newSample, smallestFirst(), newLevels);
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>(names.parameters);
        if (parameters.isEmpty() && (sample.minimum > 0 || sample.confidence != null)) {
            parameters.put("metric", name());
        }
        if (sample.minimum > 0) {
            parameters.put(MINIMUM_SAMPLE, sample.minimum);
        }
        if (sample.confidence != null) {
            parameters.put(CONFIDENCE, (long) sample.confidence.percent());
        }
        return parameters;
    }

    @Override
    Metric<Distribution> forHeadline() {
        return levels.length == 0 && sample.confidence == null ? this : with(sample.sure(null));
    }

    private double[] checked(double[] newLevels) {
        double[] sorted = Objects.requireNonNull(newLevels, "levels is null").clone();
        Arrays.sort(sorted);
        if (sorted.length > 20) {
            throw BudMetricsException.invalidQuery(
                    "percentiles of " + name() + " are " + sorted.length + "; give at most 20");
        }
        for (int i = 0; i < sorted.length; i++) {
            if (!(sorted[i] >= 0 && sorted[i] <= 1)) {
                throw BudMetricsException.invalidQuery(
                        "percentile " + sorted[i] + " of " + name() + " is outside 0 to 1; give 0.99 for the 99th");
            }
            if (i > 0 && sorted[i] == sorted[i - 1]) {
                throw BudMetricsException.invalidQuery(
                        "percentile " + sorted[i] + " of " + name() + " is given twice; give it once");
            }
        }
        return sorted;
    }

    /**
     * The levels of the percentiles that are computed.
     *
     * @return from 0 to 1, ascending
     */
    public List<Double> percentiles() {
        return Arrays.stream(levels).boxed().toList();
    }

    private double number(Measures measures, int aggregate) {
        return (sample.kind == Kind.WHOLE ? measures.longAt(aggregate) : measures.doubleAt(aggregate)) / sample.divisor;
    }

    @Override
    Distribution read(Measures measures) {
        long count = measures.longAt(MEASURED);
        if (count == 0) {
            return new Distribution(Numbers.unmeasured(measures.requests(), noBounds()), levels);
        }
        if (count < sample.minimum) {
            return new Distribution(Numbers.tooFew(measures.requests(), count, noBounds()), levels);
        }
        double[] percentiles = new double[levels.length];
        for (int i = 0; i < percentiles.length; i++) {
            percentiles[i] = measures.elementAt(QUANTILES, i) / sample.divisor;
        }
        return new Distribution(
                new Numbers(
                        measures.requests(),
                        count,
                        false,
                        mean(measures, count),
                        number(measures, MIN),
                        number(measures, MAX),
                        percentiles,
                        bounds(measures, count)),
                levels);
    }

    /** Two for each level, NaN where the sample is too small; none where they are not asked for. */
    private double[] noBounds() {
        if (sample.confidence == null) {
            return NONE;
        }
        double[] none = new double[2 * levels.length];
        Arrays.fill(none, Double.NaN);
        return none;
    }

    private double[] bounds(Measures measures, long count) {
        double[] bounds = noBounds();
        for (int i = 0; i < levels.length && sample.confidence != null; i++) {
            Ranks ranks = Ranks.of(levels[i], sample.confidence);
            if (ranks.low(count) >= 1) {
                bounds[2 * i] = measures.elementAt(BOUNDS, 2 * i) / sample.divisor;
            }
            if (ranks.high(count) <= count) {
                bounds[2 * i + 1] = measures.elementAt(BOUNDS, 2 * i + 1) / sample.divisor;
            }
        }
        return bounds;
    }

    /** Deltas need no percentiles. */
    @Override
    double headline(Measures measures) {
        long count = measures.longAt(MEASURED);
        return count == 0 || count < sample.minimum ? Double.NaN : mean(measures, count);
    }

    private double mean(Measures measures, long count) {
        return sample.kind == Kind.AMOUNT
                ? measures.decimalAt(SUM)
                        .divide(BigDecimal.valueOf(count), 24, RoundingMode.DOWN)
                        .doubleValue()
                : number(measures, SUM) / count;
    }

    @Override
    Map<String, @Nullable Number> fields(Distribution value, boolean details) {
        return value.fields(names.mean, details);
    }

    @Override
    Distribution parse(Map<String, @Nullable BigDecimal> fields, long requests) {
        long count = Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE);
        if (count == 0) {
            return new Distribution(Numbers.unmeasured(requests, noBounds()), levels);
        }
        if (count < sample.minimum) {
            return new Distribution(Numbers.tooFew(requests, count, noBounds()), levels);
        }
        double[] percentiles = new double[levels.length];
        for (int i = 0; i < percentiles.length; i++) {
            percentiles[i] = Fields.realOrZero(fields, Distribution.percentileField(levels[i]));
        }
        double[] bounds = noBounds();
        for (int i = 0; i < bounds.length; i++) {
            String field = Distribution.percentileField(levels[i / 2]) + Distribution.SIDES.get(i % 2);
            bounds[i] = Fields.optional(fields, field).orElse(Double.NaN);
        }
        return new Distribution(
                new Numbers(
                        requests,
                        count,
                        false,
                        Fields.realOrZero(fields, names.mean),
                        Fields.realOrZero(fields, "min"),
                        Fields.realOrZero(fields, "max"),
                        percentiles,
                        bounds),
                levels);
    }
}
