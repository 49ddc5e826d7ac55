package io.budmetrics.clickhouse.internal.decode;

import java.math.BigInteger;

/** Int128, Int256, UInt128 and UInt256. */
final class WideIntegerColumn extends WordsColumn {
    private final boolean signed;

    WideIntegerColumn(int words, boolean signed) {
        super(words);
        this.signed = signed;
    }

    @Override
    BigInteger bigIntegerAt(int row) {
        return integer(row, signed);
    }

    @Override
    Object valueAt(int row) {
        return integer(row, signed);
    }

    @Override
    String accessors() {
        return "bigIntegerAt";
    }
}
