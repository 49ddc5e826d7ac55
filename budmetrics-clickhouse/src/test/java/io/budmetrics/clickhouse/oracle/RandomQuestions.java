package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Confidence;
import io.budmetrics.metric.DerivedMetric;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.MlPerf;
import io.budmetrics.metric.ServiceLevel;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Questions of every kind about {@link RandomTraffic}. The same seed gives the same question. */
final class RandomQuestions {
    /** What the library accepts, with a little room. */
    private static final List<Frequency.Unit> UNITS = List.of(Frequency.Unit.values());

    private static final Instant EARLIEST = Instant.parse("1971-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2104-12-31T00:00:00Z");

    /** Zones that change their clock near the centre of the traffic, and zones with offsets of their own. */
    private static final List<ZoneId> ZONES = Stream.of(
                    "Europe/Berlin",
                    "Europe/London",
                    "America/New_York",
                    "America/St_Johns",
                    "America/Santiago",
                    "America/Havana",
                    "Australia/Lord_Howe",
                    "Pacific/Chatham",
                    "Africa/Casablanca",
                    "Asia/Beirut",
                    "Antarctica/Troll",
                    "Asia/Kolkata",
                    "Asia/Kathmandu")
            .map(ZoneId::of)
            .toList();

    private static final List<BigDecimal> BOUNDS = Stream.of(
                    "0", "0.0037", "0.37", "1.000003", "37.03", "3001.7", "900000.3")
            .map(BigDecimal::new)
            .toList();

    private static final List<ZoneId> REGIONS =
            ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList();

    private final SplittableRandom random;
    private final Instant centre;
    private final @Nullable ZoneId zone;

    private RandomQuestions(long seed, Instant centre, @Nullable ZoneId zone) {
        this.random = new SplittableRandom(seed);
        this.centre = centre;
        this.zone = zone;
    }

    static AnalyticsQuestion question(long seed) {
        return new RandomQuestions(seed, RandomTraffic.CENTRE, null).question();
    }

    /** Questions in one zone about traffic that was moved to another moment. */
    static AnalyticsQuestion question(long seed, Instant centre, ZoneId zone) {
        return new RandomQuestions(seed, centre, zone).question();
    }

    /** The first groups of a year, by anything, and only numbers that add up. */
    static AnalyticsBuilder topOfOneBucket(long seed) {
        return new RandomQuestions(seed, RandomTraffic.CENTRE, null).topOfOneBucket();
    }

    /** The groups of a year that keep to something. */
    static AnalyticsBuilder havingOfOneBucket(long seed) {
        RandomQuestions questions = new RandomQuestions(seed, RandomTraffic.CENTRE, null);
        List<Metric<?>> metrics = questions.metrics();
        return questions.ofOneBucket(metrics).having(questions.having(metrics).toArray(Having[]::new));
    }

    private AnalyticsBuilder topOfOneBucket() {
        List<Metric<?>> rest = new ArrayList<>(SUMS);
        rest.addAll(judging());
        rest.add(derived("derived", 2));
        rest.add(Metrics.requestsWhere("own", nested(2)));
        List<Metric<?>> metrics = new ArrayList<>();
        for (int count = random.nextInt(1, 6); count > 0; count--) {
            metrics.add(rest.remove(random.nextInt(rest.size())));
        }
        Metric<?> by = ranking(metrics, "ranked");
        AnalyticsBuilder builder = ofOneBucket(metrics).top(new TopN(random.nextInt(1, 6), by, random.nextBoolean()));
        metrics.add(by);
        builder = random.nextInt(3) == 0 ? builder.having(having(metrics).toArray(Having[]::new)) : builder;
        return random.nextInt(3) == 0 ? builder.withTotals() : builder;
    }

    private AnalyticsBuilder ofOneBucket(List<Metric<?>> metrics) {
        List<Dimension<?>> free = dimensions();
        Dimension<?>[] keys = new Dimension<?>[random.nextInt(1, 4)];
        for (int position = 0; position < keys.length; position++) {
            keys[position] = free.remove(random.nextInt(free.size()));
        }
        Instant to = centre.plus(random.nextInt(1, 200), ChronoUnit.DAYS);
        AnalyticsBuilder builder = QueryBuilder.analytics()
                .metrics(metrics.toArray(Metric<?>[]::new))
                .between(centre.minus(random.nextInt(1, 80), ChronoUnit.DAYS), to)
                .asOf(to)
                .every(Frequency.YEAR)
                .traffic(pick(List.of(TrafficSource.values())))
                .groupBy(keys);
        return random.nextInt(3) == 0 ? builder.where(nested(1)) : builder;
    }

