package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.clickhouse.internal.ServerCode;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.Schema;
import io.budmetrics.sql.Columns;
import java.time.Duration;
import java.util.List;

/**
 * Keeps a writer off tables that a newer version of the library has changed, and off those that were not migrated to this
 * version yet. It asks once, before the first write: a writer that is at work while the tables are changed goes on, since
 * a change leaves the columns it knows alone or takes them away. Safe for use by many threads.
 */
public final class SchemaGuard {
    private static final String HISTORY = Schema.history().name();

    private final int known;
    private volatile boolean passed;

    /** Has not asked yet, and expects the schema of this version of the library. */
    public SchemaGuard() {
        this(Schema.current());
    }

    /**
     * Has not asked yet.
     *
     * @param schema what is expected
     */
    public SchemaGuard(Schema schema) {
        this.known = schema.version();
    }

    /**
     * Lets pass when the record at the server ends with the step that the library ends with, or when there is no record.
     *
     * @param driver asks the database of its connections
     * @param timeout the total time that asking may take
     * @throws BudMetricsException SCHEMA_MISMATCH when the tables are newer or older than the library; ACCESS_DENIED when the user
     *     may not read the record; another code when the server cannot be asked
     */
    public void requireKnown(DriverClient driver, Duration timeout) {
        if (passed) {
            return;
        }
        long version = version(driver, timeout);
        if (version > known) {
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the tables have migration step " + version + ", this library knows steps 1 to " + known
                            + " and does not write to them; use a newer version of the library");
        }
        if (version < known) {
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the tables have migration step " + version + ", this library needs step " + known
                            + "; run SchemaMigrator.migrate() with this version of the library before it writes");
        }
        passed = true;
    }

    private long version(DriverClient driver, Duration timeout) {
        try {
            Columns columns = driver.query(StatementRequest.of(
                            "schema check",
                            "SELECT max(version) AS version\nFROM " + HISTORY,
                            List.of(),
                            StatementOptions.within(timeout).stating(StatedSettings.ofSchema())))
                    .columns();
            return columns.longAt(columns.indexOf("version"), 0);
        } catch (BudMetricsException e) {
            if (e.serverCode().orElse(0) == ServerCode.UNKNOWN_TABLE.number()) {
                return known;
            }
            if (e.code() == ErrorCode.ACCESS_DENIED) {
                throw BudMetricsException.of(
                        ErrorCode.ACCESS_DENIED,
                        "the user may not read " + HISTORY + ", which tells whether this library may write;"
                                + " GRANT SELECT ON " + HISTORY + " to the writing user",
                        e);
            }
            throw e;
        }
    }
}
