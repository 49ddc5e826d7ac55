package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tuple, named or not, and Point: one column after another. A tuple of nothing is a byte a cell. */
final class TupleColumn extends NativeColumn {
    private final NativeColumn[] elements;

    TupleColumn(List<NativeColumn> elements) {
        this.elements = elements.toArray(new NativeColumn[0]);
    }

    @Override
    void readPrefix(NativeInput in) throws IOException {
        for (NativeColumn element : elements) {
            element.readPrefix(in);
        }
    }

    @Override
    void fill(NativeInput in, int base, int rows) throws IOException {
        if (elements.length == 0) {
            in.skip(rows);
        }
        for (NativeColumn element : elements) {
            element.fill(in, base, rows);
        }
    }

    @Override
    void verify(int from, int to) throws BadAnswer {
        for (NativeColumn element : elements) {
            element.verify(from, to);
        }
    }

    @Override
    void clear(int row) {
        for (NativeColumn element : elements) {
            element.clear(row);
        }
    }

    @Override
    boolean same(int row, int other) {
        for (NativeColumn element : elements) {
            if (!element.same(row, other)) {
                return false;
            }
        }
        return true;
    }

    @Override
    List<@Nullable Object> tupleAt(int row) {
        @Nullable Object[] tuple = new @Nullable Object[elements.length];
        for (int i = 0; i < tuple.length; i++) {
            tuple[i] = elements[i].valueAt(row);
        }
        return Collections.unmodifiableList(Arrays.asList(tuple));
    }

    @Override
    Object valueAt(int row) {
        return tupleAt(row);
    }

    @Override
    String accessors() {
        return "tupleAt";
    }
}
