package io.budmetrics.clickhouse.embedded;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the engine, for one request only: its settings, current database and temporary tables end with it,
 * so nothing leaks into the next request. Used by one thread at a time.
 */
final class EngineConnection implements AutoCloseable {
    private static final int COPY_BYTES = 64 * 1024;
    private static final int LONGEST_HEAD = 1024 * 1024;
    private static final int ANALYSIS_BYTES = 16;

    private final Chdb chdb;
    private final Pointer handle;
    private final Pointer connection;
    private final Runnable onClose;
    private boolean closed;

    EngineConnection(Chdb chdb, Pointer handle, Runnable onClose) {
        this.chdb = chdb;
        this.handle = handle;
        this.connection = handle.getPointer(0);
        this.onClose = onClose;
    }

    /** What the parser says of a text: how many statements it holds, and whether they only read. */
    record Analysis(int statements, boolean readOnly) {}

    Analysis analyse(byte[] sql) {
        int[] analysis = {ANALYSIS_BYTES, 0, 0, 0};
        int state = chdb.chdb_classify_query_n(connection, sql, sql.length, null, 0, analysis);
        return state == 0 ? new Analysis(analysis[1], analysis[1] > 0 && analysis[3] == 0) : new Analysis(0, false);
    }

    /** Runs a statement to its end before the first byte is handed over. */
    QueryStatistics run(
            byte[] sql, String format, Map<String, String> parameters, Consumer<QueryStatistics> before, ByteSink sink)
            throws ServerError, IOException {
        long start = System.nanoTime();
        Pointer result = NativeParameters.call(chdb::chdb_query_with_params_n, connection, sql, format, parameters);
        try {
            throwIfError(chdb.chdb_result_error(result));
            QueryStatistics statistics = new QueryStatistics(
                    chdb.chdb_result_storage_rows_read(result),
                    chdb.chdb_result_storage_bytes_read(result),
                    chdb.chdb_result_rows_written(result),
                    chdb.chdb_result_bytes_written(result),
                    chdb.chdb_result_rows_read(result),
                    chdb.chdb_result_bytes_read(result),
                    System.nanoTime() - start);
            before.accept(statistics);
            copy(result, 0, sink);
            return statistics;
        } finally {
            chdb.chdb_destroy_query_result(result);
        }
    }

