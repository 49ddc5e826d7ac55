package io.budmetrics.clickhouse.internal.decode;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;

/**
 * Enum8 and Enum16, readable as number and as name. A value that the type does not name is malformed, except 0, which the
 * server itself sends for the element behind the end of an array and for the row before the first of a window; its name is
 * empty. Values are found by binary search: a table of all values between the least and the greatest would let a short type
 * text claim much memory.
 */
final class EnumColumn extends LongsColumn {
    private final int[] numbers;
    private final String[] names;

    EnumColumn(int width, SortedMap<Integer, String> items) {
        super(width, true);
        this.numbers = new int[items.size()];
        this.names = new String[items.size()];
        int at = 0;
        for (Map.Entry<Integer, String> item : items.entrySet()) {
            numbers[at] = item.getKey();
            names[at++] = item.getValue();
        }
    }

    @Override
    void verify(int from, int to) throws BadAnswer {
        for (int row = from; row < to; row++) {
            if (find(row) < 0 && values[row] != 0) {
                throw BadAnswer.malformed("an Enum has a value that its type does not name");
            }
        }
    }

    private int find(int row) {
        return Arrays.binarySearch(numbers, (int) values[row]);
    }

    @Override
    boolean isText() {
        return true;
    }

    @Override
    String textAt(int row) {
        int at = find(row);
        return at < 0 ? "" : names[at];
    }

    @Override
    Object valueAt(int row) {
        return textAt(row);
    }

    @Override
    String accessors() {
        return "textAt or longAt";
    }
}
