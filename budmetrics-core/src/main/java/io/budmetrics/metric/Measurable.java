package io.budmetrics.metric;

import io.budmetrics.expr.Expr;
import java.util.Optional;

/** Something of each request that has a size: a quantity of the package <code>query</code>, which alone implements it. */
public interface Measurable {
    /**
     * The name in JSON.
     *
     * @return such as <code>response_size</code>
     */
    String name();

    /**
     * The type of its sizes.
     *
     * @return the class of durations, counts, amounts or degrees
     */
    Class<?> type();

    /**
     * The unit of metrics over it.
     *
     * @return such as <code>bytes</code>; durations are <code>ms</code>
     */
    String unit();

    /**
     * Where it is read from: microseconds, a count, an amount or degrees.
     *
     * @return an expression over logical columns
     */
    Expr value();

    /**
     * What must hold, beside a value that is there, for it to have been measured.
     *
     * @return a condition over logical columns; empty when any value counts
     */
    Optional<Expr> measured();
}
