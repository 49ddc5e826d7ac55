package io.budmetrics.internal.sql;

import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.schema.Layout;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Aggregates and rankings as text. Those of the catalogue are written once for a layout. Immutable. */
public final class MetricSql {
    private final Layout layout;
    private final ExprRenderer renderer;
    /** By identity, since comparing expressions costs more than writing them. */
    private final IdentityHashMap<Aggregate, Written> written = new IdentityHashMap<>();

    private final IdentityHashMap<Metric<?>, Ranking> rankings = new IdentityHashMap<>();

    /**
     * What groups are ranked by.
     *
     * @param sql itself
     * @param running whether it is about requests in flight
     * @param computed the computed columns it names, as items of a WITH clause
     */
    public record Ranking(String sql, boolean running, List<String> computed) {}

    /**
     * An aggregate as an item of a SELECT.
     *
     * @param alias the name of its column
     * @param item itself
     * @param empty its column without a value
     * @param running whether it is about requests in flight, not about those that arrived
     * @param addsUp whether the number of several groups together is the sum of theirs
     * @param computed the computed columns it names, as items of a WITH clause
     */
    public record Written(
            String alias, Item item, Item empty, boolean running, boolean addsUp, List<String> computed) {}

    MetricSql(Layout layout, ExprRenderer renderer) {
        this.layout = layout;
        this.renderer = renderer;
        for (Metric<?> metric : Metrics.all()) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                written.put(aggregate, write(aggregate, renderer));
            }
            rankings.put(metric, writeRanking(metric, renderer));
        }
    }

    /**
     * An aggregate as an item.
     *
     * @param aggregate what is computed
     * @param ofStatement writes what the catalogue does not have
     * @return its text
     */
    public Written aggregate(Aggregate aggregate, ExprRenderer ofStatement) {
        Written text = written.get(aggregate);
        return text == null ? write(aggregate, ofStatement) : text;
    }

    /**
     * The headline value of a metric over a whole range.
     *
     * @param metric what groups are ranked by or held to
     * @param ofStatement writes what the catalogue does not have
     * @return its text
     */
    public Ranking ranking(Metric<?> metric, ExprRenderer ofStatement) {
        Ranking ranking = rankings.get(metric);
        return ranking == null ? writeRanking(metric, ofStatement) : ranking;
    }

    private Written write(Aggregate aggregate, ExprRenderer with) {
        String as = " AS " + aggregate.alias();
        return new Written(
                aggregate.alias(),
                Item.of(with.render(aggregate.expression()) + as),
                Item.of((aggregate.array() ? "[]" : "NULL") + as),
                runs(aggregate),
                aggregate.fold().merge() == Fold.Merge.SUM,
                computedIn(aggregate.expression()));
    }

    private Ranking writeRanking(Metric<?> metric, ExprRenderer with) {
        return new Ranking(
                with.render(Internals.of(metric).ranking()),
                Internals.of(metric).aggregates().stream().anyMatch(MetricSql::runs),
                computedIn(Internals.of(metric).ranking()));
    }

    private static boolean runs(Aggregate aggregate) {
        return aggregate.population() == Aggregate.Population.IN_FLIGHT;
    }

    /** The computed columns that an expression names. */
    private List<String> computedIn(Expr expression) {
        Set<String> names = expression.names();
        return Internals.of(layout).computedColumns().stream()
                .filter(names::contains)
                .map(column -> renderer.renderInline(Expr.name(column)) + " AS " + column)
                .toList();
    }
}
