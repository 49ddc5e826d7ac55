package io.budmetrics.internal.sql;

import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.TopN;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.internal.access.Internals;
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
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                needed.addAll(aggregate.expression(), "metric " + metric);
            }
        }
        for (Dimension<?> dimension : question.groupBy()) {
            needed.addAll(dimension.value(), "grouping by " + dimension);
        }
        question.top()
                .map(TopN::by)
                .ifPresent(by -> needed.addAll(Internals.of(by).ranking(), "ranking by " + by));
        for (Having having : question.having()) {
            needed.addAll(Internals.of(having.metric()).ranking(), "having of " + having.metric());
        }
        for (Filter filter : question.filters()) {
            needed.addAll(filter, "filter on ");
        }
        for (Filter filter : scope) {
            needed.addAll(filter, "scope on ");
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
