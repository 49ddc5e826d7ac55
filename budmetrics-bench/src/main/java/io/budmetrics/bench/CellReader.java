package io.budmetrics.bench;

import io.budmetrics.metric.CacheUse;
import io.budmetrics.metric.Concurrency;
import io.budmetrics.metric.Count;
import io.budmetrics.metric.DurationStatistics;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Share;
import io.budmetrics.metric.Throughput;
import io.budmetrics.metric.TokenTotal;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.Dimension;
import io.budmetrics.result.AnalyticsAnswer;
import io.budmetrics.result.Delta;
import io.budmetrics.result.Row;
import java.util.List;
import java.util.OptionalDouble;

/** Reads every cell of an answer, as a service would that passes all of it on. */
final class CellReader {
    private CellReader() {}

    /** The sum of everything, so that nothing can be left out. */
    static double sum(AnalyticsAnswer answer) {
        AnalyticsQuestion question = answer.question();
        List<Metric<?>> metrics = question.metrics();
        List<Dimension<?>> dimensions = question.groupBy();
        boolean deltas = question.withDelta();
        double sum = 0;
        for (Row row : answer.rows()) {
            sum += row.period().from().getEpochSecond();
            for (Dimension<?> dimension : dimensions) {
                sum += row.group().get(dimension).hashCode();
            }
            for (Metric<?> metric : metrics) {
                sum += value(row.get(metric));
                if (deltas) {
                    Delta delta = row.delta(metric);
                    sum += or0(delta.change()) + or0(delta.ratio());
                }
            }
        }
        return sum;
    }

    private static double value(Object value) {
        if (value instanceof Count count) {
            return count.count();
        }
        if (value instanceof Share share) {
            return share.count().orElse(0) + or0(share.ratio());
        }
        if (value instanceof DurationStatistics time) {
            return or0(time.mean()) + or0(time.percentile(0.95)) + or0(time.percentile(0.99));
        }
        if (value instanceof TokenTotal tokens) {
            return tokens.total().orElse(0);
        }
        if (value instanceof Concurrency concurrency) {
            return concurrency.peak().orElse(0);
        }
        if (value instanceof Throughput throughput) {
            return or0(throughput.tokensPerSecond());
        }
        if (value instanceof CacheUse cache) {
            return or0(cache.hitRatio()) + cache.hitCount().orElse(0) + or0(cache.meanHitLatency());
        }
        throw new IllegalArgumentException("no such value: " + value.getClass());
    }

    private static double or0(OptionalDouble value) {
        return value.orElse(0);
    }
}
