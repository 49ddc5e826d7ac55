package io.budmetrics.bench;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.Row;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.CacheUse;
import io.budmetrics.metric.Concurrency;
import io.budmetrics.metric.Count;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Rate;
import io.budmetrics.metric.Share;
import io.budmetrics.metric.TokenTotal;
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
        List<List<Double>> percentiles =
                metrics.stream().map(CellReader::percentiles).toList();
        boolean deltas = question.withDelta();
        double sum = 0;
        for (Row row : answer.rows()) {
            sum += row.bucket().from().getEpochSecond();
            for (Dimension<?> dimension : dimensions) {
                sum += row.group().get(dimension).hashCode();
            }
            for (int m = 0; m < metrics.size(); m++) {
                Metric<?> metric = metrics.get(m);
                sum += value(row.get(metric), percentiles.get(m));
                if (deltas) {
                    Delta delta = row.delta(metric);
                    sum += or0(delta.change()) + or0(delta.ratio());
                }
            }
        }
        return sum;
    }

    private static List<Double> percentiles(Metric<?> metric) {
        return metric instanceof DistributionMetric duration ? duration.percentiles() : List.of();
    }

    private static double value(Object value, List<Double> percentiles) {
        if (value instanceof Count count) {
            return count.count();
        }
        if (value instanceof Share share) {
            return share.count().orElse(0) + or0(share.ratio());
        }
        if (value instanceof Distribution time) {
            double sum = or0(time.mean());
            for (double level : percentiles) {
                sum += or0(time.percentile(level));
            }
            return sum;
        }
        if (value instanceof TokenTotal tokens) {
            return tokens.total().orElse(0);
        }
        if (value instanceof Concurrency concurrency) {
            return concurrency.peak().orElse(0);
        }
        if (value instanceof Rate throughput) {
            return or0(throughput.perSecond());
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