    private AnalyticsQuestion question() {
        Frequency.Unit unit = pick(UNITS);
        boolean oneBucket = unit == Frequency.Unit.WHOLE_RANGE;
        int interval = oneBucket || random.nextInt(2) == 0 ? 1 : random.nextInt(2, 10);
        Duration length = length(unit).multipliedBy(interval);
        Instant from = from(unit, length);
        // now and then a range that is shorter than a period
        double periods = random.nextInt(6) == 0 ? random.nextDouble() : random.nextDouble(1, 25);
        long micros = (long) (length.toNanos() / 1000.0 * periods) + 1;
        Instant to = from.plus(micros, ChronoUnit.MICROS);
        to = to.isAfter(LATEST) ? LATEST : to;
        if (random.nextInt(3) == 0) {
            to = to.plusNanos(random.nextInt(2_000_000));
        } else if (random.nextBoolean()) {
            Instant whole = Instant.ofEpochSecond(to.getEpochSecond() / 86_400 * 86_400);
            to = whole.isAfter(from) ? whole : to;
        }

        List<Metric<?>> metrics = metrics();
        AnalyticsBuilder builder = QueryBuilder.analytics()
                .metrics(metrics.toArray(Metric<?>[]::new))
                .every(frequency(interval, unit))
                .in(zone == null ? zone() : zone);
        switch (random.nextInt(6)) {
            case 0 -> builder = builder.since(from).asOf(to);
            case 1 -> {
                long nanos = Duration.between(from, to).toNanos() / 1000;
                builder = builder.between(from, to)
                        .asOf(from.plusNanos((nanos < 2 ? 1 : random.nextLong(1, nanos)) * 1000L));
            }
            case 2 -> builder = builder.between(from, to).asOf(to.plusSeconds(random.nextInt(80_000)));
            // without a pinned moment the client's clock is one
            default -> builder = builder.between(from, to).asOf(to);
        }
        int filters = random.nextInt(4) == 0 ? random.nextInt(1, 3) : random.nextInt(8) == 0 ? 1 : 0;
        List<Dimension<?>> unused = dimensions();
        for (int count = 0; count < filters; count++) {
            builder = builder.where(filter(unused.remove(random.nextInt(unused.size()))));
        }
        while (random.nextInt(3) == 0) {
            Filter nested = nested(random.nextInt(4));
            // what must hold beside other filters may contradict them, and would be refused
            builder = builder.where(
                    nested instanceof Filter.In || nested instanceof Filter.All ? nested.or(nested(1)) : nested);
        }
        int dimensions = random.nextInt(4);
        List<Metric<?>> named = new ArrayList<>(metrics);
        if (dimensions > 0) {
            List<Dimension<?>> free = dimensions();
            Dimension<?>[] chosen = new Dimension<?>[dimensions];
            for (int position = 0; position < dimensions; position++) {
                chosen[position] = free.remove(random.nextInt(free.size()));
            }
            builder = builder.groupBy(chosen);
            Metric<?> first = ranksExactly(metrics.get(0)) ? metrics.get(0) : Metrics.REQUEST_COUNT;
            if (random.nextInt(5) < 2) {
                int groups = random.nextInt(1, 7);
                builder = first.equals(metrics.get(0)) ? builder.top(groups) : builder.top(groups, first);
            } else if (random.nextInt(3) == 0) {
                int groups = random.nextInt(1, 7);
                Metric<?> by = ranking(metrics, "ranked");
                named.add(by);
                builder = builder.top(groups, by);
            } else if (random.nextInt(4) == 0) {
                builder = builder.top(new TopN(random.nextInt(1, 4), first, random.nextBoolean()));
            }
        }
        if (dimensions > 0 && random.nextInt(4) == 0) {
            builder = builder.having(having(named).toArray(Having[]::new));
        }
        if (random.nextBoolean()) {
            builder = builder.withDelta();
        }
        if (random.nextInt(4) == 0) {
            builder = builder.onlyBucketsWithTraffic();
        }
        builder = switch (random.nextInt(4)) {
            case 0 -> builder.traffic(TrafficSource.PROMPT);
            case 1 -> builder.traffic(TrafficSource.ALL);
            case 2 -> builder.traffic(TrafficSource.INFERENCE);
            default -> builder;
        };
        if (random.nextInt(6) == 0) {
            builder = builder.lookBack(
                    random.nextBoolean() ? Duration.ofDays(31) : Duration.ofMillis(random.nextInt(1, 300_000)));
        }
        builder = random.nextInt(4) == 0 ? builder.withTotals() : builder;
        AnalyticsQuestion question = builder.build();
        return random.nextInt(4) == 0 ? compared(builder, micros).orElse(question) : question;
    }

