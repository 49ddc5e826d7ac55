package io.budmetrics.clickhouse.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.analytics.Bucket;
import io.budmetrics.analytics.Group;
import io.budmetrics.analytics.Row;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.clickhouse.oracle.Ask.AskedMetric;
import io.budmetrics.clickhouse.oracle.Ask.Condition;
import io.budmetrics.clickhouse.oracle.Ask.Limits;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Cell;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Comparison;
import io.budmetrics.clickhouse.oracle.OracleAnswer.GroupKey;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Line;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Other;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Span;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.metric.Apdex;
import io.budmetrics.metric.Attainment;
import io.budmetrics.metric.AverageConcurrency;
import io.budmetrics.metric.CacheUse;
import io.budmetrics.metric.Concurrency;
import io.budmetrics.metric.Confidence.Interval;
import io.budmetrics.metric.Cost;
import io.budmetrics.metric.Count;
import io.budmetrics.metric.Derived;
import io.budmetrics.metric.DerivedMetric;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue.Absence;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.QuantityTotal;
import io.budmetrics.metric.Rate;
import io.budmetrics.metric.Share;
import io.budmetrics.metric.TokenShare;
import io.budmetrics.metric.TokenTotal;
import io.budmetrics.metric.UniqueUsers;
import io.budmetrics.metric.UnitCost;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Questions and answers of the library in the oracle's words. */
final class Translation {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Translation() {}

    static Ask ask(AnalyticsQuestion question) {
        Instant end = question.range().to().orElse(Instant.MAX);
        Instant asOf = question.range().asOf().orElse(Instant.MAX);
        if (asOf.isBefore(end)) {
            end = asOf;
        }
        List<AskedMetric> metrics = new ArrayList<>();
        for (Metric<?> metric : question.metrics()) {
            metrics.add(asked(metric));
        }
        List<Condition> conditions = conditions(question.filters());
        return new Ask(
                metrics,
                OracleRow.moment(OracleRow.micros(question.range().from())),
                OracleRow.moment(OracleRow.micros(end)),
                question.frequency().unit().name(),
                question.frequency().interval(),
                question.range().zone().getId(),
                question.frequency().weekStart().name(),
                conditions,
                question.groupBy().stream().map(Dimension::name).toList(),
                question.top().map(TopN::size).orElse(0),
                question.top().map(top -> asked(top.by())).orElse(null),
                question.top().map(TopN::smallestFirst).orElse(false),
                question.having().stream()
                        .map(having -> new Ask.Held(
                                asked(having.metric()),
                                orders(having.side()),
                                having.bound().doubleValue()))
                        .toList(),
                question.withDelta(),
                question.withTotals(),
                question.comparison().map(Object::toString).orElse(""),
                question.showsEmptyBuckets(),
                question.trafficSource().name(),
                question.lookBack().toNanos() / 1000);
    }

    private static Condition condition(Filter filter) {
        return filter.accept(CONDITIONS);
    }

    private static List<Condition> conditions(List<Filter> filters) {
        return filters.stream().map(Translation::condition).toList();
    }

    private static final Filter.Visitor<Condition> CONDITIONS = new Filter.Visitor<>() {
        @Override
        public Condition visit(Filter.In in) {
            return new Ask.OneOf(in.dimension().name(), new LinkedHashSet<>(in.values()));
        }

        @Override
        public Condition visit(Filter.Missing missing) {
            return new Ask.None(missing.dimension().name());
        }

        @Override
        public Condition visit(Filter.Unmeasured unmeasured) {
            return new Ask.None(unmeasured.quantity().name());
        }

        @Override
        public Condition visit(Filter.Bound bound) {
            BigDecimal number = bound.bound() instanceof Duration duration
                    ? BigDecimal.valueOf(duration.toNanos() / 1000)
                    : new BigDecimal(bound.bound().toString());
            return new Ask.Ordered(bound.quantity().name(), orders(bound.side()), number);
        }

        @Override
        public Condition visit(Filter.Not not) {
            return new Ask.Opposite(condition(not.filter()));
        }

        @Override
        public Condition visit(Filter.All all) {
            return new Ask.Hold(all.filters().size(), conditions(all.filters()));
        }

        @Override
        public Condition visit(Filter.Any any) {
            return new Ask.Hold(1, conditions(any.filters()));
        }
    };

