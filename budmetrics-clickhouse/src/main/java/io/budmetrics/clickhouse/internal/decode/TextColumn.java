package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** String and FixedString: the bytes of all cells in one array. */
final class TextColumn extends NativeColumn {
    /** For String, whose cells bring their length. */
    static final int VARIABLE = -1;

    /** Bytes a cell; negative when each cell brings its length. */
    private final int fixed;

    private byte[] bytes = {};
    private int used;

    /** Where the cell of a row ends; it starts where the one before ends. */
    private int[] ends = {};

    TextColumn(int fixed) {
        this.fixed = fixed;
    }

    @Override
    void fill(NativeInput in, int base, int rows) throws IOException {
        int end = Math.addExact(base, rows);
        for (int row = base; row < end; row++) {
            if (row == ends.length) {
                ends = Arrays.copyOf(ends, grown(ends.length, row + 1, end));
            }
            int length = fixed >= 0 ? fixed : in.varUInt(Integer.MAX_VALUE, "the length of a text");
            int stop = Math.addExact(used, length);
            while (used < stop) {
                int next = stepEnd(used, stop, bytes.length);
                if (next > bytes.length) {
                    bytes = Arrays.copyOf(bytes, grown(bytes.length, next, Integer.MAX_VALUE - 8));
                }
                in.copy(bytes, used, next - used);
                used = next;
            }
            ends[row] = used;
        }
    }

    @Override
    boolean same(int row, int other) {
        return Arrays.equals(bytes, start(row), ends[row], bytes, start(other), ends[other]);
    }

    @Override
    boolean isText() {
        return true;
    }

    @Override
    String textAt(int row) {
        int start = start(row);
        int end = ends[row];
        if (fixed >= 0) {
            // a FixedString is padded with NULs
            while (end > start && bytes[end - 1] == 0) {
                end--;
            }
        }
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    @Override
    Object valueAt(int row) {
        return textAt(row);
    }

    @Override
    String accessors() {
        return "textAt";
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }
}
