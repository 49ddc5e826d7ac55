package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.math.BigDecimal;

/** Decimals of up to 18 digits. */
final class DecimalColumn extends NativeColumn {
    private final IntegerColumn unscaled;
    private final int scale;

    DecimalColumn(int width, int scale) {
        this.unscaled = new IntegerColumn(width, true);
        this.scale = scale;
    }

    @Override
    void fill(NativeInput in, int base, int rows) throws IOException {
        unscaled.fill(in, base, rows);
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

    @Override
    Object valueAt(int row) {
        return decimalAt(row);
    }

    @Override
    String accessors() {
        return "decimalAt";
    }
}
