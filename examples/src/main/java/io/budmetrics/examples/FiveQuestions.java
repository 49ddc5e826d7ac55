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
 * @param whole one period as long as the window
 * @param coarse the periods of the overview
 * @param fine the periods of the rhythm
 * @param fineFrom where the rhythm starts
 * @param by what is compared with each other, such as models
 * @param rank what the largest are the largest of
 * @param culprit what failures are counted for
 * @param scope whose requests; empty for everybody's
 */
record FiveQuestions(
        Instant from,
        Instant to,
        Frequency whole,
        Frequency coarse,
        Frequency fine,
        Instant fineFrom,
        Dimension<?> by,
        Metric<?> rank,
        Dimension<?> culprit,
        List<Filter> scope) {

    /** The same questions with a longer or shorter rhythm. */
    FiveQuestions rhythmFrom(Instant start) {
        return new FiveQuestions(from, to, whole, coarse, fine, start, by, rank, culprit, scope);
    }

    private AnalyticsBuilder ask(Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(from, to)
                .traffic(TrafficSource.ALL)
                .where(scope.toArray(new Filter[0]));
    }

    /** The size of it all. */
    AnalyticsQuestion total() {
        return ask(REQUEST_COUNT, INPUT_TOKENS, OUTPUT_TOKENS).every(whole).build();
    }

    /** How much is asked of us, and does it work? */
    AnalyticsQuestion traffic() {
        return ask(REQUEST_COUNT, SUCCESSFUL_REQUESTS, INPUT_TOKENS, OUTPUT_TOKENS, CACHE)
                .every(coarse)
                .build();
    }

    /** How long does one wait? */
    AnalyticsQuestion speed() {
        return ask(REQUEST_COUNT, LATENCY.withPercentiles(0.5, 0.95, 0.99), TTFT.withPercentiles(0.95), THROUGHPUT)
                .every(whole)
                .groupBy(by)
                .top(10, REQUEST_COUNT)
                .build();
    }

    /** Where does the money go? */
    AnalyticsQuestion largest() {
        return ask(COST, REQUEST_COUNT, INPUT_TOKENS, OUTPUT_TOKENS)
                .every(whole)
                .groupBy(by)
                .top(5, rank)
                .build();
    }

    /** Who suffers? */
    AnalyticsQuestion errors() {
        return ask(FAILED_REQUESTS, REQUEST_COUNT)
                .every(whole)
                .groupBy(culprit)
                .top(5, FAILED_REQUESTS)
                .build();
    }

    /** When is it busy, compared with the period before? */
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
                "5. Rhythm, with the change against the period before", budMetrics.execute(rhythm()), names, out);
    }
}
