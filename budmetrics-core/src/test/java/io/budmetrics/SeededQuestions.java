package io.budmetrics;

import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Confidence;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.MlPerf;
import io.budmetrics.metric.ServiceLevel;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** Questions of every kind, with few buckets. The same seed gives the same question. */
public final class SeededQuestions {
    /** Texts that try to be more than a value. */
    public static final List<String> PROMPTS = List.of(
            "it's",
            "x' OR 1=1 -- {from:DateTime64(6, 'UTC')}",
            "\"}],\"filters\":{}}",
            "\\\\N \t\r\n\0\b\f",
            "\uD83D\uDE80 \u2028 \u202E",
            "null",
            " ");

    private static final List<Frequency.Unit> UNITS = List.of(Frequency.Unit.values());

    private static final List<Metric<?>> METRICS = metricsOfEveryKind();

    private static final List<Dimension<?>> DIMENSIONS = Stream.concat(
                    Dimension.all().stream(),
                    Stream.of(
                            Dimension.latencyClass(Duration.ofMillis(500), Duration.ofSeconds(2)),
                            Dimension.tokenSize(1, 50),
                            Dimension.classes(Quantity.QUEUING_TIME, Duration.ofNanos(1_000))))
            .toList();

    private final Random random;

    private SeededQuestions(long seed) {
        this.random = new Random(seed);
    }

    private static List<Metric<?>> metricsOfEveryKind() {
        List<Metric<?>> metrics = new ArrayList<>(Metrics.all());
        metrics.replaceAll(metric -> metric.equals(Metrics.OUTPUT_SPEED)
                ? Metrics.OUTPUT_SPEED.withMinimumSample(2).withIntervals(Confidence.NINETY_NINE_PERCENT)
                : metric);
        metrics.remove(Metrics.UNIQUE_USERS);
        metrics.add(Metrics.UNIQUE_USERS_ESTIMATED);
        metrics.add(Metrics.goodput(MlPerf.LLAMA2_70B_SERVER));
        metrics.add(Metrics.sloAttainment(ServiceLevel.builder()
                .latency(Duration.ofNanos(1_500_000))
                .success()
                .build()));
        metrics.add(Metrics.apdex(Metrics.LATENCY, Duration.ofMillis(500)));
        metrics.add(Metrics.ratio("cost_per_million_outputs", Metrics.COST, Metrics.OUTPUT_TOKENS, 1_000_000));
        metrics.add(Metrics.ratio(
                "wait",
                Metrics.sum("before", Metrics.QUEUING_TIME, Metrics.TTFT.withMinimumSample(5)),
                Metrics.LATENCY));
        metrics.add(Metrics.requestsWhere(
                "slow_or_blocked",
                Quantity.LATENCY
                        .above(Duration.ofSeconds(2))
                        .or(
                                Dimension.BLOCKED.is(true),
                                Dimension.PROMPT.in(PROMPTS).not())));
        metrics.add(Metrics.distribution("sizes", Quantity.RESPONSE_SIZE).withMinimumSample(3));
        metrics.add(Metrics.distribution("pages", Quantity.PAGES, Dimension.STREAMED.is(true))
                .withIntervals(Confidence.NINETY_PERCENT));
        metrics.add(Metrics.total("own_money", Quantity.PROVIDER_COST, Dimension.STATUS_CODE.in(200, 201)));
        metrics.add(Metrics.ratio(
                "share_of_time",
                Metrics.total("streamed_time", Quantity.LATENCY, Dimension.STREAMED.is(true)),
                Metrics.total("all_time", Quantity.LATENCY)));
        metrics.add(Metrics.difference("paid_tokens", Metrics.INPUT_TOKENS, Metrics.REASONING_TOKENS));
        return metrics;
    }

    /**
     * The question of a seed.
     *
     * @param seed any number
     * @return with an end
     */
    public static AnalyticsQuestion question(long seed) {
        return new SeededQuestions(seed).question();
    }

