package io.budmetrics.clickhouse.migrate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.internal.call.StatementOptions;
import io.budmetrics.clickhouse.internal.call.StatementRequest;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Schema;
import io.budmetrics.schema.Table;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Creates the tables of the library at a server and brings them up to date, and records in the table
 * <code>BudMetricsMigration</code> what it did. It changes no table that it did not create: a table of the same name
 * that its record does not know is refused before anything is changed.
 *
 * <p>A step is recorded before its statements run and again when they have run, and every statement may be run twice, so
 * a migration that was cut off is completed by the next, and two that run at once end as one does.
 *
 * <p>What an installation chooses is part of what is expected: how long rows stay, and how columns are compressed. Each
 * migration brings the table to exactly what its migrator was built with, so give all migrators of a database the same
 * options. Safe for use by several threads at a time.
 */
public final class SchemaMigrator {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PROBE = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final SchemaPlan plan;
    private final Duration waitForServer;

    private SchemaMigrator(DataSource dataSource, SchemaPlan plan, Duration waitForServer) {
        this.dataSource = dataSource;
        this.plan = plan;
        this.waitForServer = waitForServer;
    }

    /**
     * Returns a migrator for the database of the connection, with the library's defaults: rows are kept, and columns are
     * compressed as the library describes them.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one, whose user may create and alter tables; it
     *     stays the caller's
     * @return the migrator
     */
    public static SchemaMigrator over(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /**
     * Returns a builder for a migrator with other options than the library's.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one, whose user may create and alter tables; it
     *     stays the caller's
     * @return a new builder
     */
    public static Builder builder(DataSource dataSource) {
        return builder(dataSource, Schema.current());
    }

    /** A migrator of another schema than the library's, to test what a schema may become. */
    static Builder builder(DataSource dataSource, Schema schema) {
        return new Builder(dataSource, schema);
    }

    /**
     * Returns what {@link #migrate} would run now. Reads the catalogue of the server and changes nothing.
     *
     * @return SQL statements in order; empty when nothing is to be done
     * @throws BudMetricsException SCHEMA_MISMATCH when a table of our name is not ours, a recorded step differs from the
     *     library's, or the database is newer than the library; another code when the server cannot be asked
     */
    public List<String> plan() {
        return ask(driver -> plan.statements(read(driver)));
    }

    /**
     * Brings the database to the library's schema and the chosen options. Does nothing when it is there already.
     *
     * @return the SQL statements that were run, in order
     * @throws BudMetricsException as {@link #plan} does, and then nothing was changed; or when a statement fails, and
     *     then calling again continues
     */
    @CanIgnoreReturnValue
    public List<String> migrate() {
        return ask(driver -> {
            List<String> statements = plan.statements(read(driver));
            for (String statement : statements) {
                driver.execute(statement);
            }
            return statements;
        });
    }

    /**
     * Compares the server with what this migrator expects: recorded steps, tables, engines, keys, TTL, settings, columns
     * with type, default and codec, and indexes. Changes nothing. The order of the columns does not matter.
     *
     * @return every difference; empty when there is none
     * @throws BudMetricsException when the server cannot be asked
     */
    public List<SchemaDifference> verify() {
        return ask(driver -> plan.differences(read(driver)));
    }

    /**
     * Throws if {@link #verify} finds a difference, for a service that should then not start and that may not migrate
     * itself.
     *
     * @throws BudMetricsException SCHEMA_MISMATCH that tells what to do when a step was not applied, the database is newer
     *     than the library, or anything else differs; another code when the server cannot be asked
     */
    public void require() {
        ask(driver -> {
            plan.require(read(driver));
            return true;
        });
    }

    private FoundSchema read(DriverClient driver) {
        return FoundSchema.read(driver, plan.schema(), plan.database());
    }

    @CanIgnoreReturnValue
    private <T> T ask(Function<DriverClient, T> work) {
        try (DriverClient driver = SchemaAccess.open(dataSource, plan.database())) {
            if (!waitForServer.isZero()) {
                awaitServer(driver);
            }
            return work.apply(driver);
        } catch (BudMetricsException e) {
            throw SchemaAccess.explained(e, dataSource);
        }
    }

    private void awaitServer(DriverClient driver) {
        StatementOptions options = StatementOptions.within(PROBE).stating(SchemaAccess.settings(plan.database()));
        long deadline = System.nanoTime() + waitForServer.toNanos();
        while (true) {
            try {
                if (driver.query(StatementRequest.of("probe", "SELECT 1", List.of(), options))
                                .columns()
                                .rowCount()
                        == 1) {
                    return;
                }
            } catch (BudMetricsException e) {
                boolean starting = e.retryable() || e.code() == ErrorCode.QUERY_TIMEOUT;
                if (!starting || System.nanoTime() >= deadline) {
                    throw e;
                }
            }
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw BudMetricsException.of(
                        ErrorCode.QUERY_CANCELLED, "the thread was interrupted while it waited for the server");
            }
        }
    }

    /** Builder for {@link SchemaMigrator}. Every method changes this builder and returns it; not thread-safe. */
    public static final class Builder {
        private static final Pattern DATABASE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
        private static final Duration SHORTEST = Duration.ofDays(1);
        private static final Duration LONGEST = Duration.ofDays(36_525);
        private static final Duration LONGEST_WAIT = Duration.ofDays(1);

