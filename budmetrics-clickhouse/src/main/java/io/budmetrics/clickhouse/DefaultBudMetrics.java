package io.budmetrics.clickhouse;

import io.budmetrics.clickhouse.internal.DriverClient;
import io.budmetrics.clickhouse.internal.StatementOptions;
import io.budmetrics.result.Columns;
import io.budmetrics.sql.SqlStatement;
import java.time.Clock;
import java.util.Objects;

/** The client: it knows no metric and no table. */
final class DefaultBudMetrics implements BudMetrics {
    private final DriverClient client;
    private final StatementOptions options;
    private final Clock clock;

    DefaultBudMetrics(DriverClient client, StatementOptions options, Clock clock) {
        this.client = client;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public <R> R execute(SqlStatement<R> statement) {
        Objects.requireNonNull(statement, "statement is null");
        Columns columns = client.query("question", statement.sql(), statement.parameters(), options);
        return statement.read(columns);
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return "BudMetrics[" + client + ", " + clock.getZone() + "]";
    }
}
