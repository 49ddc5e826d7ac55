package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Array of anything, and what is stored as one: Nested and the rings of geometry. */
final class ArrayColumn extends SegmentsColumn {
    private final NativeColumn elements;
    private final boolean integers;

    /** Whether a double holds every element exactly. */
    private final boolean doubles;

    ArrayColumn(NativeColumn elements) {
        this.elements = elements;
        this.integers = elements instanceof IntegerColumn;
        this.doubles = elements instanceof DoubleColumn
                || (elements instanceof IntegerColumn column && column.width() <= Integer.BYTES);
    }

    @Override
    void readPrefix(NativeInput in) throws IOException {
        elements.readPrefix(in);
    }

    @Override
    void appendElements(NativeInput in, int base, int count) throws IOException {
        elements.append(in, base, count);
    }

    @Override
    boolean sameElements(int element, int other) {
        return elements.same(element, other);
    }

    @Override
    double elementAt(int row, int element) {
        int start = start(row);
        if (element < 0 || element >= end(row) - start) {
            throw new IndexOutOfBoundsException("element " + element + " of " + (end(row) - start));
        }
        if (!doubles) {
            throw wrongType("elementAt");
        }
        return integers ? elements.longAt(start + element) : elements.doubleAt(start + element);
    }

    @Override
    List<@Nullable Object> listAt(int row) {
        @Nullable Object[] list = new @Nullable Object[lengthAt(row)];
        int start = start(row);
        for (int i = 0; i < list.length; i++) {
            list[i] = elements.valueAt(start + i);
        }
        return Collections.unmodifiableList(Arrays.asList(list));
    }

    @Override
    Object valueAt(int row) {
        return listAt(row);
    }

    @Override
    String accessors() {
        return doubles ? "listAt, lengthAt or elementAt" : "listAt or lengthAt";
    }
}
