package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.util.Arrays;

/**
 * Cells that are segments of other columns: Array and Map. A block holds one offset of 8 bytes a row, where the row's
 * segment ends, counted from the start of the block; then come the elements of all rows.
 */
abstract class SegmentsColumn extends NativeColumn {
    private int[] ends = {};
    private int used;

    @Override
    final void fill(NativeInput in, int base, int rows) throws IOException {
        int end = Math.addExact(base, rows);
        int first = used;
        long previous = 0;
        for (int row = base; row < end; row++) {
            if (row == ends.length) {
                ends = Arrays.copyOf(ends, grown(ends.length, row + 1, end));
            }
            long offset = in.int64();
            if (offset < previous || offset > Integer.MAX_VALUE - first) {
                throw BadAnswer.malformed("the offsets of an array or map do not ascend");
            }
            ends[row] = first + (int) offset;
            previous = offset;
        }
        appendElements(in, first, (int) previous);
        used = first + (int) previous;
    }

    /** Appends the elements of all rows of a block. */
    abstract void appendElements(NativeInput in, int base, int count) throws IOException;

    /** Whether two elements are the same. */
    abstract boolean sameElements(int element, int other);

    @Override
    final boolean same(int row, int other) {
        int length = lengthAt(row);
        boolean same = length == lengthAt(other);
        for (int i = 0; same && i < length; i++) {
            same = sameElements(start(row) + i, start(other) + i);
        }
        return same;
    }

    @Override
    final int lengthAt(int row) {
        return ends[row] - start(row);
    }

    final int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    final int end(int row) {
        return ends[row];
    }
}
