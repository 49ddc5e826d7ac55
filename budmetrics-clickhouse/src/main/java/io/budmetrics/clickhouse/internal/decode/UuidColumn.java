package io.budmetrics.clickhouse.internal.decode;

import java.util.UUID;

/** UUID: the higher half stands first. */
final class UuidColumn extends WordsColumn {
    UuidColumn() {
        super(2);
    }

    @Override
    UUID uuidAt(int row) {
        return new UUID(values[2 * row], values[2 * row + 1]);
    }

    @Override
    Object valueAt(int row) {
        return uuidAt(row);
    }

    @Override
    String accessors() {
        return "uuidAt";
    }
}
