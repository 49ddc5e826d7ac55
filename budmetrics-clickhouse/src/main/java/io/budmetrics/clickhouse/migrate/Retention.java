package io.budmetrics.clickhouse.migrate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.result.Columns;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Schema;
import io.budmetrics.sql.SqlParameter;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Removes old inferences by the month, at once and at next to no cost: a month is a partition, and a partition is
 * dropped as a whole. Never more than was asked for: a month that the cut-off lies in stays as it is.
 *
 * <pre>{@code
 * Retention.Drop drop = Retention.over(dataSource).dropBefore(Instant.parse("2026-01-01T00:00:00Z"));
 * System.out.println(drop.plan());
 * drop.apply();
 * }</pre>
 *
 * <p>For rows that go by themselves, see {@link SchemaMigrator.Builder#retention}. Immutable and safe for use by
 * several threads at a time.
 */
public final class Retention {
    private static final String TABLE = InferenceFact.table().name();
    private static final String ARRIVAL = InferenceFact.REQUEST_ARRIVAL_TIME.name();
    private static final DateTimeFormatter PARTITION = DateTimeFormatter.ofPattern("uuuuMM");

    private final DataSource dataSource;
    private final Clock clock;

    private Retention(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * For the table <code>InferenceFact</code> in the database of the connection.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one, whose user may alter the table; it stays
     *     the caller's
     * @return retention over that table
     */
    public static Retention over(DataSource dataSource) {
        return new Retention(Objects.requireNonNull(dataSource, "dataSource is null"), Clock.systemUTC());
    }

    /**
     * Inferences that arrived before a moment. Nothing is sent yet.
     *
     * @param cutOff the first moment that stays; not in the future
     * @return what to look at, and then to apply
     * @throws BudMetricsException INVALID_CONFIGURATION when the cut-off lies in the future, by the clock of this machine
     */
    public Drop dropBefore(Instant cutOff) {
        if (cutOff.isAfter(clock.instant())) {
            throw BudMetricsException.invalidConfiguration("the cut-off " + cutOff
                    + " lies in the future: give a moment that has passed; what arrived before it is dropped");
        }
        return new Drop(cutOff);
    }

    /** What a cut-off means for the table as it is. Immutable and safe for use by several threads at a time. */
    public final class Drop {
        private final Instant cutOff;

        private Drop(Instant cutOff) {
            this.cutOff = cutOff;
        }

        /**
         * What {@link #apply} would drop now, and what would stay. Changes nothing.
         *
         * @return the months on both sides
         * @throws BudMetricsException SCHEMA_MISMATCH when the table is not there, not ours, or newer than the library;
         *     another code when the server cannot be asked
         */
        public RetentionPlan plan() {
            try (DriverClient driver = DriverClient.over(dataSource)) {
                return Retention.plan(driver, cutOff);
            }
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
            try (DriverClient driver = DriverClient.over(dataSource)) {
                RetentionPlan plan = Retention.plan(driver, cutOff);
                plan.statements().forEach(driver::execute);
                return plan;
            }
        }
    }

    private static RetentionPlan plan(DriverClient driver, Instant cutOff) {
        SchemaPlan expected = new SchemaPlan(Schema.current(), "", 0, Map.of());
        FoundSchema found = FoundSchema.read(driver, expected.schema(), expected.database());
        expected.refuse(found);
        if (!found.tables().containsKey(TABLE)) {
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH, "there is no table " + TABLE + " in the database of the connection");
        }
        Columns parts = driver.query(
                "SELECT\n    partition_id,\n    sum(rows) AS row_count,\n    sum(bytes_on_disk) AS bytes"
                        + "\nFROM system.parts\nWHERE database = currentDatabase()\n  AND table = '" + TABLE + "'"
                        + "\n  AND active\nGROUP BY partition_id\nORDER BY partition_id",
                List.of());
        List<RetentionPlan.Month> drops = new ArrayList<>();
        List<RetentionPlan.Month> stays = new ArrayList<>();
        for (int row = 0; row < parts.rowCount(); row++) {
            YearMonth month = month(parts.textAt(parts.indexOf("partition_id"), row));
            long rows = parts.longAt(parts.indexOf("row_count"), row);
            long bytes = parts.longAt(parts.indexOf("bytes"), row);
            if (!begin(month.plusMonths(1)).isAfter(cutOff)) {
                drops.add(new RetentionPlan.Month(month, rows, rows, bytes));
            } else {
                long before = begin(month).isBefore(cutOff) ? rowsBefore(driver, month, cutOff) : 0;
                stays.add(new RetentionPlan.Month(month, rows, before, bytes));
            }
        }
        return new RetentionPlan(cutOff, drops, stays);
    }

    private static YearMonth month(String partition) {
        try {
            return YearMonth.parse(partition, PARTITION);
        } catch (DateTimeException e) {
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH, "a partition of " + TABLE + " is no month: it is not ours", e);
        }
    }

    private static Instant begin(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static long rowsBefore(DriverClient driver, YearMonth month, Instant cutOff) {
        Columns count = driver.query(
                "SELECT count() AS row_count\nFROM " + TABLE + "\nWHERE " + ARRIVAL
                        + " >= {month:DateTime64(6, 'UTC')}\n  AND " + ARRIVAL + " < {cut_off:DateTime64(6, 'UTC')}",
                List.of(SqlParameter.of("month", begin(month)), SqlParameter.of("cut_off", cutOff)));
        return count.longAt(count.indexOf("row_count"), 0);
    }

    static String statement(YearMonth month) {
        return "ALTER TABLE " + TABLE + " DROP PARTITION ID '" + PARTITION.format(month) + "'";
    }
}
