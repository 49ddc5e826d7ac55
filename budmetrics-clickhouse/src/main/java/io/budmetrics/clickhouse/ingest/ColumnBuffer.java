package io.budmetrics.clickhouse.ingest;

import io.budmetrics.internal.record.ColumnSink;
import io.budmetrics.schema.Column;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One column of a block in the Native format, filled value by value. Not safe for use by several threads at a time.
 */
final class ColumnBuffer implements ColumnSink {
    private static final int FIRST_BYTES = 1 << 12;

    /** Of the dictionary format. */
    private static final long VERSION = 1;

    /** The block brings its own dictionary. */
    private static final long OWN_WORDS = (1 << 9) | (1 << 10);

    private final Column column;
    private final boolean dictionary;
    private final boolean nullable;

    /** Bytes of a value; of a text that is NULL, its length of 0. */
    private final int width;

    private final BlockBuffer marks = new BlockBuffer(FIRST_BYTES);
    private final BlockBuffer values = new BlockBuffer(FIRST_BYTES);
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> words = new ArrayList<>();
    private boolean any;

    ColumnBuffer(Column column) {
        this.column = column;
        dictionary = column.type().startsWith("LowCardinality(");
        nullable = column.type().startsWith("Nullable(");
        width = width(
                nullable
                        ? column.type()
                                .substring("Nullable(".length(), column.type().length() - 1)
                        : column.type());
    }

    private static int width(String type) {
        return switch (type) {
            case "UUID", "IPv6" -> 2 * Long.BYTES;
            case "Bool", "String", "LowCardinality(Nullable(String))" -> 1;
            case "UInt16" -> Short.BYTES;
            case "UInt32", "Int32" -> Integer.BYTES;
            case "Int64", "UInt64", "Float64", "DateTime64(6, 'UTC')", "DateTime64(6)", "Decimal(18, 12)" -> Long.BYTES;
            default -> throw new IllegalStateException("there is no width for " + type);
        };
    }

    Column column() {
        return column;
    }

    void clear() {
        marks.clear();
        values.clear();
        numbers.clear();
        words.clear();
        any = false;
    }

    /** Whether a value was present; a column without any need not be sent. */
    boolean any() {
        return any;
    }

    /** Bytes of the values. */
    int size() {
        return values.size();
    }

    /** Bytes reserved. */
    long capacity() {
        return (long) marks.capacity() + values.capacity();
    }

    @Override
    public void absent() {
        if (dictionary) {
            // number 0 is NULL
            values.int32(0);
        } else {
            marks.int8(1);
            values.zeros(width);
        }
    }

    /** A value follows in the result. */
    private BlockBuffer present() {
        any = true;
        if (nullable) {
            marks.int8(0);
        }
        return values;
    }

    @Override
    public void id(UUID value) {
        present().uuid(value);
    }

    @Override
    public void time(Instant value) {
        present().time(value);
    }

    @Override
    public void flag(boolean value) {
        present().int8(value ? 1 : 0);
    }

    @Override
    public void whole(long value) {
        BlockBuffer out = present();
        switch (width) {
            case Short.BYTES -> out.int16((int) value);
            case Integer.BYTES -> out.int32((int) value);
            default -> out.int64(value);
        }
    }

    @Override
    public void real(double value) {
        present().int64(Double.doubleToLongBits(value));
    }

    @Override
    public void address(InetAddress value) {
        present().address(value);
    }

    /** In a dictionary column, the number of the text stands among the values. */
    @Override
    public void text(String value) {
        if (!dictionary) {
            present().text(value);
            return;
        }
        any = true;
        Integer number = numbers.get(value);
        if (number == null) {
            words.add(value);
            number = words.size();
            numbers.put(value, number);
        }
        values.int32(number);
    }

    /** Writes name, type and values. */
    void writeTo(OutputStream out) throws IOException {
        BlockBuffer head = new BlockBuffer(256);
        head.text(column.name());
        head.text(column.type());
        if (dictionary) {
            dictionary(head);
            head.writeTo(out);
        } else {
            head.writeTo(out);
            marks.writeTo(out);
            values.writeTo(out);
        }
    }

    private void dictionary(BlockBuffer out) {
        int rows = values.size() / Integer.BYTES;
        int width = words.size() < 1 << 8 ? 0 : words.size() < 1 << 16 ? 1 : 2;
        out.int64(VERSION);
        out.int64(OWN_WORDS | width);
        out.int64(words.size() + 1);
        // whatever text stands at number 0
        out.text("");
        for (String word : words) {
            out.text(word);
        }
        out.int64(rows);
        for (int row = 0; row < rows; row++) {
            int number = values.int32At(row * Integer.BYTES);
            if (width == 0) {
                out.int8(number);
            } else if (width == 1) {
                out.int16(number);
            } else {
                out.int32(number);
            }
        }
    }
}