    private static Set<Integer> orders(Side side) {
        return switch (side) {
            case AT_LEAST -> Set.of(0, 1);
            case ABOVE -> Set.of(1);
            case AT_MOST -> Set.of(-1, 0);
            case BELOW -> Set.of(-1);
        };
    }

    private static AskedMetric asked(Metric<?> metric) {
        List<Double> percentiles =
                metric instanceof DistributionMetric distribution ? distribution.percentiles() : List.of();
        Map<String, Object> given = metric.parameters();
        Limits limits = new Limits(
                (Long) given.get("ttft_us"),
                (Long) given.get("tpot_us"),
                (Long) given.get("latency_us"),
                given.containsKey("success"),
                (String) given.getOrDefault("of", ""),
                (Long) given.getOrDefault("target_us", 0L),
                (Long) given.getOrDefault("minimum_sample", 0L),
                (Long) given.getOrDefault("confidence", 0L));
        List<AskedMetric> parts = metric instanceof DerivedMetric<?, ?> derived
                ? List.of(asked(derived.left()), asked(derived.right()))
                : List.of();
        return new AskedMetric(
                metric.name(),
                (String) given.getOrDefault("metric", metric.name()),
                percentiles,
                limits,
                parts,
                (Long) given.getOrDefault("per", 1L),
                given.containsKey("where") ? condition(filter(given.get("where"))) : null);
    }

    /** A filter from its JSON, in a question that takes one that no request passes. */
    private static Filter filter(@Nullable Object json) {
        if (json instanceof Map<?, ?> words && words.keySet().equals(Set.of("not"))) {
            return filter(words.get("not")).not();
        }
        AnalyticsQuestion question = MAPPER.convertValue(
                Map.of(
                        "metrics",
                        List.of("cost"),
                        "from_date",
                        "2026-01-01",
                        "filters",
                        Map.of("not", Objects.requireNonNull(json))),
                AnalyticsQuestion.class);
        return question.filters().get(0).not();
    }

    static OracleAnswer answer(AnalyticsQuestion question, AnalyticsAnswer answer) {
        List<GroupKey> groups = new ArrayList<>();
        for (Group group : answer.groups()) {
            groups.add(key(question, group));
        }
        List<Line> lines = new ArrayList<>();
        for (Row row : answer.rows()) {
            lines.add(line(question, key(question, row.group()), row));
        }
        return new OracleAnswer(
                groups,
                lines,
                question.withTotals() ? totals(question, answer) : List.of(),
                question.comparison().isPresent() ? other(question, answer) : null);
    }

    private static Other other(AnalyticsQuestion question, AnalyticsAnswer answer) {
        return new Other(
                answer(answer.compared().question(), answer.compared()),
                answer.newGroups().stream().map(group -> key(question, group)).toList(),
                answer.vanishedGroups().stream()
                        .map(group -> key(question, group))
                        .toList());
    }

    private static List<Line> totals(AnalyticsQuestion question, AnalyticsAnswer answer) {
        GroupKey everything = new GroupKey(List.of(), false);
        List<Line> totals = new ArrayList<>();
        answer.series().forEach(series -> totals.add(line(question, key(question, series.group()), series.total())));
        answer.buckets().forEach(period -> totals.add(line(question, everything, period.total())));
        totals.add(line(question, everything, answer.total()));
        return totals;
    }

    private static Line line(AnalyticsQuestion question, GroupKey key, Row row) {
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (Metric<?> metric : question.metrics()) {
            cells.put(metric.name(), cell(question, row, metric));
        }
        return new Line(span(row.bucket()), key, row.hasTraffic(), cells);
    }

