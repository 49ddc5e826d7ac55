package io.budmetrics.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.internal.record.RecordColumn;
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
                refused(b -> b.inputTokens(-1), "input_tokens is -1; give 0 to 4294967295"),
                refused(b -> b.outputTokens(1L << 32), "output_tokens is 4294967296; give 0 to 4294967295"),
                refused(b -> b.cacheReadTokens(-2), "cache_read_tokens is -2; give 0 to 4294967295"),
                refused(b -> b.cacheWriteTokens(-2), "cache_write_tokens is -2; give 0 to 4294967295"),
                refused(b -> b.reasoningTokens(-2), "reasoning_tokens is -2; give 0 to 4294967295"),
                refused(b -> b.asn(-1), "asn is -1; give 0 to 4294967295"),
                refused(b -> b.imagesGenerated(65_536), "images_generated is 65536; give 0 to 65535"),
                refused(b -> b.responseTimeUs(-1), "response_time_us is -1; give 0 to 31622400000000"),
                refused(
                        b -> b.responseTime(Duration.ofDays(367)),
                        "response_time_us is 31708800000000; give 0 to 31622400000000"),
                refused(b -> b.ttftUs(-5), "ttft_us is -5; give 0 to 31622400000000"),
                refused(b -> b.processingTimeUs(-5), "processing_time_us is -5; give 0 to 31622400000000"),
                refused(
                        b -> b.responseTimeUs(10).ttftUs(11),
                        "ttft_us is 11; give at most response_time_us, which is 10"),
                refused(
                        b -> b.requestForwardTime(ARRIVAL.minusNanos(1_000)),
                        "request_forward_time is 2026-03-04T05:06:07.123455Z; give a time that is not before"
                                + " request_arrival_time, which is 2026-03-04T05:06:07.123456Z"),
                refused(
                        b -> b.requestArrivalTime(Instant.parse("1969-12-31T23:59:59.999999999Z")),
                        "request_arrival_time is 1969-12-31T23:59:59.999999999Z; give a time in the years 1970 to 2105"),
                refused(
                        b -> b.requestArrivalTime(Instant.parse("2106-01-01T00:00:00Z")),
                        "request_arrival_time is 2106-01-01T00:00:00Z; give a time in the years 1970 to 2105"),
                refused(
                        b -> b.requestArrivalTime(Instant.MAX),
                        "request_arrival_time is +1000000000-12-31T23:59:59.999999999Z; give a time in the years 1970 to 2105"),
                refused(
                        b -> b.blockedAt(Instant.MIN),
                        "blocked_at is -1000000000-01-01T00:00:00Z; give a time in the years 1970 to 2105"),
                refused(b -> b.statusCode(99), "status_code is 99; give 100 to 599"),
                refused(b -> b.statusCode(600), "status_code is 600; give 100 to 599"),
                refused(b -> b.statusCode(-1), "status_code is -1; give 100 to 599"),
                refused(
                        b -> b.cost(new BigDecimal("-0.000001")),
                        "cost is -0.000001; give 0 or more and below 1000000, with at most 12 decimals"),
                refused(
                        b -> b.cost(new BigDecimal("1000000")),
                        "cost is 1000000; give 0 or more and below 1000000, with at most 12 decimals"),
                refused(
                        b -> b.inferenceCost(new BigDecimal("0.0000000000001")),
                        "inference_cost is 1E-13; give 0 or more and below 1000000, with at most 12 decimals"),
                refused(
                        b -> b.cost(new BigDecimal("1E+2000000000")),
                        "cost is 1E+2000000000; give 0 or more and below 1000000, with at most 12 decimals"),
                refused(
                        b -> b.cost(new BigDecimal("1E-2000000000")),
                        "cost is 1E-2000000000; give 0 or more and below 1000000, with at most 12 decimals"),
                refused(
                        b -> b.cost(new BigDecimal("9".repeat(5_000))),
                        "cost is " + "9".repeat(40)
                                + "...; give 0 or more and below 1000000, with at most 12 decimals"),
                refused(b -> b.latitude(90.01), "latitude is 90.01; give -90 to 90"),
                refused(b -> b.latitude(Double.NaN), "latitude is NaN; give -90 to 90"),
                refused(b -> b.longitude(Double.NEGATIVE_INFINITY), "longitude is -Infinity; give -180 to 180"),
                refused(
                        b -> b.output("secret \ud83d"),
                        "output has an unpaired surrogate at position 7, which cannot be encoded as UTF-8; give valid Unicode"),
                refused(
                        b -> b.userId("\ude00\ud83d"),
                        "user_id has an unpaired surrogate at position 0, which cannot be encoded as UTF-8; give valid Unicode"));
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
                .hasMessage("INVALID_RECORD: inference_id is missing; give one, every record needs it");
        assertThatThrownBy(() -> InferenceRecord.builder().inferenceId(ID).build())
                .hasMessage("INVALID_RECORD: request_arrival_time is missing; give one, every record needs it");
        assertThatThrownBy(() ->
                        InferenceRecord.builder().requestArrivalTime(ARRIVAL).build())
                .hasMessage("INVALID_RECORD: inference_id is missing; give one, every record needs it");
    }

    /** On a request path, whoever fills a record may have nothing to give. */
    @Test
    void builder_nullIsNotGiven() throws ReflectiveOperationException {
        int tried = 0;
        for (Method setter : InferenceRecord.Builder.class.getMethods()) {
            if (setter.getParameterCount() != 1
                    || !setter.getReturnType().equals(InferenceRecord.Builder.class)
                    || setter.getName().equals("from")
                    || setter.getParameterTypes()[0].isPrimitive()
                    || setter.getParameterTypes()[0].getName().startsWith("java.util.Optional")) {
                continue;
            }
            InferenceRecord.Builder builder = minimal();
            setter.invoke(builder, (Object) null);
            tried++;
            if (List.of("inferenceId", "requestArrivalTime").contains(setter.getName())) {
                assertThatThrownBy(builder::build)
                        .isInstanceOfSatisfying(BudMetricsException.class, e -> assertThat(e.code())
                                .isEqualTo(ErrorCode.INVALID_RECORD))
                        .hasMessageContaining("is missing; give one, every record needs it");
            } else {
                assertThat(builder.build())
                        .as(setter.getName())
                        .isEqualTo(minimal().build());
            }
        }
        assertThat(tried).isGreaterThan(90);
    }

    @Test
    void builder_nullTakesBackWhatWasGiven() {
        InferenceRecord row = minimal()
                .modelName("m")
                .modelName((String) null)
                .ttft(Duration.ofMillis(5))
                .ttft(null)
                .build();
        assertThat(row).isEqualTo(minimal().build());
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
                .containsExactlyInAnyOrderElementsOf(columns.stream()
                        .map(column -> EventJson.camelCase(column.name()))
                        .toList());
        assertThat(InferenceColumns.ALL).extracting(RecordColumn::column).containsExactlyElementsOf(columns);
    }
}
