package io.budmetrics.question;

import io.budmetrics.filter.Filter;
import io.budmetrics.internal.access.HasInternals;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.sql.StatementContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.time.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The context that statements are written with: where the columns are stored, and which requests may be read. Immutable and
 * safe for use by many threads; keep one, since it holds the catalogue's expressions in the terms of the layout.
 *
 * <p>A client has one. Tests of a service make their own to look at the SQL of a question without a server:
 * <code>question.statement(SqlContext.of(Layout.inferenceFact())).sql()</code>.
 */
public final class SqlContext extends HasInternals<StatementContext> {
    private SqlContext(StatementContext context) {
        super(context);
    }

    /**
     * Creates a context without a scope.
     *
     * @param layout where the columns lie
     * @return the context
     */
    public static SqlContext of(Layout layout) {
        return new SqlContext(StatementContext.of(Objects.requireNonNull(layout, "layout is null")));
    }

    /**
     * Creates a context whose statements read only requests within a scope: its condition is part of every scan, in
     * addition to the filters of the question. Scoped again, both must hold.
     *
     * @param scope such as <code>PROJECT.in(id)</code>
     * @return a context for the same layout
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when the scopes have more conditions than a question may
     */
    public SqlContext scopedTo(Filter scope) {
        Objects.requireNonNull(scope, "scope is null");
        List<Filter> both = new ArrayList<>(Internals.of(this).scope());
        both.add(scope);
        return new SqlContext(Internals.of(this).withScope(both.size() == 1 ? both : List.of(new Filter.All(both))));
    }

    /**
     * Returns whether the statements of this context have a scope.
     *
     * @return true after {@link #scopedTo}
     */
    public boolean isScoped() {
        return !Internals.of(this).scope().isEmpty();
    }

    /**
     * Returns the layout, which describes where the columns are stored.
     *
     * @return the layout
     */
    public Layout layout() {
        return Internals.of(this).layout();
    }

    /**
     * Starts a statement that lists requests, for a kind of question that the caller defines. Every scan of it has the
     * scope.
     *
     * @param range with an end: <code>to</code>, <code>asOf</code> or both
     * @return all requests of plain inference in the range, without columns yet
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when the range has no end
     */
    public RequestRows requests(TimeRange range) {
        return new RequestRows(Internals.of(this), range);
    }
}
