package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.MINUS;
import static io.budmetrics.internal.expr.Expr.Operator.MULTIPLY;
import static io.budmetrics.internal.expr.Expr.Operator.PLUS;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.ARRAY;
import static io.budmetrics.internal.expr.SqlFunction.ARRAY_ELEMENT;
import static io.budmetrics.internal.expr.SqlFunction.ARRAY_SORT;
import static io.budmetrics.internal.expr.SqlFunction.CEIL;
import static io.budmetrics.internal.expr.SqlFunction.FLOOR;
import static io.budmetrics.internal.expr.SqlFunction.SQRT;
import static io.budmetrics.internal.expr.SqlFunction.TO_FLOAT_64;
import static io.budmetrics.internal.expr.SqlFunction.TO_INT_64;

import io.budmetrics.internal.expr.Expr;
import java.util.ArrayList;
import java.util.List;

/**
 * Between which ranks of a sample a percentile lies, whatever the distribution: how many of n values are below it is
 * binomial. The ranks are the normal approximation of Conover, Practical Nonparametric Statistics, 3.2, rounded outwards by a
 * rank more, so that the exact coverage is never below the confidence.
 *
 * @param level of the percentile, 0 to 1
 * @param spread how many standard deviations, times that of one value
 */
record Ranks(double level, double spread) {
    static Ranks of(double level, Confidence confidence) {
        return new Ranks(level, confidence.z() * Math.sqrt(level * (1 - level)));
    }

    /** Below 1 where the sample is too small to tell. */
    long low(long sampleSize) {
        return (long) Math.floor(sampleSize * level - spread * Math.sqrt((double) sampleSize));
    }

    /** Above the sample size where it is too small to tell. */
    long high(long sampleSize) {
        return (long) Math.ceil(sampleSize * level + spread * Math.sqrt((double) sampleSize)) + 1;
    }

    /** The values at both ranks of each level, as they are written in statements; anything where there is no such rank. */
    static Expr values(double[] levels, Confidence confidence, Expr allValues, Expr sampleSize) {
        Expr sorted = call(ARRAY_SORT, allValues);
        List<Expr> values = new ArrayList<>();
        for (double level : levels) {
            Ranks ranks = of(level, confidence);
            Expr middle = binary(sampleSize, MULTIPLY, new Expr.Real(ranks.level));
            Expr around = binary(new Expr.Real(ranks.spread), MULTIPLY, call(SQRT, sampleSize));
            Expr low = call(TO_INT_64, call(FLOOR, binary(middle, MINUS, around)));
            Expr high = binary(call(TO_INT_64, call(CEIL, binary(middle, PLUS, around))), PLUS, number(1));
            values.add(call(TO_FLOAT_64, call(ARRAY_ELEMENT, sorted, low)));
            values.add(call(TO_FLOAT_64, call(ARRAY_ELEMENT, sorted, high)));
        }
        return call(ARRAY, values.toArray(Expr[]::new));
    }
}
