package io.budmetrics.clickhouse.ingest;

import io.budmetrics.schema.Column;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One column of a block in the Native format, filled value by value. Not safe for use by several threads at a time.
 */
final class ColumnBuffer {
    private static final int FIRST_BYTES = 1 << 12;

    /** Of the dictionary format. */
    private static final long VERSION = 1;

    /** The block brings its own dictionary. */
    private static final long OWN_WORDS = (1 << 9) | (1 << 10);

    private final Column column;
    private final BlockBuffer marks = new BlockBuffer(FIRST_BYTES);
    private final BlockBuffer values = new BlockBuffer(FIRST_BYTES);
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> words = new ArrayList<>();
    private boolean any;

    ColumnBuffer(Column column) {
        this.column = column;
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

    /** A value of a column that is not Nullable follows in the result. */
    BlockBuffer value() {
        any = true;
        return values;
    }

    /** A value of a Nullable column follows in the result. */
    BlockBuffer present() {
        marks.int8(0);
        any = true;
        return values;
    }

    /** A NULL; its place among the values holds zeros. */
    void absent(int width) {
        marks.int8(1);
        values.zeros(width);
    }

    /** A value of a dictionary column: its number stands among the values. */
    void word(String word) {
        any = true;
        Integer number = numbers.get(word);
        if (number == null) {
            words.add(word);
            // number 0 is NULL
            number = words.size();
            numbers.put(word, number);
        }
        values.int32(number);
    }

    /** A NULL of a dictionary column. */
    void noWord() {
        values.int32(0);
    }

    /** Writes name, type and values. */
    void writeTo(OutputStream out) throws IOException {
        BlockBuffer head = new BlockBuffer(256);
        head.text(column.name());
        head.text(column.type());
        if (column.type().startsWith("LowCardinality(")) {
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
