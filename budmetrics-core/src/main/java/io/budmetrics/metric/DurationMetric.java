package io.budmetrics.metric;

import static io.budmetrics.expr.Expr.Function.COUNT_IF;
import static io.budmetrics.expr.Expr.Function.MAX_IF;
import static io.budmetrics.expr.Expr.Function.MIN_IF;
import static io.budmetrics.expr.Expr.Function.QUANTILES_EXACT_INCLUSIVE_IF;
import static io.budmetrics.expr.Expr.Function.SUM_IF;
import static io.budmetrics.expr.Expr.call;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.expr.Expr;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A metric over durations, with mean, extremes and any percentiles. Immutable. */
public final class DurationMetric extends Metric<DurationStatistics> {
    private static final int MEASURED = 0;
    private static final int SUM = 1;
    private static final int MIN = 2;
    private static final int MAX = 3;
    private static final int QUANTILES = 4;
    private static final double MICROS_PER_MILLI = 1000;

    private final Expr duration;
    private final Expr condition;
    private final double[] levels;

    DurationMetric(String name, String title, String formula, Expr duration, Expr condition, double... levels) {
        super(
                name,
                title,
                "ms",
                formula,
                aggregates(name, duration, condition, levels),
                Expr.binary(call(SUM_IF, duration, condition), Expr.Operator.DIVIDE, call(COUNT_IF, condition)),
                true);
        this.duration = duration;
        this.condition = condition;
        this.levels = levels;
    }

    private static List<Aggregate> aggregates(String name, Expr duration, Expr condition, double[] levels) {
        List<Aggregate> aggregates = new ArrayList<>();
        aggregates.add(Aggregate.of(name + "_measured", call(COUNT_IF, condition)));
        aggregates.add(Aggregate.of(name + "_sum", call(SUM_IF, duration, condition)));
        aggregates.add(Aggregate.of(name + "_min", call(MIN_IF, duration, condition)));
        aggregates.add(Aggregate.of(name + "_max", call(MAX_IF, duration, condition)));
        if (levels.length > 0) {
            Expr quantiles = new Expr.Call(
                    QUANTILES_EXACT_INCLUSIVE_IF, Arrays.stream(levels).boxed().toList(), List.of(duration, condition));
            aggregates.add(new Aggregate(name + "_quantiles", quantiles, Aggregate.Population.ARRIVED, true));
        }
        return aggregates;
    }

    /**
     * The same metric with other percentiles.
     *
     * @param newLevels each from 0 (the smallest) to 1 (the greatest), no two equal; at most 20
     * @return a new metric of the same name
     * @throws BudMetricsException INVALID_QUERY for a level outside 0 to 1, two equal ones or too many
     */
    public DurationMetric withPercentiles(double... newLevels) {
        double[] sorted = newLevels.clone();
        Arrays.sort(sorted);
        if (sorted.length > 20) {
            throw BudMetricsException.invalidQuery(
                    "percentiles of " + name() + ": " + sorted.length + " given; ask for at most 20");
        }
        for (int i = 0; i < sorted.length; i++) {
            if (!(sorted[i] >= 0 && sorted[i] <= 1)) {
                throw BudMetricsException.invalidQuery("percentile " + sorted[i] + " of " + name()
                        + " is outside 0 to 1; the 99th percentile is 0.99");
            }
            if (i > 0 && sorted[i] == sorted[i - 1]) {
                throw BudMetricsException.invalidQuery(
                        "percentile " + sorted[i] + " of " + name() + " is given twice; give it once");
            }
        }
        return new DurationMetric(name(), title(), formula(), duration, condition, sorted);
    }

    /**
     * The percentiles that are computed.
     *
     * @return levels from 0 to 1, ascending
     */
    public List<Double> percentiles() {
        return Arrays.stream(levels).boxed().toList();
    }

    @Override
    public DurationStatistics read(Measures measures) {
        long count = measures.whole(MEASURED);
        if (count == 0) {
            return DurationStatistics.unmeasured(measures.requests(), levels);
        }
        double[] percentiles = new double[levels.length];
        for (int i = 0; i < percentiles.length; i++) {
            percentiles[i] = measures.element(QUANTILES, i) / MICROS_PER_MILLI;
        }
        return new DurationStatistics(
                measures.requests(),
                count,
                mean(measures, count),
                measures.whole(MIN) / MICROS_PER_MILLI,
                measures.whole(MAX) / MICROS_PER_MILLI,
                levels,
                percentiles);
    }

    /** Deltas need no percentiles. */
    @Override
    public OptionalDouble headline(Measures measures) {
        long count = measures.whole(MEASURED);
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(mean(measures, count));
    }

    private static double mean(Measures measures, long count) {
        return measures.whole(SUM) / MICROS_PER_MILLI / count;
    }

    @Override
    public DurationStatistics parse(Map<String, @Nullable BigDecimal> fields, long requests) {
        long count = Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE);
        if (count == 0) {
            return DurationStatistics.unmeasured(requests, levels);
        }
        double[] percentiles = new double[levels.length];
        for (int i = 0; i < percentiles.length; i++) {
            percentiles[i] = Fields.optional(fields, DurationStatistics.percentileField(levels[i]))
                    .orElse(0);
        }
        return new DurationStatistics(
                requests,
                count,
                Fields.optional(fields, levels.length == 0 ? "avg_time_ms" : "avg")
                        .orElse(0),
                Fields.optional(fields, "min").orElse(0),
                Fields.optional(fields, "max").orElse(0),
                levels,
                percentiles);
    }
}