    /** Refused where the range to compare with would begin before 1970, or a clock that is set leaves nothing of it. */
    private Optional<AnalyticsQuestion> compared(AnalyticsBuilder builder, long micros) {
        Comparison comparison =
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> Comparison.previousRange();
                    case 3 -> Comparison.shiftedBy(Period.ofDays(random.nextInt(1, 40)));
                    case 4 -> Comparison.shiftedBy(Period.ofMonths(random.nextInt(1, 14)));
                    case 5 -> Comparison.shiftedBy(Period.of(1, random.nextInt(2), random.nextInt(3)));
                    case 6 -> Comparison.shiftedBy(Duration.ofHours(random.nextInt(1, 200)));
                    // mostly shorter than the range
                    default ->
                        Comparison.shiftedBy(
                                Duration.of(1 + (long) (micros * 1.5 * random.nextDouble()), ChronoUnit.MICROS));
                };
        try {
            return Optional.of(builder.comparedWith(comparison).build());
        } catch (BudMetricsException refused) {
            assertThat(refused.reason()).startsWith("the range to compare with");
            return Optional.empty();
        }
    }

    /** One or two conditions, at bounds that no quotient meets by rounding. */
    private List<Having> having(List<Metric<?>> named) {
        List<Having> having = new ArrayList<>();
        Metric<?> metric = random.nextBoolean() ? Metrics.REQUEST_COUNT : ranking(named, "held");
        having.add(
                metric.name().endsWith("_count") || metric.name().endsWith("_request")
                        ? new Having(metric, pick(List.of(Side.values())), BigDecimal.valueOf(random.nextInt(1, 30)))
                        : new Having(metric, pick(List.of(Side.values())), pick(BOUNDS)));
        if (random.nextInt(3) == 0) {
            having.add(having.get(0).side() == Side.ABOVE ? metric.below(7_000_000) : metric.above(0));
        }
        return having;
    }

    /** A server ranks without constant factors, and rounding is an order of what is equal but for them. */
    private static boolean ranksExactly(Metric<?> metric) {
        return !(metric instanceof DerivedMetric<?, ?> derived)
                || derived.unit().equals("currency")
                || Stream.of(derived.left(), derived.right())
                        .allMatch(part -> EXACT_UNITS.contains(part.unit())
                                && !part.name().startsWith("cost_per_"));
    }

    /** Any metric, a custom one under that name; of those that are asked for, as they are asked for. */
    private Metric<?> ranking(List<Metric<?>> asked, String name) {
        Metric<?> metric =
                switch (random.nextInt(8)) {
                    case 0, 1 -> pick(judging());
                    // of exact parts, so that rounding makes no order
                    case 2 -> derived(name, 2);
                    case 3 -> own(name);
                    default -> metric(random.nextInt(Metrics.all().size()));
                };
        return asked.stream()
                .filter(one -> one.name().equals(metric.name()))
                .<Metric<?>>map(one -> one)
                .findFirst()
                .orElse(metric);
    }

    /** How long a bucket is, about; of the whole range it is what decides how long the range is. */
    private static Duration length(Frequency.Unit unit) {
        return switch (unit) {
            case MINUTE -> Duration.ofMinutes(1);
            case HOUR -> Duration.ofHours(1);
            case DAY, WHOLE_RANGE -> Duration.ofDays(1);
            case WEEK -> Duration.ofDays(7);
            case MONTH -> Duration.ofDays(30);
            case QUARTER -> Duration.ofDays(91);
            case YEAR -> Duration.ofDays(365);
        };
    }

    private Frequency frequency(int interval, Frequency.Unit unit) {
        if (unit == Frequency.Unit.WHOLE_RANGE) {
            return Frequency.WHOLE_RANGE;
        }
        return unit == Frequency.Unit.WEEK && interval == 1 && random.nextBoolean()
                ? Frequency.weeksFrom(pick(List.of(DayOfWeek.values())))
                : Frequency.every(interval, unit);
    }

    private ZoneId zone() {
        return switch (random.nextInt(6)) {
            case 0, 1 -> ZoneOffset.UTC;
            case 2 -> ZoneOffset.ofTotalSeconds(random.nextInt(-72, 73) * 900);
            case 3 -> pick(REGIONS);
            default -> pick(ZONES);
        };
    }

    /** Somewhere before the centre of the traffic, such that the range mostly covers it. */
    private Instant from(Frequency.Unit unit, Duration length) {
        long back = (long) (length.toNanos() / 1000.0 * random.nextDouble(-1, 12));
        Instant around = centre.minus(back, ChronoUnit.MICROS);
        around = around.isBefore(EARLIEST) ? EARLIEST : around;
        return switch (random.nextInt(7)) {
            case 0 -> Instant.ofEpochSecond(around.getEpochSecond() / 60 * 60);
            case 1 -> Instant.ofEpochSecond(around.getEpochSecond() / 3600 * 3600);
            case 2 -> Instant.ofEpochSecond(around.getEpochSecond() / 86_400 * 86_400);
            case 3 ->
                switch (unit) {
                    // the ends of months, where adding months has to cut
                    case MONTH, QUARTER, YEAR ->
                        Instant.parse(random.nextBoolean() ? "2025-12-31T23:30:00Z" : "2025-08-31T00:00:00Z");
                    default -> Instant.ofEpochSecond(around.getEpochSecond());
                };
            case 4 -> around.plusNanos(random.nextInt(1_000_000));
            case 5 -> centre;
            default -> around;
        };
    }

    private List<Metric<?>> metrics() {
        List<Metric<?>> rest = new ArrayList<>();
        for (int position = 0; position < Metrics.all().size(); position++) {
            rest.add(metric(position));
        }
        rest.addAll(judging());
        rest.replaceAll(this::perhapsWithMinimum);
        rest.add(derived("derived", 2));
        rest.add(ofAnything());
        rest.add(own("own_a"));
        rest.add(own("own_b"));
        int size = rest.size();
        int count =
                switch (random.nextInt(24)) {
                    case 0 -> size;
                    case 1 -> random.nextInt(1, size + 1);
                    default -> random.nextInt(1, 5);
                };
        List<Metric<?>> metrics = new ArrayList<>();
        while (metrics.size() < count) {
            metrics.add(rest.remove(random.nextInt(rest.size())));
        }
        return metrics;
    }

    private static final List<Metric<?>> WHOLE = List.of(
            Metrics.REQUEST_COUNT, Metrics.SUCCESSFUL_REQUESTS, Metrics.FAILED_REQUESTS, Metrics.BLOCKED_REQUESTS);
    private static final List<Metric<?>> SUMS = List.of(
            Metrics.REQUEST_COUNT,
            Metrics.REQUEST_RATE,
            Metrics.SUCCESSFUL_REQUESTS,
            Metrics.FAILED_REQUESTS,
            Metrics.BLOCKED_REQUESTS,
            Metrics.INPUT_TOKENS,
            Metrics.OUTPUT_TOKENS,
            Metrics.TOTAL_TOKENS,
            Metrics.REASONING_TOKENS,
            Metrics.COST,
            Metrics.COST_PER_REQUEST,
            Metrics.COST_PER_SUCCESS,
            Metrics.COST_PER_MILLION_TOKENS,
            Metrics.THROUGHPUT,
            Metrics.SYSTEM_THROUGHPUT,
            Metrics.CACHE,
            Metrics.PROMPT_CACHE);
    private static final List<Metric<?>> TOKENS =
            List.of(Metrics.INPUT_TOKENS, Metrics.OUTPUT_TOKENS, Metrics.TOTAL_TOKENS, Metrics.REASONING_TOKENS);
    private static final Set<String> EXACT_UNITS = Set.of("requests", "tokens", "currency");
    private static final List<Metric<?>> ANY = Stream.concat(
                    Metrics.all().stream(), Stream.of(Metrics.UNIQUE_USERS_ESTIMATED))
            // a difference, of which a quotient has no digits
            .filter(metric -> !metric.equals(Metrics.CACHE_LATENCY_SAVED))
            .toList();

    private static final List<Quantity<?>> SIZES = Quantity.all().stream()
            .filter(quantity -> quantity.type() != Double.class)
            .toList();

    /** Of a condition or a quantity. */
    private Metric<?> own(String name) {
        Quantity<?> quantity = pick(SIZES);
        return switch (random.nextInt(5)) {
            case 0, 1 -> perhapsSampled(Metrics.requestsWhere(name, nested(random.nextInt(3))));
            case 2 ->
                perhapsSampled(
                        random.nextBoolean()
                                ? Metrics.distribution(name, quantity)
                                : Metrics.distribution(name, quantity, nested(random.nextInt(2)))
                                        .withPercentiles(0.4, 0.9)
                                        .withIntervals(Confidence.NINETY_PERCENT));
            default ->
                quantity.equals(Quantity.TPOT)
                        ? Metrics.distribution(name, quantity).withPercentiles(0, 0.25, 1)
                        : random.nextBoolean()
                                ? Metrics.total(name, quantity)
                                : Metrics.total(name, quantity, nested(random.nextInt(2)));
        };
    }

    private Metric<?> perhapsSampled(Metric<?> metric) {
        return random.nextInt(5) == 0 ? metric.withMinimumSample(random.nextInt(1, 9)) : metric;
    }

    /** Of counts, tokens and cost. */
    private Metric<?> derived(String name, int depth) {
        Metric<?> left = exact(name + "_l", depth);
        return switch (random.nextInt(3)) {
            case 0 -> Metrics.ratio(name, left, exact(name + "_r", depth), random.nextBoolean() ? 1 : 1_000_000);
            case 1 -> Metrics.sum(name, left, alike(left));
            default -> Metrics.difference(name, left, alike(left));
        };
    }

    private Metric<?> exact(String name, int depth) {
        return switch (random.nextInt(depth > 1 ? 5 : 3)) {
            case 0 -> pick(WHOLE);
            case 1 -> pick(TOKENS);
            case 2 -> Metrics.COST;
            default -> {
                Metric<?> left = exact(name + "_l", 1);
                yield random.nextBoolean()
                        ? Metrics.sum(name, left, alike(left))
                        : Metrics.difference(name, left, alike(left));
            }
        };
    }

    private Metric<?> alike(Metric<?> metric) {
        return switch (metric.unit()) {
            case "requests" -> pick(WHOLE);
            case "tokens" -> pick(TOKENS);
            default -> Metrics.COST;
        };
    }

    private Metric<?> ofAnything() {
        Metric<?> left = random.nextBoolean()
                ? own("part")
                : perhapsWithMinimum(random.nextInt(4) == 0 ? pick(judging()) : pick(ANY));
        Metric<?> right = perhapsWithMinimum(pick(ANY));
        if (random.nextBoolean()) {
            return Metrics.ratio("of_anything", left, right, random.nextBoolean() ? 1 : 1000);
        }
        try {
            return random.nextBoolean()
                    ? Metrics.sum("of_anything", left, right)
                    : Metrics.difference("of_anything", left, right);
        } catch (BudMetricsException ofDifferentUnits) {
            return Metrics.ratio("of_anything", left, right);
        }
    }

    private Metric<?> perhapsWithMinimum(Metric<?> metric) {
        boolean sampled = metric instanceof DistributionMetric
                || Set.of("success_request", "failure_request", "blocked_request")
                        .contains(metric.name())
                || metric.name().startsWith("slo_attainment")
                || metric.name().startsWith("apdex");
        return sampled && random.nextInt(5) == 0 ? metric.withMinimumSample(random.nextInt(1, 9)) : metric;
    }

    /** Metrics with limits, among them two of a kind. */
    private List<Metric<?>> judging() {
        ServiceLevel level = level();
        ServiceLevel preset = pick(MlPerf.all());
        return List.of(
                Metrics.goodput(level),
                Metrics.sloAttainment(level),
                Metrics.sloAttainment(preset),
                Metrics.apdex(
                        pick(List.of(Metrics.TTFT, Metrics.TPOT, Metrics.LATENCY, Metrics.QUEUING_TIME)), limit()));
    }

    private ServiceLevel level() {
        ServiceLevel.Builder builder = ServiceLevel.builder().latency(limit());
        if (random.nextBoolean()) {
            builder = random.nextBoolean()
                    ? builder.ttft(limit())
                    : ServiceLevel.builder().ttft(limit());
        }
        if (random.nextBoolean()) {
            builder = builder.tpot(limit());
        }
        if (random.nextInt(3) == 0) {
            builder = random.nextBoolean()
                    ? builder.success()
                    : ServiceLevel.builder().success();
        }
        return random.nextBoolean() ? builder.named("named").build() : builder.build();
    }

    private Duration limit() {
        return switch (random.nextInt(4)) {
            case 0 -> Duration.ofSeconds(1);
            case 1 -> Duration.ofNanos(1000L * random.nextInt(1, 5_000_000));
            case 2 -> Duration.ofMillis(random.nextInt(1, 20_000));
            default -> Duration.ofHours(random.nextInt(1, 25));
        };
    }

    private Metric<?> metric(int position) {
        Metric<?> metric = Metrics.all().get(position);
        if (random.nextInt(3) > 0) {
            return metric;
        }
        double[] fractions = random.nextBoolean()
                ? new double[] {0.5}
                : new double[] {0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999};
        if (metric instanceof DistributionMetric distribution) {
            DistributionMetric asked = distribution.withPercentiles(fractions);
            return random.nextInt(3) == 0 ? asked.withIntervals(pick(List.of(Confidence.values()))) : asked;
        }
        // of so few users an estimate is exact
        return metric.equals(Metrics.UNIQUE_USERS) ? Metrics.UNIQUE_USERS_ESTIMATED : metric;
    }

    /** Half of the time only the first few, so that they meet often. */
    private List<Dimension<?>> dimensions() {
        return new ArrayList<>(
                switch (random.nextInt(6)) {
                    case 0, 1 -> Dimension.all();
                    case 2 -> classes();
                    default -> Dimension.all().subList(0, 6);
                });
    }

    private List<Dimension<?>> classes() {
        return List.of(
                Dimension.STATUS_CLASS,
                Dimension.LATENCY_CLASS,
                Dimension.TOKEN_SIZE,
                Dimension.latencyClass(Duration.ofNanos(1000L * random.nextInt(1, 1_000_000)), Duration.ofSeconds(2)),
                Dimension.tokenSize(random.nextInt(1, 9), 5_000),
                Dimension.classes(Quantity.TPOT, Duration.ofMillis(random.nextInt(1, 2_000))),
                Dimension.classes(Quantity.PAGES, 3L, 5L, 8L));
    }

    /** A condition of its own, not one that says something else of the same request. */
    static Filter filter(long seed) {
        RandomQuestions questions = new RandomQuestions(seed, RandomTraffic.CENTRE, null);
        return questions.nested(questions.random.nextInt(5));
    }

    private Filter nested(int depth) {
        return switch (depth == 0 ? random.nextInt(3) : random.nextInt(8)) {
            case 0 -> filter(pick(random.nextInt(4) == 0 ? classes() : Dimension.all()));
            case 1 -> bound(pick(Quantity.all()));
            case 2 -> missing();
            case 3, 4 -> nested(depth - 1).not();
            case 5 -> nested(depth - 1).and(nested(depth - 1));
            case 6 -> nested(depth - 1).or(nested(depth - 1), nested(depth - 1));
            default -> nested(depth - 1).and(nested(depth - 1).not(), nested(0));
        };
    }

    private Filter missing() {
        Filter missing = random.nextBoolean()
                ? pick(Dimension.all()).isMissing()
                : pick(Quantity.all()).isMissing();
        return random.nextBoolean() ? missing : missing.not();
    }

    private Filter bound(Quantity<?> quantity) {
        Object bound;
        if (quantity.type() == Duration.class) {
            bound = random.nextInt(5) == 0 ? Duration.ZERO : limit();
        } else if (quantity.type() == Long.class) {
            bound = pick(List.of(0L, 1L, 7L, 5L, 11L, 5_000L, 4_294_967_295L, 8_589_934_590L, Long.MAX_VALUE));
        } else if (quantity.type() == BigDecimal.class) {
            bound = pick(List.of(
                    BigDecimal.ZERO,
                    new BigDecimal("0.1"),
                    new BigDecimal("0.000000000001"),
                    new BigDecimal("0.002"),
                    new BigDecimal("-1"),
                    new BigDecimal("1000000000000")));
        } else {
            bound = pick(List.of(0.0, -45.5, 90.0, 1e-300, 1e300));
        }
        return new Filter.Bound(quantity, pick(List.of(Side.values())), bound);
    }

    private Filter filter(Dimension<?> dimension) {
        if (dimension.type() == Boolean.class) {
            return new Filter.In(
                    dimension, random.nextInt(5) == 0 ? List.of(true, false) : List.of(random.nextBoolean()));
        }
        if (!dimension.classes().isEmpty()) {
            return new Filter.In(
                    dimension,
                    random.nextBoolean()
                            ? List.of(pick(dimension.classes()))
                            : dimension.classes().subList(0, 2));
        }
        if (dimension.equals(Dimension.ASN)) {
            return Dimension.ASN.in(pick(RandomTraffic.ASNS), 4_294_967_295L, -1L);
        }
        if (dimension.equals(Dimension.RULE_PRIORITY)) {
            return Dimension.RULE_PRIORITY.in(random.nextInt(-2, 4), 0);
        }
        if (dimension.equals(Dimension.STATUS_CODE)) {
            return random.nextBoolean()
                    ? Dimension.STATUS_CODE.is(pick(RandomTraffic.STATUS_CODES))
                    : Dimension.STATUS_CODE.in(pick(RandomTraffic.STATUS_CODES), 500, -1, 1_000_000);
        }
        if (dimension.equals(Dimension.PROMPT) || dimension.equals(Dimension.USER)) {
            return random.nextBoolean()
                    ? new Filter.In(dimension, List.of(pick(RandomTraffic.PROMPTS)))
                    : new Filter.In(
                            dimension,
                            List.of(
                                    RandomTraffic.PROMPTS.get(0),
                                    RandomTraffic.PROMPTS.get(2),
                                    "no such prompt",
                                    "user-7",
                                    "\uD83D\uDE80"));
        }
        List<String> texts = RandomTraffic.TEXTS.get(dimension.column().name());
        if (texts != null) {
            return new Filter.In(
                    dimension,
                    random.nextBoolean() ? List.of(pick(texts)) : List.of(pick(texts), "no such text", "NULL"));
        }
        if (dimension.equals(Dimension.PROJECT)) {
            return ids(Dimension.PROJECT, RandomTraffic.PROJECTS);
        }
        if (dimension.equals(Dimension.MODEL)) {
            return ids(Dimension.MODEL, RandomTraffic.MODELS);
        }
        if (dimension.equals(Dimension.ENDPOINT)) {
            return ids(Dimension.ENDPOINT, RandomTraffic.ENDPOINTS);
        }
        if (dimension.equals(Dimension.USER_PROJECT)) {
            return ids(Dimension.USER_PROJECT, RandomTraffic.API_KEY_PROJECTS);
        }
        return ids(Dimension.API_KEY, RandomTraffic.API_KEYS);
    }

    private Filter ids(Dimension<UUID> dimension, List<UUID> known) {
        return switch (random.nextInt(5)) {
            case 0 -> dimension.in(known);
            case 1 -> dimension.in(pick(known), pick(known), new UUID(1, 2));
            case 2 -> random.nextInt(4) == 0 ? dimension.is(new UUID(0, 0)) : dimension.is(pick(known));
            default -> dimension.is(pick(known));
        };
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
