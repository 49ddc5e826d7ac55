package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.EQUAL;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.QuantitySql;
import io.budmetrics.internal.expr.ValueType;
import io.budmetrics.internal.filter.FilterExpr;
import io.budmetrics.internal.filter.FilterJson;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.metric.Definition.Kind;
import io.budmetrics.metric.DistributionMetric.Sample;
import io.budmetrics.metric.Metric.Additivity;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Builds custom metrics from filters and quantities. */
final class CustomMetrics {
    /** Before the names of their columns in a result, so that no column of a table is called so. */
    static final String PREFIX = "own_";

    static final String MILLISECONDS = "ms";

    private CustomMetrics() {}

    static Metric<Share> requestsWhere(String name, Filter condition, long minimum) {
        Objects.requireNonNull(condition, "condition is null");
        Aggregate count = Aggregate.countIf(PREFIX + name + "_count", FilterExpr.of(condition));
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("metric", "requests_where");
        parameters.put("where", FilterJson.object(condition));
        if (minimum > 0) {
            parameters.put(Metric.MINIMUM_SAMPLE, minimum);
        }
        return new Catalogued<>(
                new Definition(
                                name,
                                title(name),
                                "count",
                                "requests",
                                "count of the requests that match a filter; ratio over all",
                                "0 if nothing arrived",
                                Additivity.BUCKETS_AND_GROUPS,
                                Rules.NO_STANDARD)
                        .of(Kind.WHOLE),
                List.of(count),
                count.expression(),
                measures -> new Share(measures.longAt(0), measures.requests(), measures.requests(), minimum),
                (fields, requests) -> new Share(Fields.wholeOrZero(fields, "count"), requests, requests, minimum),
                parameters,
                newMinimum -> requestsWhere(name, condition, newMinimum));
    }

    static DistributionMetric distribution(String name, Quantity<?> quantity, Optional<Filter> condition) {
        Objects.requireNonNull(quantity, "quantity is null");
        QuantitySql<?> sql = Internals.of(quantity);
        if (sql.type() == ValueType.REAL) {
            throw BudMetricsException.invalidQuery(
                    name + " is a distribution of " + quantity.name()
                            + ", but averaging coordinates is not meaningful; give another quantity, or group by country or city");
        }
        return DistributionMetric.custom(
                new Definition(
                        name,
                        title(name),
                        "mean",
                        quantity.unit(),
                        quantity.name() + ", where it was measured" + where(condition),
                        Rules.MEAN_RULE,
                        Additivity.NONE,
                        Rules.NO_STANDARD),
                new Sample(sql.value(), measured(sql, condition), kind(sql), divisor(sql)),
                parameters("distribution", quantity, condition));
    }

    static Metric<QuantityTotal> total(String name, Quantity<?> quantity, Optional<Filter> condition) {
        Objects.requireNonNull(quantity, "quantity is null");
        QuantitySql<?> sql = Internals.of(quantity);
        Kind kind = kind(sql);
        if (kind == Kind.REAL) {
            throw BudMetricsException.invalidQuery(name + " is a total of " + quantity.name()
                    + ", which cannot be added up; give a count, a duration or a price");
        }
        Expr measured = measured(sql, condition);
        Aggregate known = Aggregate.countIf(PREFIX + name + "_known", measured);
        Aggregate sum = Aggregate.where(PREFIX + name + "_sum", Fold.SUM, sql.value(), measured);
        boolean time = sql.type() == ValueType.DURATION;
        return new Catalogued<>(
                new Definition(
                                name,
                                title(name),
                                "total",
                                quantity.unit(),
                                "sum(" + quantity.name() + ") over the requests where it was measured"
                                        + where(condition),
                                Rules.SUM_RULE,
                                Additivity.BUCKETS_AND_GROUPS,
                                Rules.NO_STANDARD)
                        .ranked(new Definition.Scale(BigDecimal.valueOf((long) divisor(sql)), 0))
                        .of(time ? Kind.REAL : kind),
                List.of(known, sum),
                // what is never null has no sum that is null
                call(IF, binary(known.expression(), EQUAL, number(0)), nothing(), sum.expression()),
                measures -> QuantityTotal.of(
                        kind == Kind.AMOUNT
                                ? measures.decimalAt(1)
                                : BigDecimal.valueOf(measures.longAt(1), time ? 3 : 0),
                        measures.longAt(0),
                        measures.requests()),
                (fields, requests) -> QuantityTotal.of(
                        Fields.decimalOrZero(fields, "total"),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests),
                parameters("total", quantity, condition),
                null);
    }

    private static String title(String name) {
        return name.replace('_', ' ');
    }

    private static String where(Optional<Filter> condition) {
        return condition.isPresent() ? " and a filter matches" : "";
    }

    private static Expr measured(QuantitySql<?> quantity, Optional<Filter> condition) {
        Expr measured = quantity.measured();
        return condition.isPresent() ? Expr.all(measured, FilterExpr.of(condition.get())) : measured;
    }

    private static Kind kind(QuantitySql<?> quantity) {
        if (quantity.type() == ValueType.AMOUNT) {
            return Kind.AMOUNT;
        }
        boolean whole = quantity.type() != ValueType.REAL && !quantity.value().equals(Terms.TPOT);
        return whole ? Kind.WHOLE : Kind.REAL;
    }

    private static double divisor(QuantitySql<?> quantity) {
        return quantity.type() == ValueType.DURATION ? Terms.MICROS_PER_MILLI : 1;
    }

    private static Map<String, Object> parameters(String metric, Quantity<?> quantity, Optional<Filter> condition) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("metric", metric);
        parameters.put("of", quantity.name());
        condition.ifPresent(where -> parameters.put("where", FilterJson.object(where)));
        return parameters;
    }
}
