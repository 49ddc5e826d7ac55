package io.budmetrics.clickhouse.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.clickhouse.oracle.Ask.AskedMetric;
import io.budmetrics.clickhouse.oracle.Ask.Condition;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Cell;
import io.budmetrics.clickhouse.oracle.OracleAnswer.GroupKey;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Line;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Span;
import io.budmetrics.metric.Absence;
import io.budmetrics.metric.CacheUse;
import io.budmetrics.metric.Concurrency;
import io.budmetrics.metric.Cost;
import io.budmetrics.metric.Count;
import io.budmetrics.metric.DurationMetric;
import io.budmetrics.metric.DurationStatistics;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Share;
import io.budmetrics.metric.Throughput;
import io.budmetrics.metric.TokenTotal;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.Dimension;
import io.budmetrics.query.Filter;
import io.budmetrics.query.TopN;
import io.budmetrics.result.AnalyticsAnswer;
import io.budmetrics.result.Delta;
import io.budmetrics.result.Group;
import io.budmetrics.result.Period;
import io.budmetrics.result.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Questions and answers of the library in the oracle's words. */
final class Translation {
    private Translation() {}

    static Ask ask(AnalyticsQuestion question) {
        Instant end = question.to().orElse(Instant.MAX);
        Instant asOf = question.asOf().orElse(Instant.MAX);
        if (asOf.isBefore(end)) {
            end = asOf;
        }
        List<AskedMetric> metrics = new ArrayList<>();
        for (Metric<?> metric : question.metrics()) {
            metrics.add(asked(metric));
        }
        List<Condition> conditions = new ArrayList<>();
        for (Filter filter : question.filters()) {
            if (filter instanceof Filter.In in) {
                conditions.add(new Condition(in.dimension().name(), new LinkedHashSet<>(in.values())));
            } else {
                throw new IllegalArgumentException("no such filter: " + filter);
            }
        }
        return new Ask(
                metrics,
                OracleRow.moment(OracleRow.micros(question.from())),
                OracleRow.moment(OracleRow.micros(end)),
                question.frequency().unit().name(),
                question.frequency().interval(),
                conditions,
                question.groupBy().stream().map(Dimension::name).toList(),
                question.top().map(TopN::size).orElse(0),
                question.top().map(top -> asked(top.by())).orElse(null),
                question.top().map(TopN::smallestFirst).orElse(false),
                question.withDelta(),
                question.dense(),
                question.trafficSource().name(),
                question.lookBack().toNanos() / 1000);
    }

    private static AskedMetric asked(Metric<?> metric) {
        if (metric instanceof DurationMetric duration) {
            return new AskedMetric(metric.name(), duration.percentiles());
        }
        return new AskedMetric(metric.name(), List.of());
    }

    static OracleAnswer answer(AnalyticsQuestion question, AnalyticsAnswer answer) {
        List<GroupKey> groups = new ArrayList<>();
        for (Group group : answer.groups()) {
            groups.add(key(question, group));
        }
        List<Line> lines = new ArrayList<>();
        for (Row row : answer.rows()) {
            Map<String, Cell> cells = new LinkedHashMap<>();
            for (Metric<?> metric : question.metrics()) {
                cells.put(metric.name(), cell(question, row, metric));
            }
            lines.add(new Line(span(row.period()), key(question, row.group()), row.hasTraffic(), cells));
        }
        return new OracleAnswer(groups, lines);
    }

    private static Span span(Period period) {
        return new Span(period.from(), period.to(), period.coveredFrom(), period.coveredTo());
    }

    private static GroupKey key(AnalyticsQuestion question, Group group) {
        if (group.isOthers()) {
            return new GroupKey(List.of(), true);
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (Dimension<?> dimension : question.groupBy()) {
            values.add(group.get(dimension).orElse(null));
        }
        return new GroupKey(Collections.unmodifiableList(values), false);
    }

    private static Cell cell(AnalyticsQuestion question, Row row, Metric<?> metric) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        Object value = row.get(metric);
        Optional<Absence> absence;
        if (value instanceof Count count) {
            fields.put("count", count.count());
            absence = count.absence();
        } else if (value instanceof Share share) {
            fields.put("count", box(share.count()));
            fields.put("ratio", box(share.ratio()));
            fields.put("sampleSize", share.sampleSize());
            absence = share.absence();
        } else if (value instanceof DurationStatistics duration) {
            fields.put("mean", box(duration.mean()));
            fields.put("min", box(duration.min()));
            fields.put("max", box(duration.max()));
            for (double fraction : asked(metric).percentiles()) {
                fields.put("p" + fraction, box(duration.percentile(fraction)));
            }
            fields.put("sampleSize", duration.sampleSize());
            absence = duration.absence();
        } else if (value instanceof TokenTotal tokens) {
            fields.put("total", box(tokens.total()));
            fields.put("sampleSize", tokens.sampleSize());
            absence = tokens.absence();
        } else if (value instanceof Concurrency concurrency) {
            fields.put("peak", box(concurrency.peak()));
            absence = concurrency.absence();
        } else if (value instanceof Throughput throughput) {
            fields.put("tokensPerSecond", box(throughput.tokensPerSecond()));
            absence = throughput.absence();
        } else if (value instanceof CacheUse cache) {
            fields.put("hitRatio", box(cache.hitRatio()));
            fields.put("hitCount", box(cache.hitCount()));
            fields.put("meanHitLatency", box(cache.meanHitLatency()));
            absence = cache.absence();
        } else if (value instanceof Cost cost) {
            fields.put("total", cost.total().orElse(null));
            fields.put("coverage", box(cost.coverage()));
            absence = cost.absence();
        } else {
            throw new IllegalArgumentException("no such value: " + value);
        }
        Double change = null;
        Double ratio = null;
        boolean comparable = false;
        if (question.withDelta()) {
            Delta delta = row.delta(metric);
            change = (Double) box(delta.change());
            ratio = (Double) box(delta.ratio());
            comparable = delta.comparable();
        }
        return new Cell(fields, absence.map(Enum::name).orElse(null), change, ratio, comparable);
    }

    private static @Nullable Object box(OptionalLong value) {
        return value.isPresent() ? (Object) value.getAsLong() : null;
    }

    private static @Nullable Object box(OptionalDouble value) {
        return value.isPresent() ? (Object) value.getAsDouble() : null;
    }

    static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            return "no JSON: " + e.getMessage();
        }
    }
}