        private final DataSource dataSource;
        private final Schema schema;
        private StorageChoices choices = StorageChoices.NONE;
        private String database = "";
        private Duration waitForServer = Duration.ZERO;

        private Builder(DataSource dataSource, Schema schema) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource is null");
            this.schema = schema;
        }

        /**
         * Sets the database of the tables, instead of that of the connection. It is created when it is missing. Writers and
         * questions go to the database of their connection, so let theirs begin in it.
         *
         * @param newDatabase a plain identifier: letters, digits and underscores, not beginning with a digit
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is anything else
         */
        @CanIgnoreReturnValue
        public Builder database(String newDatabase) {
            if (!DATABASE.matcher(newDatabase).matches()) {
                throw BudMetricsException.invalidConfiguration(
                        "database is not a plain identifier; give letters, digits and"
                                + " underscores, or leave it out and let the connection name the database");
            }
            database = newDatabase;
            return this;
        }

        /**
         * Sets how long rows are kept in every table whose rows have an age, counted from the time of the row, which is the
         * arrival of the request in <code>InferenceFact</code>; without it they are kept for ever. Rows go by whole parts,
         * so the last rows of a month take the first ones with them, up to a month late; nothing is rewritten.
         *
         * @param newRetention whole days, from 1 to 36,525
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is anything else
         */
        @CanIgnoreReturnValue
        public Builder retention(Duration newRetention) {
            requireDays(newRetention);
            for (Table table : schema.tables()) {
                if (table.time().isPresent()) {
                    choices = choices.withRetention(table, newRetention);
                }
            }
            return this;
        }

        /**
         * Sets how long the rows of one table are kept, as {@link #retention(Duration)} does for all; the last call counts.
         *
         * @param table a table of the schema whose rows age, such as that of {@link InferenceFact#table()}
         * @param newRetention whole days, from 1 to 36,525
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is anything else, or the schema has no such table
         */
        @CanIgnoreReturnValue
        public Builder retention(Table table, Duration newRetention) {
            requireDays(newRetention);
            if (!schema.tables().contains(table) || table.time().isEmpty()) {
                throw BudMetricsException.invalidConfiguration(
                        "the table " + table.name()
                                + " of a retention is not a table of the schema whose rows age; give one such as InferenceFact.table()");
            }
            choices = choices.withRetention(table, newRetention);
            return this;
        }

        private static void requireDays(Duration retention) {
            if (retention.compareTo(SHORTEST) < 0
                    || retention.compareTo(LONGEST) > 0
                    || !retention.equals(Duration.ofDays(retention.toDays()))) {
                throw BudMetricsException.invalidConfiguration("retention is " + retention
                        + "; give whole days from 1 to 36,525, such as Duration.ofDays(90), or leave it out");
            }
        }

        /**
         * Sets how a column is compressed in every table that has it, instead of the library's choice. What is stored
         * already is compressed anew when the server next merges it.
         *
         * @param column a column of a table of the schema, such as a constant of {@link InferenceFact}
         * @param codec as {@link Column#withCodec} takes it, such as <code>ZSTD(9)</code>
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when no table has such a column or the codec is none
         */
        @CanIgnoreReturnValue
        public Builder codec(Column column, String codec) {
            List<Table> tables = schema.tables().stream()
                    .filter(table -> table.columns().contains(column))
                    .toList();
            if (tables.isEmpty()) {
                throw BudMetricsException.invalidConfiguration("the column " + column.name()
                        + " of a codec is in no table of the schema; give a constant of InferenceFact");
            }
            tables.forEach(table -> codec(table, column, codec));
            return this;
        }

        /**
         * Sets how a column of one table is compressed, as {@link #codec(Column, String)} does for all; the last call
         * counts.
         *
         * @param table a table of the schema, such as that of {@link InferenceFact#table()}
         * @param column a column of the table
         * @param codec as {@link Column#withCodec} takes it, such as <code>ZSTD(9)</code>
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when the schema has no such table, the table no such column, or
         *     the codec is none
         */
        @CanIgnoreReturnValue
        public Builder codec(Table table, Column column, String codec) {
            if (!schema.tables().contains(table) || !table.columns().contains(column)) {
                throw BudMetricsException.invalidConfiguration(
                        "the column " + column.name() + " of a codec is in no table " + table.name()
                                + " of the schema; give a table of the schema and one of its columns");
            }
            choices = choices.withCodec(table, column, column.withCodec(codec).codec());
            return this;
        }

        /**
         * Sets how long to wait for a server that does not answer yet because it is still starting. Without it, such a
         * server is an error at once.
         *
         * @param newWaitForServer more than zero, at most a day; the last error is thrown when it is over
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is anything else
         */
        @CanIgnoreReturnValue
        public Builder waitForServer(Duration newWaitForServer) {
            if (newWaitForServer.isNegative()
                    || newWaitForServer.isZero()
                    || newWaitForServer.compareTo(LONGEST_WAIT) > 0) {
                throw BudMetricsException.invalidConfiguration("waitForServer is " + newWaitForServer
                        + "; give more than zero and at most a day, such as Duration.ofSeconds(30)");
            }
            waitForServer = newWaitForServer;
            return this;
        }

        /**
         * Returns a migrator with these options; nothing is sent yet.
         *
         * @return the migrator
         */
        public SchemaMigrator build() {
            return new SchemaMigrator(dataSource, new SchemaPlan(schema, database, choices), waitForServer);
        }
    }
}
