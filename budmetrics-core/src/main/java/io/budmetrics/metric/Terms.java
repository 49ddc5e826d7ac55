package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.AND;
import static io.budmetrics.internal.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.internal.expr.Expr.Operator.EQUAL;
import static io.budmetrics.internal.expr.Expr.Operator.OR;
import static io.budmetrics.internal.expr.Expr.Operator.PLUS;
import static io.budmetrics.internal.expr.Expr.all;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF_NULL;
import static io.budmetrics.internal.expr.SqlFunction.IS_NOT_NULL;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.layout.LayoutSql;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;

/** What the formulas of the catalogue are made of. A comparison with a missing value is neither true nor false. */
final class Terms {
    static final double MICROS_PER_SECOND = 1_000_000;
    static final double MICROS_PER_MILLI = 1000;

    static final Expr IS_SUCCESS = column(InferenceFact.IS_SUCCESS);
    static final Expr IS_FAILURE = binary(IS_SUCCESS, EQUAL, number(0));
    static final Expr NOT_FAILED = call(IF_NULL, IS_SUCCESS, number(1));
    static final Expr IS_BLOCKED = column(InferenceFact.IS_BLOCKED);
    static final Expr NOT_BLOCKED = binary(call(IF_NULL, IS_BLOCKED, number(0)), EQUAL, number(0));
    static final Expr NOT_UNSTREAMED = call(IF_NULL, column(InferenceFact.STREAMED), number(1));

    static final Expr LATENCY = column(InferenceFact.RESPONSE_TIME_US);
    static final Expr LATENCY_MEASURED = binary(LATENCY, AT_LEAST, number(0));
    static final Expr TTFT = column(InferenceFact.TTFT_US);
    static final Expr TTFT_MEASURED = all(binary(TTFT, AT_LEAST, number(0)), NOT_UNSTREAMED);
    static final Expr TPOT = Expr.name(LayoutSql.TPOT_US);
    static final Expr QUEUE_TIME = Expr.name(LayoutSql.QUEUE_TIME_US);

    static final Expr INPUT_TOKENS = column(InferenceFact.INPUT_TOKENS);
    static final Expr OUTPUT_TOKENS = column(InferenceFact.OUTPUT_TOKENS);
    static final Expr TOKENS_KNOWN = binary(call(IS_NOT_NULL, INPUT_TOKENS), OR, call(IS_NOT_NULL, OUTPUT_TOKENS));
    static final Expr TOKENS =
            binary(call(IF_NULL, INPUT_TOKENS, number(0)), PLUS, call(IF_NULL, OUTPUT_TOKENS, number(0)));

    static final Expr COST = column(InferenceFact.COST);
    static final Expr PRICED = call(IS_NOT_NULL, COST);

    static final Expr CACHED = column(InferenceFact.CACHED);
    static final Expr HIT_MEASURED = binary(CACHED, AND, LATENCY_MEASURED);
    static final Expr MISS_MEASURED = binary(binary(CACHED, EQUAL, number(0)), AND, LATENCY_MEASURED);

    static final Expr USER = column(InferenceFact.USER_ID);

    private Terms() {}

    static Expr column(Column column) {
        return Expr.name(column.name());
    }
}
