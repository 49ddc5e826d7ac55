package io.budmetrics.analytics;

import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Measurement;
import io.budmetrics.sql.Columns;
import java.util.Arrays;

/**
 * Whole numbers of a result, copied row by row. Answers are read row by row, and to fetch the numbers of a row from as many
 * places of the memory as there are columns takes longer than to copy them all once.
 */
final class RowNumbers {
    static final int MOST = Integer.MAX_VALUE - 8;
    static final RowNumbers NONE = new RowNumbers(new int[0], new long[0]);

    /** So many rows are copied column by column, and are still near when the next column is. */
    private static final int STRETCH = 64;

    private final int[] sources;
    private final long[] numbers;

    private RowNumbers(int[] sources, long[] numbers) {
        this.sources = sources;
        this.numbers = numbers;
    }

    /** Copies rows of the columns, in this order. */
    RowNumbers(Columns columns, int[] sources, int[] rows, int count) {
        this(sources, new long[count * sources.length]);
        for (int start = 0; start < count; start += STRETCH) {
            int end = Math.min(count, start + STRETCH);
            for (int number = 0; number < sources.length; number++) {
                int at = start * sources.length + number;
                for (int i = start; i < end; i++, at += sources.length) {
                    numbers[at] = columns.longAt(sources[number], rows[i]);
                }
            }
        }
    }

    /** The columns of whole numbers that speak of requests that arrived, each once; none where they are too many cells. */
    static int[] sources(Columns columns, int requestCount, Measurement<?>[] metrics) {
        int[] found = {requestCount};
        for (Measurement<?> metric : metrics) {
            for (Aggregate aggregate : metric.aggregates()) {
                int position = columns.indexOf(aggregate.alias());
                if (aggregate.population() == Aggregate.Population.ARRIVED
                        && columns.isWhole(position)
                        && Arrays.stream(found).noneMatch(known -> known == position)) {
                    found = Arrays.copyOf(found, found.length + 1);
                    found[found.length - 1] = position;
                }
            }
        }
        return (long) columns.rowCount() * found.length <= MOST ? found : new int[0];
    }

    long at(int row, int number) {
        return numbers[row * sources.length + number];
    }
}