    /** Runs one statement or several in the engine's own interest; the text of the result. */
    String runText(String sql) throws ServerError {
        StringBuilder text = new StringBuilder();
        try {
            run(
                    sql.getBytes(StandardCharsets.UTF_8),
                    "TSV",
                    Map.of(),
                    statistics -> {},
                    (bytes, length) -> text.append(new String(bytes, 0, length, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot fail", e);
        }
        return text.toString();
    }

    /**
     * Runs a SELECT block by block.
     *
     * @return the statistics, or null when the statement must be run whole: the engine cannot stream it, or it had no
     *     row, for which the engine leaves out the head of a format
     */
    @Nullable
    QueryStatistics stream(
            byte[] sql,
            String format,
            StreamFormat kind,
            Map<String, String> parameters,
            BooleanSupplier cancelled,
            ByteSink sink)
            throws ServerError, IOException {
        long start = System.nanoTime();
        Pointer stream =
                NativeParameters.call(chdb::chdb_stream_query_with_params_n, connection, sql, format, parameters);
        Streamed streamed = new Streamed(kind, sink);
        try {
            Pointer error = chdb.chdb_result_error(stream);
            if (error != null) {
                streamed.ended = true;
                String text = error.getString(0, "UTF-8");
                if (text.contains("Streaming query is not supported")) {
                    return null;
                }
                throw ServerError.fromEngine(text);
            }
            do {
                if (cancelled.getAsBoolean()) {
                    throw ServerError.cancelled();
                }
            } while (copyBlock(stream, streamed));
            if (streamed.blocks == 0 && kind != StreamFormat.PLAIN) {
                return null;
            }
            return new QueryStatistics(
                    QueryStatistics.UNKNOWN,
                    QueryStatistics.UNKNOWN,
                    QueryStatistics.UNKNOWN,
                    QueryStatistics.UNKNOWN,
                    streamed.rows,
                    streamed.bytes,
                    System.nanoTime() - start);
        } finally {
            if (!streamed.ended) {
                chdb.chdb_stream_cancel_query(connection, stream);
            }
            chdb.chdb_destroy_query_result(stream);
        }
    }

    /** How far a stream has been copied. */
    private static final class Streamed {
        private final StreamFormat kind;
        private final ByteSink sink;
        private byte[] head = new byte[0];
        private long blocks;
        private long rows;
        private long bytes;
        /** Whether the engine knows already that nothing more is fetched. */
        private boolean ended;

        Streamed(StreamFormat kind, ByteSink sink) {
            this.kind = kind;
            this.sink = sink;
        }
    }

    /** Copies the next block; false when there was none. */
    private boolean copyBlock(Pointer stream, Streamed streamed) throws ServerError, IOException {
        Pointer block = chdb.chdb_stream_fetch_result(connection, stream);
        try {
            Pointer error = chdb.chdb_result_error(block);
            if (error != null) {
                streamed.ended = true;
                throw ServerError.fromEngine(error.getString(0, "UTF-8"));
            }
            if (chdb.chdb_result_length(block) == 0) {
                streamed.ended = true;
                return false;
            }
            streamed.rows += chdb.chdb_result_rows_read(block);
            streamed.bytes += chdb.chdb_result_bytes_read(block);
            if (streamed.blocks == 0) {
                streamed.head = head(block, streamed.kind);
                copy(block, 0, streamed.sink);
            } else {
                checkHead(block, streamed.head);
                copy(block, streamed.head.length, streamed.sink);
            }
            streamed.blocks++;
            return true;
        } finally {
            chdb.chdb_destroy_query_result(block);
        }
    }

    private byte[] head(Pointer block, StreamFormat kind) throws ServerError {
        Pointer data = chdb.chdb_result_buffer(block);
        if (kind == StreamFormat.PLAIN || data == null) {
            return new byte[0];
        }
        byte[] start = data.getByteArray(0, (int) Math.min(chdb.chdb_result_length(block), LONGEST_HEAD));
        int length = kind.headLength(start);
        if (length < 0) {
            throw ServerError.of(49, "LOGICAL_ERROR", "The head of a block is longer than " + LONGEST_HEAD + " bytes.");
        }
        return Arrays.copyOf(start, length);
    }

    private void checkHead(Pointer block, byte[] head) throws ServerError {
        Pointer data = chdb.chdb_result_buffer(block);
        if (head.length > 0
                && (data == null
                        || chdb.chdb_result_length(block) < head.length
                        || !Arrays.equals(data.getByteArray(0, head.length), head))) {
            throw ServerError.of(49, "LOGICAL_ERROR", "The blocks of a result begin differently.");
        }
    }

    /** Runs an INSERT whose rows come from a stream, in the format given. */
    QueryStatistics insert(
            byte[] statement,
            String format,
            Map<String, String> parameters,
            BooleanSupplier cancelled,
            InputStream data)
            throws ServerError, IOException {
        long start = System.nanoTime();
        Pointer stream = NativeParameters.call(
                chdb::chdb_stream_insert_with_params_n, connection, statement, format, parameters);
        boolean ended = false;
        try {
            Pointer error = chdb.chdb_stream_insert_error(stream);
            if (error != null) {
                ended = true;
                throw ServerError.fromEngine(error.getString(0, "UTF-8"));
            }
            byte[] buffer = new byte[4 * COPY_BYTES];
            int read;
            while ((read = data.readNBytes(buffer, 0, buffer.length)) > 0) {
                if (cancelled.getAsBoolean()) {
                    throw ServerError.cancelled();
                }
                if (chdb.chdb_stream_append(stream, buffer, read) != 0) {
                    // the reason comes with the result below
                    break;
                }
            }
            ended = true;
            Pointer result = chdb.chdb_stream_done(stream);
            try {
                throwIfError(chdb.chdb_result_error(result));
                long rows = chdb.chdb_result_rows_written(result);
                long bytes = chdb.chdb_result_bytes_written(result);
                return new QueryStatistics(
                        QueryStatistics.UNKNOWN,
                        QueryStatistics.UNKNOWN,
                        rows,
                        bytes,
                        QueryStatistics.UNKNOWN,
                        QueryStatistics.UNKNOWN,
                        System.nanoTime() - start);
            } finally {
                chdb.chdb_destroy_query_result(result);
            }
        } finally {
            if (!ended) {
                chdb.chdb_stream_cancel_insert(stream);
            }
            chdb.chdb_destroy_insert_stream(stream);
        }
    }

    private void copy(Pointer result, long from, ByteSink sink) throws IOException {
        long length = chdb.chdb_result_length(result);
        Pointer data = chdb.chdb_result_buffer(result);
        if (length == 0 || data == null) {
            return;
        }
        byte[] buffer = new byte[(int) Math.min(length, COPY_BYTES)];
        for (long offset = from; offset < length; ) {
            int part = (int) Math.min(buffer.length, length - offset);
            data.read(offset, buffer, 0, part);
            sink.accept(buffer, part);
            offset += part;
        }
    }

    private static void throwIfError(@Nullable Pointer error) throws ServerError {
        if (error != null) {
            throw ServerError.fromEngine(error.getString(0, "UTF-8"));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            chdb.chdb_close_conn(handle);
            onClose.run();
        }
    }
}
