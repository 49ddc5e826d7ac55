package io.budmetrics.clickhouse.ingest;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A batch of events as JSON, each of which is one inference:
 *
 * <pre>{@code
 * {"entries": [{"entryId": "1", "event": {"data": {
 *     "inference_id": "...", "project_id": "...", "endpoint_id": "...", "model_id": "...",
 *     "request_arrival_time": "2026-03-04T05:06:07.123456Z", "request_forward_time": "2026-03-04T05:06:07.2Z",
 *     "is_success": true, "cost": 0.0125, "request_ip": "2001:db8::1", "response_analysis": {"sentiment": "neutral"}}}}]}
 * }</pre>
 *
 * <p>The seven first fields are required. Besides <code>cost</code>, <code>request_ip</code> and
 * <code>response_analysis</code> there may be <code>api_key_id</code>, <code>api_key_project_id</code>,
 * <code>user_id</code>, <code>status_code</code>, <code>error_code</code>, <code>error_type</code> and
 * <code>error_message</code>; null is absent. A field of another name rejects the entry, so that no measurement is lost
 * for a typing error. What stands around the entries and around <code>data</code> is not looked at.
 *
 * <p>A time without an offset is UTC, and times keep their microseconds. A cost that is a JSON number, and so was a binary
 * fraction on its way, is rounded to 12 decimals; a text is taken exactly. An entry that cannot be an inference is
 * rejected alone.
 *
 * <pre>{@code
 * InferenceEvents events = new ObjectMapper().readValue(json, InferenceEvents.class);
 * writer.write(events.records());
 * events.rejected().forEach(entry -> ...);
 * }</pre>
 *
 * <p>Immutable.
 */
public final class InferenceEvents {
    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("(?=.*:.*:)[0-9a-fA-F:.]{2,45}");
    private static final int COST_SCALE = 12;

    /** What each field does to a record. */
    private static final Map<String, Reader> READERS = readers();

    private static final List<Column> REQUIRED = List.of(
            InferenceFact.INFERENCE_ID,
            InferenceFact.PROJECT_ID,
            InferenceFact.ENDPOINT_ID,
            InferenceFact.MODEL_ID,
            InferenceFact.IS_SUCCESS,
            InferenceFact.REQUEST_ARRIVAL_TIME,
            InferenceFact.REQUEST_FORWARD_TIME);

    private final List<InferenceRecord> records;
    private final List<Rejected> rejected;

    private InferenceEvents(List<InferenceRecord> records, List<Rejected> rejected) {
        this.records = List.copyOf(records);
        this.rejected = List.copyOf(rejected);
    }

    /**
     * An entry that is not an inference.
     *
     * @param index its position among the entries, from 0
     * @param id the inference's id as the entry gives it, else the entry's own id; empty when there is neither
     * @param reason the field and what is wrong with it; it shows neither ids nor texts of the entry
     */
    public record Rejected(int index, Optional<String> id, String reason) {
        /** Without the id, so that it may be logged. */
        @Override
        public String toString() {
            return "entry " + index + ": " + reason;
        }
    }

    /**
     * Reads a batch that a JSON library has taken apart into maps, lists, texts, numbers, booleans and nulls.
     *
     * @param batch the whole object
     * @return what its entries are
     * @throws BudMetricsException INVALID_RECORD when it has no list of entries
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static InferenceEvents of(Map<String, @Nullable Object> batch) {
        Objects.requireNonNull(batch, "batch is null");
        if (!(batch.get("entries") instanceof List<?> entries)) {
            throw BudMetricsException.invalidRecord(
                    "entries is missing or not a list; give the events as a JSON array");
        }
        List<InferenceRecord> records = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Object entry = entries.get(i);
            try {
                records.add(record(entry));
            } catch (BadEntryException e) {
                rejected.add(new Rejected(i, id(entry), e.getMessage()));
            } catch (BudMetricsException e) {
                // the record's own rules; its text begins with the code, which says nothing here
                String prefix = e.code() + ": ";
                String text = e.getMessage();
                rejected.add(
                        new Rejected(i, id(entry), text.startsWith(prefix) ? text.substring(prefix.length()) : text));
            }
        }
        return new InferenceEvents(records, rejected);
    }

    /**
     * The good ones.
     *
     * @return records to be written, in the order of their entries
     */
    public List<InferenceRecord> records() {
        return records;
    }

    /**
     * The bad ones.
     *
     * @return an item for each entry that is not among the records, in order
     */
    public List<Rejected> rejected() {
        return rejected;
    }

    @Override
    public String toString() {
        return "InferenceEvents[records=" + records.size() + ", rejected=" + rejected.size() + "]";
    }

    /** The field is wrong; nothing above knows more. */
    private static final class BadEntryException extends Exception {
        private static final long serialVersionUID = 1L;

