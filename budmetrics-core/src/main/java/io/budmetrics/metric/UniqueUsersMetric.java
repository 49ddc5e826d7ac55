package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Function.COUNT;
import static io.budmetrics.internal.expr.Expr.Function.IF;
import static io.budmetrics.internal.expr.Expr.Operator.EQUAL;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.schema.InferenceFact;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Distinct users, counted exactly or estimated. Immutable. */
public final class UniqueUsersMetric extends Metric<UniqueUsers> {
    /** Above the greatest error that was measured: see the estimators in docs/metrics.md. */
    private static final double ESTIMATE_ERROR = 0.01;

    private static final Expr USER = Expr.name(InferenceFact.USER_ID.name());

    private final Definition definition;
    private final boolean estimated;

    UniqueUsersMetric(Definition definition, boolean estimated) {
        super(
                definition,
                List.of(Aggregate.of("user_known", Fold.COUNT, USER), distinct(estimated)),
                call(
                        IF,
                        binary(call(COUNT, USER), EQUAL, number(0)),
                        nothing(),
                        distinct(estimated).expression()),
                false);
        this.definition = definition;
        this.estimated = estimated;
    }

    private static Aggregate distinct(boolean estimated) {
        return estimated
                ? Aggregate.of("user_estimate", Fold.DISTINCT_ESTIMATE, USER)
                : Aggregate.of("user_count", Fold.DISTINCT, USER);
    }

    /**
     * The same count, estimated with <code>uniqCombined64</code>, which needs a bounded amount of memory for any number
     * of users. The value states the error.
     *
     * @return a metric of the same name
     */
    public UniqueUsersMetric estimated() {
        return new UniqueUsersMetric(definition, true);
    }

    private OptionalDouble relativeError() {
        return estimated ? OptionalDouble.of(ESTIMATE_ERROR) : OptionalDouble.empty();
    }

    @Override
    UniqueUsers read(Measures measures) {
        return new UniqueUsers(measures.longAt(1), measures.longAt(0), measures.requests(), relativeError());
    }

    @Override
    UniqueUsers parse(Map<String, @Nullable BigDecimal> fields, long requests) {
        return new UniqueUsers(
                Fields.wholeOrZero(fields, "count"),
                Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                requests,
                relativeError());
    }

    @Override
    public Map<String, Object> parameters() {
        if (!estimated) {
            return Map.of();
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("metric", name());
        parameters.put("estimated", true);
        return parameters;
    }
}
