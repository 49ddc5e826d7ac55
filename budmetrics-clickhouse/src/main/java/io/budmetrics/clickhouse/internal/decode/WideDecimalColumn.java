package io.budmetrics.clickhouse.internal.decode;

import java.math.BigDecimal;

/** Decimals of 19 to 76 digits. */
final class WideDecimalColumn extends WordsColumn {
    private final int scale;

    WideDecimalColumn(int words, int scale) {
        super(words);
        this.scale = scale;
    }

    @Override
    BigDecimal decimalAt(int row) {
        return new BigDecimal(integer(row, true), scale);
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
