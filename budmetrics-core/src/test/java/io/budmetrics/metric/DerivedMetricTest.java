package io.budmetrics.metric;

import static io.budmetrics.metric.Metrics.AVERAGE_CONCURRENCY;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.COST_PER_REQUEST;
import static io.budmetrics.metric.Metrics.INPUT_TOKENS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.OUTPUT_TOKENS;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.REQUEST_RATE;
import static io.budmetrics.metric.Metrics.THROUGHPUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.metric.MetricValue.Absence;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is made of two metrics. */
class DerivedMetricTest {
    private static final DerivedMetric<Cost, TokenTotal> PER_MILLION =
            Metrics.ratio("cost_per_million_outputs", COST, OUTPUT_TOKENS, 1_000_000);
    private static final DerivedMetric<TokenTotal, TokenTotal> BOTH = Metrics.sum("both", INPUT_TOKENS, OUTPUT_TOKENS);

    private static Cost cost(String sum) {
        return Cost.of(new BigDecimal(sum), 2, 4);
    }

    @Test
    void aRatioOfMoneyIsExact() {
        Derived<Cost, TokenTotal> value = PER_MILLION.value(cost("0.000001"), TokenTotal.of(3, 1, 4), 4);

        assertThat(value.decimal()).contains(new BigDecimal("0.333333333333"));
        assertThat(value.exactHeadline()).contains(new BigDecimal("0.333333333333333333333333"));
        assertThat(value.value()).hasValue(1 / 3.0);
        assertThat(value.left().coverage()).hasValue(0.5);
        assertThat(PER_MILLION.decimal()).isTrue();
        assertThat(PER_MILLION.unit()).isEqualTo("currency/1000000 tokens");
        assertThat(PER_MILLION.formula()).isEqualTo("1000000 x total of cost / total of output_token");
    }

    @Test
    void aQuotientOfQuotientsIsARealNumber() {
        DerivedMetric<?, ?> twice = Metrics.ratio("twice", PER_MILLION, COST_PER_REQUEST);

        assertThat(twice.decimal()).isFalse();
        assertThat(twice.unit()).isEqualTo("(currency/1000000 tokens)/currency");
        assertThat(Metrics.sum("a", COST, COST_PER_REQUEST).decimal()).isTrue();
        assertThat(Metrics.ratio("a", COST, LATENCY).decimal()).isFalse();
    }

    @Test
    void absentPart_makesTheValueAbsent() {
        TokenTotal unknown = TokenTotal.of(0, 0, 4);
        TokenTotal none = TokenTotal.of(0, 2, 4);
        TokenTotal nothing = TokenTotal.of(0, 0, 0);

        assertThat(PER_MILLION.value(cost("1"), unknown, 4).absence()).contains(Absence.NOT_MEASURED);
        assertThat(PER_MILLION.value(cost("1"), none, 4).absence()).contains(Absence.UNDEFINED);
        assertThat(PER_MILLION.value(cost("1"), none, 4).value()).isEmpty();
        assertThat(PER_MILLION.value(cost("1"), none, 4).decimal()).isEmpty();
        assertThat(PER_MILLION.value(Cost.of(BigDecimal.ZERO, 0, 0), nothing, 0).absence())
                .contains(Absence.NO_TRAFFIC);
        assertThat(BOTH.value(unknown, none, 4).absence()).contains(Absence.NOT_MEASURED);
        assertThat(BOTH.value(nothing, nothing, 0).value()).hasValue(0);
        assertThat(BOTH.value(nothing, nothing, 0).absence()).isEmpty();
    }

    @Test
    void additivity_isThatOfBothParts() {
        assertThat(BOTH.additivity()).isEqualTo(Additivity.BUCKETS_AND_GROUPS);
        assertThat(PER_MILLION.additivity()).isEqualTo(Additivity.NONE);
        assertThat(Metrics.sum("a", REQUEST_RATE, REQUEST_RATE).additivity()).isEqualTo(Additivity.GROUPS);
        assertThat(Metrics.difference("a", LATENCY, LATENCY).additivity()).isEqualTo(Additivity.NONE);
    }

