package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Nullable(T): a flag of one byte for each cell before the cells of T, kept as a bitmap. */
final class NullableColumn extends NativeColumn {
    private final NativeColumn values;
    private long[] nulls = {};

    NullableColumn(NativeColumn values) {
        this.values = values;
    }

    @Override
    void describe(String shownName, String shownType) {
        super.describe(shownName, shownType);
        values.describe(shownName, shownType);
    }

    @Override
    void readPrefix(NativeInput in) throws IOException {
        values.readPrefix(in);
    }

    @Override
    void fill(NativeInput in, int base, int rows) throws IOException {
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
        values.fill(in, base, rows);
        if (any) {
            clearNulls(base, end);
        }
        values.verify(base, end);
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
    @Nullable
    Object valueAt(int row) {
        return isNull(row) ? null : values.valueAt(row);
    }

    @Override
    String accessors() {
        return values.accessors();
    }

    @Override
    long longAt(int row) {
        return values.longAt(row);
    }

    @Override
    BigInteger bigIntegerAt(int row) {
        return values.bigIntegerAt(row);
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
    boolean isText() {
        return values.isText();
    }

    @Override
    String textAt(int row) {
        return isNull(row) && values.isText() ? "" : values.textAt(row);
    }

    @Override
    InetAddress addressAt(int row) {
        return values.addressAt(row);
    }

    @Override
    LocalDate dateAt(int row) {
        return values.dateAt(row);
    }

    @Override
    Instant instantAt(int row) {
        return values.instantAt(row);
    }

    @Override
    List<@Nullable Object> tupleAt(int row) {
        return isNull(row) && values instanceof TupleColumn ? List.of() : values.tupleAt(row);
    }
}
