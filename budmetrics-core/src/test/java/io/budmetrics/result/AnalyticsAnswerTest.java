package io.budmetrics.result;

import static io.budmetrics.metric.Metrics.CACHE;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESS_REQUEST;
import static io.budmetrics.query.Dimension.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.AnalyticsBuilder;
import io.budmetrics.QueryBuilder;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Absence;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.Frequency;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AnalyticsAnswerTest {
    private static final UUID A = new UUID(0, 10);
    private static final long HOUR = 3_600_000_000L;
    private static final long NINE = 1_767_776_400_000_000L;
    private static final AnalyticsBuilder HOURLY = QueryBuilder.analytics()
            .metrics(REQUEST_COUNT, SUCCESS_REQUEST, LATENCY, CACHE, COST)
            .between(Instant.parse("2026-01-07T09:00:00Z"), Instant.parse("2026-01-07T12:00:00Z"))
            .every(Frequency.HOUR)
            .groupBy(MODEL)
            .withDelta();

    private static RowColumns traffic() {
        return new RowColumns(
                        "model",
                        "bucket",
                        "request_count",
                        "success_count",
                        "success_known",
                        "latency_measured",
                        "latency_sum",
                        "latency_min",
                        "latency_max",
                        "latency_quantiles",
                        "cache_known",
                        "cache_hits",
                        "cache_hits_measured",
                        "cache_hits_time",
                        "cost_known",
                        "cost_sum")
                .row(
                        A,
                        NINE,
                        10,
                        9,
                        10,
                        2,
                        3000,
                        1000,
                        2000,
                        new double[] {1950, 1990},
                        0,
                        0,
                        0,
                        0,
                        1,
                        cost("0.000000001250"))
                .row(A, NINE + 2 * HOUR, 4, 0, 0, 0, 0, 0, 0, new double[0], 4, 1, 0, 0, 0, null)
                .row(null, NINE - HOUR, 7, 7, 7, 0, 0, 0, 0, new double[0], 0, 0, 0, 0, 0, null)
                .row(null, NINE, 5, 0, 5, 0, 0, 0, 0, new double[0], 0, 0, 0, 0, 0, null);
    }

    private static BigDecimal cost(String text) {
        return new BigDecimal(text);
    }

    private static Row row(AnalyticsAnswer answer, int period, int group) {
        return answer.periods().get(period).rows().get(group);
    }

    @Test
    void everyGroupHasEveryPeriodAndAMissingDimensionIsAGroup() {
        AnalyticsAnswer answer = AnalyticsAnswer.of(HOURLY.build(), traffic());

        assertThat(answer.groups()).hasSize(2);
        assertThat(answer.groups().get(0).get(MODEL)).contains(A);
        assertThat(answer.groups().get(1).get(MODEL)).isEmpty();
        assertThat(answer.rows())
                .extracting(row -> row.get(REQUEST_COUNT).count())
                .containsExactly(10L, 5L, 0L, 0L, 4L, 0L);
        assertThat(answer.series()).hasSize(2).allSatisfy(series -> assertThat(series.rows())
                .hasSize(3));
    }

    @Test
    void whatIsNotThereIsAbsentWithItsReason() {
        AnalyticsAnswer answer = AnalyticsAnswer.of(HOURLY.build(), traffic());

        assertThat(row(answer, 0, 0).get(LATENCY).mean()).hasValue(1.5);
        assertThat(row(answer, 0, 0).get(LATENCY).percentile(0.99)).hasValue(1.99);
        assertThat(row(answer, 0, 0).get(COST).total()).contains(cost("0.000000001250"));
        assertThat(row(answer, 0, 0).get(CACHE).absence()).contains(Absence.NOT_MEASURED);
        assertThat(row(answer, 1, 0).get(LATENCY).percentile(0.99)).isEmpty();
        assertThat(row(answer, 1, 0).get(LATENCY).absence()).contains(Absence.NO_TRAFFIC);
        assertThat(row(answer, 1, 0).get(SUCCESS_REQUEST).count()).hasValue(0);
        assertThat(row(answer, 2, 0).get(SUCCESS_REQUEST).count()).isEmpty();
        assertThat(row(answer, 2, 0).get(SUCCESS_REQUEST).ratio()).isEmpty();
        assertThat(row(answer, 2, 0).get(CACHE).hitRatio()).hasValue(0.25);
    }

    @Test
    void deltasCompareWithTheBucketBeforeEvenOutsideTheRange() {
        AnalyticsAnswer answer = AnalyticsAnswer.of(HOURLY.build(), traffic());

        assertThat(row(answer, 0, 0).delta(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.of(10), OptionalDouble.empty(), true));
        assertThat(row(answer, 1, 0).delta(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.of(-10), OptionalDouble.of(-1), true));
        assertThat(row(answer, 2, 0).delta(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.of(4), OptionalDouble.empty(), true));
        assertThat(row(answer, 0, 1).delta(REQUEST_COUNT).change()).hasValue(-2);
        assertThat(row(answer, 1, 0).delta(LATENCY).change()).isEmpty();
    }

    @Test
    void aClippedBucketIsPartialAndItsDeltaNotComparable() {
        AnalyticsQuestion question = HOURLY.between(
                        Instant.parse("2026-01-07T09:30:00Z"), Instant.parse("2026-01-07T12:00:00Z"))
                .build();
        AnalyticsAnswer answer = AnalyticsAnswer.of(question, traffic());

        assertThat(answer.periods().get(0).period().partial()).isTrue();
        assertThat(answer.periods().get(0).period().coveredSeconds()).isEqualTo(1800);
        assertThat(row(answer, 0, 0).delta(REQUEST_COUNT).comparable()).isFalse();
        assertThat(row(answer, 1, 0).delta(REQUEST_COUNT).comparable()).isFalse();
        assertThat(row(answer, 2, 0).delta(REQUEST_COUNT).comparable()).isTrue();
    }

    @Test
    void aSparseAnswerHasOnlyRowsWithTraffic() {
        AnalyticsAnswer answer =
                AnalyticsAnswer.of(HOURLY.onlyPeriodsWithTraffic().build(), traffic());

        assertThat(answer.rows())
                .extracting(row -> row.get(REQUEST_COUNT).count())
                .containsExactly(10L, 5L, 4L);
        assertThat(answer.periods()).hasSize(2);
    }

    @Test
    void withoutDimensionsAnEmptyResultIsADenseGridOfZeros() {
        AnalyticsQuestion question = HOURLY.groupBy().metrics(REQUEST_COUNT).build();
        AnalyticsAnswer answer = AnalyticsAnswer.of(question, new RowColumns("bucket", "request_count"));

        assertThat(answer.rows()).hasSize(3).allSatisfy(row -> {
            assertThat(row.get(REQUEST_COUNT).count()).isZero();
            assertThat(row.hasTraffic()).isFalse();
        });
    }

    @Test
    void theJsonHasTheFieldsOfTheSeedNewestPeriodFirst() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        String text = mapper.writeValueAsString(AnalyticsAnswer.of(HOURLY.build(), traffic()));
        JsonNode json = mapper.readTree(text);

        assertThat(json.at("/object").asText()).isEqualTo("observability_metrics");
        assertThat(json.at("/items/0/time_period").asText()).isEqualTo("2026-01-07T11:00:00Z");
        JsonNode oldest = json.at("/items/2/items/0");
        assertThat(oldest.at("/model_id").asText()).isEqualTo(A.toString());
        assertThat(oldest.at("/data/success_request/rate").asDouble()).isEqualTo(90);
        assertThat(oldest.at("/data/latency/p99").asDouble()).isEqualTo(1.99);
        assertThat(oldest.at("/data/request_count/delta").asDouble()).isEqualTo(10);
        assertThat(oldest.at("/data/request_count/delta_percent").isNull()).isTrue();
        assertThat(text).contains("\"total\":0.000000001250").doesNotContain("\"question\"", "\"partial\"");
    }

    @Test
    void anAnswerWithDetailsSurvivesItsJson() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        for (AnalyticsQuestion question : List.of(
                HOURLY.withDetails().build(),
                HOURLY.withDetails().onlyPeriodsWithTraffic().build())) {
            AnalyticsAnswer answer =
                    AnalyticsAnswer.of(question.withAsOf(Instant.parse("2026-01-07T12:00:00Z")), traffic());

            String text = mapper.writeValueAsString(answer).replaceFirst("\\{", "{\"unknown\":[1],");

            AnalyticsAnswer read = mapper.readValue(text, AnalyticsAnswer.class);
            assertThat(read).isEqualTo(answer).hasSameHashCodeAs(answer);
            assertThat(row(read, 0, 1).delta(REQUEST_COUNT).change()).hasValue(-2);
        }
    }

    @Test
    void anAnswerWithoutDetailsSaysWhyItCannotBeReadBack() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        String text = mapper.writeValueAsString(AnalyticsAnswer.of(HOURLY.build(), traffic()));

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> mapper.readValue(text, AnalyticsAnswer.class)))
                .hasMessageContaining("withDetails()");
    }

    @Test
    void whatWasNotAskedForIsRefused() {
        Row row = AnalyticsAnswer.of(HOURLY.build(), traffic()).rows().get(0);

        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> row.get(io.budmetrics.metric.Metrics.TTFT))
                .withMessageContaining("ttft");
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> row.get(LATENCY).percentile(0.5))
                .withMessageContaining("withPercentiles");
    }
}
