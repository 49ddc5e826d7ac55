package io.budmetrics.record;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.record.RecordColumn;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    private static final String ANALYSIS = InferenceFact.RESPONSE_ANALYSIS.name();

    /** The fields that an event may have. */
    private static final Map<String, RecordColumn<InferenceRecord, InferenceRecord.Builder>> COLUMNS = columns();

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
            } catch (BudMetricsException e) {
                rejected.add(new Rejected(i, id(entry), e.reason()));
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

    private static InferenceRecord record(@Nullable Object entry) {
        if (!(entry instanceof Map<?, ?> outer)) {
            throw BudMetricsException.invalidRecord("the entry is not an object");
        }
        if (!(outer.get("event") instanceof Map<?, ?> event)) {
            throw BudMetricsException.invalidRecord("event is missing or not an object");
        }
        if (!(event.get("data") instanceof Map<?, ?> data)) {
            throw BudMetricsException.invalidRecord("event.data is missing or not an object");
        }
        for (Column column : REQUIRED) {
            if (data.get(column.name()) == null) {
                throw BudMetricsException.invalidRecord(column.name() + " is missing");
            }
        }
        InferenceRecord.Builder record = InferenceRecord.builder();
        for (Map.Entry<?, ?> field : data.entrySet()) {
            String name = String.valueOf(field.getKey());
            RecordColumn<InferenceRecord, InferenceRecord.Builder> column = COLUMNS.get(name);
            if (column == null) {
                throw RecordJson.unknown(name, COLUMNS.keySet());
            }
            Object value = field.getValue();
            if (value != null) {
                column.read(record, name.equals(ANALYSIS) ? object(name, value) : value);
            }
        }
        return record.build();
    }

    private static Map<String, RecordColumn<InferenceRecord, InferenceRecord.Builder>> columns() {
        Set<Column> fields = Set.of(
                InferenceFact.INFERENCE_ID,
                InferenceFact.PROJECT_ID,
                InferenceFact.ENDPOINT_ID,
                InferenceFact.MODEL_ID,
                InferenceFact.API_KEY_ID,
                InferenceFact.API_KEY_PROJECT_ID,
                InferenceFact.USER_ID,
                InferenceFact.REQUEST_ARRIVAL_TIME,
                InferenceFact.REQUEST_FORWARD_TIME,
                InferenceFact.IS_SUCCESS,
                InferenceFact.STATUS_CODE,
                InferenceFact.COST,
                InferenceFact.REQUEST_IP,
                InferenceFact.RESPONSE_ANALYSIS,
                InferenceFact.ERROR_CODE,
                InferenceFact.ERROR_TYPE,
                InferenceFact.ERROR_MESSAGE);
        return InferenceColumns.ALL.stream()
                .filter(column -> fields.contains(column.column()))
                .collect(Collectors.toUnmodifiableMap(column -> column.column().name(), Function.identity()));
    }

    private static String object(String name, Object value) {
        if (value instanceof Map<?, ?> object) {
            return JsonText.of(object);
        }
        throw BudMetricsException.invalidRecord(name + " is not an object; give a JSON object");
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
