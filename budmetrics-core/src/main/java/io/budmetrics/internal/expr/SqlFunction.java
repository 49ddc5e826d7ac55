package io.budmetrics.internal.expr;

/** The functions that expressions may call: the set is closed, so that no name of a function comes from a caller. */
public enum SqlFunction {
    /** Rows, or rows where the argument is not null. */
    COUNT("count"),
    /** Rows where the condition holds. */
    COUNT_IF("countIf"),
    /** Sum of what is not null. */
    SUM("sum"),
    /** Sum where the condition holds. */
    SUM_IF("sumIf"),
    /** Smallest where the condition holds. */
    MIN_IF("minIf"),
    /** Greatest where the condition holds. */
    MAX_IF("maxIf"),
    /** Exact quantiles, linear between closest ranks. */
    QUANTILES_EXACT_INCLUSIVE_IF("quantilesExactInclusiveIf"),
    /** The values where the condition holds, as an array. */
    GROUP_ARRAY_IF("groupArrayIf"),
    /** An array in ascending order. */
    ARRAY_SORT("arraySort"),
    /** The element of an array at a position from 1. */
    ARRAY_ELEMENT("arrayElement"),
    /** An array of the arguments. */
    ARRAY("array"),
    /** The greatest whole number that is not above. */
    FLOOR("floor"),
    /** The smallest whole number that is not below. */
    CEIL("ceil"),
    /** The square root. */
    SQRT("sqrt"),
    /** As a whole number. */
    TO_INT_64("toInt64"),
    /** Largest number of overlapping half-open intervals. */
    MAX_INTERSECTIONS("maxIntersections"),
    /** The same, of the intervals where the condition holds. */
    MAX_INTERSECTIONS_IF("maxIntersectionsIf"),
    /** Distinct values, exactly. */
    UNIQ_EXACT("uniqExact"),
    /** Distinct values, estimated from 64-bit hashes. */
    UNIQ_COMBINED_64("uniqCombined64"),
    /** The second argument where the first holds, else the third. */
    IF("if"),
    /** A decimal of up to 76 digits, as many of them after the point as the second argument says. */
    TO_DECIMAL_256("toDecimal256"),
    /** The nearest floating-point number. */
    TO_FLOAT_64("toFloat64"),
    /** The first argument, or the second where it is null. */
    IF_NULL("ifNull"),
    /** Whether the argument is not null. */
    IS_NOT_NULL("isNotNull"),
    /** Whether the argument is null. */
    IS_NULL("isNull"),
    /** Whether a text is empty. */
    EMPTY("empty"),
    /** Whether a text is not empty. */
    NOT_EMPTY("notEmpty"),
    /** Whether the argument is false. */
    NOT("NOT "),
    /** The first, or null where it equals the second. */
    NULL_IF("nullIf"),
    /** The nearest whole number. */
    ROUND("round"),
    /** As a text; a floating-point number with as many digits as tell it from every other. */
    TO_STRING("toString"),
    /** The same value, of a type that can be null. */
    TO_NULLABLE("toNullable"),
    /** The same value, of a type that cannot be null. */
    ASSUME_NOT_NULL("assumeNotNull"),
    /** Microseconds since 1970 of a DateTime64(6). */
    TO_MICROS("toUnixTimestamp64Micro");

    private final String sql;

    SqlFunction(String sql) {
        this.sql = sql;
    }

    /**
     * How it is written.
     *
     * @return the function's name
     */
    public String sql() {
        return sql;
    }
}
