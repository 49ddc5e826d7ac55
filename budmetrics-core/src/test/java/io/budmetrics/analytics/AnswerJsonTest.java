package io.budmetrics.analytics;

import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.filter.Dimension.PROJECT;
import static io.budmetrics.filter.Dimension.PROMPT;
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
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.budmetrics.QueryBuilder;
import io.budmetrics.SeededQuestions;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Cost;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.Rate;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers as JSON, and back. */
class AnswerJsonTest {
    /** Mutation tests, which run these tests often, use fewer. */
    private static final long SEEDS = Long.getLong("seeds", 500);

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final UUID A = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a1");
    private static final Instant NINE = Instant.parse("2026-01-07T09:00:00Z");
    private static final Instant TEN = Instant.parse("2026-01-07T10:00:00Z");
    private static final AnalyticsBuilder TWO_HOURS = QueryBuilder.analytics()
            .between(NINE, Instant.parse("2026-01-07T11:00:00Z"))
            .every(Frequency.HOUR);

    static AnalyticsQuestion withDetails(AnalyticsQuestion question) {
        return question.toBuilder().withDetails().build();
    }

    @Test
    void everyAnswerWithDetailsSurvivesItsJson() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            AnalyticsQuestion question = withDetails(SeededQuestions.question(seed));
            AnalyticsAnswer answer = AnalyticsAnswer.of(question, SeededColumns.of(question, seed));
            String json = MAPPER.writeValueAsString(answer);

            AnalyticsAnswer read = MAPPER.readValue(json, AnalyticsAnswer.class);

