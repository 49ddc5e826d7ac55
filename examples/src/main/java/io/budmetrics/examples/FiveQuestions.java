package io.budmetrics.examples;

import static io.budmetrics.metric.Metrics.CACHE;
import static io.budmetrics.metric.Metrics.CONCURRENT_REQUESTS;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.FAILED_REQUESTS;
import static io.budmetrics.metric.Metrics.INPUT_TOKENS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.OUTPUT_TOKENS;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static io.budmetrics.metric.Metrics.THROUGHPUT;
import static io.budmetrics.metric.Metrics.TTFT;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.examples.support.AnswerTable;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metric;
import io.budmetrics.time.Frequency;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * The five questions that the quick start and the trace importer ask.
 *
 * @param from start of the window
 * @param to its end, exclusive
 * @param coarse the buckets of the overview
 * @param fine the buckets of the rhythm
 * @param fineFrom where the rhythm starts
 * @param by the dimension that is compared, such as models
 * @param rank the metric that ranks its top values
 * @param culprit the dimension for which failures are counted
 * @param scope filters on all questions; empty for all requests
 */
record FiveQuestions(
        Instant from,
        Instant to,
        Frequency coarse,
        Frequency fine,
        Instant fineFrom,
        Dimension<?> by,
        Metric<?> rank,
        Dimension<?> culprit,
        List<Filter> scope) {

    /** The same questions with a longer or shorter rhythm. */
    FiveQuestions rhythmFrom(Instant start) {
        return new FiveQuestions(from, to, coarse, fine, start, by, rank, culprit, scope);
    }

    private AnalyticsBuilder ask(Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(from, to)
                .traffic(TrafficSource.ALL)
                .where(scope.toArray(new Filter[0]));
    }

    /** All requests and tokens as one row. */
    AnalyticsQuestion total() {
        return ask(REQUEST_COUNT, INPUT_TOKENS, OUTPUT_TOKENS)
                .every(Frequency.WHOLE_RANGE)
                .build();
    }

    /** How many requests arrive, and how many succeed? */
    AnalyticsQuestion traffic() {
        return ask(REQUEST_COUNT, SUCCESSFUL_REQUESTS, INPUT_TOKENS, OUTPUT_TOKENS, CACHE)
                .every(coarse)
                .build();
    }

    /** How long do users wait? */
    AnalyticsQuestion speed() {
        return ask(REQUEST_COUNT, LATENCY.withPercentiles(0.5, 0.95, 0.99), TTFT.withPercentiles(0.95), THROUGHPUT)
                .every(Frequency.WHOLE_RANGE)
                .groupBy(by)
                .top(10, REQUEST_COUNT)
                .build();
    }

    /** Which values of the dimension cost most? */
    AnalyticsQuestion largest() {
        return ask(COST, REQUEST_COUNT, INPUT_TOKENS, OUTPUT_TOKENS)
                .every(Frequency.WHOLE_RANGE)
                .groupBy(by)
                .top(5, rank)
                .build();
    }

    /** Where do requests fail? */
    AnalyticsQuestion errors() {
        return ask(FAILED_REQUESTS, REQUEST_COUNT)
                .every(Frequency.WHOLE_RANGE)
                .groupBy(culprit)
                .top(5, FAILED_REQUESTS)
                .build();
    }

    /** When is it busy, compared with the bucket before? */
    AnalyticsQuestion rhythm() {
        return ask(REQUEST_COUNT, CONCURRENT_REQUESTS)
                .between(fineFrom, to)
                .every(fine)
                .withDelta()
                .build();
    }

    /** Asks all five and prints the answers. */
    void print(BudMetrics budMetrics, BiFunction<Dimension<?>, Object, String> names, PrintStream out) {
        String each = by.name().replace('_', ' ');
        AnswerTable.print("1. Traffic", budMetrics.execute(traffic()), names, out);
        AnswerTable.print("2. Speed by " + each, budMetrics.execute(speed()), names, out);
        AnswerTable.print(
                "3. Top 5 by " + rank.title().toLowerCase(Locale.ROOT), budMetrics.execute(largest()), names, out);
        AnswerTable.print(
                "4. Most failures by " + culprit.name().replace('_', ' '), budMetrics.execute(errors()), names, out);
        AnswerTable.print(
                "5. Rhythm, with the change against the bucket before", budMetrics.execute(rhythm()), names, out);
    }
}
