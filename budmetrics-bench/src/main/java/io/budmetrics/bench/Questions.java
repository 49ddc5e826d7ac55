package io.budmetrics.bench;

import static io.budmetrics.metric.Metrics.CACHE;
import static io.budmetrics.metric.Metrics.CONCURRENT_REQUESTS;
import static io.budmetrics.metric.Metrics.FAILED_REQUESTS;
import static io.budmetrics.metric.Metrics.INPUT_TOKENS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.OUTPUT_TOKENS;
import static io.budmetrics.metric.Metrics.QUEUING_TIME;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static io.budmetrics.metric.Metrics.THROUGHPUT;
import static io.budmetrics.metric.Metrics.TTFT;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.filter.Dimension;
import io.budmetrics.time.Frequency;
import java.time.Instant;
import java.util.UUID;

/** The questions that are measured. */
final class Questions {
    static final Instant FROM = Instant.parse("2025-01-01T00:00:00Z");
    static final Instant TO = Instant.parse("2026-01-01T00:00:00Z");

    static final UUID PROJECT_A = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a1");
    static final UUID PROJECT_B = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a4");

    private Questions() {}

    /** One metric by day. */
    static AnalyticsQuestion one() {
        return QueryBuilder.analytics()
                .metrics(REQUEST_COUNT)
                .between(FROM, TO)
                .every(Frequency.DAY)
                .build();
    }

    /** Three metrics, grouped, filtered, the best five, with the change. */
    static AnalyticsQuestion typical() {
        return typical(Frequency.DAY);
    }

    /** The same by other buckets. */
    static AnalyticsQuestion typical(Frequency frequency) {
        return QueryBuilder.analytics()
                .metrics(REQUEST_COUNT, SUCCESSFUL_REQUESTS, LATENCY)
                .between(FROM, TO)
                .every(frequency)
                .where(Dimension.PROJECT.in(PROJECT_A, PROJECT_B))
                .groupBy(Dimension.MODEL)
                .top(5)
                .withDelta()
                .build();
    }

    /** All eleven metrics by three dimensions, with the change. */
    static AnalyticsQuestion all() {
        return eleven().groupBy(Dimension.PROJECT, Dimension.MODEL, Dimension.ENDPOINT)
                .withDelta()
                .build();
    }

    private static AnalyticsBuilder eleven() {
        return QueryBuilder.analytics()
                .metrics(
                        REQUEST_COUNT,
                        SUCCESSFUL_REQUESTS,
                        FAILED_REQUESTS,
                        QUEUING_TIME,
                        INPUT_TOKENS,
                        OUTPUT_TOKENS,
                        CONCURRENT_REQUESTS,
                        TTFT,
                        LATENCY,
                        THROUGHPUT,
                        CACHE)
                .between(FROM, TO)
                .every(Frequency.DAY);
    }

    /**
     * The question whose answer, in the flat form that the seed system reads (period, dimensions, and for each metric
     * its values and its two changes), has so many columns.
     */
    static AnalyticsQuestion ofWidth(int columns) {
        return switch (columns) {
            // period, model, count, tokens in and out, each with change
            case 8 ->
                QueryBuilder.analytics()
                        .metrics(REQUEST_COUNT, INPUT_TOKENS)
                        .between(FROM, TO)
                        .every(Frequency.DAY)
                        .groupBy(Dimension.MODEL)
                        .withDelta()
                        .build();
            case 18 ->
                QueryBuilder.analytics()
                        .metrics(REQUEST_COUNT, SUCCESSFUL_REQUESTS, LATENCY.withPercentiles(0.95, 0.99), OUTPUT_TOKENS)
                        .between(FROM, TO)
                        .every(Frequency.DAY)
                        .groupBy(Dimension.PROJECT, Dimension.MODEL)
                        .withDelta()
                        .build();
            case 56 -> all();
            default -> throw new IllegalArgumentException("no question of " + columns + " columns");
        };
    }
}
