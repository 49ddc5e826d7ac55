package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.util.Arrays;

/** Cells of 1, 2, 4 or 8 bytes, each as a long: integers, Bool, Enum, and times as ticks. */
abstract class LongsColumn extends NativeColumn {
    private final int width;
    private final boolean signed;
    long[] values = {};

    LongsColumn(int width, boolean signed) {
        this.width = width;
        this.signed = signed;
    }

    final int width() {
        return width;
    }

    @Override
    final void fill(NativeInput in, int base, int rows) throws IOException {
        int end = Math.addExact(base, rows);
        for (int at = base; at < end; ) {
            int next = stepEnd(at, end, values.length);
            if (next > values.length) {
                values = Arrays.copyOf(values, grown(values.length, next, end));
            }
            in.integers(values, at, next - at, width, signed);
            at = next;
        }
    }

    @Override
    final void clear(int row) {
        values[row] = 0;
    }

    @Override
    final boolean same(int row, int other) {
        return values[row] == values[other];
    }

    @Override
    long longAt(int row) {
        return values[row];
    }

    @Override
    String accessors() {
        return "longAt";
    }
}
