package io.budmetrics.internal.metric;

import io.budmetrics.internal.expr.Expr;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What writes statements and reads results needs to know of a metric, and its users do not: how it is computed, and how its
 * values come from cells and JSON.
 *
 * @param <V> the metric's value in one bucket and group
 */
public interface Measurement<V> {
    /**
     * The numbers that a statement must compute for the metric.
     *
     * @return the aggregates, in the order in which {@link #read} knows them
     */
    List<Aggregate> aggregates();

    /**
     * The headline value as an aggregate over a whole range, by which groups are ranked and held to conditions.
     *
     * @return an expression, null where the value is absent
     */
    Expr ranking();

    /**
     * Whether the headline value is an amount of which no digit may be lost, a decimal number in statements too.
     *
     * @return true for amounts and quotients of them
     */
    boolean decimal();

    /**
     * Converts a headline value to the unit of {@link #ranking}.
     *
     * @param headline in the unit of the metric
     * @param coveredMicros how long the range is, in microseconds
     * @return the number to compare the ranking with
     */
    BigDecimal inRanking(BigDecimal headline, long coveredMicros);

    /**
     * Reads the value of a cell.
     *
     * @param measures this metric's aggregates there
     * @return the value
     */
    V read(Measures measures);

    /**
     * Reads the headline value of a cell without making the value, since a delta needs two of them and nothing else.
     *
     * @param measures this metric's aggregates there
     * @return the headline of {@link #read}; {@link Double#NaN} where it is absent
     */
    double headline(Measures measures);

    /**
     * Writes a value as the numbers of its JSON object.
     *
     * @param value a value of this metric
     * @param details whether to add what is needed to read the value back
     * @return names and numbers in order; null for what is absent
     */
    Map<String, @Nullable Number> fields(V value, boolean details);

    /**
     * Reads a value that was written with {@link #fields}.
     *
     * @param fields the numbers of the JSON object, details included
     * @param requests how many requests arrived in the cell
     * @return the value
     */
    V parse(Map<String, @Nullable BigDecimal> fields, long requests);
}
