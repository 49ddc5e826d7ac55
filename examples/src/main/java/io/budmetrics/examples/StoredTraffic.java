package io.budmetrics.examples;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.Row;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Frequency;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What of some synthetic traffic a table holds already. */
final class StoredTraffic {
    private static final long MOST_DAYS_BY_HOUR = 366;

    private StoredTraffic() {}

    /**
     * The start of the last hour in which a request of the traffic's projects arrived, or of the last day when the range
     * is longer than a year.
     */
    static Optional<Instant> latestArrival(
            BudMetrics budMetrics, SyntheticTraffic traffic, Instant from, Instant until) {
        boolean byHour = Duration.between(from, until).toDays() <= MOST_DAYS_BY_HOUR;
        return budMetrics
                .execute(QueryBuilder.analytics()
                        .metrics(Metrics.REQUEST_COUNT)
                        .between(from, until)
                        .traffic(TrafficSource.ALL)
                        .where(Dimension.PROJECT.in(traffic.projects()))
                        .every(byHour ? Frequency.HOUR : Frequency.DAY)
                        .onlyBucketsWithTraffic()
                        .build())
                .rows()
                .stream()
                .filter(Row::hasTraffic)
                .map(row -> row.bucket().from())
                .max(Instant::compareTo);
    }

    /** All requests that a question counts between two moments, from all senders. */
    static long count(BudMetrics budMetrics, Instant from, Instant until) {
        return budMetrics
                .execute(QueryBuilder.analytics()
                        .metrics(Metrics.REQUEST_COUNT)
                        .between(from, until)
                        .traffic(TrafficSource.ALL)
                        .every(Frequency.WHOLE_RANGE)
                        .build())
                .rows()
                .get(0)
                .get(Metrics.REQUEST_COUNT)
                .count();
    }
}
