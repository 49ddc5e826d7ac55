package io.budmetrics.clickhouse.embedded;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import org.jspecify.annotations.Nullable;

/** The functions of libchdb that the child process calls; lengths are {@code size_t}, so 64-bit platforms only. */
interface Chdb extends Library {

    void chdb_set_signal_handlers_enabled(int enabled);

    @Nullable
    Pointer chdb_connect(int argumentCount, StringArray arguments);

    void chdb_close_conn(Pointer handle);

    int chdb_shutdown();

    Pointer chdb_query_with_params_n(
            Pointer connection,
            byte[] query,
            long queryLength,
            byte[] format,
            long formatLength,
            Pointer @Nullable [] names,
            long @Nullable [] nameLengths,
            Pointer @Nullable [] values,
            long @Nullable [] valueLengths,
            long count);

    Pointer chdb_stream_query_with_params_n(
            Pointer connection,
            byte[] query,
            long queryLength,
            byte[] format,
            long formatLength,
            Pointer @Nullable [] names,
            long @Nullable [] nameLengths,
            Pointer @Nullable [] values,
            long @Nullable [] valueLengths,
            long count);

    Pointer chdb_stream_fetch_result(Pointer connection, Pointer result);

    void chdb_stream_cancel_query(Pointer connection, Pointer result);

    void chdb_destroy_query_result(Pointer result);

    Pointer chdb_stream_insert_with_params_n(
            Pointer connection,
            byte[] query,
            long queryLength,
            byte[] format,
            long formatLength,
            Pointer @Nullable [] names,
            long @Nullable [] nameLengths,
            Pointer @Nullable [] values,
            long @Nullable [] valueLengths,
            long count);

    int chdb_stream_append(Pointer stream, byte[] data, long length);

    Pointer chdb_stream_done(Pointer stream);

    void chdb_stream_cancel_insert(Pointer stream);

    @Nullable
    Pointer chdb_stream_insert_error(Pointer stream);

    void chdb_destroy_insert_stream(Pointer stream);

    @Nullable
    Pointer chdb_result_buffer(Pointer result);

    long chdb_result_length(Pointer result);

    @Nullable
    Pointer chdb_result_error(Pointer result);

    long chdb_result_rows_read(Pointer result);

    long chdb_result_bytes_read(Pointer result);

    long chdb_result_storage_rows_read(Pointer result);

    long chdb_result_storage_bytes_read(Pointer result);

    long chdb_result_rows_written(Pointer result);

    long chdb_result_bytes_written(Pointer result);

    int chdb_classify_query_n(
            Pointer connection,
            byte[] sql,
            long sqlLength,
            @Nullable Pointer database,
            long databaseLength,
            int[] analysis);
}
