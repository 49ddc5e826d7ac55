package io.budmetrics.clickhouse;

import io.budmetrics.clickhouse.internal.DriverClient;
import io.budmetrics.clickhouse.internal.StatementOptions;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.result.AnalyticsAnswer;
import io.budmetrics.result.Columns;
import io.budmetrics.sql.SqlCompiler;
import io.budmetrics.sql.SqlStatement;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** The client: it knows no metric and no table. */
final class DefaultBudMetrics implements BudMetrics {
    private final DriverClient client;
    private final StatementOptions options;
    private final SqlCompiler compiler;
    private final Clock clock;

    DefaultBudMetrics(DriverClient client, StatementOptions options, SqlCompiler compiler, Clock clock) {
        this.client = client;
        this.options = options;
        this.compiler = compiler;
        this.clock = clock;
    }

    @Override
    public AnalyticsAnswer execute(AnalyticsQuestion question) {
        Objects.requireNonNull(question, "question is null");
        AnalyticsQuestion pinned = question.asOf().isPresent()
                ? question
                : question.withAsOf(clock.instant().truncatedTo(ChronoUnit.MICROS));
        return execute(compiler.compile(pinned));
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
