package io.budmetrics.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The result of one statement as columns of equal length, read by position. Immutable and safe for use by many threads.
 *
 * <p>Each accessor reads columns of certain types, with or without {@code Nullable} and {@code LowCardinality} around them:
 *
 * <table>
 * <caption>Types, accessors, and the Java values of {@link #valueAt}</caption>
 * <tr><th>type</th><th>accessor</th><th>value</th></tr>
 * <tr><td>Int8 to Int64, UInt8 to UInt32, intervals</td><td>{@link #longAt}, {@link #bigIntegerAt}</td>
 * <td>{@link Long}</td></tr>
 * <tr><td>UInt64</td><td>{@link #longAt}, {@link #bigIntegerAt}</td><td>{@link BigInteger}</td></tr>
 * <tr><td>Int128, Int256, UInt128, UInt256</td><td>{@link #bigIntegerAt}</td><td>{@link BigInteger}</td></tr>
 * <tr><td>Bool</td><td>{@link #longAt}, as 0 or 1</td><td>{@link Boolean}</td></tr>
 * <tr><td>Float32, Float64, BFloat16</td><td>{@link #doubleAt}</td><td>{@link Double}</td></tr>
 * <tr><td>Decimal</td><td>{@link #decimalAt}</td><td>{@link BigDecimal}</td></tr>
 * <tr><td>String, FixedString</td><td>{@link #textAt}</td><td>{@link String}</td></tr>
 * <tr><td>Enum8, Enum16</td><td>{@link #textAt}, {@link #longAt}</td><td>{@link String}</td></tr>
 * <tr><td>UUID</td><td>{@link #uuidAt}</td><td>{@link UUID}</td></tr>
 * <tr><td>IPv4, IPv6</td><td>{@link #addressAt}, {@link #textAt}</td><td>{@link InetAddress}</td></tr>
 * <tr><td>Date, Date32</td><td>{@link #dateAt}, {@link #longAt} as days</td><td>{@link LocalDate}</td></tr>
 * <tr><td>DateTime, DateTime64</td><td>{@link #instantAt}, {@link #longAt} as ticks</td><td>{@link Instant}</td></tr>
 * <tr><td>Time, Time64</td><td>{@link #longAt} as ticks</td><td>{@link java.time.Duration}</td></tr>
 * <tr><td>Array, Nested, rings and polygons</td><td>{@link #listAt}, {@link #lengthAt}; {@link #elementAt}</td>
 * <td>{@link List}</td></tr>
 * <tr><td>Map</td><td>{@link #mapAt}, {@link #lengthAt}</td><td>{@link Map}</td></tr>
 * <tr><td>Tuple, Point</td><td>{@link #tupleAt}</td><td>{@link List}</td></tr>
 * <tr><td>Nothing</td><td></td><td>null</td></tr>
 * </table>
 *
 * <p>SimpleAggregateFunction(f, T) is read as T. Elements of lists, maps and tuples are the Java values of their types.
 *
 * <p>An accessor of a certain type reads NULL as the default of the type, so ask {@link #isNull} first; {@link #valueAt} reads
 * it as null, and so do lists, maps and tuples that contain it.
 *
 * <p>Reading a cell as a type that its column does not have is a programming error and throws
 * {@link IllegalStateException}, whose message names the column, its type and the accessors that read it. A position or row
 * that does not exist throws {@link IndexOutOfBoundsException}.
 *
 * <p>An implementation for tests needs to implement the abstract methods only: the others read {@link #valueAt}.
 */
public interface Columns {
    /**
     * Returns the number of rows.
     *
     * @return 0 or more
     */
    int rowCount();

    /**
     * Returns the position of a column.
     *
     * @param name the alias in the statement
     * @return its position, from 0
     * @throws io.budmetrics.error.BudMetricsException SCHEMA_MISMATCH when the result has no such column
     */
    int indexOf(String name);

    /**
     * Returns whether a cell is NULL.
     *
     * @param column position from 0
     * @param row row from 0
     * @return false for every cell of a column that is not Nullable
     */
    boolean isNull(int column, int row);

    /**
     * Returns whether {@link #longAt} can read a column.
     *
     * @param column position from 0
     * @return true for integers of up to 64 bits, Bool, Enum and times
     */
    boolean isWhole(int column);

    /**
     * Returns whether two cells of a column are equal; NULL equals only NULL.
     *
     * @param column position from 0
     * @param row row from 0
     * @param other another row, or the same
     * @return true when both would be read alike
     */
    boolean same(int column, int row, int other);

    /**
     * A cell of an integer, Bool (0 or 1), Enum (its number), Date (days), DateTime, DateTime64, Time or Time64 (ticks)
     * column.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; 0 when the cell is NULL
     * @throws IllegalStateException when the column has another type
     * @throws ArithmeticException when an unsigned value is greater than {@link Long#MAX_VALUE}
     */
    long longAt(int column, int row);

    /**
     * A cell of a floating-point column.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; 0 when the cell is NULL
     * @throws IllegalStateException when the column has another type
     */
    double doubleAt(int column, int row);

    /**
     * A cell of a Decimal column of any width, with the column's scale.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; zero when the cell is NULL
     * @throws IllegalStateException when the column has another type
     */
    BigDecimal decimalAt(int column, int row);

    /**
     * A cell of a UUID column.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; the nil UUID when the cell is NULL
     * @throws IllegalStateException when the column has another type
     */
    UUID uuidAt(int column, int row);

    /**
     * A cell of a String or FixedString column, decoded as UTF-8, the name of an Enum, or an address as text. A FixedString
     * is read without the NULs at its end, which pad it. An address is read as the server's {@code toString} writes it,
     * such as {@code 2001:db8::1}, or {@code ::ffff:192.0.2.1} for one of IPv4 in a column of IPv6.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; the empty text when the cell is NULL
     * @throws IllegalStateException when the column has another type
     */
    String textAt(int column, int row);

    /**
     * Returns the number of elements in a cell of an Array or Map column.
     *
     * @param column position from 0
     * @param row row from 0
     * @return 0 or more
     * @throws IllegalStateException when the column has another type
     */
    int lengthAt(int column, int row);

    /**
     * One element of a cell of an Array column of floating-point numbers or of integers of up to 32 bits, without an object
     * for the array.
     *
     * @param column position from 0
     * @param row row from 0
     * @param element position in the array, from 0
     * @return the value
     * @throws IllegalStateException when the column has another type
     * @throws IndexOutOfBoundsException when the array has no such element
     */
    double elementAt(int column, int row, int element);

    /**
     * Returns a cell of a column of any type, as the Java type that the table above names.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value, immutable; null when the cell is NULL
     * @throws ArithmeticException when a DateTime64 is outside the range of {@link Instant}
     */
    @Nullable
    Object valueAt(int column, int row);

    /**
     * A cell of an integer column of any width.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; zero when the cell is NULL
     * @throws IllegalStateException when the column has another type
     */
    default BigInteger bigIntegerAt(int column, int row) {
        Object value = valueAt(column, row);
        return value instanceof Long whole
                ? BigInteger.valueOf(whole)
                : typed(BigInteger.class, value, BigInteger.ZERO, column, "bigIntegerAt");
    }

    /**
     * A cell of an IPv4 or IPv6 column. An IPv4 address that is mapped into IPv6, as this library stores it, is read as an
     * {@link java.net.Inet4Address}; {@link #textAt} tells the two apart.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value, without a host name; {@code 0.0.0.0} or {@code ::} when the cell is NULL
     * @throws IllegalStateException when the column has another type
     */
    default InetAddress addressAt(int column, int row) {
        return typed(InetAddress.class, valueAt(column, row), unspecifiedAddress(), column, "addressAt");
    }

    /**
     * A cell of a Date or Date32 column.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; 1970-01-01 when the cell is NULL
     * @throws IllegalStateException when the column has another type
     */
    default LocalDate dateAt(int column, int row) {
        return typed(LocalDate.class, valueAt(column, row), LocalDate.EPOCH, column, "dateAt");
    }

    /**
     * A cell of a DateTime or DateTime64 column of any scale and zone. The zone of the column says how the server shows the
     * moment and does not change it.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the value; 1970-01-01T00:00:00Z when the cell is NULL
     * @throws IllegalStateException when the column has another type
     * @throws ArithmeticException when a DateTime64 is outside the range of {@link Instant}
     */
    default Instant instantAt(int column, int row) {
        return typed(Instant.class, valueAt(column, row), Instant.EPOCH, column, "instantAt");
    }

    /**
     * A cell of an Array column, and of what the server stores as one: Nested, whose elements are tuples, and the rings and
     * polygons of geometry.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the elements as {@link #valueAt} gives them, null where one is NULL; immutable
     * @throws IllegalStateException when the column has another type
     */
    @SuppressWarnings("unchecked")
    default List<@Nullable Object> listAt(int column, int row) {
        return typed(List.class, valueAt(column, row), List.of(), column, "listAt");
    }

    /**
     * A cell of a Map column. The server allows a key more than once, and finds the first of equal keys; so does the map.
     *
     * @param column position from 0
     * @param row row from 0
     * @return keys and values as {@link #valueAt} gives them, null where a value is NULL, in the order of the server;
     *     immutable
     * @throws IllegalStateException when the column has another type
     */
    @SuppressWarnings("unchecked")
    default Map<Object, @Nullable Object> mapAt(int column, int row) {
        return typed(Map.class, valueAt(column, row), Map.of(), column, "mapAt");
    }

    /**
     * A cell of a Tuple or Point column, named or not.
     *
     * @param column position from 0
     * @param row row from 0
     * @return the elements in the order of the type, as {@link #valueAt} gives them, null where one is NULL; immutable; empty
     *     when the cell is NULL
     * @throws IllegalStateException when the column has another type
     */
    @SuppressWarnings("unchecked")
    default List<@Nullable Object> tupleAt(int column, int row) {
        return typed(List.class, valueAt(column, row), List.of(), column, "tupleAt");
    }

    private static InetAddress unspecifiedAddress() {
        try {
            return InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static <T> T typed(Class<T> type, @Nullable Object value, T whenNull, int column, String accessor) {
        if (value == null) {
            return whenNull;
        }
        if (!type.isInstance(value)) {
            throw new IllegalStateException("column " + column + " holds a "
                    + value.getClass().getSimpleName() + ", which " + accessor + " does not read; use valueAt");
        }
        return type.cast(value);
    }
}
