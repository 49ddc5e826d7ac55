package io.budmetrics.clickhouse.ingest;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.DataStreamWriter;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import io.budmetrics.clickhouse.internal.call.AnswerCheck;
import io.budmetrics.clickhouse.internal.call.OperationSettings;
import java.time.Duration;
import java.util.List;

/** How inserts are sent. */
final class Inserts {
    /** The server's own default; a piece stays below it. */
    private static final String BLOCK_ROWS = "1048576";

    private Inserts() {}

    /**
     * Stated, not inherited: the call must not return before the rows are stored, the piece must stay one part, and rows are
     * replaced when they are merged or read, not while somebody waits.
     */
    static InsertSettings settings(String queryId, String token, Duration limit) {
        InsertSettings settings = new InsertSettings();
        OperationSettings.onceOnly().forEach(settings::setOption);
        return settings.setQueryId(queryId)
                .setDeduplicationToken(token)
                .logComment("budmetrics insert")
                .serverSetting("insert_deduplicate", "0")
                .serverSetting("async_insert", "0")
                .serverSetting("optimize_on_insert", "0")
                .serverSetting("max_insert_block_size", BLOCK_ROWS)
                .serverSetting("min_insert_block_size_rows", BLOCK_ROWS)
                .serverSetting("min_insert_block_size_bytes", "0")
                .serverSetting("input_format_defaults_for_omitted_fields", "1")
                .serverSetting(
                        "max_execution_time",
                        Long.toString(limit.plusNanos(999_999_999).toSeconds()))
                .serverSetting("wait_end_of_query", "1");
    }

    /** Returns when the rows are stored. */
    static void send(
            Client client,
            String table,
            List<String> columns,
            DataStreamWriter body,
            ClickHouseFormat format,
            InsertSettings settings)
            throws Exception {
        try (InsertResponse response =
                client.insert(table, columns, body, format, settings).get()) {
            AnswerCheck.requireClickHouse(response.getResponseHeaders());
        }
    }
}
