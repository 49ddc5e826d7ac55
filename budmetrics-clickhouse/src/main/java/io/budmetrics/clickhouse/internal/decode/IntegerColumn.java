package io.budmetrics.clickhouse.internal.decode;

import java.math.BigInteger;

/** Int8 to Int64, UInt8 to UInt32, and intervals, which count a unit that their type names. */
final class IntegerColumn extends LongsColumn {
    IntegerColumn(int width, boolean signed) {
        super(width, signed);
    }

    @Override
    BigInteger bigIntegerAt(int row) {
        return BigInteger.valueOf(values[row]);
    }

    @Override
    Object valueAt(int row) {
        return values[row];
    }

    @Override
    String accessors() {
        return "longAt or bigIntegerAt";
    }
}
