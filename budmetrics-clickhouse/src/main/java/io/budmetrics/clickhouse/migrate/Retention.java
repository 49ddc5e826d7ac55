package io.budmetrics.clickhouse.migrate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Schema;
import io.budmetrics.schema.Table;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Removes old rows by the month, at once and at next to no cost: a month is a partition, and a partition is dropped as a
 * whole. Never more than was asked for: a month that the cut-off lies in stays as it is.
 *
 * <pre>{@code
 * Retention.Drop drop = Retention.over(dataSource).dropBefore(Instant.parse("2026-01-01T00:00:00Z"));
 * System.out.println(drop.plan());
 * drop.apply();
 * }</pre>
 *
 * <p>It takes the tables of the library whose rows have a time and that are partitioned by its month, and drops from them
 * by <code>ALTER TABLE ... DROP PARTITION ID</code>. For rows that go by themselves, see
 * {@link SchemaMigrator.Builder#retention}. Immutable and safe for use by several threads at a time.
 */
public final class Retention {
    private static final DateTimeFormatter PARTITION = DateTimeFormatter.ofPattern("uuuuMM");

    private final DataSource dataSource;
    private final Schema schema;
    private final Clock clock;

    private Retention(DataSource dataSource, Schema schema, Clock clock) {
        this.dataSource = dataSource;
        this.schema = schema;
        this.clock = clock;
    }

    /**
     * Returns retention over the tables of the library in the database of the connection.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one, whose user may alter the tables; it stays
     *     the caller's
     * @return retention over those tables
     */
    public static Retention over(DataSource dataSource) {
        return over(dataSource, Schema.current());
    }

    /** Over the tables of another schema than the library's, to test what a schema may become. */
    static Retention over(DataSource dataSource, Schema schema) {
        return new Retention(Objects.requireNonNull(dataSource, "dataSource is null"), schema, Clock.systemUTC());
    }

    /**
     * Prepares to drop, from every table, the rows from before a moment. Nothing is sent yet.
     *
     * @param cutOff the first moment that stays; not in the future
     * @return what to look at, and then to apply
     * @throws BudMetricsException INVALID_CONFIGURATION when the cut-off lies in the future, by the clock of this machine
     */
    public Drop dropBefore(Instant cutOff) {
        requirePast(cutOff);
        return new Drop(schema.tables().stream().filter(Retention::byMonth).toList(), cutOff);
    }

    /**
     * Prepares to drop, from one table, the rows from before a moment. Nothing is sent yet.
     *
     * @param table a table of the library that is partitioned by month, such as that of {@link InferenceFact#table()}
     * @param cutOff the first moment that stays; not in the future
     * @return what to look at, and then to apply
     * @throws BudMetricsException INVALID_CONFIGURATION when the cut-off lies in the future, by the clock of this machine,
     *     or the library has no such table
     */
    public Drop dropBefore(Table table, Instant cutOff) {
        requirePast(cutOff);
        if (!schema.tables().contains(table) || !byMonth(table)) {
            throw BudMetricsException.invalidConfiguration(
                    "the table " + table.name()
                            + " is not a table of the schema that is partitioned by month; give one such as InferenceFact.table()");
        }
        return new Drop(List.of(table), cutOff);
    }

    private void requirePast(Instant cutOff) {
        if (cutOff.isAfter(clock.instant())) {
            throw BudMetricsException.invalidConfiguration(
                    "the cut-off " + cutOff + " lies in the future; give a moment that has passed");
        }
    }

    private static boolean byMonth(Table table) {
        return table.time()
                .map(time -> table.partitionBy().equals("toYYYYMM(" + time.name() + ")"))
                .orElse(false);
    }

    /**
     * The months that a cut-off drops, for the tables as they are now. Immutable and safe for use by several threads at a
     * time.
     */
    public final class Drop {
        private final List<Table> tables;
        private final Instant cutOff;

        private Drop(List<Table> tables, Instant cutOff) {
            this.tables = tables;
            this.cutOff = cutOff;
        }

        /**
         * Returns what {@link #apply} would drop now, and what would be kept. Changes nothing.
         *
         * @return the months on both sides
         * @throws BudMetricsException SCHEMA_MISMATCH when a table is not there, not ours, or newer than the library;
         *     another code when the server cannot be asked
         */
        public RetentionPlan plan() {
            return asked(false);
        }

        /**
         * Drops every month that ended before the cut-off. When it is cut off itself, months may be left, and applying
         * again drops them.
         *
         * @return what was dropped, and what stayed
         * @throws BudMetricsException as {@link #plan} does, and then nothing was dropped; or when the server refuses to
         *     drop a month, and then those before it are gone
         */
        @CanIgnoreReturnValue
        public RetentionPlan apply() {
            return asked(true);
        }

        private RetentionPlan asked(boolean dropping) {
            try (DriverClient driver = SchemaAccess.open(dataSource)) {
                RetentionPlan plan = Retention.plan(driver, schema, tables, cutOff);
                if (dropping) {
                    plan.statements().forEach(driver::execute);
                }
                return plan;
            } catch (BudMetricsException e) {
                throw SchemaAccess.explained(e, dataSource);
            }
        }
    }

    private static RetentionPlan plan(DriverClient driver, Schema schema, List<Table> tables, Instant cutOff) {
        SchemaPlan expected = new SchemaPlan(schema, "", StorageChoices.NONE);
        FoundSchema found = FoundSchema.read(driver, schema, expected.database());
        expected.refuse(found);
        List<RetentionPlan.Month> drops = new ArrayList<>();
        List<RetentionPlan.Month> stays = new ArrayList<>();
        for (Table table : tables) {
            if (!found.tables().containsKey(table.name())) {
                throw BudMetricsException.of(
                        ErrorCode.SCHEMA_MISMATCH,
                        "the table " + table.name() + " is missing in the database of the connection; run"
                                + " SchemaMigrator.migrate() with this version of the library");
            }
            for (RetentionPlan.Month month : months(driver, table, cutOff)) {
                boolean over = !begin(month.month().plusMonths(1)).isAfter(cutOff);
                (over ? drops : stays).add(month);
            }
        }
        return new RetentionPlan(cutOff, drops, stays);
    }

    private static List<RetentionPlan.Month> months(DriverClient driver, Table table, Instant cutOff) {
        Columns parts = driver.query(
                "SELECT\n    partition_id,\n    sum(rows) AS row_count,\n    sum(bytes_on_disk) AS bytes"
                        + "\nFROM system.parts\nWHERE database = currentDatabase()\n  AND table = {table:String}"
                        + "\n  AND active\nGROUP BY partition_id\nORDER BY partition_id",
                List.of(SqlParameter.of("table", table.name())));
        List<RetentionPlan.Month> months = new ArrayList<>();
        for (int row = 0; row < parts.rowCount(); row++) {
            YearMonth month = month(table, parts.textAt(parts.indexOf("partition_id"), row));
            long rows = parts.longAt(parts.indexOf("row_count"), row);
            long before = rows;
            if (begin(month.plusMonths(1)).isAfter(cutOff)) {
                before = begin(month).isBefore(cutOff) ? rowsBefore(driver, table, month, cutOff) : 0;
            }
            long bytes = parts.longAt(parts.indexOf("bytes"), row);
            months.add(new RetentionPlan.Month(table.name(), month, rows, before, bytes));
        }
        return months;
    }

    private static YearMonth month(Table table, String partition) {
        try {
            return YearMonth.parse(partition, PARTITION);
        } catch (DateTimeException e) {
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH,
                    "a partition of " + table.name() + " is not a month, so the table is not the library's",
                    e);
        }
    }

    private static Instant begin(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static long rowsBefore(DriverClient driver, Table table, YearMonth month, Instant cutOff) {
        String time = table.time().orElseThrow().name();
        Columns count = driver.query(
                "SELECT count() AS row_count\nFROM " + table.name() + "\nWHERE " + time
                        + " >= {month:DateTime64(6, 'UTC')}\n  AND " + time + " < {cut_off:DateTime64(6, 'UTC')}",
                List.of(SqlParameter.of("month", begin(month)), SqlParameter.of("cut_off", cutOff)));
        return count.longAt(count.indexOf("row_count"), 0);
    }

    static String statement(RetentionPlan.Month month) {
        return "ALTER TABLE " + month.table() + " DROP PARTITION ID '" + PARTITION.format(month.month()) + "'";
    }
}
