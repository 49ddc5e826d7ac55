package io.budmetrics.clickhouse.ingest;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.ServerCode;
import io.budmetrics.clickhouse.internal.call.Backoff;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.internal.call.SchemaGuard;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.schema.InferenceFact;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
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
 * the server too, than many calls with few; for records that come one by one there is {@link BufferedInferenceWriter}.
 *
 * <p>A call is cut into pieces of one partition (a month) and at most 131,072 rows or 32 MiB of text each, and the server
 * stores each piece whole or not at all. A piece that the server did not take for the moment, or whose answer was lost,
 * is sent again until the time of the call is over. That is safe: records with the same project, arrival time and
 * inference id are one inference in every answer, and the one that was written last counts; of several in one call, the
 * one that comes last.
 *
 * <p>Safe for use by several threads at a time; each call borrows one connection for each piece. A thread that is
 * interrupted stays interrupted and sends nothing more.
 */
public final class InferenceWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InferenceWriter.class);
    private static final String INSERT = "insert into " + InferenceFact.table().name();

    /** Large enough that a part is worth its files, and below the server's own block size. */
    private static final int PIECE_ROWS = 131_072;

    private static final long PIECE_TEXT = 32 << 20;
    private static final long KEPT_BYTES = 256 << 20;

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    private final DriverClient driver;
    private final SchemaGuard schema = new SchemaGuard();
    private final Duration timeout;
    private final AtomicReference<@Nullable Piece> spare = new AtomicReference<>();

    private final Object gate = new Object();

    /** Under the gate: calls under way, for which closing waits. */
    private int calls;

    private boolean closed;

    private InferenceWriter(DriverClient driver, Duration timeout) {
        this.driver = driver;
        this.timeout = timeout;
    }

    /**
     * A writer that borrows connections from the caller's pool, with a time limit of a minute for each call.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one; it stays the caller's
     * @return the writer
     * @throws BudMetricsException INVALID_CONFIGURATION when the connections are of another driver
     */
    public static InferenceWriter over(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /**
     * A writer with settings of its own.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one; it stays the caller's
     * @return a new builder
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Stores the records.
     *
     * @param records what to write, in any order; not changed by anybody during the call
     * @return how many records were written: all of them
     * @throws BudMetricsException SCHEMA_MISMATCH when the table is missing, or a newer version of the library was there;
     *     another code when not every record was stored within the time limit; <code>retryable()</code> says whether
     *     trying again may help, and doing so is safe. {@link #tryWrite} tells which ones
     * @throws IllegalStateException when the writer is closed; nothing was sent then
     */
    @CanIgnoreReturnValue
    public long write(Collection<InferenceRecord> records) {
        return tryWrite(records).orThrow();
    }

    /**
     * Stores the records as far as that is possible within the time limit.
     *
     * @param records what to write, in any order; not changed by anybody during the call
     * @return what became of each record
     * @throws IllegalStateException when the writer is closed; nothing was sent then
     */
    public WriteResult tryWrite(Collection<InferenceRecord> records) {
        return tryWrite(records, System.nanoTime() + timeout.toNanos());
    }

    /** The time limit of a call. */
    Duration timeout() {
        return timeout;
    }

    WriteResult tryWrite(Collection<InferenceRecord> records, long deadline) {
        Collection<Month> months = byMonth(records);
        synchronized (gate) {
            if (closed) {
                throw new IllegalStateException(
                        "the writer is closed, so nothing was sent; keep it open until the last record is written");
            }
            calls++;
        }
        try {
            List<Unwritten> unwritten = new ArrayList<>();
            for (Month month : months) {
                writeMonth(month, deadline, unwritten);
            }
            return new WriteResult(records.size(), unwritten);
        } finally {
            synchronized (gate) {
                calls--;
                gate.notifyAll();
            }
        }
    }

    /**
     * Waits for calls that are under way and gives back what the writer holds; the caller's data source stays open. When
     * the thread is or gets interrupted, calls under way are cut off instead, and report what they could not confirm.
     */
    @Override
    public void close() {
        synchronized (gate) {
            closed = true;
            try {
                while (calls > 0) {
                    gate.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        driver.close();
    }

    /** Records of one partition, and where they stood. */
    private static final class Month {
        private final List<InferenceRecord> records = new ArrayList<>();
        private int[] positions = new int[16];

        void add(InferenceRecord record, int position) {
            if (records.size() == positions.length) {
                positions = Arrays.copyOf(positions, 2 * positions.length);
            }
            positions[records.size()] = position;
            records.add(record);
        }
    }

    private static Collection<Month> byMonth(Collection<InferenceRecord> records) {
        SortedMap<Integer, Month> months = new TreeMap<>();
        long from = 0;
        long to = 0;
        Month current = new Month();
        int position = 0;
        for (InferenceRecord row : records) {
            int at = position;
            Objects.requireNonNull(row, () -> "the record at position " + at + " is null");
            long second = row.requestArrivalTime().getEpochSecond();
            if (second < from || second >= to) {
                LocalDate first = LocalDate.ofInstant(row.requestArrivalTime(), ZoneOffset.UTC)
                        .withDayOfMonth(1);
                from = first.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
                to = first.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
                current = months.computeIfAbsent(first.getYear() * 12 + first.getMonthValue(), month -> new Month());
            }
            current.add(row, position++);
        }
        return months.values();
    }

    private void writeMonth(Month month, long deadline, List<Unwritten> unwritten) {
        Piece borrowed = spare.getAndSet(null);
        Piece piece = borrowed == null ? new Piece() : borrowed;
        int rows = month.records.size();
        int start = 0;
        piece.clear();
        for (int i = 0; i < rows; i++) {
            piece.add(month.records.get(i));
            if (piece.rows() == PIECE_ROWS || piece.textSize() >= PIECE_TEXT || i == rows - 1) {
                String token = piece.token();
                Failure failure = send(piece, token, deadline);
                if (failure != null) {
                    unwritten.add(new Unwritten(
                            failure.outcome,
                            month.records.subList(start, i + 1),
                            Arrays.copyOfRange(month.positions, start, i + 1),
                            token,
                            failure.reason));
                }
                piece.clear();
                start = i + 1;
            }
        }
        if (piece.capacity() <= KEPT_BYTES) {
            spare.set(piece);
        }
    }

    /** Why a piece was given up. */
    private record Failure(Outcome outcome, BudMetricsException reason) {}

    /** Sends until the server has answered for good or the time is over; null when the piece is stored. */
    private @Nullable Failure send(Piece piece, String token, long deadline) {
        BudMetricsException last = null;
        boolean certain = true;
        Backoff backoff = Backoff.until(deadline);
        while (true) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return last == null ? new Failure(Outcome.UNKNOWN, late()) : failure(certain, last);
            }
            // half of the time: from a server that does not answer, some is left for another behind the same address
            Duration limit = Duration.ofNanos(Math.min(left, timeout.toNanos() / 2 + 1));
            try {
                schema.requireKnown(driver, limit);
                insert(piece, token, limit);
                return null;
            } catch (BudMetricsException e) {
                last = e;
            } catch (IllegalStateException e) {
                // closed in the middle of this call: this try sent nothing, so what the earlier ones left stands
                return failure(
                        certain,
                        BudMetricsException.of(
                                ErrorCode.QUERY_CANCELLED,
                                "the writer was closed before the records could be sent",
                                e));
            }
            certain &= refused(last);
            if (!sentAgain(last) || !paused(backoff)) {
                return failure(certain, last);
            }
            LOG.debug("sending {} rows again after {}", piece.rows(), last.code());
        }
    }

    private static Failure failure(boolean certain, BudMetricsException reason) {
        return new Failure(certain ? Outcome.REFUSED : Outcome.UNKNOWN, reason);
    }

    private BudMetricsException late() {
        return BudMetricsException.of(
                ErrorCode.QUERY_TIMEOUT,
                "the time limit of " + timeout.toMillis() + " ms was over before the records could be sent");
    }

    /** Whether the server, or the library before it sent anything, said no: then nothing is stored. */
    private static boolean refused(BudMetricsException e) {
        return switch (e.code()) {
            case QUERY_TIMEOUT, QUERY_CANCELLED -> false;
            case INVALID_QUERY, INVALID_RECORD, INVALID_CONFIGURATION, ACCESS_DENIED, SCHEMA_MISMATCH -> true;
            case DATABASE_UNAVAILABLE, RESOURCE_EXHAUSTED, DATABASE_ERROR ->
                e.serverCode().isPresent()
                        && ServerCode.of(e.serverCode().getAsInt())
                                .filter(ServerCode::blockMayBeStored)
                                .isEmpty();
        };
    }

    /** Whether the server may take the same piece a little later, or another server behind the same address. */
    private static boolean sentAgain(BudMetricsException e) {
        return e.serverCode().isPresent()
                ? ServerCode.of(e.serverCode().getAsInt())
                        .filter(ServerCode::blockSentAgain)
                        .isPresent()
                : e.retryable() || e.code() == ErrorCode.QUERY_TIMEOUT;
    }

    /** False when the piece should not be tried again: there is no time left, or the thread is interrupted. */
    private static boolean paused(Backoff backoff) {
        try {
            return backoff.pause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void insert(Piece piece, String token, Duration limit) {
        List<String> columns = piece.columnNames();
        String queryId = UUID.randomUUID().toString();
        // never the same token twice: a server that was killed may remember one whose rows it has lost
        InsertSettings settings = Inserts.settings(queryId, token + "-" + queryId, limit);
        String table = InferenceFact.table().name();
        String names = table + " " + String.join(" ", columns);
        int rows = driver.call(INSERT, names, limit, queryId, client -> sent(client, table, columns, piece, settings));
        LOG.debug("wrote {} rows, query id {}, token {}", rows, queryId, token);
    }

    private static int sent(Client client, String table, List<String> columns, Piece piece, InsertSettings settings)
            throws Exception {
        Inserts.send(client, table, columns, piece::writeTo, ClickHouseFormat.Native, settings);
        return piece.rows();
    }

    /** Collects the settings of an {@link InferenceWriter}. Every method changes it and returns it; not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private Duration timeout = Duration.ofMinutes(1);

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource is null");
        }

        /**
         * The total time of one call, retries included; one try may take half of it.
         *
         * @param newTimeout more than 0, at most a day; a minute by default
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
         */
        @CanIgnoreReturnValue
        public Builder timeout(Duration newTimeout) {
            Objects.requireNonNull(newTimeout, "timeout is null");
            if (newTimeout.isNegative() || newTimeout.isZero() || newTimeout.compareTo(LONGEST_TIMEOUT) > 0) {
                throw BudMetricsException.invalidConfiguration(
                        "timeout is " + newTimeout + "; give more than 0 and at most a day");
            }
            timeout = newTimeout;
            return this;
        }

        /**
         * Creates the writer.
         *
         * @return the writer
         * @throws BudMetricsException INVALID_CONFIGURATION when the connections are of another driver
         */
        public InferenceWriter build() {
            return new InferenceWriter(DriverClient.over(dataSource), timeout);
        }
    }
}
