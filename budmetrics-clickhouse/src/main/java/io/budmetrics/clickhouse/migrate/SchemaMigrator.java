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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Brings the tables of the library to a server and up to date, and records in the table
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
     * A migrator for the database of the connection, with the library's choices: rows stay, columns are compressed as
     * the library states it.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one, whose user may create and alter tables; it
     *     stays the caller's
     * @return the migrator
     */
    public static SchemaMigrator over(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /**
     * Starts a migrator with choices of the installation.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one, whose user may create and alter tables; it
     *     stays the caller's
     * @return a new builder
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * What {@link #migrate} would run now. Reads the catalogue of the server and changes nothing.
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

    private FoundSchema read(DriverClient driver) {
        return FoundSchema.read(driver, plan.schema(), plan.database());
    }

    private <T> T ask(Function<DriverClient, T> work) {
        try (DriverClient driver = DriverClient.over(dataSource)) {
            if (!waitForServer.isZero()) {
                awaitServer(driver);
            }
            return work.apply(driver);
        }
    }

    private void awaitServer(DriverClient driver) {
        StatementOptions options = StatementOptions.within(PROBE);
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

    /** Collects a {@link SchemaMigrator}. Every method changes this builder and returns it; not thread-safe. */
    public static final class Builder {
        private static final Pattern DATABASE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
        private static final Duration SHORTEST = Duration.ofDays(1);
        private static final Duration LONGEST = Duration.ofDays(36_525);
        private static final Duration LONGEST_WAIT = Duration.ofDays(1);

        private final DataSource dataSource;
        private final Map<String, String> codecs = new HashMap<>();
        private Schema schema = Schema.current();
        private String database = "";
        private long retentionDays;
        private Duration waitForServer = Duration.ZERO;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource is null");
        }

        /** Another history than the library's own, to try what a history can go through. */
        @CanIgnoreReturnValue
        Builder schema(Schema newSchema) {
            schema = newSchema;
            return this;
        }

        /**
         * The database that the tables lie in, instead of that of the connection. It is created when it is missing.
         * Writers and questions go to the database of their connection, so let theirs begin in it.
         *
         * @param newDatabase a plain identifier: letters, digits and underscores, not beginning with a digit
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is anything else
         */
        @CanIgnoreReturnValue
        public Builder database(String newDatabase) {
            if (!DATABASE.matcher(newDatabase).matches()) {
                throw BudMetricsException.invalidConfiguration(
                        "database is no plain identifier: give letters, digits and"
                                + " underscores, or leave it out and let the connection name the database");
            }
            database = newDatabase;
            return this;
        }

        /**
         * How long rows stay, counted from the arrival of the request; without it they stay for ever. Rows go by whole
         * parts, so the last rows of a month take the first ones with them, up to a month late; nothing is rewritten.
         *
         * @param newRetention whole days, from 1 to 36,525
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is anything else
         */
        @CanIgnoreReturnValue
        public Builder retention(Duration newRetention) {
            if (newRetention.compareTo(SHORTEST) < 0
                    || newRetention.compareTo(LONGEST) > 0
                    || !newRetention.equals(Duration.ofDays(newRetention.toDays()))) {
                throw BudMetricsException.invalidConfiguration("retention is " + newRetention
                        + ": give whole days from 1 to 36,525, such as Duration.ofDays(90), or leave it out");
            }
            retentionDays = newRetention.toDays();
            return this;
        }

        /**
         * How a column is compressed, instead of the library's choice. What is stored already is compressed anew when
         * the server next merges it.
         *
         * @param column a column of <code>InferenceFact</code>
         * @param codec as {@link Column#withCodec} takes it, such as <code>ZSTD(9)</code>
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when the table has no such column or the codec is none
         */
        @CanIgnoreReturnValue
        public Builder codec(Column column, String codec) {
            if (!InferenceFact.columns().contains(column)) {
                throw BudMetricsException.invalidConfiguration("codec is given for the column " + column.name()
                        + ", which InferenceFact does not have: take a constant of InferenceFact");
            }
            codecs.put(column.name(), column.withCodec(codec).codec());
            return this;
        }

        /**
         * How long to wait for a server that does not answer yet, since it is still starting. Without it, such a server
         * is an error at once.
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
                        + ": give more than zero and at most a day, such as Duration.ofSeconds(30)");
            }
            waitForServer = newWaitForServer;
            return this;
        }

        /**
         * Finishes.
         *
         * @return the migrator; nothing is sent yet
         */
        public SchemaMigrator build() {
            return new SchemaMigrator(
                    dataSource, new SchemaPlan(schema, database, retentionDays, codecs), waitForServer);
        }
    }
}
