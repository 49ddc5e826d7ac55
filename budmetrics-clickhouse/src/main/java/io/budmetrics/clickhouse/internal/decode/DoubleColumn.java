package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.util.Arrays;

/** Float64, Float32 and BFloat16. */
final class DoubleColumn extends NativeColumn {
    private final int width;
    double[] values = {};

    DoubleColumn(int width) {
        this.width = width;
    }

    @Override
    void fill(NativeInput in, int base, int rows) throws IOException {
        int end = Math.addExact(base, rows);
        for (int at = base; at < end; ) {
            int next = stepEnd(at, end, values.length);
            if (next > values.length) {
                values = Arrays.copyOf(values, grown(values.length, next, end));
            }
            switch (width) {
                case 8 -> in.doubles(values, at, next - at);
                case 4 -> in.floats(values, at, next - at);
                default -> in.bfloats(values, at, next - at);
            }
            at = next;
        }
    }

    @Override
    void clear(int row) {
        values[row] = 0;
    }

    @Override
    boolean same(int row, int other) {
        return Double.compare(values[row], values[other]) == 0;
    }

    @Override
    double doubleAt(int row) {
        return values[row];
    }

    @Override
    Object valueAt(int row) {
        return values[row];
    }

    @Override
    String accessors() {
        return "doubleAt";
    }
}
