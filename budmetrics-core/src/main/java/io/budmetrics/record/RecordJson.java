package io.budmetrics.record;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.json.Spelling;
import io.budmetrics.internal.record.RecordColumn;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A record as a JSON object: a field for each column that has a value, under the column's name. */
final class RecordJson {
    private static final Map<String, RecordColumn<InferenceRecord, InferenceRecord.Builder>> COLUMNS =
            InferenceColumns.ALL.stream()
                    .collect(Collectors.toUnmodifiableMap(
                            column -> column.column().name(), Function.identity()));

    /** A name that is written like a column and so cannot be the text of a tenant. */
    private static final Pattern HARMLESS = Pattern.compile("[a-z0-9_]{1,64}");

    private RecordJson() {}

    static Map<String, Object> write(InferenceRecord row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordColumn<InferenceRecord, InferenceRecord.Builder> column : InferenceColumns.ALL) {
            Object value = column.json(row);
            if (value != null) {
                fields.put(column.column().name(), value);
            }
        }
        return fields;
    }

    static InferenceRecord read(Object json) {
        if (!(json instanceof Map<?, ?> fields)) {
            throw BudMetricsException.invalidRecord(
                    "the record is not a JSON object; give one with a field for each column that has a value");
        }
        InferenceRecord.Builder record = InferenceRecord.builder();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            String name = String.valueOf(field.getKey());
            RecordColumn<InferenceRecord, InferenceRecord.Builder> column = COLUMNS.get(name);
            if (column == null) {
                throw unknown(name, COLUMNS.keySet());
            }
            if (field.getValue() != null) {
                column.read(record, field.getValue());
            }
        }
        return record.build();
    }

    /** Names the field, unless it may be a text of a tenant, and the nearest of those that there are. */
    static BudMetricsException unknown(String name, Set<String> known) {
        String nearest = Spelling.nearest(name, known.stream().sorted().toList());
        return BudMetricsException.invalidRecord(
                (HARMLESS.matcher(name).matches() ? "the field " + name : "a field") + " is unknown; "
                        + (nearest.isEmpty() ? "give the names of columns" : "did you mean " + nearest + "?"));
    }
}
