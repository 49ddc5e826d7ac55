package io.budmetrics.sql;

import java.math.BigDecimal;
import java.util.UUID;

/**
 * The result of one statement as columns of equal length, read by position. Reading a cell as a type that its column
 * does not have is a programming error and throws {@link IllegalStateException}. Immutable and safe for use by many
 * threads.
 */
public interface Columns {
    /**
     * How many rows there are.
     *
     * @return 0 or more
     */
    int rowCount();

    /**
     * Where a column stands.
     *
     * @param name the alias in the statement
     * @return its position, from 0
     * @throws io.budmetrics.error.BudMetricsException SCHEMA_MISMATCH when the result has no such column
     */
    int indexOf(String name);

    /**
     * Whether a cell is NULL.
     *
     * @param column position from 0
     * @param row row from 0
     * @return false for every cell of a column that is not Nullable
     */
    boolean isNull(int column, int row);

    /**
     * Whether {@link #longAt} reads a column.
     *
     * @param column position from 0
     * @return true for integers, Bool and times
     */
    boolean isWhole(int column);

    /**
     * Whether two cells of a column hold the same; NULL is the same as NULL and nothing else.
     *
     * @param column position from 0
     * @param row row from 0
     * @param other another row, or the same
     * @return true when both would be read alike
     */
    boolean same(int column, int row, int other);

    /**
     * A cell of an integer, Bool (0 or 1), Date, DateTime or DateTime64 (ticks) column.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; 0 when the cell is NULL
     * @throws ArithmeticException when an unsigned value is greater than {@link Long#MAX_VALUE}
     */
    long longAt(int column, int row);

    /**
     * A cell of a floating-point column.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; 0 when the cell is NULL
     */
    double doubleAt(int column, int row);

    /**
     * A cell of a Decimal column, with the column's scale.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; zero when the cell is NULL
     */
    BigDecimal decimalAt(int column, int row);

    /**
     * A cell of a UUID column.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; the nil UUID when the cell is NULL
     */
    UUID uuidAt(int column, int row);

    /**
     * A cell of a String column, decoded as UTF-8.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; the empty text when the cell is NULL
     */
    String textAt(int column, int row);

    /**
     * How many elements a cell of an Array(Float64) column has.
     *
     * @param column position from 0
     * @param row row from 0
     * @return 0 or more
     */
    int lengthAt(int column, int row);

    /**
     * One element of a cell of an Array(Float64) column.
     *
     * @param column position from 0
     * @param row row from 0
     * @param element position in the array, from 0
     * @return the value
     */
    double elementAt(int column, int row, int element);
}
