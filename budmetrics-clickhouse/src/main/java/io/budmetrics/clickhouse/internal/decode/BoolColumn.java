package io.budmetrics.clickhouse.internal.decode;

/** Bool: a byte that is 0 or 1; the server takes any other for true. */
final class BoolColumn extends LongsColumn {
    BoolColumn() {
        super(1, false);
    }

    @Override
    Object valueAt(int row) {
        return values[row] != 0;
    }
}
