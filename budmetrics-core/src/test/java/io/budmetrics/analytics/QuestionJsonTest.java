package io.budmetrics.analytics;

import static io.budmetrics.filter.Dimension.ENDPOINT;
import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.filter.Dimension.PROJECT;
import static io.budmetrics.filter.Dimension.PROMPT;
import static io.budmetrics.filter.Dimension.USER_PROJECT;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.OUTPUT_TOKENS;
import static io.budmetrics.metric.Metrics.QUEUING_TIME;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.TTFT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.budmetrics.QueryBuilder;
import io.budmetrics.SeededQuestions;
import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Confidence;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions from JSON, and back. */
class QuestionJsonTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final UUID A = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a1");
    private static final UUID B = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a4");
    private static final Instant FROM = Instant.parse("2026-01-07T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-01-08T00:00:00Z");
    private static final AnalyticsBuilder COUNTS =
            QueryBuilder.analytics().metrics(REQUEST_COUNT).between(FROM, TO).withDelta();
    /** What no message may show. */
    private static final String SECRET = "tenant-4711";

    /** A request for counts of one day, with more fields, which may replace those. */
    private static String request(String fields) throws Exception {
        ObjectNode request = (ObjectNode) MAPPER.readTree("""
                {"metrics": ["request_count"], "from_date": "2026-01-07T00:00:00Z", "to_date": "2026-01-08T00:00:00Z"}
                """);
        request.setAll((ObjectNode) MAPPER.readTree("{" + fields + "}"));
        return request.toString();
    }

    private static AnalyticsQuestion question(String fields) throws Exception {
        return MAPPER.readValue(request(fields), AnalyticsQuestion.class);
    }

    private static BudMetricsException refusal(String json) {
        Throwable thrown = catchThrowable(() -> MAPPER.readValue(json, AnalyticsQuestion.class));
        assertThat(thrown).as(json).hasCauseInstanceOf(BudMetricsException.class);
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(SECRET);
        }
        BudMetricsException refusal = (BudMetricsException) Objects.requireNonNull(thrown.getCause());
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY);
        assertThat(thrown.getMessage()).contains(refusal.getMessage());
        return refusal;
    }

    @Test
    void missingFields_haveTheirDefaults() throws Exception {
        String json = """
                {"metrics": ["request_count"], "from_date": "2026-01-07T00:00:00Z"}
                """;

        AnalyticsQuestion question = MAPPER.readValue(json, AnalyticsQuestion.class);

        assertThat(question)
                .isEqualTo(QueryBuilder.analytics()
                        .metrics(REQUEST_COUNT)
                        .since(FROM)
                        .every(Frequency.DAY)
                        .traffic(TrafficSource.INFERENCE)
                        .withDelta()
                        .build());
        assertThat(question.showsEmptyBuckets()).isTrue();
    }

    @Test
    void everyCompatibleField_isRead() throws Exception {
        String json = """
                {"metrics": ["ttft", "request_count"], "from_date": "2026-01-07 00:00:00",
                 "to_date": "2026-01-08T00:00:00+05:30", "frequency_unit": "hour", "frequency_interval": 6,
                 "filters": {"project": "%s", "endpoint": ["%s", "%s"], "prompt": "it's"},
                 "group_by": ["model", "user_project"], "return_delta": false, "fill_time_gaps": false, "topk": 3,
                 "data_source": "prompt"}
                """.formatted(A, A, B);

        assertThat(MAPPER.readValue(json, AnalyticsQuestion.class))
                .isEqualTo(QueryBuilder.analytics()
                        .metrics(TTFT, REQUEST_COUNT)
                        .between(FROM, Instant.parse("2026-01-07T18:30:00Z"))
                        .every(Frequency.every(6, Frequency.Unit.HOUR))
                        .where(PROJECT.is(A), ENDPOINT.in(A, B), PROMPT.is("it's"))
                        .groupBy(MODEL, USER_PROJECT)
                        .top(3, TTFT)
                        .traffic(TrafficSource.PROMPT)
                        .onlyBucketsWithTraffic()
                        .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request_count",
                "success_request",
                "failure_request",
                "queuing_time",
                "input_token",
                "output_token",
                "concurrent_requests",
                "ttft",
                "latency",
                "throughput",
                "cache"
            })
    void everyCompatibleMetric_isRead(String name) throws Exception {
        assertThat(question("\"metrics\": [\"" + name + "\"]").metrics())
                .extracting(Metric::name)
                .containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource({"hour, HOUR", "day, DAY", "week, WEEK", "month, MONTH", "quarter, QUARTER", "year, YEAR"})
    void everyCompatibleFrequencyUnit_isRead(String name, Frequency.Unit unit) throws Exception {
        assertThat(question("\"frequency_unit\": \"" + name + "\"").frequency()).isEqualTo(Frequency.every(1, unit));
    }

    @ParameterizedTest
    @CsvSource({"inference, INFERENCE", "prompt, PROMPT", "all, ALL"})
    void everySourceIsKnown(String name, TrafficSource source) throws Exception {
        assertThat(question("\"data_source\": \"" + name + "\"").trafficSource())
                .isEqualTo(source);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"filters\": null",
                "\"filters\": {}",
                "\"group_by\": null",
                "\"group_by\": []",
                "\"frequency_interval\": null",
                "\"frequency_interval\": 1",
                "\"frequency_interval\": 1.0",
                "\"frequency_unit\": null",
                "\"return_delta\": null",
                "\"return_delta\": true",
                "\"fill_time_gaps\": null",
                "\"topk\": null",
                "\"data_source\": null",
                "\"percentiles\": {}",
                "\"details\": false",
                "\"return_totals\": false",
                "\"time_zone\": \"UTC\"",
                "\"look_back\": \"PT1H\""
            })
    void whatSaysNothingChangesNothing(String fields) throws Exception {
        assertThat(question(fields)).isEqualTo(COUNTS.build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"previous_period", "P1Y", "P28D", "P1M3D", "PT36H", "PT0.000001S"})
    void everyComparisonIsReadAsItIsWritten(String text) throws Exception {
        AnalyticsQuestion question = question("\"compared_with\": \"" + text + "\"");

        assertThat(question.comparison())
                .hasValueSatisfying(comparison -> assertThat(comparison).hasToString(text));
        assertThat(MAPPER.readValue(MAPPER.writeValueAsString(question), AnalyticsQuestion.class))
                .isEqualTo(question);
    }

    @Test
    void oneValueIsAListOfOne() throws Exception {
        assertThat(question("\"filters\": {\"model\": \"" + A + "\"}"))
                .isEqualTo(question("\"filters\": {\"model\": [\"" + A + "\"]}"))
                .isEqualTo(COUNTS.where(MODEL.is(A)).build());
        assertThat(question("\"filters\": {\"model\": \"" + A.toString().toUpperCase(java.util.Locale.ROOT) + "\"}"))
                .isEqualTo(COUNTS.where(MODEL.is(A)).build());
    }

    @Test
    void filtersAreNested() throws Exception {
        String json = """
                "filters": {
                  "project": "%s",
                  "response_time": {"at_least": "PT2S", "below": "PT1M0.5S"},
                  "price": {"above": "0.1"},
                  "country": {"missing": false},
                  "any": [
                    {"status_code": [429, 500], "streamed": true},
                    {"not": {"country": ["DE", "FR"]}},
                    {"time_to_first_token": {"missing": true}, "output_tokens": {"at_most": 100}}
                  ],
                  "not": {"cached": true, "model": ["%s"]}
                }
                """.formatted(A, B);
        AnalyticsQuestion expected = COUNTS.where(
                        PROJECT.is(A),
                        Quantity.LATENCY
                                .atLeast(Duration.ofSeconds(2))
                                .and(Quantity.LATENCY.below(Duration.ofMillis(60_500))),
                        Quantity.COST.above(new BigDecimal("0.1")),
                        Dimension.COUNTRY.isPresent(),
                        Dimension.STATUS_CODE
                                .in(429, 500)
                                .and(Dimension.STREAMED.is(true))
                                .or(
                                        Dimension.COUNTRY.in("DE", "FR").not(),
                                        Quantity.TTFT.isMissing().and(Quantity.OUTPUT_TOKENS.atMost(100L))),
                        Dimension.CACHED.is(true).and(MODEL.is(B)).not())
                .build();

        assertThat(question(json)).isEqualTo(expected);
        assertThat(MAPPER.readTree(MAPPER.writeValueAsString(expected)).get("filters"))
                .isEqualTo(MAPPER.readTree("{"
                                + json.replace("\"%s\"".formatted(A), "[\"%s\"]".formatted(A))
                                        .replace("\"streamed\": true", "\"streamed\": [true]")
                                        .replace("\"cached\": true", "\"cached\": [true]")
                                + "}")
                        .get("filters"));
    }

    @Test
    void conditionsOfOneNameStandInAListAndStayInTheirOrder() throws Exception {
        Filter fast = Quantity.LATENCY.below(Duration.ofSeconds(1));
        Filter streamed = Dimension.STREAMED.is(true);
        AnalyticsQuestion question = COUNTS.where(
                        MODEL.is(A).not(), fast.or(streamed), MODEL.is(B).not(), PROJECT.is(A), fast)
                .build();

        String json = MAPPER.writeValueAsString(question);

        assertThat(json).contains("\"all\":[{\"not\":{\"model\":[\"" + B + "\"]}},{\"project\":[");
        assertThat(MAPPER.readValue(json, AnalyticsQuestion.class)).isEqualTo(question);
    }

    @Test
    void having_isReadAndWritten() throws Exception {
        AnalyticsQuestion expected = COUNTS.groupBy(MODEL)
                .having(LATENCY.below(1500.5), REQUEST_COUNT.atLeast(100), LATENCY.above(0))
                .build();

        assertThat(question("""
                "group_by": ["model"],
                "having": {"latency": {"below": 1500.5, "above": "0"}, "request_count": {"at_least": 100}}
                """)).isEqualTo(expected);
        assertThat(MAPPER.writeValueAsString(expected))
                .contains(
                        "\"having\":{\"latency\":{\"below\":1500.5,\"above\":0},\"request_count\":{\"at_least\":100}}");
        assertThat(expected.having())
                .hasToString("[latency below 1500.5, latency above 0, request_count at_least 100]");
    }

    @Test
    void customMetrics_areDescribedUnderParameters() throws Exception {
        AnalyticsQuestion expected = COUNTS.metrics(
                        Metrics.ratio("cost_per_million_outputs", COST, OUTPUT_TOKENS, 1_000_000),
                        Metrics.ratio("wait", Metrics.sum("before", QUEUING_TIME, TTFT.withMinimumSample(5)), LATENCY))
                .build();

        assertThat(question("""
                "metrics": ["cost_per_million_outputs", "wait"],
                "parameters": {
                  "cost_per_million_outputs": {"metric": "ratio", "parts": ["cost", "output_token"], "per": 1000000},
                  "wait": {"metric": "ratio", "parts": [
                    {"name": "before", "metric": "sum", "parts": [
                      "queuing_time",
                      {"name": "ttft", "metric": "ttft", "minimum_sample": 5}]},
                    "latency"]}
                }
                """)).isEqualTo(expected);
        assertThat(MAPPER.readValue(MAPPER.writeValueAsString(expected), AnalyticsQuestion.class))
                .isEqualTo(expected);
    }

    @Test
    void conditionsAndQuantitiesMakeMetrics() throws Exception {
        AnalyticsQuestion expected = COUNTS.metrics(
                        Metrics.requestsWhere(
                                        "german_or_slow",
                                        Dimension.COUNTRY.is("DE").or(Quantity.LATENCY.above(Duration.ofSeconds(2))))
                                .withMinimumSample(30),
                        Metrics.distribution("reply_size", Quantity.RESPONSE_SIZE)
                                .withPercentiles(0.5)
                                .withMinimumSample(5)
                                .withIntervals(Confidence.NINETY_FIVE_PERCENT),
                        Metrics.total(
                                "cached_tokens",
                                Quantity.TOTAL_TOKENS,
                                Dimension.CACHED.is(true).and(Dimension.BOT.is(false))))
                .build();

        assertThat(question("""
                "metrics": ["german_or_slow", "reply_size", "cached_tokens"],
                "percentiles": {"reply_size": [0.5]},
                "parameters": {
                  "german_or_slow": {"metric": "requests_where", "minimum_sample": 30,
                    "where": {"any": [{"country": "DE"}, {"response_time": {"above": "PT2S"}}]}},
                  "reply_size": {"metric": "distribution", "of": "response_size", "minimum_sample": 5,
                    "confidence": 95},
                  "cached_tokens": {"metric": "total", "of": "total_tokens", "where": {"cached": true, "bot": false}}
                }
                """)).isEqualTo(expected);
        assertThat(MAPPER.readValue(MAPPER.writeValueAsString(expected), AnalyticsQuestion.class))
                .isEqualTo(expected);
    }

    @Test
    void classesAreNamedAfterTheirEdges() throws Exception {
        Dimension<String> speed = Dimension.latencyClass(Duration.ofMillis(500), Duration.ofSeconds(2));
        AnalyticsQuestion expected = COUNTS.where(
                        speed.in("<500ms", ">=2s"),
                        Dimension.TOKEN_SIZE.is("100-999").not())
                .groupBy(speed, Dimension.classes(Quantity.PAGES, 10L), Dimension.STATUS_CLASS)
                .build();

        assertThat(question("""
                "filters": {"latency_class_500ms_2s": ["<500ms", ">=2s"], "not": {"token_size": "100-999"}},
                "group_by": ["latency_class_500ms_2s", "pages_class_10", "status_class"]
                """)).isEqualTo(expected);
        assertThat(MAPPER.readValue(MAPPER.writeValueAsString(expected), AnalyticsQuestion.class))
                .isEqualTo(expected);
        assertThat(Dimension.named("token_size_100_1000").classes()).hasToString("[<100, 100-999, >=1000]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "latency_class_",
                "latency_class_2",
                "latency_class_2s_1s",
                "latency_class_1000ms",
                "latency_class_99999999s",
                "latency_class_1s_3s_10s_30s",
                "token_size_5s",
                "token_size_05",
                "price_class_5",
                "pages_class",
                "nothing_class_5",
                "latency_class_500ms "
            })
    void whatNamesNoClassesIsRefused(String name) throws Exception {
        assertThat(refusal(request("\"group_by\": [\"" + name + "\"]")).reason())
                .startsWith("group_by[0] is not a dimension; give one of [project,");
    }

    @Test
    void filtersThatAreNestedTooDeepAreRefused() throws Exception {
        String deep = "{\"any\": [{\"cached\": true}, {\"not\": ".repeat(15) + "{\"cached\": true}" + "}]}".repeat(15);

        assertThat(refusal(request("\"filters\": " + deep)).reason())
                .startsWith("filters.any[1].not.any[1]")
                .contains("filters are nested 21 deep; at most 20");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-06T22:00:00Z, 2026-01-06T22:00:00Z",
        "2026-01-06t22:00:00z, 2026-01-06T22:00:00Z",
        "2026-01-06T22:00, 2026-01-06T22:00:00Z",
        "2026-01-06 22:00:00, 2026-01-06T22:00:00Z",
        "2026-01-06T22:00:00.123456789, 2026-01-06T22:00:00.123456789Z",
        "2026-01-07 03:30:00+05:30, 2026-01-06T22:00:00Z",
        "2026-01-07T03:30:00+0530, 2026-01-06T22:00:00Z",
        "2026-01-06T14:00-08, 2026-01-06T22:00:00Z",
        "2026-01-06, 2026-01-06T00:00:00Z"
    })
    void aTimeIsReadInEveryFormOfIso(String text, String moment) throws Exception {
        assertThat(question("\"from_date\": \"" + text + "\"").range().from()).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenant-4711",
                "",
                "2026-1-7",
                "2026-02-30",
                "2026-01-07T24:00:00",
                "2026-01-07T12:00:60",
                "2026-01-07T",
                "2026-01-0700:00:00",
                "2026-01-07T00:00:00+25:00",
                "2026-01-07T00:00:00 Z",
                "07.01.2026",
                "1767744000"
            })
    void whatIsNoTimeIsRefused(String text) throws Exception {
        assertThat(refusal(request("\"from_date\": \"" + text + "\"")).reason())
                .isEqualTo("from_date is not an ISO date-time; give 2026-01-07T00:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'metrics': null                        | metrics is missing or empty; name at least one",
                "'metrics': []                          | metrics is missing or empty; name at least one",
                "'metrics': 'request_count'             | metrics is a text; give a list of texts",
                "'metrics': {}                          | metrics is an object; give a list of texts",
                "'metrics': ['tenant-4711']             | metrics[0] is not a metric; give one of [request_count,",
                "'metrics': ['ttft', 'Latency']         | metrics[1] is not a metric; give one of",
                "'metrics': [1]                         | metrics[0] is a number; give a text",
                "'metrics': ['ttft', null]              | metrics[1] is null; give a text",
                "'metrics': ['ttft', 'ttft']            | metrics names ttft twice; name it once",
                "'from_date': null                      | from_date is missing; give the start of the range",
                "'from_date': 1767744000                | from_date is a number; give an ISO date-time",
                "'from_date': '1969-12-31'              | from_date (1969-12-31T00:00:00Z) is outside 1970",
                "'to_date': '2200-01-01'                | to_date (2200-01-01T00:00:00Z) is outside 1970",
                "'to_date': '2026-01-06'                | to_date (2026-01-06T00:00:00Z) is not after from_date (2026-01-07",
                "'to_date': '2026-01-07'                | to_date (2026-01-07T00:00:00Z) is not after from_date (2026-01-07",
                "'as_of': '2026-01-07'                  | from_date (2026-01-07T00:00:00Z) is not before as_of (2026-01-07",
                "'frequency_unit': 'DAY'                | frequency_unit: unknown; give one of [minute, hour, day",
                "'frequency_unit': 'dayly'              | frequency_unit: unknown; give one of [minute, hour, day",
                "'frequency_unit': 1                    | frequency_unit is a number; give a text",
                "'frequency_interval': 0                | frequency_interval: frequency interval is 0; give 1 to 100000 days",
                "'frequency_interval': -1               | frequency_interval: frequency interval is -1; give 1 to 100000 days",
                "'frequency_interval': 1.5              | frequency_interval is 1.5; give a whole number",
                "'frequency_interval': 1e300            | frequency_interval is 1.0E+300; give a smaller number",
                "'frequency_interval': 12345678901234567890123456 | frequency_interval is a number of 26 digits; give a smaller",
                "'frequency_interval': '2'              | frequency_interval is a text; give a whole number",
                "'frequency_interval': true             | frequency_interval is true or false; give a whole number",
                "'filters': []                          | filters is a list; give an object whose fields are of [project, model",
                "'filters': 'tenant-4711'               | filters is a text; give an object",
                "'filters': {'tenant-4711': 'x'}        | field 1 of filters is unknown; give one of",
                "'filters': {'respose_time': {}}        | field respose_time of filters is unknown; did you mean response_time? give one",
                "'filters': {'Project': 'x'}            | field 1 of filters is unknown; did you mean project? give one of [project",
                "'filters': {'project': []}             | filters.project: filter on project has no values; leave the filter out",
                "'filters': {'project': null}           | filters.project is null; give a text or a list of texts",
                "'filters': {'project': ''}             | filters.project: project: a value of 0 characters is not a UUID",
                "'filters': {'project': 5}              | filters.project is a number; give a text or a list of texts",
                "'filters': {'project': {}}             | filters.project is empty; give missing as true or false, or values",
                "'filters': {'project': {'missing': 1}} | filters.project.missing is a number; give true or false",
                "'filters': {'project': {'below': 1}}   | field below of filters.project is unknown; give one of [missing]",
                "'filters': {'status_code': '500'}      | filters.status_code is a text; give a whole number or a list of them",
                "'filters': {'status_code': [500, 'x']} | filters.status_code[1] is a text; give a whole number",
                "'filters': {'status_code': [5.5]}      | filters.status_code[0] is 5.5; give a whole number",
                "'filters': {'cached': 'true'}          | filters.cached is a text; give true or false or a list of them",
                "'filters': {'cached': []}              | filters.cached: filter on cached has no values",
                "'filters': {'country': 5}              | filters.country is a number; give a text or a list of texts",
                "'filters': {'response_time': null}     | filters.response_time is null; give an object with one or more of [at_least",
                "'filters': {'response_time': {}}       | filters.response_time has no bound; give one or more of [at_least, above,",
                "'filters': {'response_time': 'PT1S'}   | filters.response_time is a text; give an object whose fields are of [at_least",
                "'filters': {'response_time': {'above': 'tenant-4711'}} | filters.response_time.above is not an ISO duration; give PT2.5S",
                "'filters': {'response_time': {'above': 5}}  | filters.response_time.above is a number; give an ISO duration such as",
                "'filters': {'response_time': {'is': 5}}     | field is of filters.response_time is unknown; give one of",
                "'filters': {'response_time': {'below': '-PT1S'}} | filters.response_time.below: filter on response_time has the bound PT-1S; give",
                "'filters': {'price': {'below': true}}  | filters.price.below is true or false; give a number, or its digits as a text",
                "'filters': {'price': {'below': 'x'}}   | filters.price.below is a text; give a number, or its digits as a text",
                "'filters': {'price': {'below': '0.1234567890123'}} | filters.price.below: filter on price has a bound of more than 12 decimals",
                "'filters': {'price': {'below': 1e300}} | filters.price.below: filter on price has a bound outside",
                "'filters': {'input_tokens': {'above': 1.5}} | filters.input_tokens.above is not a whole number, or too large; give",
                "'filters': {'input_tokens': {'above': -1}}  | filters.input_tokens.above: filter on input_tokens has the bound -1; give",
                "'filters': {'input_tokens': {'missing': null}} | filters.input_tokens is empty; give missing as true or false",
                "'filters': {'any': {}}                 | filters.any is an object; give a list of objects",
                "'filters': {'any': []}                 | filters.any has no conditions; give at least one object, or leave it out",
                "'filters': {'any': [{}]}               | filters.any[0] has no condition; name a dimension or a quantity",
                "'filters': {'any': ['tenant-4711']}    | filters.any[0] is a text; give an object",
                "'filters': {'all': [{'any': [{'model': 5}]}]} | filters.all[0].any[0].model is a number; give a text or a list of texts",
                "'filters': {'all': null}               | filters.all is null; give a list of objects",
                "'filters': {'not': null}               | filters.not is null; give an object with the conditions that must not hold",
                "'filters': {'not': {}}                 | filters.not has no condition; name a dimension or a quantity",
                "'filters': {'not': {'tenant-4711': 1}} | field 1 of filters.not is unknown",
                "'filters': {'project': ['tenant-4711']} | filters.project[0]: project: a value of 11 characters is not a UUID",
                "'filters': {'prompt': ['a', null]}     | filters.prompt[1] is null; give a text",
                "'filters': {'prompt': ''}              | filters.prompt: filter on prompt has an empty text",
                "'filters': {'prompt': '\\ud800'}       | filters.prompt: filter on prompt contains an unpaired surrogate",
                "'group_by': 'model'                    | group_by is a text; give a list of texts",
                "'group_by': 5                          | group_by is a number; give a list of texts",
                "'group_by': ['MODEL']                  | group_by[0] is not a dimension; give one of [project, model",
                "'group_by': ['tenant-4711']            | group_by[0] is not a dimension; give one of [project, model",
                "'group_by': ['model', 'model']         | group_by names model twice; name it once",
                "'return_delta': 'tenant-4711'          | return_delta is a text; give true or false",
                "'return_delta': 1                      | return_delta is a number; give true or false",
                "'compared_with': 'tenant-4711'         | compared_with: not a range; write previous_period, or how much",
                "'compared_with': 'P-1M'                | compared_with: a comparison with a range shifted by P-1M; name",
                "'compared_with': 'P80Y'                | the range to compare with, P80Y, begins at 1946-01-07T00:00:00Z",
                "'compared_with': 5                     | compared_with is a number; give a text",
                "'fill_time_gaps': []                   | fill_time_gaps is a list; give true or false",
                "'topk': 1                              | topk needs groups; name at least one dimension in group_by",
                "'topk': 1, 'group_by': []              | topk needs groups; name at least one dimension in group_by",
                "'topk': 0, 'group_by': ['model']       | topk: top is 0; give 1 to 1000 groups",
                "'topk': -1, 'group_by': ['model']      | topk: top is -1; give 1 to 1000 groups",
                "'topk': 1001, 'group_by': ['model']    | topk: top is 1001; give 1 to 1000 groups",
                "'topk': 9999999999                     | topk is 9999999999; give a smaller number",
                "'topk': 2.5                            | topk is 2.5; give a whole number",
                "'topk': 'tenant-4711'                  | topk is a text; give a whole number",
                "'topk_by': 'latency'                   | topk_by needs topk; give the number of groups to keep",
                "'topk_smallest_first': true            | topk_smallest_first needs topk; give the number of groups to keep",
                "'topk': 1, 'topk_by': 'tenant-4711'    | topk_by is not a metric; give one of [request_count",
                "'having': {'request_count': {'above': 1}} | having needs groups; name at least one dimension in group_by",
                "'having': ['tenant-4711']              | having is a list; give an object",
                "'having': {'tenant-4711': {'above': 1}} | field 1 of having is not a metric; give one of [request_count",
                "'having': {'latency': 5}               | having.latency is a number; give an object whose fields are of [at_least",
                "'having': {'latency': {}}              | having.latency has no bound; give one or more of [at_least, above, at_most, below]",
                "'having': {'latency': {'tenant-4711': 1}} | field 1 of having.latency is unknown",
                "'having': {'latency': {'above': 'x'}}  | having.latency.above is a text; give a number",
                "'having': {'latency': {'above': 1e30}} | having.latency.above: having of latency has a bound outside",
                "'having': {'latency': {'above': '0.1234567890123'}} | having.latency.above: having of latency has a bound of more than 12",
                "'data_source': 'Prompt'                | data_source: unknown; give one of [inference, prompt, all]",
                "'data_source': ['prompt']              | data_source is a list; give a text",
                "'percentiles': {'latency': [0.5]}      | field latency of percentiles is unknown",
                "'percentiles': {'request_count': [0.5]} | percentiles.request_count has no percentiles; give a duration or a speed, such as latency",
                "'metrics': ['ttft'], 'percentiles': {'ttft': [99]}   | percentiles.ttft: percentile 99.0 of ttft is outside 0",
                "'metrics': ['ttft'], 'percentiles': {'ttft': ['x']}  | percentiles.ttft[0] is a text; give a number",
                "'metrics': ['ttft'], 'percentiles': {'ttft': 0.5}    | percentiles.ttft is a number; give a list of numbers",
                "'percentiles': {'tenant-4711': 1}      | field 1 of percentiles is unknown; give one of [those",
                "'parameters': []                       | parameters is a list; give an object whose fields are of [those in metrics",
                "'parameters': {'tenant-4711': {}}      | field 1 of parameters is unknown; give one of [those",
                "'metrics': ['tenant-4711'], 'parameters': {'tenant-4711': 1} | metrics[0] is not a metric; give one of",
                "'metrics': ['goodput_a'], 'parameters': {'goodput_a': 1}     | parameters.goodput_a is a number; give an object",
                "'metrics': ['goodput_a'], 'parameters': {'goodput_a': {}}    | metrics[0]: parameters: metric is not",
                "'metrics': ['goodput_a']               | metrics[0] is not a metric; give one of",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'ratio'}} | parameters.a.parts is null; give a list of texts and objects",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'ratio', 'parts': ['cost']}} | parameters.a.parts has 1 metrics; give two",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'ratio', 'parts': [1]}} | parameters.a.parts[0] is a number; give a text or",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'sum', 'parts': ['cost', 'tenant-4711']}} | parameters.a.parts[1] is not a metric; give one",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'sum', 'parts': ['cost', {}]}} | parameters.a.parts[1] has no name; give the name",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'sum', 'per': 10, 'parts': ['cost', 'cost']}} | field per of parameters.a is unknown",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'sum', 'parts': ['cost', 'ttft']}} | parameters.a: a is a sum of cost in currency",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'requests_where'}} | parameters.a.where is missing; give an object",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'requests_where', 'where': {}}} | parameters.a.where has no condition; name",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'total', 'of': 'tenant-4711'}} | parameters.a.of is not a quantity; give one of [resp",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'total', 'of': 'latitude'}} | parameters.a: a is a total of latitude",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'total', 'of': 'pages', 'minimum_sample': 5}} | field minimum_sample of parameters.a is unknown",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'distribution', 'of': 'pages', 'minimum_sample': 0}} | parameters.a.minimum_sample: minimum",
                "'metrics': ['a'], 'parameters': {'a': {'metric': 'distribution', 'of': 'pages', 'where': {'tenant-4711': 1}}} | field 1 of parameters.a.where",
                "'metrics': ['ttft'], 'parameters': {'ttft': {'metric': 'sum', 'parts': ['cost', 'cost']}} | parameters.ttft: name of a custom metric is",
                "'time_zone': 'tenant-4711'             | time_zone is not a zone that this JVM knows",
                "'look_back': 'tenant-4711'             | look_back is not an ISO duration; give PT1H for an hour",
                "'look_back': '-PT1S'                   | look_back is PT-1S; give a duration from PT0S to PT744H",
                "'details': 'yes'                       | details is a text; give true or false",
                "'tenant-4711': 1                       | field 4 of the question is unknown; give one of",
                "'Metrics': []                          | field 4 of the question is unknown; did you mean metrics? give one of",
            })
    void invalidFields_areRefusedByName(String fields, String reason) throws Exception {
        assertThat(refusal(request(fields.replace('\'', '"'))).reason()).startsWith(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[1]", "\"tenant-4711\"", "4711", "true"})
    void jsonThatIsNotAnObject_isRefused(String json) {
        assertThat(refusal(json).reason())
                .matches("the question is .*; give an object whose fields are of \\[metrics.*");
    }

    @Test
    void aNumberThatIsTooGreatForAnyIsRefused() {
        assertThat(refusal("{\"metrics\": [\"ttft\"], \"from_date\": \"2026-01-07\", \"frequency_interval\": 1e400}")
                        .reason())
                .isEqualTo("frequency_interval is Infinity; give a whole number");
    }

    @Test
    void anUnknownFieldIsRefusedByALenientMapperToo() throws Exception {
        ObjectMapper lenient = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        String misspelt = request("\"filter\": {\"project\": \"" + A + "\"}");

        assertThat(catchThrowable(() -> lenient.readValue(misspelt, AnalyticsQuestion.class)))
                .hasMessageContaining("field filter of the question is unknown; did you mean filters?");
    }

    @Test
    void everyQuestionSurvivesItsJson() throws Exception {
        for (long seed = 0; seed < 2_000; seed++) {
            AnalyticsQuestion question = SeededQuestions.question(seed);
            String json = MAPPER.writeValueAsString(question);

            AnalyticsQuestion read = MAPPER.readValue(json, AnalyticsQuestion.class);

            assertThat(read).as("seed %s: %s", seed, json).isEqualTo(question).hasSameHashCodeAs(question);
            assertThat(MAPPER.writeValueAsString(read)).isEqualTo(json);
            JsonNode tree = MAPPER.valueToTree(question);
            assertThat(MAPPER.treeToValue(tree, AnalyticsQuestion.class)).isEqualTo(question);
        }
    }

    /** PostgreSQL's jsonb, for one, orders the fields of objects as it likes. */
    @Test
    void read_fieldsInAnotherOrder_givesAnEqualQuestion() throws Exception {
        for (long seed = 0; seed < 500; seed++) {
            AnalyticsQuestion question = SeededQuestions.question(seed);
            JsonNode reordered = reordered(MAPPER.valueToTree(question));

            AnalyticsQuestion read = MAPPER.treeToValue(reordered, AnalyticsQuestion.class);

            assertThat(read)
                    .as("seed %s: %s", seed, reordered)
                    .isEqualTo(question)
                    .hasSameHashCodeAs(question);
        }
    }

    private static JsonNode reordered(JsonNode node) {
        if (node.isArray()) {
            ArrayNode items = MAPPER.createArrayNode();
            node.forEach(item -> items.add(reordered(item)));
            return items;
        }
        if (!node.isObject()) {
            return node;
        }
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        Collections.reverse(names);
        ObjectNode fields = MAPPER.createObjectNode();
        names.forEach(name -> fields.set(name, reordered(node.get(name))));
        return fields;
    }

    @Test
    void theFieldsStandInOneOrder() throws Exception {
        AnalyticsQuestion simple =
                QueryBuilder.analytics().metrics(REQUEST_COUNT).since(FROM).build();
        AnalyticsQuestion everything = QueryBuilder.analytics()
                .metrics(LATENCY.withPercentiles(0.5), REQUEST_COUNT)
                .between(FROM, TO)
                .asOf(TO)
                .every(Frequency.every(2, Frequency.Unit.WEEK))
                .where(USER_PROJECT.is(A), PROMPT.in("b", "a"))
                .groupBy(MODEL, PROJECT)
                .top(new TopN(5, QUEUING_TIME, false))
                .traffic(TrafficSource.ALL)
                .lookBack(Duration.ofMinutes(5))
                .withDelta()
                .withTotals()
                .comparedWith(Comparison.shiftedBy(Period.ofMonths(12)))
                .withDetails()
                .onlyBucketsWithTraffic()
                .build();

        assertThat(MAPPER.writeValueAsString(simple)).isEqualTo("""
                {"metrics":["request_count"],"from_date":"2026-01-07T00:00:00Z","frequency_unit":"day",\
                "frequency_interval":1,"return_delta":false,"fill_time_gaps":true,"data_source":"inference"}""");
        assertThat(MAPPER.writeValueAsString(everything)).isEqualTo("""
                {"metrics":["latency","request_count"],"from_date":"2026-01-07T00:00:00Z",\
                "to_date":"2026-01-08T00:00:00Z","frequency_unit":"week","frequency_interval":2,\
                "filters":{"user_project":["019787c1-3de1-7b50-969b-e0a58514b6a1"],"prompt":["b","a"]},\
                "group_by":["model","project"],"return_delta":true,"return_totals":true,"compared_with":"P1Y",\
                "fill_time_gaps":false,\
                "topk":5,"data_source":"all","topk_by":"queuing_time","topk_smallest_first":false,\
                "percentiles":{"latency":[0.5]},"as_of":"2026-01-08T00:00:00Z","look_back":"PT5M","details":true}""");
    }

    @Test
    void aQuestionInsideAnotherObjectIsReadToo() throws Exception {
        Map<String, AnalyticsQuestion> read = MAPPER.readValue(
                "{\"saved\": " + request("") + ", \"none\": null}",
                MAPPER.getTypeFactory().constructMapType(Map.class, String.class, AnalyticsQuestion.class));

        assertThat(read).containsEntry("saved", COUNTS.build()).containsEntry("none", null);
    }
}
