package io.budmetrics.clickhouse.ingest;

import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.migrate.LayoutTables;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Identifier;
import io.budmetrics.internal.layout.LayoutSource;
import io.budmetrics.internal.record.RecordColumn;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Fills the tables that a {@link Layout} reads with inferences generated for demonstrations and tests, such as those of
 * <code>SyntheticTraffic</code>, so that the layout reads them back. It is no way to keep records: what such a table has no
 * place for is lost, and nothing is sent again after a failure.
 *
 * <p>Every column that the layout reads is written, undoing what reading does: a latency of 1,234,567 microseconds goes into
 * a column of milliseconds as 1234. A whole number is cut, a time likewise, and what a column cannot hold, such as a number
 * above its type or a text that its Enum does not have, is not known there. Where a column takes no null, what is not known is
 * what the layout reads as null ({@link io.budmetrics.schema.StoredColumn#nullIf}), else 0, false, an empty text, the zero
 * UUID, the first name of an Enum, and of a time the arrival. For texts in a column of UUIDs, one is made of each that is
 * none. A flag that is told by <code>is</code>, <code>below</code> or <code>atLeast</code> is written as a text or number that
 * says so. Columns that the layout does not read are left to their defaults.
 *
 * <p>Safe for use by several threads at a time; each call borrows one connection for each table.
 */
public final class LayoutWriter implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Pattern NOT_A_TABLE = Pattern.compile(".*View|Dictionary");
    private static final Map<String, RecordColumn<InferenceRecord, InferenceRecord.Builder>> FIELDS = new HashMap<>();

    static {
        RecordColumns.ALL.forEach(field -> FIELDS.put(field.column().name(), field));
    }

    private final DriverClient driver;
    private final List<Target> targets;
    private final boolean repeatable;

    private LayoutWriter(DriverClient driver, List<Target> targets, boolean repeatable) {
        this.driver = driver;
        this.targets = targets;
        this.repeatable = repeatable;
    }

    /** What of a record goes where. */
    private record Cell(
            Identifier column, RecordColumn<InferenceRecord, InferenceRecord.Builder> field, StoredForm form) {}

    /** One of the tables. */
    private record Target(String table, List<Cell> cells) {}

    /**
     * A writer to the tables of a layout, which are compared with it first.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one; it stays the caller's
     * @param layout any but one over the library's own table, which {@link InferenceWriter} writes to
     * @return the writer
     * @throws BudMetricsException SCHEMA_MISMATCH when a table or column is not there or of another kind; INVALID_CONFIGURATION when a
     *     column cannot be written: it is computed by the server, stands for two logical columns, or has no name for a flag,
     *     and when a column of the key of a table that is read with FINAL is none that the layout reads; another code when
     *     the server cannot be asked
     */
    public static LayoutWriter over(DataSource dataSource, Layout layout) {
        LayoutTables.over(dataSource).require(Objects.requireNonNull(layout, "layout is null"));
        DriverClient driver = DriverClient.over(dataSource);
        try {
            // the table with the arrivals last: what has one is complete
            List<Target> targets = new ArrayList<>();
            for (LayoutSource source : Internals.of(layout).sources()) {
                targets.add(0, target(driver, source, !layout.uniqueRows()));
            }
            LayoutSource first = Internals.of(layout).sources().get(0);
            boolean repeatable =
                    !layout.uniqueRows() && (first.withFinal() || !first.keys().isEmpty());
            return new LayoutWriter(driver, List.copyOf(targets), repeatable);
        } catch (BudMetricsException e) {
            driver.close();
            throw e;
        }
    }

    private static Target target(DriverClient driver, LayoutSource source, boolean mayBeFinal) {
        String shown = source.sql();
        List<SqlParameter> parameters = new ArrayList<>();
        parameters.add(SqlParameter.of("table", source.table().name()));
        String database = "currentDatabase()";
        if (!source.database().isEmpty()) {
            parameters.add(SqlParameter.of("database", source.database()));
            database = "{database:String}";
        }
        Columns found = driver.query(
                "SELECT\n    c.name AS name,\n    c.type AS type,\n    c.default_kind AS kind,\n"
                        + "    toInt64(c.is_in_sorting_key) AS in_key,\n    t.engine AS engine\n"
                        + "FROM system.columns AS c\nINNER JOIN system.tables AS t ON c.database = t.database AND c.table = t.name\n"
                        + "WHERE c.database = " + database + "\n    AND c.table = {table:String}",
                parameters);
        Map<String, Integer> rows = new HashMap<>();
        for (int row = 0; row < found.rowCount(); row++) {
            rows.put(found.textAt(found.indexOf("name"), row), row);
        }
        if (NOT_A_TABLE.matcher(found.textAt(found.indexOf("engine"), 0)).matches()) {
            throw BudMetricsException.invalidConfiguration(
                    shown + " is a " + found.textAt(found.indexOf("engine"), 0) + "; write to the table that it reads");
        }
        Set<Identifier> read = new HashSet<>();
        source.reads().forEach(one -> read.add(one.column()));
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (LayoutSource.Fill fill : source.fills()) {
            Cell cell = cell(fill, shown, found, rows.get(fill.column().name()), read);
            if (cell != null) {
                Cell before = cells.put(fill.column().name(), cell);
                if (before != null) {
                    throw BudMetricsException.invalidConfiguration(
                            "column " + fill.column() + " of " + shown + " is read for "
                                    + before.field().column().name() + " and for " + fill.logical()
                                    + " and cannot be written for both; leave one out of the layout that is written by");
                }
            }
        }
        for (int row = 0; mayBeFinal && source.withFinal() && row < found.rowCount(); row++) {
            String name = found.textAt(found.indexOf("name"), row);
            if (found.longAt(found.indexOf("in_key"), row) != 0
                    && found.textAt(found.indexOf("kind"), row).isEmpty()
                    && !cells.containsKey(name)) {
                throw BudMetricsException.invalidConfiguration(
                        "column " + name + " of " + shown + " is part of the key by which rows"
                                + " replace each other, and is none that the layout reads: all that is written would be one row;"
                                + " give it a default, or name it in the layout");
            }
        }
        return new Target(shown, List.copyOf(cells.values()));
    }

    /** Empty where a column is not there, or computed, that the layout does not read. */
    private static @Nullable Cell cell(
            LayoutSource.Fill fill, String shown, Columns found, @Nullable Integer row, Set<Identifier> read) {
        RecordColumn<InferenceRecord, InferenceRecord.Builder> field = FIELDS.get(fill.logical());
        if (field == null || row == null) {
            return null;
        }
        String kind = found.textAt(found.indexOf("kind"), row);
        if (!kind.isEmpty() && !kind.equals("DEFAULT")) {
            if (!read.contains(fill.column())) {
                return null;
            }
            throw BudMetricsException.invalidConfiguration(
                    "column " + fill.column() + " of " + shown + " is " + kind + " and cannot be written for "
                            + fill.logical() + "; leave it out of the layout that is written by");
        }
        StoredForm form = StoredForm.of(fill, shown, found.textAt(found.indexOf("type"), row));
        return new Cell(fill.column(), field, form);
    }

    /**
     * Whether rows of an inference that is written again count once.
     *
     * @return false when the layout counts each row of its table
     */
    public boolean repeatable() {
        return repeatable;
    }

    /**
     * Stores the records.
     *
     * @param records what to write, in any order; not changed by anybody during the call
     * @return how many records were written: all of them
     * @throws BudMetricsException when one was not, or not for sure. Writing all of them again is safe where the layout
     *     reads rows of one inference once
     */
    @CanIgnoreReturnValue
    public long write(Collection<InferenceRecord> records) {
        records.forEach(row -> Objects.requireNonNull(row, "a record is null"));
        long written = 0;
        for (Target target : records.isEmpty() ? List.<Target>of() : targets) {
            written = insert(target, records);
        }
        return written;
    }

    private long insert(Target target, Collection<InferenceRecord> records) {
        String table = target.table();
        List<String> columns =
                target.cells().stream().map(cell -> cell.column().sql()).toList();
        String queryId = UUID.randomUUID().toString();
        InsertSettings settings = Inserts.settings(queryId, "budmetrics-" + queryId, TIMEOUT);
        String names = table + " " + String.join(" ", columns);
        return driver.call("insert into " + table, names, TIMEOUT, queryId, client -> {
            Inserts.send(
                    client, table, columns, out -> rows(target, records, out), ClickHouseFormat.TabSeparated, settings);
            return (long) records.size();
        });
    }

    private static void rows(Target target, Collection<InferenceRecord> records, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        StringBuilder line = new StringBuilder();
        for (InferenceRecord row : records) {
            line.setLength(0);
            Instant arrival = row.requestArrivalTime();
            String separator = "";
            for (Cell cell : target.cells()) {
                line.append(separator);
                separator = "\t";
                cell.form().append(cell.field().value(row), arrival, line);
            }
            writer.append(line.append('\n'));
        }
        writer.flush();
    }

    /** Cuts off what is under way; the caller's data source stays open. */
    @Override
    public void close() {
        driver.close();
    }
}
