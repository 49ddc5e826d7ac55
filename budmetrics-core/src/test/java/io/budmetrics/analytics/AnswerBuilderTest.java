package io.budmetrics.analytics;

import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.filter.Dimension.PROJECT;
import static io.budmetrics.filter.Dimension.PROMPT;
import static io.budmetrics.filter.Dimension.STATUS_CODE;
import static io.budmetrics.metric.Metrics.CACHE;
import static io.budmetrics.metric.Metrics.CONCURRENT_REQUESTS;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.INPUT_TOKENS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static io.budmetrics.metric.Metrics.THROUGHPUT;
import static io.budmetrics.metric.Metrics.TTFT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.CacheUse;
import io.budmetrics.metric.Concurrency;
import io.budmetrics.metric.Cost;
import io.budmetrics.metric.Count;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.metric.MetricValue.Absence;
import io.budmetrics.metric.Rate;
import io.budmetrics.metric.Share;
import io.budmetrics.metric.TokenTotal;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Answers made by hand. */
class AnswerBuilderTest {
    private static final UUID A = new UUID(0, 10);
    private static final UUID B = new UUID(0, 11);
    private static final Instant EIGHT = Instant.parse("2026-01-07T08:00:00Z");
    private static final Instant NINE = Instant.parse("2026-01-07T09:00:00Z");
    private static final Instant TEN = Instant.parse("2026-01-07T10:00:00Z");
    private static final AnalyticsBuilder HOURLY = QueryBuilder.analytics()
            .metrics(REQUEST_COUNT, SUCCESSFUL_REQUESTS, LATENCY)
            .between(NINE, Instant.parse("2026-01-07T12:00:00Z"))
            .every(Frequency.HOUR);
    private static final AnalyticsBuilder BY_MODEL = HOURLY.groupBy(MODEL);
    private static final Distribution LATENCIES =
            Distribution.of(120, 110, 850, 90, 4000, Map.of(0.95, 2100.0, 0.99, 3600.0));

