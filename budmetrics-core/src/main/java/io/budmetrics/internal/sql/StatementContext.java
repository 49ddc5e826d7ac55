package io.budmetrics.internal.sql;

import io.budmetrics.filter.Filter;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import java.util.List;
import java.util.Set;

/**
 * What the statements of one client are written with: a layout, the catalogue's expressions in its terms, and a scope that
 * is part of every scan. Immutable and safe for use by many threads.
 */
public final class StatementContext {
    private final Layout layout;
    private final ExprRenderer renderer;
    private final MetricSql metrics;
    private final List<Filter> scope;
    /** The table of a layout that has the logical columns. */
    private final Relation table;

    private StatementContext(Layout layout, ExprRenderer renderer, MetricSql metrics, List<Filter> scope) {
        this.layout = layout;
        this.renderer = renderer;
        this.metrics = metrics;
        this.scope = scope;
        this.table = new Relation(
                layout.uniqueRows() ? layout.table() : layout.table() + " FINAL", "", List.of(layout.table()));
    }

    /**
     * A context without a scope.
     *
     * @param layout where the columns lie
     * @return the context
     */
    public static StatementContext of(Layout layout) {
        ExprRenderer renderer = new ExprRenderer(layout);
        return new StatementContext(layout, renderer, new MetricSql(layout, renderer), List.of());
    }

    /**
     * The same with a scope instead of its own.
     *
     * @param newScope conditions that every request must meet
     * @return a new context for the same layout
     */
    public StatementContext withScope(List<Filter> newScope) {
        return new StatementContext(layout, renderer, metrics, List.copyOf(newScope));
    }

    /**
     * The layout.
     *
     * @return where the columns lie
     */
    public Layout layout() {
        return layout;
    }

    /**
     * The scope.
     *
     * @return conditions that every request must meet; empty for none
     */
    public List<Filter> scope() {
        return scope;
    }

    ExprRenderer renderer() {
        return renderer;
    }

    /**
     * The catalogue's aggregates and rankings.
     *
     * @return their text
     */
    public MetricSql metrics() {
        return metrics;
    }

    /**
     * Whether the columns of the layout's tables have to be translated into logical ones.
     *
     * @return false for a table that has the logical columns
     */
    public boolean translates() {
        return !Internals.of(layout).sources().isEmpty();
    }

    /**
     * The table of a layout that has the logical columns.
     *
     * @return what scans read where nothing is translated
     */
    public Relation table() {
        return table;
    }

    /**
     * The requests of a range, with logical columns.
     *
     * @param name what a translation is called
     * @param needed the logical columns that a translation yields
     * @param since the first moment that is read, as a reference to a parameter
     * @param until the moment after the last, likewise
     * @return the table, or the translation of the layout's tables
     */
    public Relation relation(String name, Set<String> needed, String since, String until) {
        if (translates()) {
            return new Relation(name, SourceSql.of(layout, name, needed, since, until), tables(needed));
        }
        return table;
    }

    /**
     * The tables that hold some columns.
     *
     * @param needed logical columns
     * @return the names of tables at the server, the one with the arrival times first
     */
    public List<String> tables(Set<String> needed) {
        return translates() ? SourceSql.tables(layout, needed) : List.of(layout.table());
    }

    /**
     * Whether this context, or one with the same scope, wrote a statement. A scope can be trusted only where it did.
     *
     * @param statement any statement
     * @return false also for every statement that was made from text
     */
    public boolean wrote(SqlStatement<?> statement) {
        return Internals.of(statement) instanceof ScopedReader<?> reader && reader.scope() == scope;
    }
}
