package io.budmetrics.clickhouse.migrate;

import io.budmetrics.clickhouse.internal.DriverClient;
import io.budmetrics.error.BudMetricsException;
import javax.sql.DataSource;

/** How everything here reaches the server. */
final class SchemaAccess {
    private SchemaAccess() {}

    /** Over the database of the connection. */
    static DriverClient open(DataSource dataSource) {
        return open(dataSource, "");
    }

    /** Over tables of a database; empty for the database of the connection. */
    static DriverClient open(DataSource dataSource, String database) {
        return DriverClient.over(dataSource);
    }

    /** The error, with what to do about it. */
    static BudMetricsException explained(BudMetricsException failure, DataSource dataSource) {
        return failure;
    }
}
