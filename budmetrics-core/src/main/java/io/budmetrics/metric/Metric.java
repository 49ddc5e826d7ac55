package io.budmetrics.metric;

import io.budmetrics.expr.Expr;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A typed key for something that can be measured. The catalogue is {@link Metrics}. Immutable; compared by value.
 *
 * @param <V> what it says of one period and group
 */
public abstract class Metric<V extends MetricValue> {
    private final String name;
    private final String title;
    private final String unit;
    private final String formula;
    private final List<Aggregate> aggregates;
    private final Expr ranking;
    private final boolean smallestFirst;

    Metric(
            String name,
            String title,
            String unit,
            String formula,
            List<Aggregate> aggregates,
            Expr ranking,
            boolean smallestFirst) {
        this.name = name;
        this.title = title;
        this.unit = unit;
        this.formula = formula;
        this.aggregates = List.copyOf(aggregates);
        this.ranking = ranking;
        this.smallestFirst = smallestFirst;
    }

    /**
     * The name in JSON and in the catalogue.
     *
     * @return lower case with underscores
     */
    public final String name() {
        return name;
    }

    /**
     * What it is, in a few words.
     *
     * @return for people
     */
    public final String title() {
        return title;
    }

    /**
     * The unit of the headline value.
     *
     * @return such as <code>ms</code>
     */
    public final String unit() {
        return unit;
    }

    /**
     * How it is defined.
     *
     * @return for people
     */
    public final String formula() {
        return formula;
    }

    /**
     * What a statement must compute for it.
     *
     * @return the aggregates
     */
    public final List<Aggregate> aggregates() {
        return aggregates;
    }

    /**
     * The headline value as an aggregate over a whole window.
     *
     * @return what groups are ranked by
     */
    public final Expr ranking() {
        return ranking;
    }

    /**
     * Whether a ranking begins with the smallest headline value.
     *
     * @return true for durations
     */
    public final boolean smallestFirst() {
        return smallestFirst;
    }

    /**
     * The value of a cell.
     *
     * @param measures this metric's aggregates there
     * @return the value
     */
    public abstract V read(Measures measures);

    /**
     * The headline value of a cell, without what else the value holds.
     *
     * @param measures this metric's aggregates there
     * @return what {@link MetricValue#headline} of {@link #read} says
     */
    public OptionalDouble headline(Measures measures) {
        return read(measures).headline();
    }

    /**
     * The value that was written with {@link MetricValue#fields}.
     *
     * @param fields the numbers of the JSON object, details included
     * @param requests how many requests arrived in the cell
     * @return the value
     */
    public abstract V parse(Map<String, @Nullable BigDecimal> fields, long requests);

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Metric<?> that && name.equals(that.name) && aggregates.equals(that.aggregates);
    }

    @Override
    public final int hashCode() {
        return name.hashCode();
    }

    @Override
    public final String toString() {
        return name;
    }
}