    private AnalyticsQuestion question() {
        Frequency.Unit unit = pick(UNITS);
        int interval = unit == Frequency.Unit.WHOLE_RANGE || random.nextBoolean() ? 1 : 1 + random.nextInt(5);
        Instant from = Instant.ofEpochSecond(random.nextLong(3_000_000_000L), random.nextLong(1_000_000_000L));
        Duration length = Duration.ofHours(
                1 + random.nextLong(unit == Frequency.Unit.MINUTE ? 2 : unit == Frequency.Unit.HOUR ? 72 : 24 * 40));
        AnalyticsBuilder builder = QueryBuilder.analytics()
                .metrics(metrics().toArray(Metric<?>[]::new))
                .every(Frequency.every(interval, unit))
                .where(filters().toArray(Filter[]::new))
                .traffic(pick(List.of(TrafficSource.values())));
        builder = switch (random.nextInt(3)) {
            case 0 -> builder.between(from, from.plus(length));
            case 1 -> builder.since(from).asOf(from.plus(length));
            default -> builder.between(from, from.plus(length)).asOf(from.plus(length.dividedBy(2)));
        };
        boolean groups = random.nextInt(3) > 0;
        if (groups) {
            builder = builder.groupBy(few(DIMENSIONS).toArray(Dimension<?>[]::new));
            if (random.nextBoolean()) {
                builder = builder.top(
                        new TopN(1 + random.nextInt(4), withPercentiles(pick(METRICS)), random.nextBoolean()));
            }
        }
        if (groups && random.nextBoolean()) {
            Metric<?> metric = withPercentiles(pick(METRICS));
            builder = builder.having(
                    new Having(
                            metric,
                            Side.AT_LEAST,
                            BigDecimal.valueOf(random.nextLong(), random.nextInt(13))
                                    .max(BigDecimal.TEN.pow(18).negate())
                                    .min(BigDecimal.TEN.pow(18))),
                    pick(METRICS).below(random.nextInt()),
                    Metrics.REQUEST_COUNT.above(random.nextInt(100) / 8.0));
        }
        if (random.nextBoolean()) {
            builder = builder.withDelta();
        }
        if (random.nextBoolean()) {
            builder = builder.onlyBucketsWithTraffic();
        }
        if (random.nextBoolean()) {
            builder = builder.lookBack(Duration.ofMillis(random.nextLong(2_678_400_000L)));
        }
        builder = random.nextBoolean() ? builder.withDetails() : builder;
        builder = random.nextInt(3) == 0 ? builder.withTotals() : builder;
        if (random.nextInt(3) == 0 && from.isAfter(Instant.EPOCH.plus(Duration.ofDays(400)))) {
            builder = builder.comparedWith(pick(List.of(
                    Comparison.previousRange(),
                    Comparison.shiftedBy(Period.ofMonths(1 + random.nextInt(12))),
                    Comparison.shiftedBy(Duration.ofHours(1 + random.nextInt(1_000))))));
        }
        return builder.build();
    }

    private List<Metric<?>> metrics() {
        return some(METRICS).stream().<Metric<?>>map(this::withPercentiles).toList();
    }

    private Metric<?> withPercentiles(Metric<?> metric) {
        if (!(metric instanceof DistributionMetric sample) || random.nextBoolean()) {
            return metric;
        }
        return sample.withPercentiles(
                random.doubles(random.nextInt(4)).distinct().toArray());
    }

    private List<Filter> filters() {
        List<Filter> filters = new ArrayList<>();
        if (random.nextBoolean()) {
            for (Dimension<?> dimension : some(Dimension.all().subList(0, 12))) {
                filters.add(in(dimension));
            }
        }
        while (random.nextInt(3) > 0) {
            Filter nested = nested(3);
            // what is said beside the rest may contradict it
            filters.add(
                    random.nextBoolean()
                            ? nested.or(nested(2), bound())
                            : nested instanceof Filter.Not ? nested : nested.not());
        }
        return filters;
    }

    private Filter nested(int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(6)) {
            case 1 -> nested(depth - 1).not();
            case 2 -> nested(depth - 1).and(nested(depth - 1), nested(depth - 1));
            case 3 -> nested(depth - 1).or(nested(depth - 1));
            case 4 -> bound();
            case 5 -> {
                Filter missing = random.nextBoolean()
                        ? pick(Dimension.all()).isMissing()
                        : pick(Quantity.all()).isMissing();
                yield random.nextBoolean() ? missing : missing.not();
            }
            default -> in(pick(DIMENSIONS));
        };
    }

    private Filter in(Dimension<?> dimension) {
        if (dimension.type() == UUID.class) {
            return new Filter.In(dimension, List.of(id(), id()).subList(0, 1 + random.nextInt(2)));
        }
        if (dimension.type() == Integer.class) {
            return new Filter.In(dimension, random.nextBoolean() ? List.of(random.nextInt()) : List.of(429, 500));
        }
        if (dimension.type() == Boolean.class) {
            return new Filter.In(dimension, List.of(random.nextBoolean()));
        }
        if (dimension.type() == Long.class) {
            return new Filter.In(dimension, List.of(random.nextLong()));
        }
        if (!dimension.classes().isEmpty()) {
            return new Filter.In(dimension, some(dimension.classes()));
        }
        return new Filter.In(dimension, some(PROMPTS));
    }

    private Filter bound() {
        Quantity<?> quantity = pick(Quantity.all());
        Object bound = quantity.type() == Duration.class
                ? Duration.ofNanos(1000L * random.nextLong(10_000_000_000_000L))
                : quantity.type() == BigDecimal.class
                        ? BigDecimal.valueOf(random.nextLong(1_000_000_000_000_000_000L), random.nextInt(13))
                                .min(BigDecimal.TEN.pow(12))
                        : quantity.type() == Long.class
                                ? (Object) random.nextLong(Long.MAX_VALUE)
                                : (Object) random.nextDouble(-180, 180);
        return new Filter.Bound(quantity, pick(List.of(Side.values())), bound);
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** One to five, in any order. */
    private <T> List<T> few(List<T> values) {
        List<T> some = some(values);
        return some.subList(0, Math.min(some.size(), 1 + random.nextInt(5)));
    }

    /** One or more, in any order. */
    private <T> List<T> some(List<T> values) {
        List<T> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, 1 + random.nextInt(values.size()));
    }
}
