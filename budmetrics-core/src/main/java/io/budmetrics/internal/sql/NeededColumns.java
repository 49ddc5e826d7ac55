package io.budmetrics.internal.sql;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects the logical columns that a question needs of a layout, and rejects those that the layout lacks. */
public final class NeededColumns {
    private static final List<String> SPAN = List.of(Aggregate.SPAN_START, Aggregate.SPAN_END);

    private final Layout layout;
    private final SortedSet<String> names = new TreeSet<>();

    /**
     * Begins with the arrival time, which every scan needs.
     *
     * @param layout where the columns lie
     */
    public NeededColumns(Layout layout) {
        this.layout = layout;
        names.add(InferenceFact.REQUEST_ARRIVAL_TIME.name());
    }

    /**
     * The columns so far.
     *
     * @return logical names in alphabetical order
     */
    public Set<String> names() {
        return names;
    }

    /**
     * Adds a logical column.
     *
     * @param column the column
     * @param what the part of a question that needs it
     * @throws BudMetricsException INVALID_QUERY when the layout lacks the column
     */
    public void add(Column column, String what) {
        require(column.name(), what);
    }

    /**
     * Adds the columns of an expression.
     *
     * @param expr over logical columns
     * @param what the part of a question that needs it
     * @throws BudMetricsException INVALID_QUERY when the layout lacks one of them
     */
    public void add(Expr expr, String what) {
        addAll(expr, what);
    }

    /**
     * Adds what decides which requests a statement is about.
     *
     * @param filters of the question
     * @param scope of the context
     * @param traffic which requests
     * @throws BudMetricsException INVALID_QUERY when the layout lacks one of the columns
     */
    public void addRequests(List<Filter> filters, List<Filter> scope, TrafficSource traffic) {
        filters.forEach(filter -> addAll(filter, "filter on "));
        scope.forEach(filter -> addAll(filter, "scope on "));
        add(traffic);
    }

    private void add(TrafficSource source) {
        if (source == TrafficSource.INFERENCE) {
            look(
                    InferenceFact.PROMPT_ID.name(),
                    "traffic INFERENCE",
                    "ask for TrafficSource.ALL, or declare unknown(InferenceFact.PROMPT_ID) in the layout when no request"
                            + " came through a stored prompt");
        } else if (source == TrafficSource.PROMPT) {
            add(InferenceFact.PROMPT_ID, "traffic PROMPT");
        }
    }

    private void addAll(Filter filter, String what) {
        if (filter instanceof Filter.In in) {
            addAll(in.dimension().value(), what + in.dimension());
        } else if (filter instanceof Filter.Missing missing) {
            addAll(missing.dimension().value(), what + missing.dimension());
        } else if (filter instanceof Filter.Bound bound) {
            addAll(bound.quantity().value(), what + bound.quantity());
            bound.quantity().measured().ifPresent(measured -> addAll(measured, what + bound.quantity()));
        } else if (filter instanceof Filter.Unmeasured unmeasured) {
            addAll(unmeasured.quantity().value(), what + unmeasured.quantity());
            unmeasured.quantity().measured().ifPresent(measured -> addAll(measured, what + unmeasured.quantity()));
        } else if (filter instanceof Filter.Not not) {
            addAll(not.filter(), what);
        } else if (filter instanceof Filter.All all) {
            all.filters().forEach(one -> addAll(one, what));
        } else if (filter instanceof Filter.Any any) {
            any.filters().forEach(one -> addAll(one, what));
        }
    }

    private void addAll(Expr expr, String what) {
        Set<String> subjects = expr.subjects();
        for (String name : expr.names()) {
            Optional<Expr> computed = layout.computed(name);
            if (computed.isPresent()) {
                addAll(computed.get(), what);
            } else if (SPAN.contains(name)) {
                add(InferenceFact.RESPONSE_TIME_US, what);
            } else if (subjects.contains(name)) {
                require(name, what);
            } else {
                look(name, what, "map the column in the layout, or declare it unknown()");
            }
        }
    }

    /** What a question is about must be there. */
    private void require(String name, String what) {
        if (!layout.has(name)) {
            throw refused(
                    name,
                    what,
                    layout.unknown(name)
                            ? "which is declared unknown; ask without it"
                            : "which is not there; ask without it, or map the column in the layout");
        }
        names.add(name);
    }

    /** What a question only looks at may be said to be unknown. */
    private void look(String name, String what, String instead) {
        if (!layout.has(name) && !layout.unknown(name)) {
            throw refused(name, what, "which is not there; " + instead);
        }
        names.add(name);
    }

    private BudMetricsException refused(String name, String what, String reason) {
        return BudMetricsException.invalidQuery(what + " needs " + name + " of " + layout.table() + ", " + reason);
    }
}