            assertThat(read).as("seed %s: %s", seed, json).isEqualTo(answer).hasSameHashCodeAs(answer);
            assertThat(read.rows()).isEqualTo(answer.rows());
            assertThat(read.buckets()).isEqualTo(answer.buckets());
            assertThat(read.series()).isEqualTo(answer.series());
            assertThat(deltas(read)).isEqualTo(deltas(answer));
            assertThat(comparisons(read)).isEqualTo(comparisons(answer));
            assertThat(MAPPER.writeValueAsString(read)).isEqualTo(json);
        }
    }

    private static List<Delta> comparisons(AnalyticsAnswer answer) {
        List<Delta> comparisons = new ArrayList<>();
        if (answer.question().comparison().isPresent()) {
            for (Row row : answer.rows()) {
                answer.question().metrics().forEach(metric -> comparisons.add(row.comparison(metric)));
            }
        }
        return comparisons;
    }

    private static List<Delta> deltas(AnalyticsAnswer answer) {
        List<Delta> deltas = new ArrayList<>();
        if (answer.question().withDelta()) {
            for (Row row : answer.rows()) {
                answer.question().metrics().forEach(metric -> deltas.add(row.delta(metric)));
            }
        }
        return deltas;
    }

    @Test
    void totalsStandBesideWhatTheyAreOf() throws Exception {
        AnalyticsBuilder question =
                TWO_HOURS.metrics(REQUEST_COUNT).groupBy(MODEL).withDelta();
        JsonNode json =
                MAPPER.valueToTree(AnalyticsAnswer.builder(question.withTotals().build())
                        .row(NINE, Group.of(MODEL, A), 5)
                        .row(TEN, Group.of(MODEL, A), 6)
                        .row(TEN, Group.of(MODEL, null), 7)
                        .build());

        assertThat(json.at("/total/data/request_count/count").asInt()).isEqualTo(18);
        assertThat(json.at("/total/data/request_count/delta").isNull()).isTrue();
        assertThat(json.at("/total/model_id").isNull()).isTrue();
        assertThat(json.at("/group_totals")).hasSize(2);
        assertThat(json.at("/group_totals/0/model_id").asText()).isEqualTo(A.toString());
        assertThat(json.at("/group_totals/0/data/request_count/count").asInt()).isEqualTo(11);
        assertThat(json.at("/items/0/total/data/request_count/count").asInt()).isEqualTo(13);
        assertThat(json.at("/items/0/total/data/request_count/delta").asInt()).isEqualTo(8);
        assertThat(json.at("/items/0/total").has("requests")).isFalse();
        assertThat(MAPPER.writeValueAsString(AnalyticsAnswer.builder(question.build())
                        .row(NINE, Group.of(MODEL, A), 5)
                        .build()))
                .doesNotContain("total");
    }

    @Test
    void theComparedAnswerStandsInside() throws Exception {
        AnalyticsQuestion question = TWO_HOURS
                .metrics(REQUEST_COUNT)
                .groupBy(MODEL)
                .comparedWith(Comparison.previousRange())
                .build();
        JsonNode json = MAPPER.valueToTree(AnalyticsAnswer.builder(question)
                .row(NINE, Group.of(MODEL, A), 5)
                .compared(before -> before.row(NINE.minusSeconds(7200), Group.of(MODEL, A), 4))
                .build());

        assertThat(json.at("/items/1/items/0/data/request_count/comparison").asInt())
                .isEqualTo(1);
        assertThat(json.at("/items/1/items/0/data/request_count/comparison_percent")
                        .asInt())
                .isEqualTo(25);
        assertThat(json.at("/compared/items/1/time_period").asText()).isEqualTo("2026-01-07T07:00:00Z");
        assertThat(json.at("/compared/items/1/items/0/data/request_count/count").asInt())
                .isEqualTo(4);
        assertThat(json.at("/compared/items/1/items/0/data/request_count").has("comparison"))
                .isFalse();
    }

    @Test
    void aComparisonWithoutTheOtherAnswerIsRefused() throws Exception {
        AnalyticsQuestion question = TWO_HOURS
                .metrics(REQUEST_COUNT)
                .comparedWith(Comparison.previousRange())
                .withDetails()
                .build();
        ObjectNode json = MAPPER.valueToTree(AnalyticsAnswer.builder(question).build());
        json.remove("compared");

        assertThat(catchThrowable(() -> MAPPER.treeToValue(json, AnalyticsAnswer.class)))
                .hasRootCauseInstanceOf(BudMetricsException.class)
                .hasMessageContaining("compared is missing");
    }

    @Test
    void everyNumberIsPlain() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            AnalyticsQuestion question = SeededQuestions.question(seed);
            String text = MAPPER.writeValueAsString(AnalyticsAnswer.of(question, SeededColumns.of(question, seed)));

            assertThat(text)
                    .as("seed %s", seed)
                    .doesNotContainPattern("[:,\\[]-?\\d+(\\.\\d+)?[eE]")
                    .doesNotContain("NaN", "Infinity", "\"present\"", "\"empty\"");
        }
    }

    @Test
    void json_hasExactlyTheCompatibleFields() throws Exception {
        AnalyticsQuestion question = TWO_HOURS
                .metrics(
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
                .groupBy(PROJECT)
                .build();
        AnalyticsAnswer answer = AnalyticsAnswer.builder(question)
                .row(TEN, Group.of(PROJECT, A), 10)
                .value(QUEUING_TIME, Distribution.of(10, 10, 2, 1, 3, Map.of()))
                .value(LATENCY, Distribution.of(10, 8, 2, 1, 3, Map.of(0.95, 2.5, 0.99, 2.75)))
                .build();

        assertThat(MAPPER.writeValueAsString(answer)).isEqualTo("""
                {"object":"observability_metrics","items":[\
                {"time_period":"2026-01-07T10:00:00Z","items":[\
                {"model_id":null,"project_id":"019787c1-3de1-7b50-969b-e0a58514b6a1","endpoint_id":null,"api_key_id":null,\
                "data":{\
                "request_count":{"count":10,"rate":null,"delta":null,"delta_percent":null},\
                "success_request":{"count":null,"rate":null,"delta":null,"delta_percent":null},\
                "failure_request":{"count":null,"rate":null,"delta":null,"delta_percent":null},\
                "queuing_time":{"avg_time_ms":2.0,"delta":null,"delta_percent":null},\
                "input_token":{"count":null,"rate":null,"delta":null,"delta_percent":null},\
                "output_token":{"count":null,"rate":null,"delta":null,"delta_percent":null},\
                "concurrent_requests":{"avg":null,"p99":null,"p95":null,"delta":null,"delta_percent":null},\
                "ttft":{"avg":null,"p99":null,"p95":null,"delta":null,"delta_percent":null},\
                "latency":{"avg":2.0,"p99":2.75,"p95":2.5,"delta":null,"delta_percent":null},\
                "throughput":{"avg":null,"p99":null,"p95":null,"delta":null,"delta_percent":null},\
                "cache":{"hit_rate":null,"hit_count":null,"avg_latency_ms":null,"delta":null,"delta_percent":null}}}]},\
                {"time_period":"2026-01-07T09:00:00Z","items":[\
                {"model_id":null,"project_id":"019787c1-3de1-7b50-969b-e0a58514b6a1","endpoint_id":null,"api_key_id":null,\
                "data":{\
                "request_count":{"count":0,"rate":null,"delta":null,"delta_percent":null},\
                "success_request":{"count":0,"rate":null,"delta":null,"delta_percent":null},\
                "failure_request":{"count":0,"rate":null,"delta":null,"delta_percent":null},\
                "queuing_time":{"avg_time_ms":null,"delta":null,"delta_percent":null},\
                "input_token":{"count":0,"rate":null,"delta":null,"delta_percent":null},\
                "output_token":{"count":0,"rate":null,"delta":null,"delta_percent":null},\
                "concurrent_requests":{"avg":0,"p99":null,"p95":null,"delta":null,"delta_percent":null},\
                "ttft":{"avg":null,"p99":null,"p95":null,"delta":null,"delta_percent":null},\
                "latency":{"avg":null,"p99":null,"p95":null,"delta":null,"delta_percent":null},\
                "throughput":{"avg":null,"p99":null,"p95":null,"delta":null,"delta_percent":null},\
                "cache":{"hit_rate":null,"hit_count":0,"avg_latency_ms":null,"delta":null,"delta_percent":null}}}]}]}""");
    }

    @Test
    void theMeanHasItsNameWhateverPercentilesAreAskedFor() throws Exception {
        AnalyticsQuestion question = TWO_HOURS
                .metrics(QUEUING_TIME.withPercentiles(0.5, 0.999), LATENCY.withPercentiles())
                .build();
        AnalyticsAnswer answer = AnalyticsAnswer.builder(question)
                .row(NINE, 1)
                .value(QUEUING_TIME, Distribution.of(1, 1, 2, 1, 3, Map.of(0.5, 2.0, 0.999, 3.0)))
                .value(LATENCY, Distribution.of(1, 1, 5, 5, 5, Map.of()))
                .build();

        assertThat(MAPPER.writeValueAsString(answer))
                .contains("\"queuing_time\":{\"avg_time_ms\":2.0,\"p99.9\":3.0,\"p50\":2.0,\"delta\"")
                .contains("\"latency\":{\"avg\":5.0,\"delta\"");
    }

    @Test
    void aTreeOfTheAnswerHoldsNumbers() {
        AnalyticsAnswer answer = AnalyticsAnswer.builder(TWO_HOURS
                        .metrics(REQUEST_COUNT, COST, THROUGHPUT)
                        .withDelta()
                        .build())
                .row(NINE, 10)
                .value(COST, Cost.of(new BigDecimal("123456789012345678.000000000001"), 10, 10))
                .value(THROUGHPUT, Rate.ofTokens(OptionalDouble.of(12345678.9), 10, 10))
                .row(TEN, 15)
                .build();

        JsonNode ten = MAPPER.valueToTree(answer).at("/items/0/items/0/data");
        JsonNode nine = MAPPER.valueToTree(answer).at("/items/1/items/0/data");

        assertThat(ten.at("/request_count/delta").isNumber()).isTrue();
        assertThat(ten.at("/request_count/delta_percent").doubleValue()).isEqualTo(50);
        assertThat(nine.at("/cost/total").decimalValue()).isEqualByComparingTo("123456789012345678.000000000001");
        assertThat(nine.at("/throughput/avg").toString()).isEqualTo("12345678.9");
    }

    @Test
    void aPercentageThatNoNumberHoldsIsNull() throws Exception {
        AnalyticsAnswer answer = AnalyticsAnswer.builder(
                        TWO_HOURS.metrics(THROUGHPUT).withDelta().build())
                .row(NINE, 1)
                .value(THROUGHPUT, Rate.ofTokens(OptionalDouble.of(1e-7), 1, 1))
                .row(TEN, 1)
                .value(THROUGHPUT, Rate.ofTokens(OptionalDouble.of(1e300), 1, 1))
                .build();

        JsonNode ten = MAPPER.readTree(MAPPER.writeValueAsString(answer)).at("/items/0/items/0/data/throughput");

        assertThat(answer.rows().get(1).delta(THROUGHPUT).ratio()).hasValue(1e300 / 1e-7);
        assertThat(ten.at("/delta").doubleValue()).isEqualTo(1e300);
        assertThat(ten.at("/delta_percent").isNull()).isTrue();
    }

    @Test
    void groupsKeepTheirOrderWhicheverRowsAreThere() throws Exception {
        AnalyticsAnswer answer = AnalyticsAnswer.builder(TWO_HOURS
                        .metrics(REQUEST_COUNT)
                        .groupBy(MODEL)
                        .onlyBucketsWithTraffic()
                        .withDetails()
                        .build())
                .row(NINE, Group.of(MODEL, A), 1)
                .row(TEN, Group.of(MODEL, null), 1)
                .build();

        AnalyticsAnswer read = MAPPER.readValue(MAPPER.writeValueAsString(answer), AnalyticsAnswer.class);

        assertThat(read.groups()).isEqualTo(answer.groups());
    }

    @Test
    void oneFilterValueSaysWhoseNumbersTheseAre() {
        AnalyticsAnswer answer = AnalyticsAnswer.builder(TWO_HOURS
                        .metrics(REQUEST_COUNT)
                        .where(PROJECT.is(A), MODEL.in(A, new UUID(1, 2)))
                        .build())
                .build();

        JsonNode item = MAPPER.valueToTree(answer).at("/items/0/items/0");

        assertThat(item.at("/project_id").asText()).isEqualTo(A.toString());
        assertThat(item.at("/model_id").isNull()).isTrue();
    }

    private static AnalyticsAnswer answer() {
        return AnalyticsAnswer.builder(TWO_HOURS
                        .metrics(REQUEST_COUNT, LATENCY, COST)
                        .groupBy(MODEL)
                        .withDetails()
                        .build())
                .row(NINE, Group.of(MODEL, A), 10)
                .value(LATENCY, Distribution.of(10, 8, 2, 1, 3, Map.of(0.95, 2.5, 0.99, 2.75)))
                .build();
    }

    @Test
    void unknownFieldsAreIgnoredWhereverTheyStand() throws Exception {
        ObjectNode json = MAPPER.valueToTree(answer());
        ObjectNode period = (ObjectNode) json.at("/items/1");
        ObjectNode item = (ObjectNode) period.at("/items/0");
        for (ObjectNode place : List.of(json, period, item, (ObjectNode) item.at("/data"))) {
            place.set("new", MAPPER.readTree("{\"a\": [1]}"));
        }
        ObjectNode latency = (ObjectNode) item.at("/data/latency");
        latency.put("text", "x").put("flag", true).put("number", 1.5).putNull("nothing");
        latency.set("list", MAPPER.readTree("[1, {\"a\": 2}]"));

        assertThat(MAPPER.readValue(json.toString(), AnalyticsAnswer.class)).isEqualTo(answer());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"time_period\":\"2026-01-07T09:00:00Z\" | \"time_period\":\"tenant-4711\" | time_period is not the start of a bucket",
                "\"time_period\":\"2026-01-07T09:00:00Z\" | \"time_period\":\"2026-01-07T08:00:00Z\" | time_period is not the start of a bucket",
                "\"time_period\":\"2026-01-07T09:00:00Z\" | \"time_period\":\"2026-01-07T11:00:00Z\" | time_period is not the start of a bucket",
                "\"sample_size\":8 | \"sample_size\":8.5 | data.latency has a fraction where requests or tokens are counted",
                "\"question\":{ | \"wrong\":{ | this answer's JSON has no question, so it cannot be read back",
                "\"metrics\":[\"request_count\" | \"metrics\":[\"tenant-4711\" | metrics[0] is not a metric",
                "019787c1-3de1-7b50-969b-e0a58514b6a1 | tenant-4711 | model: a value of 11 characters is not a UUID",
                "\"coverage\":0.0,\"sample_size\":0 | \"coverage\":0.0,\"sample_size\":99 | data.cost: sampleSize is 99 and requests 10",
            })
    void invalidJson_isRefusedByFieldName(String written, String changed, String reason) throws Exception {
        String json = MAPPER.writeValueAsString(answer());
        assertThat(json).contains(written);

        Throwable thrown =
                catchThrowable(() -> MAPPER.readValue(json.replace(written, changed), AnalyticsAnswer.class));

        assertThat(thrown).hasMessageNotContaining("tenant-4711").hasCauseInstanceOf(BudMetricsException.class);
        assertThat(((BudMetricsException) Objects.requireNonNull(thrown.getCause())).reason())
                .startsWith(reason);
    }

    @Test
    void emptyAnswer_hasAllBuckets() {
        AnalyticsAnswer empty = AnalyticsAnswer.of(
                TWO_HOURS.metrics(REQUEST_COUNT).groupBy(PROMPT).build(),
                new RowColumns("prompt", "bucket", "request_count"));

        assertThat(MAPPER.valueToTree(empty).toString())
                .isEqualTo("{\"object\":\"observability_metrics\",\"items\":["
                        + "{\"time_period\":\"2026-01-07T10:00:00Z\",\"items\":[]},"
                        + "{\"time_period\":\"2026-01-07T09:00:00Z\",\"items\":[]}]}");
    }

    /** What ran on from before the range is in no group, and is in the total of a period that no group has a row in. */
    @Test
    void bucketTotalWithoutGroups_survivesJson() throws Exception {
        AnalyticsQuestion question = withDetails(TWO_HOURS
                .metrics(CONCURRENT_REQUESTS)
                .groupBy(PROMPT)
                .onlyBucketsWithTraffic()
                .withTotals()
                .build());
        long nine = NINE.toEpochMilli() * 1000;
        long ten = TEN.toEpochMilli() * 1000;
        AnalyticsAnswer answer = AnalyticsAnswer.of(
                question,
                new RowColumns(
                                "prompt",
                                "bucket",
                                "totals",
                                "request_count",
                                "latency_measured",
                                "concurrency_peak",
                                "part")
                        .row("a", nine, 0, 10, 10, null, 0)
                        .row("a", nine, 0, null, null, 2, 1)
                        .row("a", 0, 1, 10, 10, null, 0)
                        .row("a", 0, 1, null, null, 2, 1)
                        .row("before", ten, 0, null, null, 5, 1)
                        .row("before", 0, 1, null, null, 5, 1)
                        .row(null, nine, 2, 10, 10, null, 0)
                        .row(null, nine, 2, null, null, 2, 1)
                        .row(null, ten, 2, null, null, 5, 1)
                        .row(null, 0, 3, 10, 10, null, 0)
                        .row(null, 0, 3, null, null, 5, 1));
        assertThat(answer.buckets()).hasSize(1);

        AnalyticsAnswer read = MAPPER.readValue(MAPPER.writeValueAsString(answer), AnalyticsAnswer.class);

        assertThat(read).isEqualTo(answer);
        assertThat(read.total(read.everything(), 1).get(CONCURRENT_REQUESTS).peak())
                .hasValue(5);
    }
}
