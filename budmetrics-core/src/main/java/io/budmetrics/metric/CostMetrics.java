package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.AND;
import static io.budmetrics.internal.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IS_NOT_NULL;
import static io.budmetrics.internal.expr.SqlFunction.NULL_IF;
import static io.budmetrics.internal.expr.SqlFunction.SUM;
import static io.budmetrics.internal.expr.SqlFunction.TO_DECIMAL_256;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.metric.Definition.Kind;
import io.budmetrics.metric.Metric.Additivity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** What requests cost, and what one of something costs. */
final class CostMetrics {
    private static final Expr PRICED_OUTCOME = binary(Terms.PRICED, AND, call(IS_NOT_NULL, Terms.IS_SUCCESS));

    static final Metric<Cost> COST = new Catalogued<>(
            new Definition(
                            "cost",
                            "Cost",
                            "total",
                            "currency",
                            "sum(cost) over the requests that have one; coverage is their share of all requests",
                            Rules.SUM_RULE,
                            Additivity.BUCKETS_AND_GROUPS,
                            Rules.NO_STANDARD)
                    .of(Kind.AMOUNT),
            List.of(Aggregate.of("cost_known", Fold.COUNT, Terms.COST), Aggregate.of("cost_sum", Fold.SUM, Terms.COST)),
            call(SUM, Terms.COST),
            measures -> new Cost(measures.decimalAt(1), measures.longAt(0), measures.requests()),
            (fields, requests) -> {
                BigDecimal total = fields.get("total");
                return new Cost(
                        total == null ? BigDecimal.ZERO : total,
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests);
            });

    static final Metric<UnitCost> COST_PER_REQUEST = unitCost(
            new Definition(
                    "cost_per_request",
                    "Cost per request",
                    "value",
                    "currency",
                    "sum(cost) / count of the requests that have a cost; coverage is their share of all requests",
                    "absent if no request has a cost",
                    Additivity.NONE,
                    Rules.NO_STANDARD),
            1,
            COST.aggregates().get(0),
            COST.aggregates().get(1),
            COST.aggregates().get(0));

    static final Metric<UnitCost> COST_PER_SUCCESS = unitCost(
            new Definition(
                    "cost_per_success",
                    "Cost per successful request",
                    "value",
                    "currency",
                    "sum(cost) / count where is_success, over the requests where both are known; coverage is their share of all requests",
                    "absent if no request has both values, and undefined if none succeeded",
                    Additivity.NONE,
                    Rules.NO_STANDARD),
            1,
            Aggregate.countIf("cost_outcome_known", PRICED_OUTCOME),
            Aggregate.where("cost_outcome_sum", Fold.SUM, Terms.COST, PRICED_OUTCOME),
            Aggregate.countIf("cost_success_count", binary(Terms.PRICED, AND, Terms.IS_SUCCESS)));

    static final Metric<UnitCost> COST_PER_1000_TOKENS =
            costPerTokens("cost_per_1000_tokens", "Cost per 1,000 tokens", 1000);

    static final Metric<UnitCost> COST_PER_MILLION_TOKENS =
            costPerTokens("cost_per_million_tokens", "Cost per million tokens", 1_000_000);

    private CostMetrics() {}

    private static Metric<UnitCost> costPerTokens(String name, String title, long tokens) {
        Expr condition = binary(Terms.PRICED, AND, Terms.TOKENS_KNOWN);
        return unitCost(
                new Definition(
                        name,
                        title,
                        "value",
                        "currency",
                        tokens
                                + " x sum(cost) / sum(input_tokens + output_tokens), over the requests that have a cost and"
                                + " for which either is known; coverage is their share of all requests",
                        "absent if no request has both, and undefined if there are no tokens",
                        Additivity.NONE,
                        Rules.NO_STANDARD),
                tokens,
                Aggregate.countIf("cost_tokens_known", condition),
                Aggregate.where("cost_tokens_sum", Fold.SUM, Terms.COST, condition),
                Aggregate.where("cost_tokens", Fold.SUM, Terms.TOKENS, condition));
    }

    private static Metric<UnitCost> unitCost(
            Definition definition, long per, Aggregate known, Aggregate sum, Aggregate units) {
        return new Catalogued<>(
                definition
                        .ranked(new Definition.Scale(
                                BigDecimal.ONE.divide(BigDecimal.valueOf(per), 6, RoundingMode.UNNECESSARY), 0))
                        .of(Kind.QUOTIENT),
                List.of(known, sum, units),
                // 48 decimals tell every two costs with 12 apart that are of up to 10^18 units, and keep equal ones
                // equal
                binary(
                        call(TO_DECIMAL_256, sum.expression(), number(48)),
                        DIVIDE,
                        call(NULL_IF, units.expression(), number(0))),
                measures -> new UnitCost(
                        measures.decimalAt(1), measures.longAt(2), per, measures.longAt(0), measures.requests()),
                (fields, requests) -> new UnitCost(
                        Fields.decimalOrZero(fields, "cost"),
                        Fields.wholeOrZero(fields, "units"),
                        per,
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests));
    }
}
