package io.budmetrics.clickhouse.internal;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.result.Columns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes an answer in ClickHouse's format Native, block by block. Names and types must be the same in every block, and
 * the stream may end only between two blocks: neither an error text nor a cut body nor a foreign answer becomes a row.
 */
public final class NativeDecoder {
    private static final int MAX_COLUMNS = 10_000;
    private static final int MAX_NAME = 1 << 16;
    private static final int MAX_TYPE = 1 << 22;
    private static final Pattern SERVER_ERROR = Pattern.compile("Code: (\\d{1,5})\\. DB::Exception");

    private final NativeInput in;
    private NativeColumn[] columns = {};
    private byte[][] names = {};
    private byte[][] types = {};
    private final Map<String, Integer> positions = new LinkedHashMap<>();
    private int rowCount;

    private NativeDecoder(InputStream in) {
        this.in = new NativeInput(in);
    }

    /**
     * Reads a whole answer. The stream is not closed.
     *
     * @param in the uncompressed body
     * @return its columns; none and no rows when the body is empty
     * @throws IOException when the stream fails
     * @throws BudMetricsException SCHEMA_MISMATCH for a type that is not read, DATABASE_UNAVAILABLE when the body ends in
     *     the middle, DATABASE_ERROR when it is something else or holds an error of the server
     */
    public static Columns decode(InputStream in) throws IOException {
        NativeDecoder decoder = new NativeDecoder(in);
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
        return error.find() ? ServerCode.failure(Integer.parseInt(error.group(1)), "", "") : otherwise;
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
