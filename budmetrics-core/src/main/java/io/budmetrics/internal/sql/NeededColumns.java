package io.budmetrics.internal.sql;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.QuantitySql;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import java.util.List;
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
        filters.forEach(filter -> filter.accept(new OfFilter("filter on ")));
        scope.forEach(filter -> filter.accept(new OfFilter("scope on ")));
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

    /** Adds what the conditions of a filter read. */
    private final class OfFilter implements Filter.Visitor<NeededColumns> {
        private final String what;

        OfFilter(String what) {
            this.what = what;
        }

        @Override
        public NeededColumns visit(Filter.In filter) {
            return dimension(filter.dimension());
        }

        @Override
        public NeededColumns visit(Filter.Missing filter) {
            return dimension(filter.dimension());
        }

        private NeededColumns dimension(Dimension<?> dimension) {
            addAll(Internals.of(dimension).value(), what + dimension);
            return NeededColumns.this;
        }

        @Override
        public NeededColumns visit(Filter.Bound filter) {
            return quantity(filter.quantity());
        }

        @Override
        public NeededColumns visit(Filter.Unmeasured filter) {
            return quantity(filter.quantity());
        }

        private NeededColumns quantity(Quantity<?> quantity) {
            QuantitySql<?> sql = Internals.of(quantity);
            addAll(sql.value(), what + quantity);
            sql.condition().ifPresent(measured -> addAll(measured, what + quantity));
            return NeededColumns.this;
        }

        @Override
        public NeededColumns visit(Filter.Not filter) {
            return filter.filter().accept(this);
        }

        @Override
        public NeededColumns visit(Filter.All filter) {
            return several(filter.filters());
        }

        @Override
        public NeededColumns visit(Filter.Any filter) {
            return several(filter.filters());
        }

        private NeededColumns several(List<Filter> filters) {
            filters.forEach(filter -> filter.accept(this));
            return NeededColumns.this;
        }
    }

    private void addAll(Expr expr, String what) {
        Set<String> subjects = expr.subjects();
        for (String name : expr.names()) {
            Expr computed = Internals.of(layout).computed().get(name);
            if (computed != null) {
                addAll(computed, what);
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
