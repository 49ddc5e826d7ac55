package io.budmetrics.clickhouse.internal;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One column: primitives that grow block by block, never an object per cell. Filled by one thread, then only read. */
abstract class NativeColumn {
    /** Grown in steps, so that a row count in foreign bytes cannot claim memory that no bytes stand for. */
    private static final int FIRST_STEP = 1 << 16;

    private String type = "";

    /** Appends the cells of a block. */
    abstract void append(NativeInput in, int base, int rows) throws IOException;

    /** Sets a cell to the type's default. */
    abstract void clear(int row);

    /** Whether two cells hold the same; NULL is the same as NULL. */
    abstract boolean same(int row, int other);

    final NativeColumn as(String newType) {
        type = newType;
        return this;
    }

    boolean isNull(int row) {
        return false;
    }

    long longAt(int row) {
        throw wrongType("an integer");
    }

    double doubleAt(int row) {
        throw wrongType("a floating-point number");
    }

    BigDecimal decimalAt(int row) {
        throw wrongType("a Decimal");
    }

    UUID uuidAt(int row) {
        throw wrongType("a UUID");
    }

    String textAt(int row) {
        throw wrongType("text");
    }

    int lengthAt(int row) {
        throw wrongType("an Array");
    }

    double elementAt(int row, int element) {
        throw wrongType("an Array");
    }

    private IllegalStateException wrongType(String asked) {
        return new IllegalStateException("a column of type " + type + " cannot be read as " + asked);
    }

    /** The next end of a segment of at most so many values as memory is claimed for at once. */
    static int stepEnd(int at, int end, int capacity) {
        return Math.min(end, Math.max(capacity, (int) Math.min(Integer.MAX_VALUE - 8, at + (long) FIRST_STEP)));
    }

    /** No more than the first block needs, and half as much again with every one that follows. */
    static int grown(int capacity, int needed, int wanted) {
        if (needed < 0) {
            throw new ArithmeticException("a column of more than 2^31 values");
        }
        long half = Math.min(capacity * 3L / 2, Integer.MAX_VALUE - 8);
        return (int) Math.max(Math.max(needed, half), Math.min(wanted, Math.max(2L * capacity, FIRST_STEP)));
    }

    /** Integers of any width up to 64 bits, Bool, and times as ticks. */
    static class Longs extends NativeColumn {
        private final int width;
        private final boolean signed;
        long[] values = {};

        Longs(int width, boolean signed) {
            this.width = width;
            this.signed = signed;
        }

        @Override
        final void append(NativeInput in, int base, int rows) throws IOException {
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
    }

    /** UInt64: a value above Long.MAX_VALUE exists but cannot be read as a long. */
    static final class UnsignedLongs extends Longs {
        UnsignedLongs() {
            super(8, false);
        }

        @Override
        long longAt(int row) {
            long value = values[row];
            if (value < 0) {
                throw new ArithmeticException("an unsigned value is greater than 2^63 - 1");
            }
            return value;
        }
    }

    /** Enum8 and Enum16: readable as number and as name. */
    static final class Enums extends Longs {
        private final int least;
        private final @Nullable String[] names;

        Enums(int width, int least, @Nullable String[] names) {
            super(width, true);
            this.least = least;
            this.names = names;
        }

        @Override
        String textAt(int row) {
            long at = values[row] - least;
            String name = at >= 0 && at < names.length ? names[(int) at] : null;
            if (name != null) {
                return name;
            }
            if (values[row] == 0) {
                return ""; // the cleared cell of a NULL
            }
            throw new IllegalStateException("an Enum value that its type does not name");
        }
    }

    /** Float32 and Float64. */
    static final class Doubles extends NativeColumn {
        private final boolean wide;
        double[] values = {};

        Doubles(boolean wide) {
            this.wide = wide;
        }

