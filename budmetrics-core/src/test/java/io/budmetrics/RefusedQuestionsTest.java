package io.budmetrics;

import static io.budmetrics.filter.Dimension.CACHED;
import static io.budmetrics.filter.Dimension.COUNTRY;
import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.filter.Dimension.PROMPT;
import static io.budmetrics.filter.Dimension.STATUS_CODE;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static io.budmetrics.metric.Metrics.TTFT;
import static io.budmetrics.metric.Metrics.UNIQUE_USERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion.MovingAverage;
import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.filter.Quantity;
import io.budmetrics.metric.Confidence;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.ServiceLevel;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Questions that make no sense are refused when they are built, each with what to do instead. */
class RefusedQuestionsTest {
    private static final Instant FROM = Instant.parse("2026-01-07T09:30:00Z");
    private static final Instant TO = Instant.parse("2026-01-09T00:00:00Z");
    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(2, 2);
    private static final AnalyticsBuilder COUNTS =
            QueryBuilder.analytics().metrics(REQUEST_COUNT).between(FROM, TO);
    private static final AnalyticsBuilder BY_MODEL = COUNTS.groupBy(MODEL);
    private static final Filter FAST = Quantity.LATENCY.below(Duration.ofSeconds(1));

    /** What is asked, and how the refusal begins. */
    private record Refused(ThrowingCallable question, String reason) {}

    private final List<Refused> refused = new ArrayList<>();

    private void refuse(String reason, ThrowingCallable question) {
        refused.add(new Refused(question, reason));
    }

