package io.budmetrics.internal.expr;

import java.util.Objects;
import java.util.Optional;

/**
 * What writes statements needs to know of a quantity.
 *
 * @param type of its bounds
 * @param value where it is read from: microseconds, a count, an amount or degrees, over logical columns
 * @param condition what must hold, beside a value that is not null, for it to have been measured; empty when any value counts
 * @param <T> the Java type of its bounds
 */
public record QuantitySql<T>(ValueType<T> type, Expr value, Optional<Expr> condition) {
    /** Refuses null. */
    public QuantitySql {
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(value, "value is null");
        Objects.requireNonNull(condition, "condition is null");
    }

    /** Whether it was measured. */
    public Expr measured() {
        return condition.orElseGet(() -> Expr.call(SqlFunction.IS_NOT_NULL, value));
    }

    /** Whether it is a duration or a count, which can be cut into classes. */
    public boolean hasClasses() {
        return type == ValueType.DURATION || type == ValueType.LONG;
    }
}
