package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One column: primitives that grow block by block, never an object per cell. Filled by one thread, then only read.
 *
 * <p>A column that contains others (Array, Map, Tuple, Nullable, LowCardinality) first reads the prefixes of all of them,
 * then its own cells, then theirs. Memory grows in steps as bytes arrive, so that a count in damaged bytes cannot claim
 * memory that no bytes stand for.
 */
abstract class NativeColumn {
    /** The most values for which memory is claimed before the first of them has been read. */
    static final int FIRST_STEP = 1 << 16;

    private String shownName = "";
    private String shownType = "";

    /** Reads what stands before the cells of a block, which only LowCardinality has. */
    void readPrefix(NativeInput in) throws IOException {}

    /** Appends the cells of a block and checks them. */
    final void append(NativeInput in, int base, int rows) throws IOException {
        fill(in, base, rows);
        verify(base, base + rows);
    }

    /** Appends the cells of a block. */
    abstract void fill(NativeInput in, int base, int rows) throws IOException;

    /** Rejects cells that are no value of the type, after those that are NULL were cleared; most types have no such cells. */
    void verify(int from, int to) throws BadAnswer {}

    /** Sets a cell under a NULL to the type's default, unless nothing reads the cell without asking whether it is NULL. */
    void clear(int row) {}

    /** Whether two cells hold the same; NULL is the same as NULL. */
    abstract boolean same(int row, int other);

    /** The cell as a Java value; null when it is NULL. */
    abstract @Nullable Object valueAt(int row);

    /** The accessors that read the column, as an error names them. */
    abstract String accessors();

    /** Says how errors name the column. */
    void describe(String newShownName, String newShownType) {
        shownName = newShownName;
        shownType = newShownType;
    }

    boolean isNull(int row) {
        return false;
    }

    /** Whether {@link #textAt} reads the column. */
    boolean isText() {
        return false;
    }

    long longAt(int row) {
        throw wrongType("longAt");
    }

    BigInteger bigIntegerAt(int row) {
        throw wrongType("bigIntegerAt");
    }

    double doubleAt(int row) {
        throw wrongType("doubleAt");
    }

    BigDecimal decimalAt(int row) {
        throw wrongType("decimalAt");
    }

    UUID uuidAt(int row) {
        throw wrongType("uuidAt");
    }

    String textAt(int row) {
        throw wrongType("textAt");
    }

    InetAddress addressAt(int row) {
        throw wrongType("addressAt");
    }

    LocalDate dateAt(int row) {
        throw wrongType("dateAt");
    }

    Instant instantAt(int row) {
        throw wrongType("instantAt");
    }

    int lengthAt(int row) {
        throw wrongType("lengthAt");
    }

    double elementAt(int row, int element) {
        throw wrongType("elementAt");
    }

    List<@Nullable Object> listAt(int row) {
        throw wrongType("listAt");
    }

    Map<Object, @Nullable Object> mapAt(int row) {
        throw wrongType("mapAt");
    }

    List<@Nullable Object> tupleAt(int row) {
        throw wrongType("tupleAt");
    }

    final IllegalStateException wrongType(String accessor) {
        return new IllegalStateException(
                shownName + " is " + shownType + ", which " + accessor + " does not read; use " + accessors());
    }

    /** The next end of a segment of at most so many values as memory is claimed for at once. */
    static int stepEnd(int at, int end, int capacity) {
        return Math.min(end, Math.max(capacity, (int) Math.min(Integer.MAX_VALUE - 8, at + (long) FIRST_STEP)));
    }

    /** No more than the first block needs, and half as much again with every one that follows. */
    static int grown(int capacity, int needed, int wanted) {
        if (needed < 0) {
            throw new ArithmeticException("a column of more than 2^31 values");
        }
        long half = Math.min(capacity * 3L / 2, Integer.MAX_VALUE - 8);
        return (int) Math.max(Math.max(needed, half), Math.min(wanted, Math.max(2L * capacity, FIRST_STEP)));
    }
}