    private static void refused(ThrowingCallable call, String reason) {
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(call)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY))
                .withMessageContaining(reason);
    }

    @Test
    void givenValues_areReturnedAndOthersAreNotMeasured() {
        AnalyticsAnswer answer = AnalyticsAnswer.builder(BY_MODEL.build())
                .row(NINE, Group.of(MODEL, A), 120)
                .value(SUCCESSFUL_REQUESTS, Share.of(118, 120, 120))
                .value(LATENCY, LATENCIES)
                .row(TEN, Group.of(MODEL, A), 80)
                .build();

        assertThat(answer.rows()).hasSize(3);
        Row nine = answer.rows().get(0);
        assertThat(nine.group().get(MODEL)).contains(A);
        assertThat(nine.get(REQUEST_COUNT).count()).isEqualTo(120);
        assertThat(nine.get(SUCCESSFUL_REQUESTS).count()).hasValue(118);
        assertThat(nine.get(LATENCY).percentile(0.99)).hasValue(3600);
        assertThat(nine.get(LATENCY).mean()).hasValue(850);
        Row ten = answer.rows().get(1);
        assertThat(ten.get(REQUEST_COUNT).count()).isEqualTo(80);
        assertThat(ten.get(SUCCESSFUL_REQUESTS).absence()).contains(Absence.NOT_MEASURED);
        assertThat(ten.get(LATENCY).percentile(0.99)).isEmpty();
        Row eleven = answer.rows().get(2);
        assertThat(eleven.hasTraffic()).isFalse();
        assertThat(eleven.get(SUCCESSFUL_REQUESTS).count()).hasValue(0);
        assertThat(eleven.get(LATENCY).absence()).contains(Absence.NO_TRAFFIC);
    }

    @Test
    void builtAnswer_equalsTheAnswerReadFromColumns() {
        RowColumns columns = new RowColumns(
                        "model",
                        "bucket",
                        "request_count",
                        "success_count",
                        "success_known",
                        "latency_measured",
                        "latency_sum",
                        "latency_min",
                        "latency_max",
                        "latency_quantiles")
                .row(A, micros(EIGHT), 3, 0, 0, 0, 0, 0, 0, new double[0])
                .row(A, micros(NINE), 120, 118, 120, 2, 3000, 1000, 2000, new double[] {1950, 1990})
                .row(null, micros(TEN), 7, 0, 0, 0, 0, 0, 0, new double[0]);
        AnalyticsBuilder question = BY_MODEL.withDelta();

        AnalyticsAnswer byHand = AnalyticsAnswer.builder(question.build())
                .row(TEN, Group.of(MODEL, null), 7)
                .row(NINE, Group.of(MODEL, A), 120)
                .value(SUCCESSFUL_REQUESTS, Share.of(118, 120, 120))
                .value(LATENCY, Distribution.of(120, 2, 1.5, 1, 2, Map.of(0.95, 1.95, 0.99, 1.99)))
                .row(EIGHT, Group.of(MODEL, A), 3)
                .build();

        assertThat(byHand).isEqualTo(AnalyticsAnswer.of(question.build(), columns));
        assertThat(byHand.rows())
                .isEqualTo(AnalyticsAnswer.of(question.build(), columns).rows());
        assertThat(byHand.rows().get(0).delta(REQUEST_COUNT).change()).hasValue(117);
    }

    @Test
    void totalsAreAddedUpAndWhatCannotBeIsGiven() {
        Instant noon = Instant.parse("2026-01-07T12:00:00Z");
        AnalyticsQuestion question = BY_MODEL.withDelta().withTotals().build();
        AnswerBuilder rows = AnalyticsAnswer.builder(question)
                .row(NINE, Group.of(MODEL, A), 120)
                .value(SUCCESSFUL_REQUESTS, Share.of(118, 120, 120))
                .value(LATENCY, LATENCIES)
                .row(EIGHT, Group.of(MODEL, A), 3)
                .row(TEN, Group.of(MODEL, null), 80)
                .value(SUCCESSFUL_REQUESTS, Share.of(2, 2, 80));

        AnalyticsAnswer answer = rows.total(200)
                .value(LATENCY, Distribution.of(200, 120, 850, 90, 4000, Map.of(0.95, 2100.0, 0.99, 3600.0)))
                .total(Group.of(MODEL, A), 120)
                .value(LATENCY, LATENCIES)
                .total(TEN, 80)
                .value(SUCCESSFUL_REQUESTS, Share.of(2, 2, 80))
                .build();

        assertThat(answer.total().get(REQUEST_COUNT).count()).isEqualTo(200);
        assertThat(answer.total().get(SUCCESSFUL_REQUESTS)).isEqualTo(Share.of(120, 122, 200));
        assertThat(answer.total().get(LATENCY).percentile(0.99)).hasValue(3600);
        assertThat(answer.series().get(0).total().get(LATENCY)).isEqualTo(LATENCIES);
        assertThat(answer.series().get(0).total(LATENCY)).isEqualTo(LATENCIES);
        assertThat(answer.series().get(1).total().get(LATENCY).absence()).contains(Absence.NOT_MEASURED);
        assertThat(answer.buckets().get(0).total().get(REQUEST_COUNT).count()).isEqualTo(120);
        assertThat(answer.buckets().get(0).total().delta(REQUEST_COUNT).change())
                .hasValue(117);
        assertThat(answer.buckets().get(1).total().get(SUCCESSFUL_REQUESTS)).isEqualTo(Share.of(2, 2, 80));
        assertThat(answer.buckets().get(2).total().hasTraffic()).isFalse();
        assertThat(answer.total().bucket()).isEqualTo(new Bucket(NINE, noon, NINE, noon));
        assertThat(answer.total().group()).isEqualTo(Group.everything());
        assertThat(answer)
                .isNotEqualTo(rows.total(NINE, 120).value(LATENCY, LATENCIES).build());
    }

    @Test
    void totalsThatNoServerWouldAnswerAreRefused() {
        AnalyticsQuestion question = BY_MODEL.withTotals().build();
        refused(() -> AnalyticsAnswer.builder(BY_MODEL.build()).total(1), "does not ask for totals");
        refused(() -> AnalyticsAnswer.builder(question).total(-1), "requests is -1");
        refused(() -> AnalyticsAnswer.builder(question).total(1).total(1), "a total is given twice");
        refused(
                () -> AnalyticsAnswer.builder(question).total(Group.of(PROJECT, A), 1),
                "the group is of [project], the question groups by [model]");
        refused(() -> AnalyticsAnswer.builder(HOURLY.withTotals().build()).total(NINE, 1), "give it with row(...)");
        refused(
                () -> AnalyticsAnswer.builder(question)
                        .total(Group.of(MODEL, A), 1)
                        .build(),
                "a group without rows");
        refused(
                () -> AnalyticsAnswer.builder(question)
                        .row(NINE, Group.of(MODEL, A), 3)
                        .total(4)
                        .build(),
                "a total is of 4 requests, but its rows are of 3");
        refused(
                () -> AnalyticsAnswer.builder(question)
                        .row(NINE, Group.of(MODEL, A), 3)
                        .total(3)
                        .value(SUCCESSFUL_REQUESTS, Share.of(1, 1, 3))
                        .build(),
                "is not what its rows add up to");
    }

    @Test
    void theRangeThatIsComparedHasRowsToo() {
        UUID gone = new UUID(0, 99);
        Instant yesterday = NINE.minus(Duration.ofDays(1));
        AnalyticsAnswer answer = AnalyticsAnswer.builder(BY_MODEL.comparedWith(Comparison.shiftedBy(Duration.ofDays(1)))
                        .withTotals()
                        .build())
                .row(NINE, Group.of(MODEL, A), 120)
                .value(LATENCY, LATENCIES)
                .row(TEN, Group.of(MODEL, null), 1)
                .compared(before -> before.row(yesterday, Group.of(MODEL, A), 60)
                        .row(yesterday, Group.of(MODEL, gone), 7)
                        .total(67))
                .build();

        assertThat(answer.groups())
                .containsExactlyInAnyOrder(Group.of(MODEL, A), Group.of(MODEL, gone), Group.of(MODEL, null))
                .isEqualTo(answer.compared().groups());
        assertThat(answer.newGroups()).containsExactly(Group.of(MODEL, null));
        assertThat(answer.vanishedGroups()).containsExactly(Group.of(MODEL, gone));
        Row nine = answer.rows().stream()
                .filter(row -> row.group().equals(Group.of(MODEL, A)))
                .findFirst()
                .orElseThrow();
        assertThat(nine.comparison(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.of(60), OptionalDouble.of(1), true));
        assertThat(nine.comparison(LATENCY).change()).isEmpty();
        assertThat(nine.compared())
                .hasValueSatisfying(row -> assertThat(row.bucket().from()).isEqualTo(yesterday));
        assertThat(answer.total().comparison(REQUEST_COUNT).change()).hasValue(54);
        assertThat(answer.compared().total().get(REQUEST_COUNT).count()).isEqualTo(67);
    }

    @Test
    void periodsWithoutACounterpartAreComparedWithNothing() {
        AnalyticsBuilder march = BY_MODEL.between(
                        Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z"))
                .every(Frequency.DAY);
        AnalyticsBuilder february =
                march.between(Instant.parse("2026-02-01T00:00:00Z"), Instant.parse("2026-03-01T00:00:00Z"));
        Comparison monthBefore = Comparison.shiftedBy(java.time.Period.ofMonths(1));
        Group group = Group.of(MODEL, A);

        AnalyticsAnswer longer = AnalyticsAnswer.builder(
                        march.comparedWith(monthBefore).build())
                .row(Instant.parse("2026-03-29T00:00:00Z"), group, 5)
                .build();
        AnalyticsAnswer shorter = AnalyticsAnswer.builder(february.comparedWith(monthBefore)
                        .onlyBucketsWithTraffic()
                        .build())
                .row(Instant.parse("2026-02-02T00:00:00Z"), group, 5)
                .compared(before -> before.row(Instant.parse("2026-01-01T00:00:00Z"), group, 1)
                        .row(Instant.parse("2026-01-29T00:00:00Z"), group, 1))
                .build();

        assertThat(longer.bucketsMatch()).isFalse();
        assertThat(longer.rows().get(27).compared()).isPresent();
        assertThat(longer.rows().get(28).compared()).isEmpty();
        assertThat(longer.rows().get(28).comparison(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.empty(), OptionalDouble.empty(), false));
        assertThat(shorter.bucketsMatch()).isFalse();
        assertThat(shorter.rows())
                .extracting(row -> row.comparison(REQUEST_COUNT).change())
                .containsExactly(OptionalDouble.of(-1), OptionalDouble.of(5));
    }

    @Test
    void cutBucket_isNeverComparable() {
        AnalyticsBuilder monthly = HOURLY.every(Frequency.MONTH).comparedWith(Comparison.previousRange());
        Instant february = Instant.parse("2026-02-01T00:00:00Z");
        Instant march = Instant.parse("2026-03-01T00:00:00Z");

        for (AnalyticsBuilder fourWeeks :
                List.of(monthly.between(february, march), monthly.between(march, march.plus(Duration.ofDays(28))))) {
            AnalyticsAnswer answer = AnalyticsAnswer.builder(fourWeeks.build()).build();
            assertThat(answer.bucketsMatch()).isTrue();
            assertThat(answer.rows().get(0).comparison(REQUEST_COUNT).comparable())
                    .isFalse();
        }
    }

    @Test
    void answersDifferByWhateverOneOfThemSays() {
        AnalyticsQuestion running =
                BY_MODEL.metrics(CONCURRENT_REQUESTS).withDelta().withTotals().build();
        Group group = Group.of(MODEL, A);
        AnalyticsAnswer one = AnalyticsAnswer.builder(running)
                .row(NINE, group, 1)
                .value(CONCURRENT_REQUESTS, Concurrency.of(OptionalLong.of(1)))
                .build();
        AnalyticsAnswer more = AnalyticsAnswer.builder(running)
                .row(NINE, group, 2)
                .value(CONCURRENT_REQUESTS, Concurrency.of(OptionalLong.of(1)))
                .build();
        AnalyticsAnswer before = AnalyticsAnswer.builder(running)
                .row(EIGHT, group, 1)
                .row(NINE, group, 1)
                .value(CONCURRENT_REQUESTS, Concurrency.of(OptionalLong.of(1)))
                .build();
        AnalyticsAnswer together = AnalyticsAnswer.builder(running)
                .row(NINE, group, 1)
                .value(CONCURRENT_REQUESTS, Concurrency.of(OptionalLong.of(1)))
                .total(group, 1)
                .value(CONCURRENT_REQUESTS, Concurrency.of(OptionalLong.of(1)))
                .build();

        assertThat(one).isNotEqualTo(more).isNotEqualTo(before).isNotEqualTo(together);
        assertThat(one.rows()).isNotEqualTo(more.rows()).isEqualTo(together.rows());
        assertThat(one.buckets()).isNotEqualTo(more.buckets()).isEqualTo(together.buckets());
        assertThat(one.series()).isNotEqualTo(more.series()).isNotEqualTo(together.series());
        assertThat(one.rows().get(1).delta(CONCURRENT_REQUESTS))
                .isNotEqualTo(one.rows().get(2).delta(CONCURRENT_REQUESTS));

        AnalyticsQuestion compared =
                HOURLY.comparedWith(Comparison.previousRange()).build();
        assertThat(AnalyticsAnswer.builder(compared)
                        .compared(rows -> rows.row(EIGHT, 1))
                        .build())
                .isNotEqualTo(AnalyticsAnswer.builder(compared).build());
    }

    @Test
    void impossibleComparisons_areRefused() {
        AnalyticsBuilder compared = BY_MODEL.comparedWith(Comparison.previousRange());
        Instant before = NINE.minusSeconds(60);
        refused(() -> AnalyticsAnswer.builder(BY_MODEL.build()).compared(rows -> {}), "compares nothing");
        refused(
                () -> AnalyticsAnswer.builder(compared.build())
                        .compared(rows -> rows.row(before, Group.of(MODEL, A), 0))
                        .build(),
                "a group has no request in either range");
        refused(
                () -> AnalyticsAnswer.builder(compared.top(3).build())
                        .compared(rows -> rows.row(before, Group.of(MODEL, A), 1))
                        .build(),
                "a ranking and having keep groups of this range");
        assertThat(AnalyticsAnswer.builder(compared.top(3).build())
                        .compared(rows -> rows.row(before, Group.others(MODEL), 1))
                        .build()
                        .vanishedGroups())
                .containsExactly(Group.others(MODEL));
    }

    private static long micros(Instant instant) {
        return instant.toEpochMilli() * 1000;
    }

    @Test
    void row_acceptsAnyMomentWithinTheBucket() {
        AnalyticsBuilder clipped = HOURLY.between(NINE.plusSeconds(1800), NINE.plusSeconds(5400));

        AnalyticsAnswer answer = AnalyticsAnswer.builder(clipped.build())
                .row(NINE.plusSeconds(1800), 1)
                .row(TEN.plusSeconds(3600).minusNanos(1), 2)
                .build();

        assertThat(answer.rows())
                .extracting(row -> row.get(REQUEST_COUNT).count())
                .containsExactly(1L, 2L);
        assertThat(answer.rows().get(0).bucket().partial()).isTrue();
    }

    @Test
    void groupsStandAsAServerGivesThem() {
        AnalyticsBuilder byPrompt = HOURLY.groupBy(PROMPT, MODEL);
        AnalyticsAnswer answer = AnalyticsAnswer.builder(byPrompt.build())
                .row(NINE, Group.of(PROMPT, null).and(MODEL, A), 1)
                .row(NINE, Group.of(PROMPT, "\uD83D\uDE80").and(MODEL, A), 1)
                .row(NINE, Group.of(PROMPT, "\uFFFD").and(MODEL, A), 1)
                .row(NINE, Group.of(PROMPT, "a").and(MODEL, null), 1)
                .row(NINE, Group.of(PROMPT, "a").and(MODEL, B), 1)
                .row(NINE, Group.of(PROMPT, "Z").and(MODEL, B), 1)
                .build();

        assertThat(answer.groups())
                .extracting(group ->
                        group.get(PROMPT).orElse("-") + group.get(MODEL).isPresent())
                .containsExactly("Ztrue", "atrue", "afalse", "\uFFFDtrue", "\uD83D\uDE80true", "-true");
    }

    @Test
    void numbersStandByTheirSizeAndClassesFromTheSmallest() {
        AnalyticsAnswer codes = AnalyticsAnswer.builder(
                        HOURLY.groupBy(STATUS_CODE).build())
                .row(NINE, Group.of(STATUS_CODE, 500), 1)
                .row(NINE, Group.of(STATUS_CODE, 1_000), 1)
                .row(NINE, Group.of(STATUS_CODE, 429), 1)
                .build();
        Dimension<String> speed = Dimension.latencyClass(Duration.ofSeconds(1), Duration.ofSeconds(10));
        AnalyticsAnswer classes = AnalyticsAnswer.builder(HOURLY.groupBy(speed).build())
                .row(NINE, Group.of(speed, speed.classes().get(2)), 1)
                .row(NINE, Group.of(speed, speed.classes().get(0)), 1)
                .row(NINE, Group.of(speed, speed.classes().get(1)), 1)
                .build();

        assertThat(codes.groups())
                .extracting(group -> group.get(STATUS_CODE).orElseThrow())
                .containsExactly(429, 500, 1_000);
        assertThat(classes.groups())
                .extracting(group -> group.get(speed).orElseThrow())
                .containsExactlyElementsOf(speed.classes());
    }

    @Test
    void aRankingKeepsItsOrderAndOthersStandLast() {
        AnalyticsAnswer answer = AnalyticsAnswer.builder(BY_MODEL.top(2).build())
                .row(NINE, Group.others(MODEL), 9)
                .row(NINE, Group.of(MODEL, B), 5)
                .row(NINE, Group.of(MODEL, A), 4)
                .build();

        assertThat(answer.groups()).containsExactly(Group.of(MODEL, B), Group.of(MODEL, A), Group.others(MODEL));
        assertThat(answer.groups().get(2).isOthers()).isTrue();
    }

    @Test
    void everyKindOfValueCanBeGiven() {
        AnalyticsAnswer answer = AnalyticsAnswer.builder(HOURLY.metrics(
                                REQUEST_COUNT,
                                SUCCESSFUL_REQUESTS,
                                INPUT_TOKENS,
                                CONCURRENT_REQUESTS,
                                TTFT.withPercentiles(0.5),
                                THROUGHPUT,
                                CACHE,
                                COST)
                        .build())
                .row(NINE, 10)
                .value(REQUEST_COUNT, Count.of(10))
                .value(SUCCESSFUL_REQUESTS, Share.of(9, 10, 10))
                .value(INPUT_TOKENS, TokenTotal.of(1234, 10, 10))
                .value(CONCURRENT_REQUESTS, Concurrency.of(OptionalLong.of(3)))
                .value(TTFT, Distribution.of(10, 10, 5, 5, 5, Map.of(0.5, 5.0)))
                .value(THROUGHPUT, Rate.ofTokens(OptionalDouble.of(33.3), 10, 10))
                .value(CACHE, CacheUse.of(4, 10, 10, OptionalDouble.of(12)))
                .value(COST, Cost.of(new BigDecimal("1.25"), 10, 10))
                .row(TEN, 0)
                .value(CONCURRENT_REQUESTS, Concurrency.of(OptionalLong.of(1)))
                .build();

        Row row = answer.rows().get(0);
        assertThat(row.get(INPUT_TOKENS).total()).hasValue(1234);
        assertThat(row.get(CONCURRENT_REQUESTS).peak()).hasValue(3);
        assertThat(row.get(TTFT).percentile(0.5)).hasValue(5);
        assertThat(row.get(THROUGHPUT).perSecond()).hasValue(33.3);
        assertThat(row.get(CACHE).hitRatio()).hasValue(0.4);
        assertThat(row.get(COST).total()).contains(new BigDecimal("1.250000000000"));
        assertThat(answer.rows().get(1).get(CONCURRENT_REQUESTS).peak()).hasValue(1);
        assertThat(answer.rows().get(1).hasTraffic()).isFalse();
    }

    @Test
    void anAnswerDoesNotFollowItsBuilder() {
        AnswerBuilder builder = AnalyticsAnswer.builder(HOURLY.build()).row(NINE, 120);
        AnalyticsAnswer before = builder.build();

        builder.value(LATENCY, LATENCIES).row(TEN, 5);

        assertThat(before.rows().get(0).get(LATENCY).mean()).isEmpty();
        assertThat(before.rows().get(1).hasTraffic()).isFalse();
        assertThat(builder.build().rows().get(1).hasTraffic()).isTrue();
    }

    @Test
    void withoutRowsNothingArrived() {
        assertThat(AnalyticsAnswer.builder(HOURLY.build()).build().rows())
                .hasSize(3)
                .noneMatch(Row::hasTraffic);
        assertThat(AnalyticsAnswer.builder(BY_MODEL.build()).build().rows()).isEmpty();
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // as a caller without generics would
    void impossibleAnswers_areRefused() {
        AnswerBuilder plain = AnalyticsAnswer.builder(HOURLY.build());
        AnswerBuilder byModel = AnalyticsAnswer.builder(BY_MODEL.build());
        AnswerBuilder topOne = AnalyticsAnswer.builder(BY_MODEL.top(1).build());

        refused(
                () -> plain.row(EIGHT, 1),
                "row at 2026-01-07T08:00:00Z, but the question's buckets are from 2026-01-07T09");
        refused(() -> plain.row(NINE.plusSeconds(3 * 3600), 1), "exclusive; give a moment of one of them");
        refused(() -> plain.row(Instant.MAX, 1), "give a moment of one of them");
        refused(() -> plain.row(NINE, -1), "requests is -1; give 0 or more");
        refused(() -> plain.row(NINE, Group.of(MODEL, A), 1), "the group is of [model], the question groups by []");
        refused(() -> byModel.row(NINE, 1), "the group is of [], the question groups by [model]");
        refused(() -> byModel.row(NINE, Group.of(PROJECT, A), 1), "the group is of [project]");
        refused(() -> byModel.row(NINE, Group.of(MODEL, A).and(PROJECT, A), 1), "the group is of [model, project]");
        refused(() -> byModel.row(NINE, Group.others(MODEL), 1), "build the question with top(n)");
        refused(() -> Group.of(MODEL, A).and(MODEL, B), "the group has its model already; name each dimension once");
        topOne.row(NINE, Group.of(MODEL, A), 1)
                .row(NINE, Group.others(MODEL), 1)
                .row(TEN, Group.of(MODEL, A), 1);
        refused(() -> topOne.row(NINE, Group.of(MODEL, B), 1), "the rest belongs to Group.others(...)");
        AnswerBuilder topTwo = AnalyticsAnswer.builder(BY_MODEL.top(2).build())
                .row(NINE, Group.others(MODEL), 1)
                .row(NINE, Group.of(MODEL, A), 1)
                .row(NINE, Group.of(MODEL, B), 1);
        refused(() -> topTwo.row(NINE, Group.of(MODEL, null), 1), "the question keeps the top 2 groups");

        refused(() -> plain.value(LATENCY, LATENCIES), "latency has no row to belong to; begin one with row(...)");
        plain.row(NINE, 120);
        refused(() -> plain.row(NINE.plusSeconds(1), 1), "two rows in the bucket from 2026-01-07T09:00:00Z");
        refused(
                () -> plain.value(TTFT, Distribution.of(120, 1, 1, 1, 1, Map.of())),
                "the question does not ask for ttft; it asks for [request_count, success_request, latency]");
        refused(
                () -> plain.value((Metric) LATENCY, (MetricValue) Count.of(120)),
                "a value of latency is a Distribution, not a Count");
        refused(
                () -> plain.value(SUCCESSFUL_REQUESTS, Share.of(9, 10, 10)),
                "Share{count=9, rate=90.0, sample_size=10} does not fit: a value of success_request here is of 120 requests");
        refused(
                () -> plain.value(SUCCESSFUL_REQUESTS, Share.of(150, 150, 150)),
                "a value of success_request here is of 120 requests");
        refused(() -> plain.value(REQUEST_COUNT, Count.of(119)), "a value of request_count here is of 120 requests");
        refused(
                () -> plain.value(LATENCY, Distribution.of(120, 1, 1, 1, 1, Map.of(0.5, 1.0))),
                "a value of latency here is of 120 requests and has the percentiles [0.95, 0.99]");
        plain.value(LATENCY, LATENCIES);
        refused(() -> plain.value(LATENCY, LATENCIES), "latency has two values in one row; give it one");

        AnswerBuilder onlyBefore =
                AnalyticsAnswer.builder(BY_MODEL.withDelta().build()).row(EIGHT, Group.of(MODEL, A), 5);
        refused(onlyBefore::build, "bucket from 2026-01-07T08:00:00Z has no request in the range");
        refused(() -> AnalyticsAnswer.builder(HOURLY.since(NINE).build()), "the question has no end; give to, or asOf");
    }
}
