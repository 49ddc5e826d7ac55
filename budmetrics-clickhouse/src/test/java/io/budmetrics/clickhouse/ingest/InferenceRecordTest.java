package io.budmetrics.clickhouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InferenceRecordTest {
    private static final UUID ID = UUID.fromString("0199b4a8-6ad0-7c00-8000-0123456789ab");
    private static final Instant ARRIVAL = Instant.parse("2026-03-04T05:06:07.123456Z");

    private interface Change extends UnaryOperator<InferenceRecord.Builder> {}

    private static InferenceRecord.Builder minimal() {
        return InferenceRecord.builder().inferenceId(ID).requestArrivalTime(ARRIVAL);
    }

    private static Arguments refused(Change change, String message) {
        return arguments(change, message);
    }

    static Stream<Arguments> impossible() {
        return Stream.of(
                refused(b -> b.inputTokens(-1), "input_tokens must be between 0 and 4294967295, but was -1"),
                refused(
                        b -> b.outputTokens(1L << 32),
                        "output_tokens must be between 0 and 4294967295, but was 4294967296"),
                refused(b -> b.cacheReadTokens(-2), "cache_read_tokens must be between 0 and 4294967295, but was -2"),
                refused(b -> b.cacheWriteTokens(-2), "cache_write_tokens must be between 0 and 4294967295, but was -2"),
                refused(b -> b.reasoningTokens(-2), "reasoning_tokens must be between 0 and 4294967295, but was -2"),
                refused(b -> b.asn(-1), "asn must be between 0 and 4294967295, but was -1"),
                refused(b -> b.imagesGenerated(65_536), "images_generated must be between 0 and 65535, but was 65536"),
                refused(b -> b.responseTimeUs(-1), "response_time_us must be between 0 and 31622400000000, but was -1"),
                refused(
                        b -> b.responseTime(Duration.ofDays(367)),
                        "response_time_us must be between 0 and 31622400000000, but was 31708800000000"),
                refused(b -> b.ttftUs(-5), "ttft_us must be between 0 and 31622400000000, but was -5"),
                refused(
                        b -> b.processingTimeUs(-5),
                        "processing_time_us must be between 0 and 31622400000000, but was -5"),
                refused(
                        b -> b.responseTimeUs(10).ttftUs(11),
                        "ttft_us must not be above response_time_us 10, but was 11"),
                refused(
                        b -> b.requestForwardTime(ARRIVAL.minusNanos(1_000)),
                        "request_forward_time must not be before request_arrival_time 2026-03-04T05:06:07.123456Z,"
                                + " but was 2026-03-04T05:06:07.123455Z"),
                refused(
                        b -> b.requestArrivalTime(Instant.parse("1969-12-31T23:59:59.999999999Z")),
                        "request_arrival_time must be in the years 1970 to 2105, but was 1969-12-31T23:59:59.999999999Z"),
                refused(
                        b -> b.requestArrivalTime(Instant.parse("2106-01-01T00:00:00Z")),
                        "request_arrival_time must be in the years 1970 to 2105, but was 2106-01-01T00:00:00Z"),
                refused(
                        b -> b.requestArrivalTime(Instant.MAX),
                        "request_arrival_time must be in the years 1970 to 2105, but was +1000000000-12-31T23:59:59.999999999Z"),
                refused(
                        b -> b.blockedAt(Instant.MIN),
                        "blocked_at must be in the years 1970 to 2105, but was -1000000000-01-01T00:00:00Z"),
                refused(b -> b.statusCode(99), "status_code must be between 100 and 599, but was 99"),
                refused(b -> b.statusCode(600), "status_code must be between 100 and 599, but was 600"),
                refused(b -> b.statusCode(-1), "status_code must be between 0 and 65535, but was -1"),
                refused(
                        b -> b.cost(new BigDecimal("-0.000001")),
                        "cost must be from 0 to below 1000000 with at most 12 decimals, but was -0.000001"),
                refused(
                        b -> b.cost(new BigDecimal("1000000")),
                        "cost must be from 0 to below 1000000 with at most 12 decimals, but was 1000000"),
                refused(
                        b -> b.inferenceCost(new BigDecimal("0.0000000000001")),
                        "inference_cost must be from 0 to below 1000000 with at most 12 decimals, but was 1E-13"),
                refused(
                        b -> b.cost(new BigDecimal("1E+2000000000")),
                        "cost must be from 0 to below 1000000 with at most 12 decimals, but was 1E+2000000000"),
                refused(
                        b -> b.cost(new BigDecimal("1E-2000000000")),
                        "cost must be from 0 to below 1000000 with at most 12 decimals, but was 1E-2000000000"),
                refused(
                        b -> b.cost(new BigDecimal("9".repeat(5_000))),
                        "cost must be from 0 to below 1000000 with at most 12 decimals, but was " + "9".repeat(40)
                                + "..."),
                refused(b -> b.latitude(90.01), "latitude must be between -90 and 90, but was 90.01"),
                refused(b -> b.latitude(Double.NaN), "latitude must be between -90 and 90, but was NaN"),
                refused(
                        b -> b.longitude(Double.NEGATIVE_INFINITY),
                        "longitude must be between -180 and 180, but was -Infinity"),
                refused(
                        b -> b.output("secret \ud83d"),
                        "output must be valid Unicode, but was half a surrogate pair at position 7"),
                refused(
                        b -> b.userId("\ude00\ud83d"),
                        "user_id must be valid Unicode, but was half a surrogate pair at position 0"));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void anImpossibleRecordIsRefusedWithTheColumnsName(Change change, String message) {
        InferenceRecord.Builder builder = change.apply(minimal());
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECORD))
                .hasMessage("INVALID_RECORD: " + message);
    }

    static Stream<Change> possible() {
        return Stream.of(
                b -> b.inputTokens(0).outputTokens(0xFFFF_FFFFL),
                b -> b.inputTokens(10).cacheReadTokens(90).cacheWriteTokens(50),
                b -> b.outputTokens(1).reasoningTokens(500),
                b -> b.responseTimeUs(0).ttftUs(0),
                b -> b.ttftUs(5),
                b -> b.responseTime(Duration.ofDays(366)),
                b -> b.requestForwardTime(ARRIVAL),
                b -> b.requestArrivalTime(Instant.EPOCH),
                b -> b.requestArrivalTime(Instant.parse("2105-12-31T23:59:59.999999999Z")),
                b -> b.statusCode(100),
                b -> b.statusCode(599),
                b -> b.isSuccess(true).statusCode(500),
                b -> b.cost(BigDecimal.ZERO),
                b -> b.cost(new BigDecimal("0E-2000000000")),
                b -> b.cost(new BigDecimal("999999.999999999999")),
                b -> b.cost(new BigDecimal("0.10000000000000000")),
                b -> b.latitude(-90).longitude(180),
                b -> b.rulePriority(Integer.MIN_VALUE),
                b -> b.userId("").modelName(" ").promptId(""),
                b -> b.output("\ud83d\ude00 \u0000 ' \" \\ % {x:String}"));
    }

    @ParameterizedTest
    @MethodSource("possible")
    void whatMayBeTrueIsTaken(Change change) {
        InferenceRecord.Builder builder = change.apply(minimal());
        assertThatCode(builder::build).doesNotThrowAnyException();
    }

    @Test
    void theRequiredColumnsAreNamedWhenTheyAreMissing() {
        assertThatThrownBy(() -> InferenceRecord.builder().build())
                .isInstanceOf(BudMetricsException.class)
                .hasMessage("INVALID_RECORD: the record lacks inference_id and request_arrival_time");
        assertThatThrownBy(() -> InferenceRecord.builder().inferenceId(ID).build())
                .hasMessage("INVALID_RECORD: the record lacks request_arrival_time");
        assertThatThrownBy(() ->
                        InferenceRecord.builder().requestArrivalTime(ARRIVAL).build())
                .hasMessage("INVALID_RECORD: the record lacks inference_id");
    }

    @Test
    void timesAreCutToTheMicrosecondTowardsThePast() {
        InferenceRecord row = minimal()
                .requestArrivalTime(ARRIVAL.plusNanos(999))
                .requestForwardTime(ARRIVAL.plusNanos(1_999))
                .blockedAt(ARRIVAL.plusNanos(2_001))
                .responseTime(Duration.ofNanos(1_999))
                .ttft(Duration.ofNanos(999))
                .userId("u")
                .build();
        assertThat(row.requestArrivalTime()).isEqualTo(ARRIVAL);
        assertThat(row.requestForwardTime()).contains(ARRIVAL.plusNanos(1_000));
        assertThat(row.blockedAt()).contains(ARRIVAL.plusNanos(2_000));
        assertThat(row.responseTimeUs()).hasValue(1);
        assertThat(row.ttftUs()).hasValue(0);
        assertThat(row.userId()).contains("u");
    }

    @Test
    void aRecordIsAValue() {
        InferenceRecord row = minimal().inputTokens(5).userId("u").build();
        assertThat(row.toBuilder().build()).isEqualTo(row).hasSameHashCodeAs(row);
        assertThat(row.toBuilder().inputTokens(6).build()).isNotEqualTo(row);
        assertThat(row.toString()).isEqualTo("InferenceRecord[2026-03-04T05:06:07.123456Z]");
    }

    @Test
    void everyColumnButTheServersHasAnAccessorOfItsName() {
        Set<String> accessors = Arrays.stream(InferenceRecord.class.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toSet());
        List<Column> columns = InferenceFact.columns().stream()
                .filter(column -> !column.equals(InferenceFact.INGESTED_AT))
                .toList();
        assertThat(accessors)
                .containsExactlyInAnyOrderElementsOf(
                        columns.stream().map(column -> camelCase(column.name())).toList());
        assertThat(RecordFields.ALL).extracting(RecordFields.Field::column).containsExactlyElementsOf(columns);
    }

    static String camelCase(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '_') {
                i++;
                text.append(Character.toUpperCase(name.charAt(i)));
            } else {
                text.append(name.charAt(i));
            }
        }
        return text.toString();
    }
}