    private static Span span(Bucket period) {
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
        } else if (value instanceof Distribution distribution) {
            fields.put("mean", box(distribution.mean()));
            fields.put("min", box(distribution.min()));
            fields.put("max", box(distribution.max()));
            for (double fraction : asked(metric).percentiles()) {
                fields.put("p" + fraction, box(distribution.percentile(fraction)));
                if (asked(metric).limits().confidence() > 0) {
                    Optional<Interval> interval = distribution.interval(fraction);
                    fields.put("low" + fraction, interval.map(Interval::low).orElse(null));
                    fields.put("high" + fraction, interval.map(Interval::high).orElse(null));
                }
            }
            fields.put("sampleSize", distribution.sampleSize());
            absence = distribution.absence();
        } else if (value instanceof TokenTotal tokens) {
            fields.put("total", box(tokens.total()));
            fields.put("sampleSize", tokens.sampleSize());
            absence = tokens.absence();
        } else if (value instanceof Concurrency concurrency) {
            fields.put("peak", box(concurrency.peak()));
            absence = concurrency.absence();
        } else if (value instanceof Rate rate) {
            fields.put(metric.unit().equals("tokens/s") ? "tokensPerSecond" : "perSecond", box(rate.perSecond()));
            fields.put("sampleSize", rate.sampleSize());
            absence = rate.absence();
        } else if (value instanceof CacheUse cache) {
            fields.put("hitRatio", box(cache.hitRatio()));
            fields.put("hitCount", box(cache.hitCount()));
            fields.put("meanHitLatency", box(cache.meanHitLatency()));
            absence = cache.absence();
        } else if (value instanceof QuantityTotal total) {
            if (metric.equals(Metrics.CACHE_LATENCY_SAVED)) {
                fields.put("milliseconds", box(total.headline()));
            } else {
                fields.put("total", total.total().orElse(null));
            }
            fields.put("sampleSize", total.sampleSize());
            absence = total.absence();
        } else if (value instanceof Cost cost) {
            fields.put("total", cost.total().orElse(null));
            fields.put("coverage", box(cost.coverage()));
            absence = cost.absence();
        } else if (value instanceof UnitCost cost) {
            fields.put("value", cost.value().orElse(null));
            fields.put("headline", box(cost.headline()));
            fields.put("coverage", box(cost.coverage()));
            fields.put("sampleSize", cost.sampleSize());
            absence = cost.absence();
        } else if (value instanceof UniqueUsers users) {
            fields.put("count", box(users.count()));
            fields.put("sampleSize", users.sampleSize());
            absence = users.absence();
        } else if (value instanceof AverageConcurrency concurrency) {
            fields.put("average", box(concurrency.average()));
            absence = concurrency.absence();
        } else if (value instanceof Attainment attainment) {
            fields.put("ratio", box(attainment.ratio()));
            fields.put("good", attainment.good().orElse(0));
            fields.put("bad", attainment.bad().orElse(0));
            absence = attainment.absence();
        } else if (value instanceof Apdex apdex) {
            fields.put("score", box(apdex.score()));
            fields.put("satisfied", apdex.satisfied().orElse(0));
            fields.put("tolerating", apdex.tolerating().orElse(0));
            fields.put("frustrated", apdex.frustrated().orElse(0));
            absence = apdex.absence();
        } else if (value instanceof TokenShare share) {
            fields.put("ratio", box(share.ratio()));
            fields.put("tokens", share.tokens().orElse(0));
            fields.put("allTokens", share.allTokens().orElse(0));
            fields.put("sampleSize", share.sampleSize());
            absence = share.absence();
        } else if (value instanceof Derived<?, ?> derived) {
            if (asked(metric).kind().equals("difference")) {
                boolean both = derived.left().headline().isPresent()
                        && derived.right().headline().isPresent();
                fields.put("difference", box(derived.value()));
                fields.put("left", both ? box(derived.left().headline()) : null);
                fields.put("right", both ? box(derived.right().headline()) : null);
            } else {
                fields.put("value", box(derived.value()));
            }
            fields.put("decimal", derived.decimal().orElse(null));
            absence = derived.absence();
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
        Comparison comparison = null;
        if (question.comparison().isPresent()) {
            Delta delta = row.comparison(metric);
            comparison = new Comparison((Double) box(delta.change()), (Double) box(delta.ratio()), delta.comparable());
        }
        return new Cell(fields, absence.map(Enum::name).orElse(null), change, ratio, comparable, comparison);
    }

    private static @Nullable Object box(OptionalLong value) {
        return value.isPresent() ? (Object) value.getAsLong() : null;
    }

    private static @Nullable Object box(OptionalDouble value) {
        return value.isPresent() ? (Object) value.getAsDouble() : null;
    }

    static String json(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            return "no JSON: " + e.getMessage();
        }
    }
}
