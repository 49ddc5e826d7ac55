package io.budmetrics.analytics;

import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.filter.Dimension;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.sql.NeededColumns;
import io.budmetrics.internal.sql.StatementContext;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import java.util.Set;

/** The logical columns that a question needs. */
final class AnalyticsColumns {
    private AnalyticsColumns() {}

    /** In alphabetical order; a column that the layout lacks is an error that names the part of the question. */
    static Set<String> of(AnalyticsQuestion question, StatementContext context) {
        NeededColumns needed = new NeededColumns(context.layout());
        for (Metric<?> metric : question.metrics()) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                needed.add(aggregate.expression(), "metric " + metric);
            }
        }
        for (Dimension<?> dimension : question.groupBy()) {
            needed.add(Internals.of(dimension).value(), "grouping by " + dimension);
        }
        question.top().map(TopN::by).ifPresent(by -> needed.add(Internals.of(by).ranking(), "ranking by " + by));
        for (Having having : question.having()) {
            needed.add(Internals.of(having.metric()).ranking(), "having of " + having.metric());
        }
        needed.addRequests(question.filters(), context.scope(), question.trafficSource());
        return needed.names();
    }
}