        @Override
        void append(NativeInput in, int base, int rows) throws IOException {
            int end = Math.addExact(base, rows);
            for (int at = base; at < end; ) {
                int next = stepEnd(at, end, values.length);
                if (next > values.length) {
                    values = Arrays.copyOf(values, grown(values.length, next, end));
                }
                if (wide) {
                    in.doubles(values, at, next - at);
                } else {
                    in.floats(values, at, next - at);
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
    }

    /** Decimals of up to 18 digits. */
    static final class Decimals extends NativeColumn {
        private final Longs unscaled;
        private final int scale;

        Decimals(int width, int scale) {
            this.unscaled = new Longs(width, true);
            this.scale = scale;
        }

        @Override
        void append(NativeInput in, int base, int rows) throws IOException {
            unscaled.append(in, base, rows);
        }

        @Override
        void clear(int row) {
            unscaled.clear(row);
        }

        @Override
        boolean same(int row, int other) {
            return unscaled.same(row, other);
        }

        @Override
        BigDecimal decimalAt(int row) {
            return BigDecimal.valueOf(unscaled.values[row], scale);
        }
    }

    /** Two longs a cell: UUID, and Decimals of up to 38 digits. */
    abstract static class Pairs extends NativeColumn {
        long[] values = {};

        @Override
        final void append(NativeInput in, int base, int rows) throws IOException {
            int end = Math.multiplyExact(Math.addExact(base, rows), 2);
            for (int at = 2 * base; at < end; ) {
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
            values[2 * row] = 0;
            values[2 * row + 1] = 0;
        }

        @Override
        final boolean same(int row, int other) {
            return values[2 * row] == values[2 * other] && values[2 * row + 1] == values[2 * other + 1];
        }
    }

    /** UUID: the higher half stands first. */
    static final class Uuids extends Pairs {
        @Override
        UUID uuidAt(int row) {
            return new UUID(values[2 * row], values[2 * row + 1]);
        }
    }

    /** Decimals of up to 38 digits: the lower half stands first. */
    static final class WideDecimals extends Pairs {
        private final int scale;

        WideDecimals(int scale) {
            this.scale = scale;
        }

        @Override
        BigDecimal decimalAt(int row) {
            long low = values[2 * row];
            long high = values[2 * row + 1];
            if (high == low >> 63) {
                return BigDecimal.valueOf(low, scale);
            }
            byte[] bytes = new byte[16];
            for (int i = 0; i < 8; i++) {
                bytes[7 - i] = (byte) (high >>> (8 * i));
                bytes[15 - i] = (byte) (low >>> (8 * i));
            }
            return new BigDecimal(new BigInteger(bytes), scale);
        }
    }

    /** String and FixedString (which keeps its padding): the bytes of all cells in one array. */
    static final class Texts extends NativeColumn {
        /** Bytes a cell; negative when each cell brings its length. */
        private final int fixed;

        private byte[] bytes = {};
        private int used;

        /** Where the cell of a row ends; it starts where the one before ends. */
        private int[] ends = {};

        Texts(int fixed) {
            this.fixed = fixed;
        }

        @Override
        void append(NativeInput in, int base, int rows) throws IOException {
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
        void clear(int row) {
            // what lies under a NULL is never read: NullableColumn answers for it
        }

        @Override
        boolean same(int row, int other) {
            return Arrays.equals(bytes, start(row), ends[row], bytes, start(other), ends[other]);
        }

        @Override
        String textAt(int row) {
            return new String(bytes, start(row), ends[row] - start(row), StandardCharsets.UTF_8);
        }

        private int start(int row) {
            return row == 0 ? 0 : ends[row - 1];
        }
    }

    /** Array of numbers that a double holds exactly. */
    static final class Arrayed extends NativeColumn {
        private final NativeColumn elements;
        private final boolean integers;
        private int[] ends = {};
        private int used;

        Arrayed(NativeColumn elements) {
            this.elements = elements;
            this.integers = elements instanceof Longs;
        }

        @Override
        void append(NativeInput in, int base, int rows) throws IOException {
            int end = Math.addExact(base, rows);
            int first = used;
            long previous = 0;
            for (int row = base; row < end; row++) {
                if (row == ends.length) {
                    ends = Arrays.copyOf(ends, grown(ends.length, row + 1, end));
                }
                long offset = in.int64();
                if (offset < previous || offset > Integer.MAX_VALUE - first) {
                    throw BadAnswer.malformed("the offsets of an array do not ascend");
                }
                ends[row] = first + (int) offset;
                previous = offset;
            }
            elements.append(in, first, (int) previous);
            used = first + (int) previous;
        }

        @Override
        void clear(int row) {
            throw new IllegalStateException("an Array is never Nullable");
        }

        @Override
        boolean same(int row, int other) {
            int length = lengthAt(row);
            boolean same = length == lengthAt(other);
            for (int i = 0; same && i < length; i++) {
                same = elements.same(start(row) + i, start(other) + i);
            }
            return same;
        }

        @Override
        int lengthAt(int row) {
            return ends[row] - start(row);
        }

        @Override
        double elementAt(int row, int element) {
            int start = start(row);
            if (element < 0 || element >= ends[row] - start) {
                throw new IndexOutOfBoundsException("element " + element + " of " + (ends[row] - start));
            }
            return integers ? elements.longAt(start + element) : elements.doubleAt(start + element);
        }

        private int start(int row) {
            return row == 0 ? 0 : ends[row - 1];
        }
    }

    /** Nullable(T): a bitmap before the cells of T. */
    static final class NullableColumn extends NativeColumn {
        private final NativeColumn values;
        private long[] nulls = {};

        NullableColumn(NativeColumn values) {
            this.values = values;
        }

        @Override
        void append(NativeInput in, int base, int rows) throws IOException {
            int end = Math.addExact(base, rows);
            boolean any = false;
            for (int at = base; at < end; ) {
                int step = Math.min(FIRST_STEP, end - at);
                int words = (at + step + 63) >>> 6;
                if (words > nulls.length) {
                    nulls = Arrays.copyOf(nulls, grown(nulls.length, words, (end + 63) >>> 6));
                }
                any |= in.flags(nulls, at, step);
                at += step;
            }
            values.append(in, base, rows);
            if (any) {
                clearNulls(base, end);
            }
        }

        /** The server may leave anything under a NULL. */
        private void clearNulls(int base, int end) {
            for (int word = base >>> 6; word <= (end - 1) >>> 6; word++) {
                for (long left = nulls[word]; left != 0; left &= left - 1) {
                    values.clear((word << 6) + Long.numberOfTrailingZeros(left));
                }
            }
        }

        @Override
        void clear(int row) {
            values.clear(row);
        }

        @Override
        boolean isNull(int row) {
            return isSet(nulls, row);
        }

        @Override
        boolean same(int row, int other) {
            return isNull(row) == isNull(other) && (isNull(row) || values.same(row, other));
        }

        static boolean isSet(long[] flags, int row) {
            return (flags[row >>> 6] >>> row & 1) != 0;
        }

        NativeColumn values() {
            return values;
        }

        long[] nulls() {
            return nulls;
        }

        @Override
        long longAt(int row) {
            return values.longAt(row);
        }

        @Override
        double doubleAt(int row) {
            return values.doubleAt(row);
        }

        @Override
        BigDecimal decimalAt(int row) {
            return values.decimalAt(row);
        }

        @Override
        UUID uuidAt(int row) {
            return values.uuidAt(row);
        }

        @Override
        String textAt(int row) {
            if (isNull(row) && values instanceof Texts) {
                return "";
            }
            return isNull(row) && values instanceof Enums ? "" : values.textAt(row);
        }
    }

    /** LowCardinality(T): the dictionaries of all blocks one after another, and an index a cell. */
    static final class LowCardinality extends NativeColumn {
        private static final long VERSION = 1;
        private static final int GLOBAL_DICTIONARY = 1 << 8;
        private static final int MAX_KEYS = 1 << 28;

        private final NativeColumn dictionary;
        private final boolean nullable;
        private int keys;

        /** Rows of the result that stand for NULL point below 0. */
        private int[] positions = {};

        /** Texts decoded so far; racing readers store equal texts. */
        private @Nullable String[] texts = {};

        LowCardinality(NativeColumn dictionary, boolean nullable) {
            this.dictionary = dictionary;
            this.nullable = nullable;
        }

        @Override
        void append(NativeInput in, int base, int rows) throws IOException {
            if (in.int64() != VERSION) {
                throw BadAnswer.malformed("an unknown version of LowCardinality");
            }
            long kind = in.int64();
            int widthCode = (int) (kind & 0xff);
            if (widthCode > 3 || (kind & GLOBAL_DICTIONARY) != 0) {
                throw BadAnswer.malformed("an unknown form of LowCardinality");
            }
            long newKeys = in.int64();
            if (newKeys < 0 || newKeys > MAX_KEYS - keys) {
                throw BadAnswer.malformed("a dictionary of " + newKeys + " keys");
            }
            dictionary.append(in, keys, (int) newKeys);
            long count = in.int64();
            if (count != rows) {
                throw BadAnswer.malformed("LowCardinality with " + count + " indexes for " + rows + " rows");
            }
            Longs part = new Longs(1 << widthCode, false);
            part.append(in, 0, rows);
            int end = Math.addExact(base, rows);
            if (end > positions.length) {
                positions = Arrays.copyOf(positions, grown(positions.length, end, end));
            }
            for (int i = 0; i < rows; i++) {
                long index = part.values[i];
                if (index < 0 || index >= newKeys) {
                    throw BadAnswer.malformed("an index outside its dictionary");
                }
                positions[base + i] = nullable && index == 0 ? -1 : keys + (int) index;
            }
            keys += (int) newKeys;
            texts = new @Nullable String[keys];
        }

        @Override
        void clear(int row) {
            throw new IllegalStateException("LowCardinality is never inside Nullable");
        }

        @Override
        boolean isNull(int row) {
            return positions[row] < 0;
        }

        @Override
        boolean same(int row, int other) {
            int one = positions[row];
            int two = positions[other];
            // a dictionary of a later block may hold the same key once more
            return one == two || (one >= 0 && two >= 0 && dictionary.same(one, two));
        }

        @Override
        long longAt(int row) {
            return positions[row] < 0 ? 0 : dictionary.longAt(positions[row]);
        }

        @Override
        double doubleAt(int row) {
            return positions[row] < 0 ? 0 : dictionary.doubleAt(positions[row]);
        }

        @Override
        UUID uuidAt(int row) {
            return positions[row] < 0 ? new UUID(0, 0) : dictionary.uuidAt(positions[row]);
        }

        @Override
        String textAt(int row) {
            int position = positions[row];
            if (position < 0) {
                return "";
            }
            String text = texts[position];
            if (text == null) {
                text = dictionary.textAt(position);
                texts[position] = text;
            }
            return text;
        }
    }
}
