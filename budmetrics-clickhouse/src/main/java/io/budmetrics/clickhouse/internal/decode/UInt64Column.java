package io.budmetrics.clickhouse.internal.decode;

import java.math.BigInteger;

/** UInt64: a value above Long.MAX_VALUE exists but cannot be read as a long. */
final class UInt64Column extends LongsColumn {
    UInt64Column() {
        super(8, false);
    }

    @Override
    long longAt(int row) {
        long value = values[row];
        if (value < 0) {
            throw new ArithmeticException("an unsigned value is greater than 2^63 - 1; use bigIntegerAt");
        }
        return value;
    }

    @Override
    BigInteger bigIntegerAt(int row) {
        BigInteger low = BigInteger.valueOf(values[row] & Long.MAX_VALUE);
        return values[row] < 0 ? low.setBit(63) : low;
    }

    @Override
    Object valueAt(int row) {
        return bigIntegerAt(row);
    }

    @Override
    String accessors() {
        return "longAt or bigIntegerAt";
    }
}
