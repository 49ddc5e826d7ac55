package io.budmetrics.clickhouse.ingest;

import io.budmetrics.internal.record.RecordColumn;
import io.budmetrics.record.InferenceRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * Records as one block of the Native format: columns one after the other, which the server reads with far less work
 * than rows. Records are taken apart one at a time, since walking many of them once for each column misses the
 * processor's caches. Not safe for use by several threads at a time.
 */
final class Piece {
    private static final List<RecordColumn<InferenceRecord, InferenceRecord.Builder>> FIELDS = RecordColumns.ALL;

    private static final UUID NOBODY = new UUID(0, 0);

    private final ColumnBuffer[] columns = new ColumnBuffer[FIELDS.size()];
    private final ColumnBuffer[] texts;
    private int rows;
    private long first;
    private long second = 1;

    Piece() {
        Arrays.setAll(columns, i -> new ColumnBuffer(FIELDS.get(i).column()));
        texts = Arrays.stream(columns)
                .filter(column -> column.column().type().equals("Nullable(String)"))
                .toArray(ColumnBuffer[]::new);
    }

    int rows() {
        return rows;
    }

    void clear() {
        rows = 0;
        first = 0;
        second = 1;
        for (ColumnBuffer column : columns) {
            column.clear();
        }
    }

    void add(InferenceRecord row) {
        for (int i = 0; i < columns.length; i++) {
            FIELDS.get(i).append(row, columns[i]);
        }
        rows++;
        identify(row);
    }

    /** Bytes of the texts; all else has a fixed size. */
    long textSize() {
        long size = 0;
        for (ColumnBuffer text : texts) {
            size += text.size();
        }
        return size;
    }

    /** Bytes reserved. */
    long capacity() {
        long capacity = 0;
        for (ColumnBuffer column : columns) {
            capacity += column.capacity();
        }
        return capacity;
    }

    /** The columns that are written: those in which some record has a value. */
    List<String> columnNames() {
        return Arrays.stream(columns)
                .filter(ColumnBuffer::any)
                .map(column -> column.column().name())
                .toList();
    }

    /**
     * A name by which an insert is found in logs, the same for the same inferences in the same order in every process. It is
     * a hash of what identifies each inference, computed while records are added; a hash of the bytes would need the block to
     * be encoded a second time.
     */
    String token() {
        return "budmetrics-" + HexFormat.of().toHexDigits(first)
                + HexFormat.of().toHexDigits(second);
    }

    private void identify(InferenceRecord row) {
        identify(row.inferenceId());
        identify(row.projectId().orElse(NOBODY));
        identify(new UUID(0, ChronoUnit.MICROS.between(Instant.EPOCH, row.requestArrivalTime())));
    }

    private void identify(UUID part) {
        first = mixed(first ^ part.getMostSignificantBits()) + part.getLeastSignificantBits();
        second = mixed(second ^ part.getLeastSignificantBits()) + part.getMostSignificantBits();
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    /** Writes the block; may be called again. */
    void writeTo(OutputStream out) throws IOException {
        BlockBuffer head = new BlockBuffer(16);
        head.varint(columnNames().size());
        head.varint(rows);
        head.writeTo(out);
        for (ColumnBuffer column : columns) {
            if (column.any()) {
                column.writeTo(out);
            }
        }
    }
}
