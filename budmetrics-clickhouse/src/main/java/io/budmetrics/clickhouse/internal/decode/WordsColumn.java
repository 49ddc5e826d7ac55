package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;

/** Cells of 16 or 32 bytes, as two or four longs each: UUID, IPv6, and wide integers and decimals. */
abstract class WordsColumn extends NativeColumn {
    private final int words;
    long[] values = {};

    WordsColumn(int words) {
        this.words = words;
    }

    @Override
    final void fill(NativeInput in, int base, int rows) throws IOException {
        int end = Math.multiplyExact(Math.addExact(base, rows), words);
        for (int at = words * base; at < end; ) {
            int next = stepEnd(at, end, values.length);
            if (next > values.length) {
                values = Arrays.copyOf(values, grown(values.length, next, end));
            }
            in.integers(values, at, next - at, 8, true);
            at = next;
        }
    }

    @Override
    final void clear(int row) {
        Arrays.fill(values, words * row, words * (row + 1), 0);
    }

    @Override
    final boolean same(int row, int other) {
        return Arrays.equals(values, words * row, words * (row + 1), values, words * other, words * (other + 1));
    }

    /** The cell as an integer whose lowest word stands first. */
    final BigInteger integer(int row, boolean signed) {
        int from = words * row;
        long low = values[from];
        long fill = signed ? low >> 63 : 0;
        boolean narrow = signed || low >= 0;
        for (int word = 1; word < words; word++) {
            narrow &= values[from + word] == fill;
        }
        if (narrow) {
            return BigInteger.valueOf(low);
        }
        // the highest byte first, behind a zero byte where the highest bit is no sign
        byte[] bytes = new byte[8 * words + 1];
        for (int i = 0; i < 8 * words; i++) {
            bytes[8 * words - i] = (byte) (values[from + i / 8] >>> (8 * (i % 8)));
        }
        bytes[0] = signed && bytes[1] < 0 ? (byte) -1 : 0;
        return new BigInteger(bytes);
    }
}
