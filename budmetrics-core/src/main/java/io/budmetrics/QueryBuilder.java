package io.budmetrics;

import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;

/**
 * Creates questions.
 *
 * <pre>{@code
 * AnalyticsQuestion question = QueryBuilder.analytics()
 *     .metrics(REQUEST_COUNT, LATENCY)
 *     .between(from, to).every(Frequency.DAY)
 *     .where(PROJECT.in(projectA, projectB))
 *     .groupBy(MODEL).top(5).withDelta()
 *     .build();
 * }</pre>
 */
public final class QueryBuilder {
    private QueryBuilder() {}

    /**
     * Starts a question about traffic over time.
     *
     * @return a builder: by calendar day, of plain inference, without groups, every bucket shown
     */
    public static AnalyticsBuilder analytics() {
        return AnalyticsQuestion.builder();
    }
}
