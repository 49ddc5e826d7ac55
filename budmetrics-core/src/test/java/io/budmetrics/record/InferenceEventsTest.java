package io.budmetrics.record;

import static io.budmetrics.record.EventJson.data;
import static io.budmetrics.record.EventJson.entry;
import static io.budmetrics.record.EventJson.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InferenceEventsTest {
    private static final UUID ID = EventJson.ID;

    private static InferenceEvents.Rejected rejected(String changes) throws JsonProcessingException {
        InferenceEvents events = events(entry(data(changes)));
        assertThat(events.records()).isEmpty();
        return events.rejected().get(0);
    }

    @Test
    void everyFieldIsRead() throws Exception {
        InferenceEvents events = events(entry(data("""
                "cost": 0.0125, "request_ip": "2001:db8::1", "status_code": 502, "user_id": "u'1",
                "api_key_id": "00000000-0000-0001-0000-000000000006",
                "api_key_project_id": "00000000-0000-0001-0000-000000000007",
                "error_code": "E", "error_type": "T", "error_message": "Disk 100%% full, path C:\\\\ \\u0000 \\uD83D\\uDE00",
                "response_analysis": {"sentiment": "neutral", "confidence": 0.5, "topics": ["a\\"b", "\\n\\\\"],
                 "n": null, "f": true, "big": 12345678901234567890, "empty": {}, "none": []}
                """.replace("%%", "%"))));

        assertThat(events.rejected()).isEmpty();
        assertThat(events.records())
                .containsExactly(InferenceRecord.builder()
                        .inferenceId(ID)
                        .projectId(new UUID(1, 3))
                        .endpointId(new UUID(1, 4))
                        .modelId(new UUID(1, 5))
                        .apiKeyId(new UUID(1, 6))
                        .apiKeyProjectId(new UUID(1, 7))
                        .userId("u'1")
                        .requestArrivalTime(Instant.parse("2026-01-07T09:00:00.100001Z"))
                        .requestForwardTime(Instant.parse("2026-01-07T09:00:00.900002Z"))
                        .isSuccess(true)
                        .statusCode(502)
                        .cost(new BigDecimal("0.0125"))
                        .requestIp(InetAddress.getByName("2001:db8::1"))
                        .errorCode("E")
                        .errorType("T")
                        .errorMessage("Disk 100% full, path C:\\ \0 😀")
                        .responseAnalysis("{\"sentiment\":\"neutral\",\"confidence\":0.5,"
                                + "\"topics\":[\"a\\\"b\",\"\\u000a\\\\\"],\"n\":null,\"f\":true,"
                                + "\"big\":12345678901234567890,\"empty\":{},\"none\":[]}")
                        .build());
        String analysis = events.records().get(0).responseAnalysis().orElseThrow();
        assertThat(new ObjectMapper().readTree(analysis).at("/topics/1").textValue())
                .isEqualTo("\n\\");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-01-07T10:00:00+01:00 | 2026-01-07T09:00:00Z",
                "2026-01-07T09:00:00       | 2026-01-07T09:00:00Z",
                "2026-01-07 09:00:00.5     | 2026-01-07T09:00:00.5Z",
                "2026-01-07T09:00:00.1234567Z | 2026-01-07T09:00:00.123456Z"
            })
    void timesWithoutAnOffsetAreUtc(String given, String expected) throws Exception {
        InferenceEvents events = events(entry(data("\"request_forward_time\": \"2026-01-08T00:00:00\","
                + " \"request_arrival_time\": \"" + given + "\"")));
        assertThat(events.records().get(0).requestArrivalTime()).isEqualTo(Instant.parse(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "0.30000000000000004, 0.3",
        "1e-5, 0.00001",
        "7, 7",
        "'\"0.000000000001\"', 0.000000000001",
        "null, "
    })
    void costs(String given, BigDecimal expected) throws Exception {
        InferenceRecord record =
                events(entry(data("\"cost\": " + given))).records().get(0);
        if (expected == null) {
            assertThat(record.cost()).isEmpty();
        } else {
            assertThat(record.cost().orElseThrow()).isEqualByComparingTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"cost\": -0.5                    | cost is -0.5",
                "\"cost\": \"SECRET\"              | cost is not a number",
                "\"cost\": \"0.0000000000001\"     | cost is 1E-13; give",
                "\"cost\": 1e300                   | cost is 1",
                "\"cost\": true                    | cost is not a number",
                "\"request_ip\": \"SECRET.com\"    | request_ip is not an address",
                "\"request_ip\": \"1.2.3\"         | request_ip is not an address",
                "\"request_ip\": \"1.2.3.256\"     | request_ip is not an address",
                "\"request_ip\": \"::g\"           | request_ip is not an address",
                "\"request_ip\": \":::::\"         | request_ip is not an address",
                "\"request_ip\": \"fe80::1%eth0\"  | request_ip is not an address",
                "\"api_key_id\": \"SECRET\"        | api_key_id is not a UUID",
                "\"api_key_id\": \"1-1-1-1-1\"     | api_key_id is not a UUID",
                "\"api_key_id\": 7                 | api_key_id is not a text",
                "\"is_success\": \"yes\"           | is_success is not a flag",
                "\"is_success\": null              | is_success is missing",
                "\"status_code\": 99               | status_code is 99",
                "\"status_code\": 200.5            | status_code is not a whole number",
                "\"response_analysis\": \"SECRET\" | response_analysis is not an object",
                "\"request_arrival_time\": \"SECRET\" | request_arrival_time is not a date and time",
                "\"request_arrival_time\": 1767776400 | request_arrival_time is not a text",
                "\"request_forward_time\": \"2026-01-07T08:59:59Z\" | request_forward_time is 2026-01-07T08:59:59Z",
                "\"cots\": 1                       | the field cots is unknown; did you mean cost?",
                "\"SECRET ()\": 1                  | a field is unknown; give the names of columns",
                "\"error_message\": \"\\uD83D\"    | error_message has an unpaired surrogate"
            })
    void whatIsWrongIsNamed(String changes, String reason) throws Exception {
        InferenceEvents.Rejected rejected = rejected(changes);
        assertThat(rejected.reason()).startsWith(reason).doesNotContain("SECRET", "INVALID_RECORD");
        assertThat(rejected.index()).isZero();
        assertThat(rejected.id()).hasValue(ID.toString());
        assertThat(rejected.toString()).isEqualTo("entry 0: " + rejected.reason());
    }

    @Test
    void oneBadEntryRejectsItselfAlone() throws Exception {
        String flat = "{\"entryId\": \"e-2\", \"event\": " + data("") + "}";
        String without = "{\"entryId\": \"e-3\", \"event\": {\"data\": {\"project_id\": \"x\"}}}";
        InferenceEvents events = events(
                entry(data("")),
                flat,
                "7",
                "null",
                without,
                entry("[]"),
                "{\"event\": {}}",
                entry(data("\"cost\": 1")));

        assertThat(events.records()).hasSize(2);
        assertThat(events.rejected())
                .extracting(InferenceEvents.Rejected::index)
                .containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(events.rejected())
                .extracting(rejected -> rejected.id().orElse("none"))
                .containsExactly(ID.toString(), "none", "none", "e-3", "e-1", "none");
        assertThat(events.rejected())
                .extracting(InferenceEvents.Rejected::reason)
                .containsExactly(
                        "event.data is missing or not an object",
                        "the entry is not an object",
                        "the entry is not an object",
                        "inference_id is missing",
                        "event.data is missing or not an object",
                        "event.data is missing or not an object");
        assertThat(events).hasToString("InferenceEvents[records=2, rejected=6]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"entries\": null}", "{\"entries\": {}}"})
    void aBatchNeedsEntries(String json) {
        assertThatThrownBy(() -> new ObjectMapper().readValue(json, InferenceEvents.class))
                .hasMessageContaining("entries is missing or not a list");
        assertThat(InferenceEvents.of(Map.of("entries", List.of())).records()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"USE_BIG_DECIMAL_FOR_FLOATS", "USE_LONG_FOR_INTS", "USE_BIG_INTEGER_FOR_INTS"})
    void of_anyReadingOfNumbers(String feature) throws Exception {
        ObjectMapper mapper = new ObjectMapper().enable(DeserializationFeature.valueOf(feature));
        String entry = entry(data("\"cost\": 0.00036899999999999997, \"status_code\": 200"));

        InferenceEvents events = mapper.readValue("{\"entries\": [" + entry + "]}", InferenceEvents.class);

        assertThat(events.rejected()).isEmpty();
        assertThat(events.records().get(0).cost()).contains(new BigDecimal("0.000369000000"));
        assertThat(events.records().get(0).statusCode()).hasValue(200);
    }
}
