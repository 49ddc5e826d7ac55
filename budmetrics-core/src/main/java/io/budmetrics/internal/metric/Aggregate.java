package io.budmetrics.internal.metric;

import io.budmetrics.internal.expr.Expr;
import java.util.Objects;

/**
 * One number that a statement computes for a metric. Two aggregates with the same alias are the same number.
 *
 * @param alias its column in the result
 * @param expression how it is computed
 * @param population of which requests
 * @param array whether it is an array of numbers
 */
public record Aggregate(String alias, Expr expression, Population population, boolean array) {
    /** Where in a bucket a running request begins, in microseconds since 1970; for what runs. */
    public static final String SPAN_START = "span_start";
    /** Where in a bucket a running request ends, in microseconds since 1970; for what runs. */
    public static final String SPAN_END = "span_end";

    /** Which requests a number is about. */
    public enum Population {
        /** Those that arrived in the bucket. */
        ARRIVED,
        /** Those that ran at some moment of the bucket, whenever they arrived. */
        IN_FLIGHT
    }

    public Aggregate {
        Objects.requireNonNull(alias, "alias is null");
        Objects.requireNonNull(expression, "expression is null");
        Objects.requireNonNull(population, "population is null");
    }

    /**
     * A number of the requests that arrived.
     *
     * @param alias its column in the result
     * @param expression how it is computed
     * @return the aggregate
     */
    public static Aggregate of(String alias, Expr expression) {
        return new Aggregate(alias, expression, Population.ARRIVED, false);
    }

    /**
     * A number of the requests that ran.
     *
     * @param alias its column in the result
     * @param expression how it is computed
     * @return the aggregate
     */
    public static Aggregate running(String alias, Expr expression) {
        return new Aggregate(alias, expression, Population.IN_FLIGHT, false);
    }
}
