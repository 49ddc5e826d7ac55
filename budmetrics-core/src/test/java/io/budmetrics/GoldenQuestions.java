package io.budmetrics;

import static io.budmetrics.metric.Metrics.CACHE;
import static io.budmetrics.metric.Metrics.CONCURRENT_REQUESTS;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.FAILED_REQUESTS;
import static io.budmetrics.metric.Metrics.INPUT_TOKENS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.OUTPUT_TOKENS;
import static io.budmetrics.metric.Metrics.QUEUING_TIME;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static io.budmetrics.metric.Metrics.THROUGHPUT;
import static io.budmetrics.metric.Metrics.TTFT;

import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Confidence;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The questions whose SQL is in <code>golden/*.sql</code>, by the name of the file. */
public final class GoldenQuestions {
    private static final Instant FROM = Instant.parse("2026-01-05T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-01-19T00:00:00Z");
    private static final UUID PROJECT_A = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a1");
    private static final UUID PROJECT_B = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a4");

    private static final Map<String, AnalyticsQuestion> ALL = questions();

    private GoldenQuestions() {}

    /**
     * Every case.
     *
     * @return name of the file without its ending, to the question, in a stable order
     */
    public static Map<String, AnalyticsQuestion> all() {
        return ALL;
    }

    private static AnalyticsBuilder days(Metric<?>... metrics) {
        return QueryBuilder.analytics().metrics(metrics).between(FROM, TO).every(Frequency.DAY);
    }

