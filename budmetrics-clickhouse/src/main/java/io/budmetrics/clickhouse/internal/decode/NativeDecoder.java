package io.budmetrics.clickhouse.internal.decode;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes an answer in ClickHouse's format Native, so that nothing but the rows the server sent becomes a row: no text of an
 * error, no foreign page, no body that was cut.
 *
 * <p><b>Layout.</b> A body is a sequence of blocks, without a head, a count or an end mark. A number written as varUInt has
 * seven bits a byte, the lowest first; all others are little-endian.
 *
 * <pre>
 * block  = varUInt columns, varUInt rows, column...
 * column = text name, text type, [prefix, cells]      prefix and cells only where there are rows
 * text   = varUInt length, bytes
 * </pre>
 *
 * <p>The cells of a column stand together. Types that contain others put the prefixes of all of them first, in the order of
 * the type, and then the cells:
 *
 * <table>
 * <caption>Cells of n rows</caption>
 * <tr><td>numbers, times, UUID, IPv4, IPv6, Enum, Decimal, FixedString</td><td>n values of the type's width</td></tr>
 * <tr><td>String</td><td>n texts</td></tr>
 * <tr><td>Nullable(T)</td><td>n flags of a byte, then n cells of T, which mean nothing where the flag is 1</td></tr>
 * <tr><td>Array(T)</td><td>n ends of 8 bytes, each not below the one before; then as many cells of T as the last says</td></tr>
 * <tr><td>Map(K, V)</td><td>n ends; then the cells of all keys, then those of all values</td></tr>
 * <tr><td>Tuple(T...)</td><td>n cells of each T in turn; n bytes that mean nothing where there is none</td></tr>
 * <tr><td>LowCardinality(T)</td><td>a dictionary and n indexes, see {@link LowCardinalityColumn}; it alone has a prefix
 * </td></tr>
 * <tr><td>Nothing</td><td>n bytes that mean nothing</td></tr>
 * </table>
 *
 * <p><b>Checks.</b> The first block fixes names and types, and every later one must repeat them byte for byte: the text of an
 * error that the server appends behind rows it has already sent cannot do so. The stream may end only between two blocks.
 * Every length, end, index, flag and Enum is checked against what it may be before a cell is kept. A body that fails is
 * searched, from the start of the block that failed, for the head of a server's error, which then is the reason that is
 * reported. A body that was cut exactly between two blocks looks whole, so the caller compares the count of rows with the
 * server's summary.
 *
 * <p><b>Memory.</b> Counts in damaged bytes may say anything. Arrays therefore grow in steps as bytes arrive, never to what
 * a count announces, and types are nested at most 64 deep.
 */
public final class NativeDecoder {
    private static final int MAX_COLUMNS = 10_000;
    private static final int MAX_NAME = 1 << 16;
    private static final int MAX_TYPE = 1 << 22;
    private static final Pattern SERVER_ERROR = Pattern.compile("Code: (\\d{1,5})\\. DB::Exception");

    private final NativeInput in;
    private final IntFunction<BudMetricsException> errorOfCode;
    private NativeColumn[] columns = {};
    private byte[][] names = {};
    private byte[][] types = {};
    private final Map<String, Integer> positions = new LinkedHashMap<>();
    private int rowCount;

    private NativeDecoder(InputStream in, IntFunction<BudMetricsException> errorOfCode) {
        this.in = new NativeInput(in);
        this.errorOfCode = errorOfCode;
    }

    /**
     * Reads a whole answer. The stream is not closed.
     *
     * @param in the uncompressed body
     * @param errorOfCode makes the error for a code of the server, when the server's text of an error stands where a block
     *     should
     * @return its columns; none and no rows when the body is empty
     * @throws IOException when the stream fails
     * @throws BudMetricsException SCHEMA_MISMATCH for a type that is not decoded, DATABASE_UNAVAILABLE when the body ends in
     *     the middle, DATABASE_ERROR when it is something else, RESOURCE_EXHAUSTED when it has more values than an array
     *     holds, and what {@code errorOfCode} makes of an error of the server
     */
    public static Columns decode(InputStream in, IntFunction<BudMetricsException> errorOfCode) throws IOException {
        NativeDecoder decoder = new NativeDecoder(in, errorOfCode);
        try {
            while (decoder.in.startBlock()) {
                decoder.block();
            }
        } catch (BadAnswer e) {
            throw decoder.explained(
                    e.isTruncated()
                            ? BudMetricsException.of(ErrorCode.DATABASE_UNAVAILABLE, "the answer ends in the middle")
                            : BudMetricsException.of(
                                    ErrorCode.DATABASE_ERROR,
                                    "the answer is not in the Native format: " + e.getMessage()));
        } catch (ArithmeticException e) {
            throw BudMetricsException.of(ErrorCode.RESOURCE_EXHAUSTED, "the answer has more than 2^31 values or bytes");
        } catch (BudMetricsException e) {
            throw decoder.explained(e);
        }
        return new NativeColumns(decoder.positions, decoder.columns, decoder.rowCount);
    }

    /** The error of the server, when its text stands where a block should. */
    private BudMetricsException explained(BudMetricsException otherwise) {
        Matcher error = SERVER_ERROR.matcher(in.blockText());
        return error.find() ? errorOfCode.apply(Integer.parseInt(error.group(1))) : otherwise;
    }

    private void block() throws IOException {
        int columnCount = in.varUInt(MAX_COLUMNS, "the number of columns");
        int rows = in.varUInt(Integer.MAX_VALUE, "the number of rows");
        boolean first = names.length == 0;
        if (columnCount == 0 && rows == 0) {
            return;
        }
        if (first ? columnCount == 0 : columnCount != names.length) {
            throw BadAnswer.malformed("a block of " + columnCount + " columns");
        }
        if (first) {
            names = new byte[columnCount][];
            types = new byte[columnCount][];
            columns = new NativeColumn[columnCount];
        }
        for (int i = 0; i < columnCount; i++) {
            if (first) {
                header(i);
            } else if (!in.matches(names[i]) || !in.matches(types[i])) {
                throw BadAnswer.malformed("a block with other columns than the first");
            }
            if (rows > 0) {
                // a block without rows holds no bytes of data, not even a prefix
                columns[i].readPrefix(in);
                columns[i].append(in, rowCount, rows);
            }
        }
        rowCount = Math.addExact(rowCount, rows);
    }

    private void header(int column) throws IOException {
        names[column] = in.bytes(in.varUInt(MAX_NAME, "the length of a name"));
        types[column] = in.bytes(in.varUInt(MAX_TYPE, "the length of a type"));
        String name = text(names[column]);
        columns[column] = NativeTypes.column(name, text(types[column]));
        if (positions.put(name, column) != null) {
            throw BudMetricsException.of(ErrorCode.SCHEMA_MISMATCH, "two columns of the result have the same name");
        }
    }

    private static String text(byte[] utf8) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw BadAnswer.malformed("a name that is not text");
        }
    }
}
