package io.budmetrics.clickhouse.migrate;

import io.budmetrics.clickhouse.internal.DriverClient;
import io.budmetrics.clickhouse.internal.StatedSettings;
import io.budmetrics.clickhouse.internal.StatementOptions;
import io.budmetrics.error.BudMetricsException;
import javax.sql.DataSource;

/** How everything here reaches the server: with the settings that it rests on. */
final class SchemaAccess {
    private SchemaAccess() {}

    /** Over the database of the connection. */
    static DriverClient open(DataSource dataSource) {
        return open(dataSource, "");
    }

    /** Over tables of a database; empty for the database of the connection. */
    static DriverClient open(DataSource dataSource, String database) {
        return DriverClient.over(dataSource, StatementOptions.defaults().stating(settings(database)));
    }

    /** What migrations and comparisons rest on. */
    static StatedSettings settings(String database) {
        return StatedSettings.ofSchema();
    }

    /** The error, with what to do about it. */
    static BudMetricsException explained(BudMetricsException failure, DataSource dataSource) {
        return failure;
    }
}
