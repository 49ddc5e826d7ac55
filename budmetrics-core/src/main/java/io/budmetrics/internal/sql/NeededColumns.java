package io.budmetrics.internal.sql;

import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.TopN;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The logical columns that a question needs of a layout, which refuses what it does not have. */
public final class NeededColumns {
    private static final List<String> SPAN = List.of(Aggregate.SPAN_START, Aggregate.SPAN_END);

    private final Layout layout;
    private final SortedSet<String> names = new TreeSet<>();

    private NeededColumns(Layout layout) {
        this.layout = layout;
    }

    /** In alphabetical order. */
    public static Set<String> of(AnalyticsQuestion question, List<Filter> scope, Layout layout) {
        NeededColumns needed = new NeededColumns(layout);
        needed.names.add(InferenceFact.REQUEST_ARRIVAL_TIME.name());
        for (Metric<?> metric : question.metrics()) {
            for (Aggregate aggregate : metric.aggregates()) {
                needed.addAll(aggregate.expression(), "metric " + metric);
            }
        }
        for (Dimension<?> dimension : question.groupBy()) {
            needed.addAll(dimension.value(), "grouping by " + dimension);
        }
        question.top().map(TopN::by).ifPresent(by -> needed.addAll(by.ranking(), "ranking by " + by));
        for (Having having : question.having()) {
            needed.addAll(having.metric().ranking(), "having of " + having.metric());
        }
        for (Filter filter : question.filters()) {
            filter.accept(needed.new OfFilter("filter on "));
        }
        for (Filter filter : scope) {
            filter.accept(needed.new OfFilter("scope on "));
        }
        needed.add(question.trafficSource());
        return needed.names;
    }

    private void add(TrafficSource source) {
        if (source == TrafficSource.INFERENCE) {
            look(
                    InferenceFact.PROMPT_ID.name(),
                    "traffic INFERENCE",
                    "ask for TrafficSource.ALL, or say unknown(InferenceFact.PROMPT_ID) in the layout when no request came"
                            + " through a stored prompt");
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
            addAll(dimension.value(), what + dimension);
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
            addAll(quantity.value(), what + quantity);
            quantity.measured().ifPresent(measured -> addAll(measured, what + quantity));
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
            Optional<Expr> computed = layout.computed(name);
            if (computed.isPresent()) {
                addAll(computed.get(), what);
            } else if (SPAN.contains(name)) {
                add(InferenceFact.RESPONSE_TIME_US, what);
            } else if (subjects.contains(name)) {
                require(name, what);
            } else {
                look(
                        name,
                        what,
                        "name it in the layout, or say there that it is unknown, when nothing is known of it of any request");
            }
        }
    }

    private void add(Column column, String what) {
        require(column.name(), what);
    }

    /** What a question is about must be there. */
    private void require(String name, String what) {
        if (!layout.has(name)) {
            throw refused(
                    name,
                    what,
                    layout.unknown(name)
                            ? "which is said to be unknown of every request; ask without it"
                            : "which is not there; ask without it, or name it in the layout");
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
