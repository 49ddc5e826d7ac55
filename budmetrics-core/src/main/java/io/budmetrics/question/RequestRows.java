package io.budmetrics.question;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.internal.sql.Item;
import io.budmetrics.internal.sql.NeededColumns;
import io.budmetrics.internal.sql.Relation;
import io.budmetrics.internal.sql.Scan;
import io.budmetrics.internal.sql.Select;
import io.budmetrics.internal.sql.StatementContext;
import io.budmetrics.internal.sql.StatementDraft;
import io.budmetrics.internal.time.Micros;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * A statement that lists requests with some of their columns, made by {@link SqlContext#requests}. A value: every call
 * returns a new one and leaves the old one as it was.
 *
 * <pre>{@code
 * context.requests(range)
 *     .where(MODEL.is(model))
 *     .columns(InferenceFact.INFERENCE_ID, InferenceFact.RESPONSE_TIME_US)
 *     .largestFirst(InferenceFact.RESPONSE_TIME_US)
 *     .limit(10)
 *     .statement(columns -> ...)
 * }</pre>
 */
public final class RequestRows {
    private static final int MOST_ROWS = 1_000_000;

    private final StatementContext context;
    private final TimeRange range;
    private List<Filter> filters = List.of();
    private TrafficSource traffic = TrafficSource.INFERENCE;
    private List<Column> columns = List.of();
    private List<String> order = List.of();
    private List<Column> orderedBy = List.of();
    private int limit = 0;

    RequestRows(StatementContext context, TimeRange range) {
        this.context = context;
        this.range = range;
        Instant ignored = range.end();
    }

    private RequestRows copy() {
        RequestRows copy = new RequestRows(context, range);
        copy.filters = filters;
        copy.traffic = traffic;
        copy.columns = columns;
        copy.order = order;
        copy.orderedBy = orderedBy;
        copy.limit = limit;
        return copy;
    }

    /**
     * Keeps requests that meet all conditions; repeated calls accumulate.
     *
     * @param more such as <code>PROJECT.is(id)</code>
     * @return a new value
     * @throws BudMetricsException INVALID_QUERY when they are more than a question may have
     */
    public RequestRows where(Filter... more) {
        return where(List.of(more));
    }

    /**
     * Keeps requests that meet all conditions; repeated calls accumulate.
     *
     * @param more such as <code>PROJECT.is(id)</code>
     * @return a new value
     * @throws BudMetricsException INVALID_QUERY when they are more than a question may have
     */
    public RequestRows where(List<Filter> more) {
        RequestRows copy = copy();
        copy.filters = joined(filters, more);
        Filter.requireModest(copy.filters);
        return copy;
    }

    /**
     * Sets which kind of traffic is listed; plain inference by default.
     *
     * @param source the kind of traffic
     * @return a new value
     */
    public RequestRows traffic(TrafficSource source) {
        RequestRows copy = copy();
        copy.traffic = Objects.requireNonNull(source, "source is null");
        return copy;
    }

    /**
     * Adds columns of the result, by their logical names; repeated calls accumulate.
     *
     * @param more columns of the logical table, such as <code>InferenceFact.MODEL_ID</code>
     * @return a new value
     */
    public RequestRows columns(Column... more) {
        RequestRows copy = copy();
        copy.columns = joined(columns, List.of(more));
        return copy;
    }

    /**
     * Orders the requests by a column, after the orders of earlier calls; requests without a value come last.
     *
     * @param column of the logical table
     * @return a new value
     */
    public RequestRows largestFirst(Column column) {
        return ordered(column, " DESC NULLS LAST");
    }

    /**
     * Orders the requests by a column, after the orders of earlier calls; requests without a value come last.
     *
     * @param column of the logical table
     * @return a new value
     */
    public RequestRows smallestFirst(Column column) {
        return ordered(column, " ASC NULLS LAST");
    }

    private RequestRows ordered(Column column, String direction) {
        RequestRows copy = copy();
        copy.order = joined(order, List.of(column.name() + direction));
        copy.orderedBy = joined(orderedBy, List.of(column));
        return copy;
    }

    /**
     * Limits the number of requests in the list.
     *
     * @param rows 1 to 1,000,000
     * @return a new value
     * @throws BudMetricsException INVALID_QUERY for another number
     */
    public RequestRows limit(int rows) {
        if (rows < 1 || rows > MOST_ROWS) {
            throw BudMetricsException.invalidQuery("limit is " + rows + "; give 1 to " + MOST_ROWS);
        }
        RequestRows copy = copy();
        copy.limit = rows;
        return copy;
    }

    /**
     * Builds the statement.
     *
     * @param reader turns the columns into the answer; pure, called at most once a run
     * @param <A> the answer
     * @return one SELECT, its parameters and the reader
     * @throws BudMetricsException INVALID_QUERY when no column is named, or the layout lacks one
     */
    public <A> SqlStatement<A> statement(Function<Columns, A> reader) {
        Objects.requireNonNull(reader, "reader is null");
        if (columns.isEmpty()) {
            throw BudMetricsException.invalidQuery(
                    "columns is empty; give at least one, such as InferenceFact.INFERENCE_ID");
        }
        StatementDraft draft = new StatementDraft(context);
        Relation relation =
                context.relation("requests", needed(), StatementDraft.instant("from"), StatementDraft.instant("to"));
        draft.add(SqlParameter.of("from", range.from()));
        draft.add(SqlParameter.of("to", range.end()));
        Scan scan = Scan.of(
                relation,
                StatementDraft.instant("from"),
                StatementDraft.instant("to"),
                List.of(),
                draft.conditions(filters, traffic));
        Select select = Select.of(
                        columns.stream().map(Column::name).map(Item::of).toList(), scan)
                .with(relation)
                .orderBy(order)
                .limit(limit);
        return draft.statement(select, reader);
    }

    /**
     * Describes what the statement reads.
     *
     * @return tables, columns and range of one scan
     * @throws BudMetricsException INVALID_QUERY as {@link #statement}
     */
    public Facts facts() {
        Set<String> needed = needed();
        OptionalLong most = limit == 0 ? OptionalLong.empty() : OptionalLong.of((long) limit * columns.size());
        return new Facts(
                context.tables(needed),
                InferenceFact.columns().stream()
                        .map(Column::name)
                        .filter(needed::contains)
                        .toList(),
                Micros.instant(Micros.roundedUp(range.from())),
                range.end(),
                new Facts.Cells(1, most),
                1,
                statement(Columns::rowCount));
    }

    private Set<String> needed() {
        NeededColumns needed = new NeededColumns(context.layout());
        columns.forEach(column -> needed.add(column, "a list"));
        orderedBy.forEach(column -> needed.add(column, "the order of a list"));
        needed.addRequests(filters, context.scope(), traffic);
        return needed.names();
    }

    private static <T> List<T> joined(List<T> before, List<T> more) {
        List<T> joined = new ArrayList<>(before);
        joined.addAll(more);
        return List.copyOf(joined);
    }
}
