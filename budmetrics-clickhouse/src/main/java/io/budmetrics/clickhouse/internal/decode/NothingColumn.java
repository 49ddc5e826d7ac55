package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Nothing, the type of NULL itself and of the elements of an empty array: a byte a cell that means nothing. */
final class NothingColumn extends NativeColumn {
    @Override
    void fill(NativeInput in, int base, int rows) throws IOException {
        in.skip(rows);
    }

    @Override
    boolean same(int row, int other) {
        return true;
    }

    @Override
    boolean isNull(int row) {
        return true;
    }

    @Override
    @Nullable
    Object valueAt(int row) {
        return null;
    }

    @Override
    String accessors() {
        return "valueAt";
    }
}