        BadEntryException(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    @FunctionalInterface
    private interface Reader {
        void read(InferenceRecord.Builder record, String name, Object value) throws BadEntryException;
    }

    private static InferenceRecord record(@Nullable Object entry) throws BadEntryException {
        if (!(entry instanceof Map<?, ?> outer)) {
            throw new BadEntryException("the entry is not an object");
        }
        if (!(outer.get("event") instanceof Map<?, ?> event)) {
            throw new BadEntryException("event is missing or not an object");
        }
        if (!(event.get("data") instanceof Map<?, ?> data)) {
            throw new BadEntryException("event.data is missing or not an object");
        }
        for (Column column : REQUIRED) {
            if (data.get(column.name()) == null) {
                throw new BadEntryException(column.name() + " is missing");
            }
        }
        InferenceRecord.Builder record = InferenceRecord.builder();
        for (Map.Entry<?, ?> field : data.entrySet()) {
            String name = String.valueOf(field.getKey());
            Reader reader = READERS.get(name);
            if (reader == null) {
                throw new BadEntryException(
                        FIELD_NAME.matcher(name).matches() ? "there is no field " + name : "there is an unknown field");
            }
            Object value = field.getValue();
            if (value != null) {
                reader.read(record, name, value);
            }
        }
        return record.build();
    }

    private static Map<String, Reader> readers() {
        Map<String, Reader> readers = new LinkedHashMap<>();
        readers.put("inference_id", (record, name, value) -> record.inferenceId(uuid(name, value)));
        readers.put("project_id", (record, name, value) -> record.projectId(uuid(name, value)));
        readers.put("endpoint_id", (record, name, value) -> record.endpointId(uuid(name, value)));
        readers.put("model_id", (record, name, value) -> record.modelId(uuid(name, value)));
        readers.put("api_key_id", (record, name, value) -> record.apiKeyId(uuid(name, value)));
        readers.put("api_key_project_id", (record, name, value) -> record.apiKeyProjectId(uuid(name, value)));
        readers.put("user_id", (record, name, value) -> record.userId(text(name, value)));
        readers.put("request_arrival_time", (record, name, value) -> record.requestArrivalTime(time(name, value)));
        readers.put("request_forward_time", (record, name, value) -> record.requestForwardTime(time(name, value)));
        readers.put("is_success", (record, name, value) -> record.isSuccess(flag(name, value)));
        readers.put("status_code", (record, name, value) -> record.statusCode(whole(name, value)));
        readers.put("cost", (record, name, value) -> record.cost(money(name, value)));
        readers.put("request_ip", (record, name, value) -> record.requestIp(address(name, value)));
        readers.put("response_analysis", (record, name, value) -> record.responseAnalysis(object(name, value)));
        readers.put("error_code", (record, name, value) -> record.errorCode(text(name, value)));
        readers.put("error_type", (record, name, value) -> record.errorType(text(name, value)));
        readers.put("error_message", (record, name, value) -> record.errorMessage(text(name, value)));
        return readers;
    }

    private static String text(String name, Object value) throws BadEntryException {
        if (value instanceof String text) {
            return text;
        }
        throw new BadEntryException(name + " must be a text");
    }

    private static UUID uuid(String name, Object value) throws BadEntryException {
        String text = text(name, value);
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new BadEntryException(name + " must be a UUID with hyphens");
        }
        return UUID.fromString(text);
    }

    private static boolean flag(String name, Object value) throws BadEntryException {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new BadEntryException(name + " must be true or false");
    }

    private static int whole(String name, Object value) throws BadEntryException {
        if (value instanceof Integer number) {
            return number;
        }
        throw new BadEntryException(name + " must be a whole number");
    }

    private static Instant time(String name, Object value) throws BadEntryException {
        String text = text(name, value).replaceFirst(" ", "T");
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException withoutOffset) {
            try {
                return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw new BadEntryException(
                        name + " must be an ISO 8601 date and time, such as 2026-03-04T05:06:07.123456Z");
            }
        }
    }

    private static BigDecimal money(String name, Object value) throws BadEntryException {
        if (value instanceof Integer || value instanceof Long) {
            return BigDecimal.valueOf(((Number) value).longValue());
        }
        if (value instanceof BigInteger number) {
            return new BigDecimal(number);
        }
        if (value instanceof BigDecimal number) {
            return number;
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return BigDecimal.valueOf(number).setScale(COST_SCALE, RoundingMode.HALF_EVEN);
        }
        if (value instanceof String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException e) {
                throw new BadEntryException(name + " must be a number");
            }
        }
        throw new BadEntryException(name + " must be a number");
    }

    private static InetAddress address(String name, Object value) throws BadEntryException {
        String text = text(name, value);
        // anything else would be looked up as a host name
        if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw new BadEntryException(name + " must be an IPv4 or IPv6 address");
            }
        }
        throw new BadEntryException(name + " must be an IPv4 or IPv6 address");
    }

    private static String object(String name, Object value) throws BadEntryException {
        if (value instanceof Map<?, ?> object) {
            return JsonText.of(object);
        }
        throw new BadEntryException(name + " must be an object");
    }

    private static Optional<String> id(@Nullable Object entry) {
        if (!(entry instanceof Map<?, ?> outer)) {
            return Optional.empty();
        }
        Object event = outer.get("event");
        Object data = event instanceof Map<?, ?> inner ? inner.get("data") : null;
        for (Object at : new @Nullable Object[] {data, event, outer}) {
            if (at instanceof Map<?, ?> map && map.get("inference_id") instanceof String id) {
                return Optional.of(id);
            }
        }
        return outer.get("entryId") instanceof String id ? Optional.of(id) : Optional.empty();
    }
}