    @Test
    void aBoundIsScaledAsBothSidesAre() {
        BigDecimal two = BigDecimal.valueOf(2);

        // per second over milliseconds: microseconds of the range over microseconds
        assertThat(Metrics.ratio("a", REQUEST_RATE, LATENCY).inRanking(two, 3_000_000))
                .isEqualByComparingTo("0.006");
        assertThat(Metrics.ratio("a", LATENCY, AVERAGE_CONCURRENCY).inRanking(two, 1_000))
                .isEqualByComparingTo("2");
        assertThat(Metrics.ratio("a", THROUGHPUT, REQUEST_COUNT, 1000).inRanking(two, 1))
                .isEqualByComparingTo("0.000000002");
    }

    @Test
    void percentilesOfParts_areDropped() {
        DerivedMetric<Distribution, Count> metric =
                Metrics.ratio("a", LATENCY.withPercentiles(0.1, 0.2), REQUEST_COUNT);

        assertThat(metric).isEqualTo(Metrics.ratio("a", LATENCY, REQUEST_COUNT));
        assertThat(metric).isNotEqualTo(Metrics.ratio("a", LATENCY, REQUEST_COUNT, 10));
        assertThat(metric.aggregates()).noneMatch(Aggregate::array);
        assertThat(metric.columns()).containsExactly("response_time_us");
        assertThat(metric.smallestFirst()).isFalse();
        assertThat(Metrics.sum("a", LATENCY, LATENCY).smallestFirst()).isTrue();
    }

    @Test
    void json_hasTheNumbersOfBothSides() {
        Derived<Cost, TokenTotal> value = PER_MILLION.value(cost("0.5"), TokenTotal.of(4, 1, 4), 4);
        Map<String, @Nullable BigDecimal> fields = new HashMap<>();
        PER_MILLION
                .fields(value, true)
                .forEach((name, number) -> fields.put(name, number == null ? null : new BigDecimal(number.toString())));

        assertThat(PER_MILLION.fields(value, false))
                .containsExactly(Map.entry("value", new BigDecimal("125000.000000000000")));
        assertThat(fields).containsKeys("value", "left_total", "left_sample_size", "right_count", "right_sample_size");
        assertThat(PER_MILLION.parse(fields, 4)).isEqualTo(value).hasSameHashCodeAs(value);
        assertThat(value).isNotEqualTo(PER_MILLION.value(cost("0.5"), TokenTotal.of(5, 1, 4), 4));
    }

    @Test
    void infiniteQuotient_isUndefined() {
        DerivedMetric<AverageConcurrency, AverageConcurrency> ratio =
                Metrics.ratio("a", AVERAGE_CONCURRENCY, AVERAGE_CONCURRENCY);
        AverageConcurrency huge = AverageConcurrency.of(OptionalDouble.of(1e300));
        AverageConcurrency tiny = AverageConcurrency.of(OptionalDouble.of(1e-300));

        assertThat(ratio.value(huge, tiny, 1).absence()).contains(Absence.UNDEFINED);
        assertThat(ratio.value(tiny, huge, 1).value()).hasValue(0);
    }

    @Test
    void aZeroHasNoSign() {
        DerivedMetric<TokenTotal, TokenTotal> fewer = Metrics.difference("fewer", INPUT_TOKENS, OUTPUT_TOKENS);
        Derived<TokenTotal, TokenTotal> negative = fewer.value(TokenTotal.of(1, 1, 1), TokenTotal.of(3, 1, 1), 1);

        assertThat(negative.value()).hasValue(-2);
        assertThat(Metrics.ratio("per_fewer", OUTPUT_TOKENS, fewer)
                        .value(TokenTotal.of(0, 1, 1), negative, 1)
                        .value())
                .isEqualTo(OptionalDouble.of(0));
    }
}
