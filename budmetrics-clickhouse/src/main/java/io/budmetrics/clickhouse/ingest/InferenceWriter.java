package io.budmetrics.clickhouse.ingest;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.DataStreamWriter;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.DriverClient;
import io.budmetrics.schema.InferenceFact;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes inferences to the table <code>InferenceFact</code>, in ClickHouse's binary column format. It keeps nothing
 * back: when {@link #write} returns, every record is stored. One call with many thousand records is far cheaper, for
 * the server too, than many calls with few.
 *
 * <p>A call is cut into pieces of one partition (a month) and at most 131,072 rows or 32 MiB of text each, so that the server
 * stores every piece whole or not at all. When a call fails, pieces before the failing one are stored already; writing
 * the same records again is safe, since a record with the same project, arrival time and id counts once.
 *
 * <p>Safe for use by several threads at a time; each call borrows one connection for each piece.
 */
public final class InferenceWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InferenceWriter.class);

    /** Large enough that a part is worth its files, and below the server's own block size. */
    private static final int PIECE_ROWS = 131_072;

    private static final long PIECE_TEXT = 32 << 20;
    private static final long KEPT_BYTES = 256 << 20;
    private final DriverClient driver;
    private final AtomicReference<@Nullable Piece> spare = new AtomicReference<>();

    private InferenceWriter(DriverClient driver) {
        this.driver = driver;
    }

    /**
     * A writer that borrows connections from the caller's pool.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one; it stays the caller's
     * @return the writer
     */
    public static InferenceWriter over(DataSource dataSource) {
        return new InferenceWriter(DriverClient.over(dataSource));
    }

    /**
     * Stores the records.
     *
     * @param records what to write, in any order; not changed by anybody during the call
     * @return how many records were written: all of them
     * @throws io.budmetrics.error.BudMetricsException when the server refuses a piece or cannot be reached;
     *     <code>retryable()</code> says whether trying again may help
     */
    @CanIgnoreReturnValue
    public long write(Collection<InferenceRecord> records) {
        long written = 0;
        for (List<InferenceRecord> month : byMonth(records)) {
            written += writeMonth(month);
        }
        return written;
    }

    /** Gives back what the writer holds; the caller's data source stays open. */
    @Override
    public void close() {
        driver.close();
    }

    private static Collection<List<InferenceRecord>> byMonth(Collection<InferenceRecord> records) {
        SortedMap<Integer, List<InferenceRecord>> months = new TreeMap<>();
        long from = 0;
        long to = 0;
        List<InferenceRecord> current = new ArrayList<>();
        for (InferenceRecord row : records) {
            long second = row.requestArrivalTime().getEpochSecond();
            if (second < from || second >= to) {
                LocalDate first = LocalDate.ofInstant(row.requestArrivalTime(), ZoneOffset.UTC)
                        .withDayOfMonth(1);
                from = first.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
                to = first.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
                current = months.computeIfAbsent(
                        first.getYear() * 12 + first.getMonthValue(), month -> new ArrayList<>());
            }
            current.add(row);
        }
        return months.values();
    }

    private long writeMonth(List<InferenceRecord> rows) {
        Piece borrowed = spare.getAndSet(null);
        Piece piece = borrowed == null ? new Piece() : borrowed;
        piece.clear();
        for (InferenceRecord row : rows) {
            piece.add(row);
            if (piece.rows() == PIECE_ROWS || piece.textSize() >= PIECE_TEXT) {
                send(piece);
                piece.clear();
            }
        }
        if (piece.rows() > 0) {
            send(piece);
        }
        if (piece.capacity() <= KEPT_BYTES) {
            spare.set(piece);
        }
        return rows.size();
    }

    private void send(Piece piece) {
        String queryId = driver.call("insert into " + InferenceFact.table().name(), client -> insert(client, piece));
        LOG.debug("wrote {} rows, query id {}", piece.rows(), queryId);
    }

    private static String insert(Client client, Piece piece) throws Exception {
        // stated, not inherited: the call must not return before the rows are stored, nor drop a block it has seen;
        // and rows are replaced when they are merged or read, not while somebody waits
        InsertSettings settings = new InsertSettings();
        DriverClient.onceOnly().forEach(settings::setOption);
        settings.setQueryId(UUID.randomUUID().toString())
                .logComment("budmetrics insert")
                .serverSetting("async_insert", "0")
                .serverSetting("insert_deduplicate", "0")
                .serverSetting("optimize_on_insert", "0")
                .serverSetting("wait_end_of_query", "1");
        DataStreamWriter body = piece::writeTo;
        try (InsertResponse response = client.insert(
                        InferenceFact.table().name(), piece.columnNames(), body, ClickHouseFormat.Native, settings)
                .get()) {
            return response.getQueryId();
        }
    }
}