    private static Map<String, AnalyticsQuestion> questions() {
        Map<String, AnalyticsQuestion> cases = new LinkedHashMap<>();
        for (Metric<?> metric : Metrics.all()) {
            cases.put("metric-" + metric.name(), days(metric).build());
        }
        ServiceLevel strict = ServiceLevel.builder()
                .ttft(Duration.ofMillis(450))
                .tpot(Duration.ofMillis(40))
                .latency(Duration.ofSeconds(10))
                .success()
                .build();
        cases.put(
                "service-level",
                days(
                                Metrics.goodput(strict),
                                Metrics.sloAttainment(strict),
                                Metrics.sloAttainment(MlPerf.LLAMA2_70B_SERVER))
                        .groupBy(Dimension.MODEL)
                        .top(5)
                        .build());
        cases.put(
                "apdex",
                days(
                                Metrics.apdex(TTFT, Duration.ofMillis(500)),
                                Metrics.apdex(LATENCY, Duration.ofNanos(1_500_000_000)),
                                Metrics.apdex(Metrics.TPOT, Duration.ofNanos(40_500_000)))
                        .build());
        cases.put(
                "top-by-tpot-of-enough",
                days(REQUEST_COUNT)
                        .groupBy(Dimension.MODEL)
                        .top(3, Metrics.TPOT.withMinimumSample(30))
                        .build());
        cases.put("unique-users-estimated", days(Metrics.UNIQUE_USERS_ESTIMATED).build());
        for (Metric<?> metric : List.of(
                Metrics.AVERAGE_CONCURRENCY, Metrics.COST_PER_SUCCESS, Metrics.CACHE_LATENCY_SAVED, Metrics.TPOT)) {
            cases.put(
                    "top-by-" + metric.name().replace('_', '-'),
                    days(REQUEST_COUNT).groupBy(Dimension.MODEL).top(3, metric).build());
        }
        cases.put("metrics-all", days(Metrics.all().toArray(Metric<?>[]::new)).build());
        cases.put(
                "latency-percentiles",
                days(LATENCY.withPercentiles(0.5, 0.9, 0.999)).build());
        cases.put(
                "grouped-filtered-top-delta",
                days(REQUEST_COUNT, LATENCY, SUCCESSFUL_REQUESTS)
                        .where(Dimension.PROJECT.in(PROJECT_A, PROJECT_B))
                        .groupBy(Dimension.MODEL)
                        .top(5)
                        .withDelta()
                        .build());
        cases.put(
                "three-dimensions-everything",
                days(
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
                        .groupBy(Dimension.PROJECT, Dimension.MODEL, Dimension.ENDPOINT)
                        .top(10)
                        .withDelta()
                        .build());
        cases.put(
                "top-by-another-metric",
                days(REQUEST_COUNT).groupBy(Dimension.MODEL).top(3, LATENCY).build());
        cases.put(
                "top-by-concurrency",
                days(CONCURRENT_REQUESTS)
                        .groupBy(Dimension.API_KEY)
                        .top(2)
                        .withDelta()
                        .build());
        for (Frequency frequency : new Frequency[] {
            Frequency.MINUTE,
            Frequency.HOUR,
            Frequency.WEEK,
            Frequency.MONTH,
            Frequency.QUARTER,
            Frequency.YEAR,
            Frequency.WHOLE_RANGE
        }) {
            Instant to = frequency.equals(Frequency.MINUTE) ? FROM.plus(Duration.ofMinutes(45)) : TO;
            cases.put(
                    "every-" + frequency.unit().jsonName().replace('_', '-'),
                    QueryBuilder.analytics()
                            .metrics(REQUEST_COUNT)
                            .between(FROM.plusSeconds(90), to)
                            .every(frequency)
                            .build());
        }
        cases.put(
                "every-6-hours",
                QueryBuilder.analytics()
                        .metrics(REQUEST_COUNT, TTFT)
                        .between(FROM.plusMillis(1_500), TO)
                        .every(Frequency.every(6, Frequency.Unit.HOUR))
                        .withDelta()
                        .build());
        cases.put(
                "every-2-months",
                QueryBuilder.analytics()
                        .metrics(OUTPUT_TOKENS)
                        .between(Instant.parse("2025-08-31T12:00:00Z"), TO)
                        .every(Frequency.every(2, Frequency.Unit.MONTH))
                        .build());
        cases.put(
                "sparse-grouped-by-prompt",
                days(REQUEST_COUNT, COST)
                        .traffic(TrafficSource.PROMPT)
                        .groupBy(Dimension.PROMPT)
                        .onlyBucketsWithTraffic()
                        .build());
        cases.put(
                "all-traffic-filtered-by-prompt",
                days(REQUEST_COUNT)
                        .traffic(TrafficSource.ALL)
                        .where(Dimension.PROMPT.in("it's", "back\\slash"), Dimension.API_KEY.is(PROJECT_A))
                        .build());
        cases.put(
                "concurrency-by-month",
                QueryBuilder.analytics()
                        .metrics(CONCURRENT_REQUESTS)
                        .between(Instant.parse("2025-11-15T00:00:00Z"), TO)
                        .every(Frequency.MONTH)
                        .groupBy(Dimension.USER_PROJECT)
                        .lookBack(Duration.ofHours(6))
                        .withDelta()
                        .build());
        cases.put(
                "open-end-pinned",
                QueryBuilder.analytics()
                        .metrics(REQUEST_COUNT, THROUGHPUT)
                        .since(FROM)
                        .every(Frequency.HOUR)
                        .asOf(Instant.parse("2026-01-05T09:41:07.123456Z"))
                        .build());
        cases.putAll(derived());
        cases.putAll(filtered());
        cases.put(
                "having",
                days(REQUEST_COUNT, LATENCY)
                        .groupBy(Dimension.MODEL, Dimension.COUNTRY)
                        .having(REQUEST_COUNT.atLeast(100), LATENCY.below(2_000))
                        .build());
        cases.put(
                "having-top-delta",
                days(REQUEST_COUNT)
                        .where(Dimension.PROJECT.is(PROJECT_A))
                        .groupBy(Dimension.MODEL)
                        .having(COST.above(new BigDecimal("0.5")), Metrics.TPOT.atMost(50))
                        .top(3)
                        .withDelta()
                        .build());
        cases.put(
                "having-concurrency",
                days(CONCURRENT_REQUESTS)
                        .groupBy(Dimension.STREAMED)
                        .having(CONCURRENT_REQUESTS.atLeast(2), Metrics.REQUEST_RATE.above(0.0001))
                        .build());
        cases.putAll(ofOneBucket());
        cases.putAll(withTotals());
        cases.putAll(compared());
        cases.putAll(inZones());
        return Collections.unmodifiableMap(cases);
    }

    /** Custom metrics. */
    private static Map<String, AnalyticsQuestion> derived() {
        Metric<?> cost = Metrics.ratio("cost_per_million_outputs", COST, OUTPUT_TOKENS, 1_000_000);
        Map<String, AnalyticsQuestion> cases = new LinkedHashMap<>();
        cases.put(
                "derived-beside-its-parts",
                days(COST, cost)
                        .groupBy(Dimension.MODEL)
                        .top(5, cost)
                        .having(cost.above(new BigDecimal("0.5")))
                        .withDelta()
                        .build());
        cases.put(
                "derived-of-derived",
                days(REQUEST_COUNT)
                        .groupBy(Dimension.PROJECT)
                        .top(
                                3,
                                Metrics.ratio(
                                        "wait",
                                        Metrics.sum("before", QUEUING_TIME, TTFT.withMinimumSample(30)),
                                        Metrics.ratio("money", COST, CONCURRENT_REQUESTS)))
                        .build());
        Metric<?> german = Metrics.requestsWhere(
                "german_or_slow", Dimension.COUNTRY.is("DE").or(Quantity.LATENCY.above(Duration.ofSeconds(2))));
        cases.put(
                "own-condition-ranked-beside-a-filter",
                days(german, Metrics.ratio("german_share", german, REQUEST_COUNT))
                        .where(Dimension.COUNTRY.is("US").not())
                        .groupBy(Dimension.MODEL)
                        .top(5)
                        .having(german.atLeast(1))
                        .build());
        cases.put(
                "own-quantities",
                days(
                                Metrics.distribution("reply_size", Quantity.RESPONSE_SIZE)
                                        .withPercentiles(0.5, 0.99),
                                Metrics.distribution("price_of_streams", Quantity.COST, Dimension.STREAMED.is(true)),
                                Metrics.total("waited", Quantity.QUEUING_TIME),
                                Metrics.total("all_tokens", Quantity.TOTAL_TOKENS, Dimension.CACHED.is(true)))
                        .build());
        cases.put(
                "percentiles-with-intervals",
                days(LATENCY.withPercentiles(0.5, 0.95).withIntervals(Confidence.NINETY_FIVE_PERCENT))
                        .build());
        Dimension<String> speed = Dimension.latencyClass(Duration.ofMillis(500), Duration.ofSeconds(2));
        cases.put(
                "classes-ranked-with-others-and-concurrency",
                days(CONCURRENT_REQUESTS)
                        .where(speed.is("<500ms").not(), Dimension.STATUS_CLASS.in("2xx", "4xx"))
                        .groupBy(speed, Dimension.TOKEN_SIZE)
                        .top(3, REQUEST_COUNT)
                        .having(REQUEST_COUNT.atLeast(2))
                        .build());
        cases.put(
                "classes-of-a-quantity",
                days(REQUEST_COUNT)
                        .groupBy(
                                Dimension.classes(Quantity.QUEUING_TIME, Duration.ofMillis(100), Duration.ofSeconds(1)),
                                Dimension.LATENCY_CLASS)
                        .build());
        return cases;
    }

    private static Map<String, AnalyticsQuestion> filtered() {
        Filter slow = Quantity.LATENCY.atLeast(Duration.ofSeconds(2));
        Map<String, AnalyticsQuestion> cases = new LinkedHashMap<>();
        cases.put(
                "filter-plain-comparisons",
                days(REQUEST_COUNT, COST)
                        .where(
                                Dimension.PROJECT.is(PROJECT_A),
                                Dimension.SUCCESS.is(true),
                                Dimension.STATUS_CODE.in(200, 206),
                                Dimension.COUNTRY.in("DE", "FR"),
                                slow,
                                Quantity.COST.above(new BigDecimal("0.1")))
                        .build());
        cases.put(
                "filter-any-of",
                days(REQUEST_COUNT)
                        .where(
                                Dimension.PROJECT.is(PROJECT_A),
                                Dimension.STATUS_CODE.is(500).or(slow))
                        .build());
        cases.put(
                "filter-nested",
                days(REQUEST_COUNT, LATENCY)
                        .where(Dimension.MODEL
                                .in(PROJECT_A, PROJECT_B)
                                .or(Dimension.PROJECT
                                        .is(PROJECT_A)
                                        .and(slow, Quantity.TTFT.below(Duration.ofMillis(500)))))
                        .groupBy(Dimension.MODEL)
                        .top(5)
                        .withDelta()
                        .build());
        cases.put(
                "filter-not",
                days(REQUEST_COUNT)
                        .where(
                                Dimension.MODEL.is(PROJECT_A).not(),
                                Dimension.STATUS_CODE
                                        .in(429, 500)
                                        .and(Dimension.CACHED.is(true).not())
                                        .not(),
                                slow.or(Quantity.OUTPUT_TOKENS.atMost(100L)).not())
                        .build());
        cases.put(
                "filter-missing",
                days(REQUEST_COUNT)
                        .where(
                                Dimension.MODEL.isMissing(),
                                Dimension.COUNTRY.isPresent(),
                                Dimension.CITY.isMissing().or(Quantity.COST.isMissing()),
                                Quantity.LATENCY.isPresent(),
                                Quantity.TOTAL_TOKENS.isPresent(),
                                Quantity.QUEUING_TIME.isMissing())
                        .build());
        cases.put(
                "filter-concurrency",
                days(CONCURRENT_REQUESTS, REQUEST_COUNT)
                        .where(Dimension.PROJECT.is(PROJECT_A).or(slow.not()))
                        .groupBy(Dimension.STREAMED)
                        .top(2)
                        .build());
        cases.put(
                "grouped-by-country-and-status",
                days(REQUEST_COUNT, SUCCESSFUL_REQUESTS)
                        .groupBy(Dimension.COUNTRY, Dimension.REGION, Dimension.STATUS_CODE)
                        .build());
        cases.put(
                "top-of-flags-and-names",
                days(REQUEST_COUNT)
                        .groupBy(Dimension.CACHED, Dimension.MODEL_NAME, Dimension.STATUS_CODE)
                        .top(3, COST)
                        .withDelta()
                        .build());
        return cases;
    }

    /** All but the last are counted once: it needs every request of the others together. */
    private static Map<String, AnalyticsQuestion> ofOneBucket() {
        Map<String, AnalyticsQuestion> cases = new LinkedHashMap<>();
        cases.put(
                "top-of-one-bucket",
                days(COST)
                        .every(Frequency.YEAR)
                        .groupBy(Dimension.MODEL)
                        .top(10)
                        .build());
        cases.put(
                "top-of-one-bucket-having-totals",
                days(SUCCESSFUL_REQUESTS, OUTPUT_TOKENS, Metrics.COST_PER_SUCCESS)
                        .every(Frequency.YEAR)
                        .groupBy(Dimension.PROJECT, Dimension.COUNTRY, Dimension.latencyClass(Duration.ofSeconds(2)))
                        .having(REQUEST_COUNT.atLeast(2), CONCURRENT_REQUESTS.atMost(1_000))
                        .top(3, Metrics.TPOT)
                        .withTotals()
                        .build());
        cases.put(
                "having-of-one-bucket",
                days(COST, LATENCY)
                        .every(Frequency.YEAR)
                        .where(Dimension.PROJECT.is(PROJECT_A))
                        .groupBy(Dimension.MODEL, Dimension.latencyClass(Duration.ofSeconds(2)))
                        .having(COST.above(new BigDecimal("0.5")), CONCURRENT_REQUESTS.atMost(1_000))
                        .build());
        cases.put(
                "top-of-one-bucket-percentiles",
                days(COST, LATENCY)
                        .every(Frequency.YEAR)
                        .groupBy(Dimension.MODEL)
                        .top(10)
                        .build());
        return cases;
    }

    private static Map<String, AnalyticsQuestion> withTotals() {
        Map<String, AnalyticsQuestion> cases = new LinkedHashMap<>();
        cases.put("totals", days(LATENCY, Metrics.UNIQUE_USERS).withTotals().build());
        cases.put(
                "totals-grouped",
                days(REQUEST_COUNT, LATENCY)
                        .groupBy(Dimension.MODEL, Dimension.COUNTRY)
                        .withTotals()
                        .build());
        cases.put(
                "totals-top-delta",
                days(REQUEST_COUNT, Metrics.UNIQUE_USERS)
                        .where(Dimension.PROJECT.is(PROJECT_A))
                        .groupBy(Dimension.MODEL)
                        .top(5)
                        .withDelta()
                        .withTotals()
                        .build());
        cases.put(
                "totals-concurrency",
                QueryBuilder.analytics()
                        .metrics(CONCURRENT_REQUESTS, Metrics.AVERAGE_CONCURRENCY)
                        .between(FROM.plusSeconds(5_400), TO)
                        .every(Frequency.WEEK)
                        .groupBy(Dimension.STREAMED)
                        .having(REQUEST_COUNT.atLeast(2))
                        .withDelta()
                        .withTotals()
                        .build());
        return cases;
    }

    private static Map<String, AnalyticsQuestion> compared() {
        Map<String, AnalyticsQuestion> cases = new LinkedHashMap<>();
        cases.put(
                "compared-with-previous-period",
                days(REQUEST_COUNT, LATENCY)
                        .groupBy(Dimension.MODEL)
                        .comparedWith(Comparison.previousRange())
                        .build());
        cases.put(
                "compared-with-year-before-top-delta-totals",
                days(REQUEST_COUNT, Metrics.TPOT)
                        .where(Dimension.PROJECT.is(PROJECT_A))
                        .groupBy(Dimension.MODEL)
                        .having(REQUEST_COUNT.atLeast(2))
                        .top(5)
                        .withDelta()
                        .withTotals()
                        .comparedWith(Comparison.shiftedBy(Period.ofYears(1)))
                        .build());
        cases.put(
                "compared-concurrency-by-month",
                QueryBuilder.analytics()
                        .metrics(CONCURRENT_REQUESTS)
                        .in(ZoneId.of("Europe/Berlin"))
                        .between(Instant.parse("2025-12-31T23:00:00Z"), Instant.parse("2026-02-28T23:00:00Z"))
                        .every(Frequency.MONTH)
                        .comparedWith(Comparison.shiftedBy(Period.ofMonths(1)))
                        .build());
        return cases;
    }

    /** Berlin sets its clock on 26 October 2025 and on 29 March 2026. */
    private static Map<String, AnalyticsQuestion> inZones() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Instant october = Instant.parse("2025-09-30T22:00:00Z");
        Instant may = Instant.parse("2026-04-30T22:00:00Z");
        AnalyticsBuilder counts =
                QueryBuilder.analytics().metrics(REQUEST_COUNT).in(berlin);
        Map<String, AnalyticsQuestion> cases = new LinkedHashMap<>();
        cases.put("zone-by-hour", counts.between(FROM, TO).every(Frequency.HOUR).build());
        cases.put(
                "zone-by-day-without-change",
                counts.between(FROM, TO).every(Frequency.DAY).build());
        cases.put(
                "zone-by-day-over-changes",
                counts.between(october, may).every(Frequency.DAY).build());
        cases.put(
                "zone-by-day-a-week",
                counts.between(Instant.parse("2025-10-20T00:00:00Z"), Instant.parse("2025-10-27T00:00:00Z"))
                        .every(Frequency.DAY)
                        .build());
        cases.put(
                "zone-by-day-cut-at-both-ends",
                counts.metrics(CONCURRENT_REQUESTS)
                        .between(october.plusSeconds(5_400), may.minusSeconds(5_400))
                        .every(Frequency.DAY)
                        .build());
        cases.put(
                "zone-by-quarter",
                counts.between(Instant.parse("2023-12-31T23:00:00Z"), may)
                        .every(Frequency.QUARTER)
                        .build());
        cases.put(
                "zone-by-month",
                counts.between(october, may).every(Frequency.MONTH).build());
        cases.put(
                "zone-by-week-from-sunday",
                counts.between(october, may)
                        .every(Frequency.weeksFrom(DayOfWeek.SUNDAY))
                        .build());
        cases.put(
                "zone-by-2-weeks",
                counts.between(october, may)
                        .every(Frequency.every(2, Frequency.Unit.WEEK))
                        .withDelta()
                        .build());
        cases.put(
                "zone-concurrency-by-day",
                counts.metrics(CONCURRENT_REQUESTS)
                        .between(october, may)
                        .every(Frequency.DAY)
                        .groupBy(Dimension.MODEL)
                        .withDelta()
                        .build());
        cases.put(
                "zone-half-an-hour-of-change",
                counts.in(ZoneId.of("Australia/Lord_Howe"))
                        .between(Instant.parse("2026-04-01T00:10:00Z"), Instant.parse("2026-04-08T00:00:00Z"))
                        .every(Frequency.HOUR)
                        .build());
        return cases;
    }
}
