package io.budmetrics.clickhouse.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Records as one block of the Native format: columns one after the other, which the server reads with far less work
 * than rows. Records are taken apart one at a time, since walking many of them once for each column misses the
 * processor's caches. Not safe for use by several threads at a time.
 */
final class Piece {
    private static final RecordFields.Field[] FIELDS = RecordFields.ALL.toArray(new RecordFields.Field[0]);

    private final ColumnBuffer[] columns = new ColumnBuffer[FIELDS.length];
    private final ColumnBuffer[] texts;
    private int rows;

    Piece() {
        Arrays.setAll(columns, i -> new ColumnBuffer(FIELDS[i].column()));
        texts = Arrays.stream(columns)
                .filter(column -> column.column().type().equals("Nullable(String)"))
                .toArray(ColumnBuffer[]::new);
    }

    int rows() {
        return rows;
    }

    void clear() {
        rows = 0;
        for (ColumnBuffer column : columns) {
            column.clear();
        }
    }

    void add(InferenceRecord row) {
        for (int i = 0; i < columns.length; i++) {
            FIELDS[i].append(row, columns[i]);
        }
        rows++;
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

    /** A digest of what the block holds, by which people find it in logs. */
    String token() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
        try {
            writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written", e);
        }
        return "budmetrics-" + HexFormat.of().formatHex(digest.digest());
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
