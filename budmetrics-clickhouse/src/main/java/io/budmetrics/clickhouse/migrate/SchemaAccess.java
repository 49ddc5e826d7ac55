package io.budmetrics.clickhouse.migrate;

import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.internal.call.StatedSettings;
import io.budmetrics.clickhouse.internal.call.StatementOptions;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** How everything here reaches the server: with the settings that it rests on, and from a database that exists. */
final class SchemaAccess {
    private static final int UNKNOWN_DATABASE = 81;

    /** The database that every server has. */
    private static final String SYSTEM = "system";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private SchemaAccess() {}

    /** Over the database of the connection. */
    static DriverClient open(DataSource dataSource) {
        return open(dataSource, "");
    }

    /** Over tables of a database that need not exist; empty for the database of the connection, which must. */
    static DriverClient open(DataSource dataSource, String database) {
        return DriverClient.over(dataSource, StatementOptions.defaults().stating(settings(database)));
    }

    /**
     * A server refuses every statement whose current database is missing, that which would create it too. Where the tables
     * lie in a database that is named in each statement, the current one is of no matter, so one is taken that is there.
     */
    static StatedSettings settings(String database) {
        return StatedSettings.ofSchema().in(database.isEmpty() ? "" : SYSTEM);
    }

    /** The error, with what to do when the database of the connection is missing. */
    static BudMetricsException explained(BudMetricsException failure, DataSource dataSource) {
        if (failure.serverCode().orElse(0) != UNKNOWN_DATABASE) {
            return failure;
        }
        String name = databaseOf(dataSource);
        String shown = PLAIN.matcher(name).matches() ? name : "";
        return BudMetricsException.of(
                        ErrorCode.SCHEMA_MISMATCH,
                        "the database" + (shown.isEmpty() ? "" : " " + shown)
                                + " that the connection names is missing; create it with"
                                + " SchemaMigrator.builder(dataSource).database("
                                + (shown.isEmpty() ? "name" : "\"" + shown + "\"")
                                + ").build().migrate(), or give another in the data source (CLICKHOUSE_DB_NAME where"
                                + " the environment configures it)",
                        failure)
                .forStatement(failure.queryId().orElse(""), UNKNOWN_DATABASE, false);
    }

    private static String databaseOf(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            String schema = connection.getSchema();
            return schema == null ? "" : schema;
        } catch (SQLException | RuntimeException e) {
            // a driver that asks the server for it gets no connection at all
            return "";
        }
    }
}
