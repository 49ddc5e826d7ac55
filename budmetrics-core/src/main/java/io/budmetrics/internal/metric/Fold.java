package io.budmetrics.internal.metric;

import static io.budmetrics.internal.expr.SqlFunction.GROUP_ARRAY_IF;
import static io.budmetrics.internal.expr.SqlFunction.MAX_IF;
import static io.budmetrics.internal.expr.SqlFunction.MIN_IF;
import static io.budmetrics.internal.expr.SqlFunction.QUANTILES_EXACT_INCLUSIVE_IF;
import static io.budmetrics.internal.expr.SqlFunction.SUM_IF;
import static io.budmetrics.internal.expr.SqlFunction.UNIQ_COMBINED_64;
import static io.budmetrics.internal.expr.SqlFunction.UNIQ_EXACT;

import io.budmetrics.internal.expr.SqlFunction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many requests become one number, and how that number follows from those of their parts. */
public enum Fold {
    /** How many requests there are, or of how many the argument is known. */
    COUNT(SqlFunction.COUNT, SqlFunction.COUNT_IF, Merge.SUM),
    /** The sum of the argument. */
    SUM(SqlFunction.SUM, SUM_IF, Merge.SUM),
    /** The smallest argument. */
    MIN(null, MIN_IF, Merge.MIN),
    /** The greatest argument. */
    MAX(null, MAX_IF, Merge.MAX),
    /** Exact quantiles of the argument: an array with a number for each level. */
    QUANTILES(null, QUANTILES_EXACT_INCLUSIVE_IF, Merge.NONE),
    /** All arguments, as an array. */
    GROUP_ARRAY(null, GROUP_ARRAY_IF, Merge.NONE),
    /** How many distinct arguments there are, exactly. */
    DISTINCT(UNIQ_EXACT, null, Merge.NONE),
    /** How many distinct arguments there are, estimated. */
    DISTINCT_ESTIMATE(UNIQ_COMBINED_64, null, Merge.STATE),
    /** The greatest number of overlapping half-open intervals, from the first argument to the second. */
    MAX_INTERSECTIONS(SqlFunction.MAX_INTERSECTIONS, SqlFunction.MAX_INTERSECTIONS_IF, Merge.NONE);

    /** How the number of a whole follows from the numbers of its parts, such as of a day from its hours. */
    public enum Merge {
        /** It is their sum. */
        SUM,
        /** It is the smallest of them. */
        MIN,
        /** It is the greatest of them. */
        MAX,
        /** It does not follow from the numbers, but from the states of a bounded size that they were computed from. */
        STATE,
        /** It needs all requests again. */
        NONE
    }

    private final @Nullable SqlFunction overAll;
    private final @Nullable SqlFunction conditional;
    private final Merge merge;

    Fold(@Nullable SqlFunction overAll, @Nullable SqlFunction conditional, Merge merge) {
        this.overAll = overAll;
        this.conditional = conditional;
        this.merge = merge;
    }

    /**
     * How numbers of parts become the number of the whole.
     *
     * @return the rule
     */
    public Merge merge() {
        return merge;
    }

    /** The function over all requests; empty where the catalogue uses it under a condition only. */
    Optional<SqlFunction> overAll() {
        return Optional.ofNullable(overAll);
    }

    /** The function over the requests that meet a condition, its last argument; empty where the catalogue uses none. */
    Optional<SqlFunction> conditional() {
        return Optional.ofNullable(conditional);
    }
}
