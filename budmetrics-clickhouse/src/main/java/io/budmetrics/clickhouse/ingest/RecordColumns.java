package io.budmetrics.clickhouse.ingest;

import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.record.RecordColumn;
import io.budmetrics.record.InferenceRecord;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The columns of a record as the core describes them, which every record carries, and how much memory a record takes. */
final class RecordColumns {
    /** Every column in the order of the table, save ingested_at, which the server fills. */
    static final List<RecordColumn<InferenceRecord, InferenceRecord.Builder>> ALL =
            Internals.of(InferenceRecord.builder()
                    .inferenceId(new UUID(0, 0))
                    .requestArrivalTime(Instant.EPOCH)
                    .build());

    /** The object itself and the values it refers to, when most are given. */
    private static final long RECORD_BYTES = 2_000;

    private RecordColumns() {}

    /** About how many bytes a record takes in memory, at most. */
    static long footprint(InferenceRecord row) {
        long characters = 0;
        for (RecordColumn<InferenceRecord, InferenceRecord.Builder> column : ALL) {
            characters += column.length(row);
        }
        return RECORD_BYTES + Character.BYTES * characters;
    }
}
