package io.budmetrics.internal.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.sql.ExprRenderer;
import io.budmetrics.metric.Confidence;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.schema.Layout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AggregateTest {
    private static final Expr COST = Expr.name("cost");
    private static final Expr CACHED = Expr.name("cached");

    private static String sql(Aggregate aggregate) {
        return new ExprRenderer(Layout.inferenceFact()).render(aggregate.expression());
    }

    @Test
    void expression_followsFromTheFold() {
        assertThat(sql(Aggregate.of("a", Fold.COUNT))).isEqualTo("count()");
        assertThat(sql(Aggregate.of("a", Fold.COUNT, COST))).isEqualTo("count(cost)");
        assertThat(sql(Aggregate.countIf("a", CACHED))).isEqualTo("countIf(cached)");
        assertThat(sql(Aggregate.of("a", Fold.SUM, COST))).isEqualTo("sum(cost)");
        assertThat(sql(Aggregate.where("a", Fold.MAX, COST, CACHED))).isEqualTo("maxIf(cost, cached)");
        assertThat(sql(Aggregate.quantiles("a", List.of(0.5, 0.99), COST, CACHED)))
                .isEqualTo("quantilesExactInclusiveIf(0.5, 0.99)(cost, cached)");
    }

    @Test
    void expression_isMadeOnce() {
        Aggregate sum = Aggregate.of("a", Fold.SUM, COST);

        assertThat(sum.expression()).isSameAs(sum.expression());
    }

    @Test
    void of_refusesAFoldThatNeedsACondition() {
        assertThatThrownBy(() -> Aggregate.of("a", Fold.MIN, COST)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Aggregate.where("a", Fold.DISTINCT, COST, CACHED))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void merge_ofEveryColumnThatTheCatalogueComputes() {
        Map<Fold.Merge, String> examples = new TreeMap<>();
        for (Metric<?> metric : Metrics.all()) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                examples.merge(aggregate.fold().merge(), aggregate.alias(), (one, other) -> one);
            }
        }

        assertThat(examples)
                .containsEntry(Fold.Merge.SUM, "success_count")
                .containsEntry(Fold.Merge.MIN, "queuing_time_min")
                .containsEntry(Fold.Merge.MAX, "queuing_time_max")
                .containsEntry(Fold.Merge.NONE, "user_count")
                .hasSize(4);
    }

    @Test
    void merge_ofEstimatesNeedsStates_andOfPercentilesAllRequests() {
        assertThat(Internals.of(Metrics.UNIQUE_USERS_ESTIMATED).aggregates())
                .extracting(aggregate -> aggregate.fold().merge())
                .containsExactly(Fold.Merge.SUM, Fold.Merge.STATE);
        assertThat(Internals.of(Metrics.TTFT.withIntervals(Confidence.NINETY_PERCENT))
                        .aggregates())
                .filteredOn(Aggregate::array)
                .hasSize(2)
                .allMatch(aggregate -> aggregate.fold().merge() == Fold.Merge.NONE);
    }
}