    @Test
    void whatMakesNoSenseIsRefusedWithWhatToDoInstead() {
        range();
        buckets();
        metrics();
        derived();
        groups();
        conditions();
        classes();
        sizes();

        assertThat(refused).hasSizeGreaterThanOrEqualTo(60);
        assertThat(refused).extracting(Refused::reason).doesNotHaveDuplicates();
        SoftAssertions.assertSoftly(softly -> refused.forEach(one -> {
            Throwable thrown = catchThrowable(one.question());
            softly.assertThat(thrown).as(one.reason()).isInstanceOf(BudMetricsException.class);
            if (thrown instanceof BudMetricsException refusal) {
                softly.assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY);
                softly.assertThat(refusal.reason())
                        .startsWith(one.reason())
                        .containsAnyOf("; ", ": ", ", so ")
                        .doesNotContain(A.toString(), "tenant-4711");
            }
        }));
    }

    private void range() {
        refuse(
                "the range is missing; name it with between(from, to) or since(from)",
                () -> QueryBuilder.analytics().metrics(REQUEST_COUNT).build());
        refuse(
                "to (2026-01-07T09:30:00Z) is not after from (2026-01-09T00:00:00Z) by a microsecond; the range begins",
                () -> COUNTS.between(TO, FROM).build());
        refuse(
                "to (2026-01-07T09:30:00Z) is not after from (2026-01-07T09:30:00Z) by a microsecond;",
                () -> COUNTS.between(FROM, FROM).build());
        refuse(
                "to (2026-01-07T09:30:00.000000999Z) is not after from (2026-01-07T09:30:00.000000001Z)",
                () -> COUNTS.between(FROM.plusNanos(1), FROM.plusNanos(999)).build());
        refuse(
                "from (1969-12-31T00:00:00Z) is outside 1970-01-01T00:00:00Z to 2105-01-01T00:00:00Z; choose",
                () -> COUNTS.between(Instant.parse("1969-12-31T00:00:00Z"), TO).build());
        refuse("to (2200-01-01T00:00:00Z) is outside", () -> COUNTS.between(FROM, Instant.parse("2200-01-01T00:00:00Z"))
                .build());
        refuse("asOf (+1000000000-12-31T23:59:59.999999999Z) is outside", () -> COUNTS.asOf(Instant.MAX)
                .build());
        refuse(
                "from (2026-01-07T09:30:00Z) is not before asOf (2026-01-07T09:30:00Z): the whole range is in the"
                        + " future; give an earlier from",
                () -> COUNTS.asOf(FROM).build());
        refuse("lookBack is PT-1S; give a duration from PT0S to PT744H", () -> COUNTS.lookBack(Duration.ofSeconds(-1))
                .build());
        refuse("lookBack is PT768H; give", () -> COUNTS.lookBack(Duration.ofDays(32))
                .build());
        refuse("a comparison with a range shifted by P0D; name how much", () -> Comparison.shiftedBy(Period.ZERO));
        refuse(
                "a comparison with a range shifted by P1Y-1M; name how much",
                () -> Comparison.shiftedBy(Period.of(1, -1, 0)));
        refuse("a comparison with a range shifted by PT0S; name how much", () -> Comparison.shiftedBy(Duration.ZERO));
        refuse(
                "a comparison with a range shifted by PT-1H; name how much",
                () -> Comparison.shiftedBy(Duration.ofHours(-1)));
        refuse(
                "a comparison with a range shifted by PT0.0000015S; name how much earlier it is, such as PT24H, in whole",
                () -> Comparison.shiftedBy(Duration.ofNanos(1500)));
        refuse(
                "the range to compare with, P57Y, begins at 1969-01-07T09:30:00Z, before 1970-01-01T00:00:00Z; shift it",
                () -> COUNTS.comparedWith(Comparison.shiftedBy(Period.ofYears(57)))
                        .build());
        refuse("the range to compare with, P999999Y, begins at", () -> COUNTS.since(FROM)
                .comparedWith(Comparison.shiftedBy(Period.ofYears(999_999)))
                .build());
        refuse("the range to compare with, previous_period, begins at 1969-", () -> COUNTS.between(
                        Instant.EPOCH.plusSeconds(10), Instant.EPOCH.plusSeconds(100))
                .comparedWith(Comparison.previousRange())
                .build());
        refuse(
                "the range to compare with, P1M, is empty: it begins at 2026-02-28T00:00:00Z and ends at 2026-02-28T00:00:00Z;",
                () -> COUNTS.between(Instant.parse("2026-03-29T00:00:00Z"), Instant.parse("2026-03-31T00:00:00Z"))
                        .comparedWith(Comparison.shiftedBy(Period.ofMonths(1)))
                        .build());
        refuse(
                "the question has no end",
                () -> COUNTS.since(FROM).build().statement(SqlContext.of(Layout.inferenceFact())));
    }

    private void buckets() {
        refuse("frequency interval is 0; give 1 to 100000 days", () -> Frequency.every(0, Frequency.Unit.DAY));
        refuse("frequency interval is -5; give 1 to 100000 hours", () -> Frequency.every(-5, Frequency.Unit.HOUR));
        refuse("frequency interval is 100001; give", () -> Frequency.every(100_001, Frequency.Unit.MINUTE));
        refuse(
                "weeks from sunday are single weeks, not 2 week; several weeks begin at the start of the range, so choose",
                () -> new Frequency(2, Frequency.Unit.WEEK, DayOfWeek.SUNDAY));
        refuse(
                "the range has 491088 buckets of 1 hour; at most 10000: choose 50 hours a bucket, a coarser unit, or a"
                        + " shorter range",
                () -> COUNTS.between(Instant.EPOCH, TO).every(Frequency.HOUR).build());
        refuse(
                "the range has 29465280 buckets of 1 minute; at most 10000: choose 2947 minutes a bucket",
                () -> COUNTS.between(Instant.EPOCH, TO).every(Frequency.MINUTE).build());
        refuse("the range has 20462 buckets of 1 day; at most 10000", () -> COUNTS.between(Instant.EPOCH, TO)
                .in(ZoneId.of("Europe/Paris"))
                .build());
    }

    private void metrics() {
        refuse(
                "metrics is empty; name at least one, such as request_count",
                () -> QueryBuilder.analytics().between(FROM, TO).build());
        refuse("metrics names latency twice; name it once", () -> COUNTS.metrics(LATENCY, LATENCY.withPercentiles(0.5))
                .build());
        refuse("percentile 99.0 of latency is outside 0", () -> LATENCY.withPercentiles(99));
        refuse("percentile -0.1 of latency is outside 0", () -> LATENCY.withPercentiles(-0.1));
        refuse("percentile NaN of latency is outside 0", () -> LATENCY.withPercentiles(Double.NaN));
        refuse("percentile 0.5 of ttft is given twice; give it once", () -> TTFT.withPercentiles(0.5, 0.5));
        refuse(
                "percentiles of latency are 21; give at most 20",
                () -> LATENCY.withPercentiles(
                        IntStream.range(0, 21).mapToDouble(i -> i / 100.0).toArray()));
        refuse("minimum sample of latency is 0; give 1 to 1000000000 requests", () -> LATENCY.withMinimumSample(0));
        refuse(
                "request_count does not support a minimum sample; give one to durations, ratios and scores",
                () -> REQUEST_COUNT.withMinimumSample(5));
        refuse("cost does not support a minimum sample;", () -> COST.withMinimumSample(5));
        refuse("metrics has a name that no metric has; give one of [request_count", () -> Metrics.named("tenant-4711"));
        refuse(
                "a moving average of latency has no meaning, since its values may be added up over nothing, not over"
                        + " buckets; ask for coarser buckets instead",
                () -> new MovingAverage(LATENCY.withPercentiles(0.99), 7));
        refuse(
                "a moving average of request_rate has no meaning, since its values may be added up over the groups of one",
                () -> new MovingAverage(Metrics.REQUEST_RATE, 7));
        refuse("a moving average of cost over 1 buckets; give 2 to 10000", () -> new MovingAverage(COST, 1));
        refuse("confidence is 97; give 90, 95 or 99 percent", () -> Confidence.ofPercent(97));
        refuse(
                "parameters: confidence is not valid; give it for metrics with percentiles",
                () -> Metrics.named("cost", Map.of("metric", "cost", "confidence", 95)));
        refuse(
                "intervals are not in the question; give withIntervals a confidence",
                () -> Distribution.of(9, 9, 1, 1, 1, Map.of(0.5, 1.0)).interval(0.5));
        refuse("a service level has no limit", () -> ServiceLevel.builder().build());
        refuse("ttft", () -> ServiceLevel.builder().ttft(Duration.ZERO).build());
        refuse(
                "latency is PT48H",
                () -> ServiceLevel.builder().latency(Duration.ofDays(2)).build());
        refuse("target", () -> Metrics.apdex(LATENCY, Duration.ofNanos(5)));
        refuse(
                "name of a service level is not an identifier; give at most 40 lower-case letters",
                () -> ServiceLevel.builder().success().named("tenant-4711 !").build());
    }

    private void derived() {
        refuse(
                "name of a custom metric has 11 characters and is not an identifier; give 1 to 60 lower-case letters",
                () -> Metrics.ratio("tenant-4711", COST, LATENCY));
        refuse("name of a custom metric has 0 characters and is not an identifier", () -> Metrics.sum("", COST, COST));
        refuse(
                "name of a custom metric is cost, which the catalogue has; give another name",
                () -> Metrics.ratio("cost", LATENCY, COST));
        refuse(
                "x is a sum of cost in currency and latency in ms; give metrics of one unit, or build a ratio",
                () -> Metrics.sum("x", COST, LATENCY));
        refuse(
                "x is a difference of concurrent_requests and average_concurrency, one of which is an average over time",
                () -> Metrics.difference("x", Metrics.CONCURRENT_REQUESTS, Metrics.AVERAGE_CONCURRENCY));
        refuse(
                "x is a ratio per 1001; give a power of ten from 1 to 1000000000",
                () -> Metrics.ratio("x", COST, LATENCY, 1001));
        refuse("x is a ratio per 0; give", () -> Metrics.ratio("x", COST, LATENCY, 0));
        refuse(
                "apdex is of output_speed; give a duration of the catalogue, such as ttft",
                () -> Metrics.apdex(Metrics.OUTPUT_SPEED, Duration.ofMillis(5)));
        refuse(
                "apdex is of x; give a duration of the catalogue, such as ttft",
                () -> Metrics.apdex(Metrics.distribution("x", Quantity.LATENCY), Duration.ofMillis(5)));
        refuse("x is made of 32 metrics; give at most 20", () -> {
            Metric<?> deep = COST;
            for (int i = 0; i < 5; i++) {
                deep = Metrics.sum("x", deep, deep);
            }
        });
        refuse(
                "x is a distribution of latitude, but averaging coordinates is not meaningful; give another quantity",
                () -> Metrics.distribution("x", Quantity.LATITUDE));
        refuse(
                "x is a total of time_per_output_token, which cannot be added up; give a count, a duration or a price",
                () -> Metrics.total("x", Quantity.TPOT));
        refuse("x is a total of latitude, which", () -> Metrics.total("x", Quantity.LATITUDE, FAST));
        refuse("name of a custom metric is latency, which", () -> Metrics.requestsWhere("latency", FAST));
        refuse(
                "metrics uses one name for two metrics, in b and before it; give one of them another name",
                () -> COUNTS.metrics(
                                Metrics.requestsWhere("slow", FAST.not()),
                                Metrics.ratio("b", Metrics.requestsWhere("slow", FAST), REQUEST_COUNT))
                        .build());
        Metric<?> own = Metrics.ratio("own", COST, REQUEST_COUNT);
        refuse(
                "own does not support a minimum sample; give one to a metric that it is made of",
                () -> own.withMinimumSample(5));
        refuse("metrics names own twice; name it once", () -> COUNTS.metrics(own, Metrics.ratio("own", COST, LATENCY))
                .build());
        refuse("top ranks by another own than the one that metrics asks for; use the same", () -> BY_MODEL.metrics(own)
                .top(3, Metrics.ratio("own", COST, LATENCY))
                .build());
    }

    private void groups() {
        refuse("dimension: unknown name; give one of [project, model", () -> Dimension.named("tenant-4711"));
        refuse("dimension: unknown name; did you mean model? give one of [", () -> Dimension.named("modle"));
        refuse("groupBy names model twice; name it once", () -> COUNTS.groupBy(MODEL, MODEL)
                .build());
        refuse("top needs groups; name at least one dimension in groupBy", () -> COUNTS.top(5)
                .build());
        refuse("top is 0; give 1 to 1000 groups", () -> BY_MODEL.top(0).build());
        refuse("top is 1001; give 1 to 1000 groups", () -> BY_MODEL.top(1001).build());
        refuse("top is -3; give 1 to 1000 groups", () -> TopN.of(-3, LATENCY));
        refuse(
                "top ranks by another latency than the one that metrics asks for; use the same, or give one another",
                () -> BY_MODEL.metrics(LATENCY)
                        .top(3, LATENCY.withMinimumSample(5))
                        .build());
        refuse(
                "having needs groups; name at least one dimension in groupBy",
                () -> COUNTS.having(REQUEST_COUNT.atLeast(5)).build());
        refuse(
                "duplicate having condition: latency below; give it once",
                () -> BY_MODEL.having(LATENCY.below(5), LATENCY.below(6)).build());
        refuse(
                "having is of another latency than the one that metrics or top asks for; use the same, or give",
                () -> BY_MODEL.metrics(LATENCY)
                        .having(LATENCY.withMinimumSample(5).below(5))
                        .build());
        refuse(
                "having is of another ttft than the one that metrics or top asks for; use the same, or give",
                () -> BY_MODEL.top(3, TTFT)
                        .having(TTFT.withMinimumSample(5).below(5))
                        .build());
        refuse(
                "having of unique_users has the bound Infinity; give a finite number",
                () -> UNIQUE_USERS.atMost(Double.POSITIVE_INFINITY));
        refuse(
                "having of cost has a bound of more than 12 decimals; give no more",
                () -> COST.above(new BigDecimal("0.1234567890123")));
        refuse(
                "having of success_request has a bound outside -1000000000000000000 to",
                () -> SUCCESSFUL_REQUESTS.above(1e19));
    }

    private void conditions() {
        refuse(
                "filter on model has no values; leave the filter out, or name at least one",
                () -> COUNTS.where(MODEL.in(List.of())).build());
        refuse(
                "filter on model has a value that is null, which no request equals; leave it out, or use isMissing()",
                () -> new Filter.In(MODEL, Collections.singletonList(null)));
        refuse("filter on prompt has an empty text, which no request has; use isMissing()", () -> PROMPT.is(""));
        refuse(
                "filter on country contains an unpaired surrogate, which cannot be encoded as UTF-8; leave",
                () -> COUNTRY.is("tenant-4711\uD800"));
        refuse(
                "filter on status_code has a value of type String; it takes Integer",
                () -> new Filter.In(STATUS_CODE, List.of("tenant-4711")));
        refuse(
                "filter on cached has a value of type Integer; it takes Boolean",
                () -> new Filter.In(CACHED, List.of(1)));
        refuse(
                "filter on response_time has a bound of type Long; it takes Duration",
                () -> new Filter.Bound(Quantity.LATENCY, Side.BELOW, 5L));
        refuse(
                "filter on response_time has the bound PT-1S; give a duration from PT0S to PT876000H",
                () -> Quantity.LATENCY.below(Duration.ofSeconds(-1)));
        refuse(
                "filter on response_time has the bound PT0.000000001S; durations are whole microseconds, so",
                () -> Quantity.LATENCY.below(Duration.ofNanos(1)));
        refuse("filter on input_tokens has the bound -1; give 0 or more", () -> Quantity.INPUT_TOKENS.atLeast(-1L));
        refuse(
                "filter on price has a bound of more than 12 decimals; prices have 12, so round it",
                () -> Quantity.COST.above(new BigDecimal("1E-13")));
        refuse(
                "filter on price has a bound outside -1000000000000 to 1000000000000; choose",
                () -> Quantity.COST.above(new BigDecimal("1E13")));
        refuse("filter on latitude has the bound NaN; use a finite number", () -> Quantity.LATITUDE.above(Double.NaN));
        refuse("and() names no filter; give at least one, or leave and() out", () -> FAST.and());
        refuse("or() names no filter; give at least one, or leave or() out", () -> FAST.or());
        refuse("any joins 1 filters; give two or more, or the one without any", () -> new Filter.Any(List.of(FAST)));
        refuse("all joins 0 filters; give two or more", () -> new Filter.All(List.of()));
        refuse("a filter is negated twice; give the filter itself", () -> new Filter.Not(FAST.not()));
        refuse(
                "the filters on model have no value in common, so no request passes all of them; name all its values in"
                        + " one, or join them with or()",
                () -> COUNTS.where(MODEL.is(A), MODEL.is(B)).build());
        refuse(
                "status_code: a value of 11 characters is no whole number; give digits",
                () -> STATUS_CODE.parse("tenant-4711"));
        refuse("cached: a value of 3 characters is no flag; give true or false", () -> CACHED.parse("yes"));
        refuse(
                "model: a value of 11 characters is not a UUID; give 8-4-4-4-12 hex digits",
                () -> MODEL.parse("tenant-4711"));
    }

    private void classes() {
        refuse("latency_class has 0 edges; give 1 to 8, ascending", () -> Dimension.latencyClass());
        refuse("token_size has 9 edges; give 1 to 8", () -> Dimension.tokenSize(1, 2, 3, 4, 5, 6, 7, 8, 9));
        refuse("token_size has the edge 0; give 1 to 1000000000000", () -> Dimension.tokenSize(0));
        refuse(
                "token_size has the edge 5 behind one that is not smaller; give them ascending, each once",
                () -> Dimension.tokenSize(5, 5));
        refuse(
                "latency_class has the edge PT48H; give whole microseconds from PT0.000001S to PT24H",
                () -> Dimension.latencyClass(Duration.ofDays(2)));
        refuse(
                "price_class has no edges; only durations and counts are cut into classes",
                () -> Dimension.classes(Quantity.COST, BigDecimal.ONE));
        refuse(
                "status_class: a value of 3 characters is none of its classes; give one of [<100, 1xx, 2xx",
                () -> Dimension.STATUS_CLASS.is("200"));
        refuse(
                "token_size_7: a value of 4 characters is none of its classes; give one of [<7, >=7]",
                () -> Dimension.tokenSize(7).parse("<100"));
        refuse(
                "asn: a value of 11 characters is no whole number; give digits",
                () -> Dimension.ASN.parse("tenant-4711"));
    }

    private void sizes() {
        List<Integer> codes = IntStream.range(0, 10_001).boxed().toList();
        refuse(
                "filter on status_code has 10001 values; at most 10000, or ask several questions",
                () -> STATUS_CODE.in(codes));
        refuse(
                "filters have 201 conditions; at most 200, so",
                () -> FAST.or(IntStream.range(0, 200).mapToObj(i -> FAST).toArray(Filter[]::new)));
        Filter many = STATUS_CODE.in(codes.subList(0, 10_000));
        refuse(
                "filters have 60000 values; at most 50000 in all, or ask several questions",
                () -> many.or(many, many, many, many, many));
        refuse("filters are nested 21 deep; at most 20, so rewrite the innermost", () -> {
            Filter deep = FAST;
            for (int i = 0; i < 10; i++) {
                deep = deep.or(FAST).and(FAST);
            }
        });
        refuse("having has 21 conditions; at most 20", () -> {
            AnalyticsBuilder held = BY_MODEL;
            for (Metric<?> metric : Metrics.all().subList(0, 21)) {
                held = held.having(metric.above(1));
            }
            held.build();
        });
    }
}
