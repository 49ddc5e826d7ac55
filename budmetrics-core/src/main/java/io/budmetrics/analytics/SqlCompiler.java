package io.budmetrics.analytics;

import io.budmetrics.filter.Filter;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.internal.sql.ExprRenderer;
import io.budmetrics.internal.sql.SourceSql;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Turns questions into statements for one layout. Pure: the same question always gives the same text. Immutable and
 * safe for use by many threads; keep one, since it has the catalogue's expressions written out.
 */
public final class SqlCompiler {
    private final Layout layout;
    private final ExprRenderer renderer;
    private final String source;
    private final boolean translates;
    /** By identity, since comparing expressions costs more than writing them. */
    private final IdentityHashMap<Aggregate, Written> written;

    private final List<Filter> scope;

    private final IdentityHashMap<Metric<?>, Ranking> rankings;

    /**
     * What groups are ranked by.
     *
     * @param sql itself
     * @param running whether it speaks of running requests
     * @param computed the computed columns it names, as items of a WITH clause
     */
    record Ranking(String sql, boolean running, List<String> computed) {}

    /**
     * An aggregate as an item of a SELECT.
     *
     * @param alias what its column is called
     * @param item itself
     * @param empty its column without a value
     * @param running whether it speaks of running requests, not of those that arrived
     * @param addsUp whether the number of several groups together is the sum of theirs
     * @param computed the computed columns it names, as items of a WITH clause
     */
    record Written(String alias, Item item, Item empty, boolean running, boolean addsUp, List<String> computed) {
        static Written of(Aggregate aggregate, String sql, List<String> computed) {
            String as = " AS " + aggregate.alias();
            return new Written(
                    aggregate.alias(),
                    Item.of(sql + as),
                    Item.of((aggregate.array() ? "[]" : "NULL") + as),
                    runs(aggregate),
                    aggregate.fold().merge() == Fold.Merge.SUM,
                    computed);
        }
    }

    /** An item behind a comma on its own line: of the outermost SELECT, and of one inside. */
    record Item(String outer, String inner) {
        static Item of(String text) {
            return new Item(",\n    " + text, ",\n        " + text);
        }
    }

    private SqlCompiler(SqlCompiler unscoped, List<Filter> scope) {
        this.layout = unscoped.layout;
        this.renderer = unscoped.renderer;
        this.source = unscoped.source;
        this.translates = unscoped.translates;
        this.written = unscoped.written;
        this.rankings = unscoped.rankings;
        this.scope = scope;
    }

    private SqlCompiler(Layout layout) {
        this.layout = Objects.requireNonNull(layout, "layout is null");
        this.written = new IdentityHashMap<>();
        this.rankings = new IdentityHashMap<>();
        this.scope = List.of();
        this.renderer = new ExprRenderer(layout);
        this.translates = !layout.sources().isEmpty();
        this.source = translates ? SourceSql.REQUESTS : layout.table() + (layout.uniqueRows() ? "" : " FINAL");
        for (Metric<?> metric : Metrics.all()) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                written.put(aggregate, write(aggregate, renderer));
            }
            rankings.put(metric, writeRanking(metric, renderer));
        }
    }

    /**
     * A compiler for a layout.
     *
     * @param layout where the columns lie
     * @return the compiler
     */
    public static SqlCompiler forLayout(Layout layout) {
        return new SqlCompiler(layout);
    }

    /**
     * A compiler of statements that never leave a scope: its condition stands in every part of them that reads the table,
     * beside what the question says. Scoped again, both must hold.
     *
     * @param newScope such as <code>PROJECT.in(id)</code>
     * @return a compiler for the same layout
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when the scopes have more conditions than a question may
     */
    public SqlCompiler scopedTo(Filter newScope) {
        Objects.requireNonNull(newScope, "scope is null");
        List<Filter> both = new ArrayList<>(scope);
        both.add(newScope);
        return new SqlCompiler(this, both.size() == 1 ? both : List.of(new Filter.All(both)));
    }

    /**
     * Whether its statements have a scope.
     *
     * @return true after {@link #scopedTo}
     */
    public boolean scoped() {
        return !scope.isEmpty();
    }

    List<Filter> scope() {
        return scope;
    }

    /**
     * The statement that answers a question.
     *
     * @param question with an end: <code>to</code>, <code>asOf</code> or both
     * @return one SELECT, its parameters, and how its result becomes the answer
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when the question has no end, or too many buckets, or
     *     needs a column that the layout does not have
     */
    public SqlStatement<AnalyticsAnswer> compile(AnalyticsQuestion question) {
        return new AnalyticsSql(this, Objects.requireNonNull(question, "question is null")).statement();
    }

    /**
     * How often a statement reads the range only to choose groups, before it reads what it tells of them: once for a ranking
     * and once for conditions on groups, but never where one scan does it all.
     *
     * @param question as for {@link #compile}
     * @return 0, 1 or 2
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when the question has no end, or too many buckets
     */
    public int scansToChooseGroups(AnalyticsQuestion question) {
        return new AnalyticsSql(this, Objects.requireNonNull(question, "question is null")).scansToChooseGroups();
    }

    Layout layout() {
        return layout;
    }

    /** What is read, as it stands after FROM. */
    String source() {
        return source;
    }

    /** Whether the columns of the layout's tables have to be made logical ones first. */
    boolean translates() {
        return translates;
    }

    ExprRenderer renderer() {
        return renderer;
    }

    Written text(Aggregate aggregate, ExprRenderer ofStatement) {
        Written text = written.get(aggregate);
        return text == null ? write(aggregate, ofStatement) : text;
    }

    private Written write(Aggregate aggregate, ExprRenderer with) {
        return Written.of(aggregate, with.render(aggregate.expression()), computedIn(aggregate.expression()));
    }

    Ranking ranking(Metric<?> metric, ExprRenderer ofStatement) {
        Ranking ranking = rankings.get(metric);
        return ranking == null ? writeRanking(metric, ofStatement) : ranking;
    }

    private Ranking writeRanking(Metric<?> metric, ExprRenderer with) {
        return new Ranking(
                with.render(Internals.of(metric).ranking()),
                Internals.of(metric).aggregates().stream().anyMatch(SqlCompiler::runs),
                computedIn(Internals.of(metric).ranking()));
    }

    private static boolean runs(Aggregate aggregate) {
        return aggregate.population() == Aggregate.Population.IN_FLIGHT;
    }

    /** The computed columns that an expression names. */
    private List<String> computedIn(Expr expression) {
        Set<String> names = expression.names();
        return layout.computedColumns().stream()
                .filter(names::contains)
                .map(column -> renderer.renderInline(Expr.name(column)) + " AS " + column)
                .toList();
    }
}
