package io.budmetrics.clickhouse.faults;

import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.sql.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The rows of one call: every value tells the call and the row it belongs to. */
final class KnownRows {
    private static final String[] NAMES = {"n", "s", "m", "a"};

    /** How many columns a block has. */
    static final int COLUMNS = NAMES.length;

    private final long call;
    private final List<byte[]> blocks = new ArrayList<>();
    private int rowCount;

    KnownRows(long call, SplittableRandom random) {
        this.call = call;
        int blockCount = 1 + random.nextInt(4);
        for (int i = 0; i < blockCount; i++) {
            int rows = 1 + random.nextInt(random.nextInt(8) == 0 ? 3000 : 60);
            blocks.add(block(rowCount, rows));
            rowCount += rows;
        }
    }

    private byte[] block(int from, int rows) {
        NativeBytes block = new NativeBytes().block(NAMES.length, rows).column(NAMES[0], "Int64");
        for (int row = from; row < from + rows; row++) {
            block.longs(number(row));
        }
        block.column(NAMES[1], "String");
        for (int row = from; row < from + rows; row++) {
            block.text(text(row));
        }
        block.column(NAMES[2], "Nullable(Int64)");
        for (int row = from; row < from + rows; row++) {
            block.raw(row % 3 == 0 ? 1 : 0);
        }
        for (int row = from; row < from + rows; row++) {
            block.longs(row % 3 == 0 ? 0 : -number(row));
        }
        block.column(NAMES[3], "Array(Tuple(LowCardinality(String), Int64))").longs(1);
        for (int row = 0; row < rows; row++) {
            block.longs(row + 1);
        }
        block.longs(0x600, 1).text("call " + call).longs(rows).raw(new int[rows]);
        for (int row = from; row < from + rows; row++) {
            block.longs(number(row));
        }
        return block.bytes();
    }

    private long number(int row) {
        return call * 100_000 + row;
    }

    private String text(int row) {
        return "row " + row + " of call " + call;
    }

    /** The blocks of the body. */
    List<byte[]> blocks() {
        return blocks;
    }

    int rowCount() {
        return rowCount;
    }

    /** What is wrong with the columns; empty when they hold these rows and no others. */
    String difference(Columns columns) {
        if (columns.rowCount() != rowCount) {
            return columns.rowCount() + " rows instead of " + rowCount;
        }
        for (int row = 0; row < rowCount; row++) {
            boolean same = columns.longAt(0, row) == number(row)
                    && columns.textAt(1, row).equals(text(row))
                    && columns.isNull(2, row) == (row % 3 == 0)
                    && (row % 3 == 0 || columns.longAt(2, row) == -number(row))
                    && List.of(List.of("call " + call, number(row))).equals(columns.listAt(3, row));
            if (!same) {
                return "row " + row + " is not the one that was sent";
            }
        }
        return "";
    }
}
