package io.budmetrics.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class RecordJsonTest {
    private static final ObjectMapper TWO = new ObjectMapper();
    private static final JsonMapper THREE = JsonMapper.builder().build();
    private static final String REQUIRED =
            "\"inference_id\":\"00000000-0000-0001-0000-000000000002\",\"request_arrival_time\":\"2026-03-04T05:06:07Z\"";

    private static InferenceRecord.Builder minimal() {
        return InferenceRecord.builder()
                .inferenceId(new UUID(1, 2))
                .requestArrivalTime(Instant.parse("2026-03-04T05:06:07Z"));
    }

    private static InferenceRecord oneOfEveryType() throws UnknownHostException {
        return minimal()
                .requestArrivalTime(Instant.parse("2026-03-04T05:06:07.123456Z"))
                .projectId(new UUID(3, 4))
                .userId("u'1 \\ \0 \uD83D\uDE00")
                .isSuccess(true)
                .isBlocked(false)
                .statusCode(200)
                .cost(new BigDecimal("0.000000000001"))
                .inferenceCost(new BigDecimal("12.50"))
                .inputTokens(4_294_967_295L)
                .responseTimeUs(1_500_000)
                .latitude(-23.5505)
                .longitude(13)
                .requestIp(InetAddress.getByName("203.0.113.9"))
                .clientIp(InetAddress.getByName("2001:db8::1"))
                .rulePriority(-7)
                .build();
    }

    @Test
    void record_isWrittenByItsColumnsAndReadBackEqual_byJacksonTwoAndThree() throws Exception {
        for (InferenceRecord record : List.of(minimal().build(), oneOfEveryType())) {
            String json = TWO.writeValueAsString(record);
            assertThat(TWO.readValue(json, InferenceRecord.class)).isEqualTo(record);
            assertThat(THREE.readValue(json, InferenceRecord.class)).isEqualTo(record);
            assertThat(TWO.readTree(THREE.writeValueAsString(record))).isEqualTo(TWO.readTree(json));
        }
        assertThat(TWO.writeValueAsString(minimal().isSuccess(true).build()))
                .isEqualTo("{" + REQUIRED + ",\"is_success\":true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{%s,\"model_nam\":\"x\"}  | the field model_nam is unknown; did you mean model_name?",
                "{%s,\"SECRET ()\":\"x\"}  | a field is unknown; give the names of columns",
                "{%s,\"cost\":\"SECRET\"}  | cost is not a number",
                "{%s,\"input_tokens\":1.5} | input_tokens is not a whole number",
                "{%s,\"input_tokens\":-1}  | input_tokens is -1; give 0 to 4294967295",
                "{\"inference_id\":\"00000000-0000-0001-0000-000000000002\"} | request_arrival_time is missing",
                "[%s] | the record is not a JSON object"
            })
    void read_invalidRecord_namesTheField(String json, String message) {
        String text = json.startsWith("[") ? "[]" : json.replace("%s", REQUIRED);
        ValueInstantiationException thrown = catchThrowableOfType(
                ValueInstantiationException.class, () -> TWO.readValue(text, InferenceRecord.class));
        assertThat(thrown.getCause()).isInstanceOfSatisfying(BudMetricsException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECORD);
            assertThat(e.reason()).startsWith(message).doesNotContain("SECRET");
        });
    }

    @Test
    void builder_null_isTheSameAsNotGiven() {
        InferenceRecord record = minimal()
                .modelId(new UUID(5, 6))
                .modelId((UUID) null)
                .userId((String) null)
                .build();
        assertThat(record).isEqualTo(minimal().build());
        BudMetricsException thrown = catchThrowableOfType(
                BudMetricsException.class, () -> minimal().inferenceId(null).build());
        assertThat(thrown.code()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(thrown).hasMessageContaining("inference_id is missing");
    }
}
