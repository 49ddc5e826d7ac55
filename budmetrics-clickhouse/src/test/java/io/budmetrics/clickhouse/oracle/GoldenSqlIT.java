package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.GoldenQuestions;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden file is executed by the engine, on rows that lie in its range, and gives the right numbers. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GoldenSqlIT {
    private TrafficTable table;

    @BeforeAll
    void createTable(TestServer server) {
        table = TrafficTable.in(server.newDatabase().dataSource());
        long shift = OracleRow.micros(java.time.Instant.parse("2026-01-05T00:30:00Z"))
                - OracleRow.micros(RandomTraffic.CENTRE);
        List<OracleRow> rows = new ArrayList<>();
        for (long seed = 1; seed <= 8; seed++) {
            for (OracleRow row : RandomTraffic.table(seed)) {
                rows.add(row.movedBy(shift));
            }
        }
        table.hold(rows);
    }

    @AfterAll
    void close() {
        table.close();
    }

    static List<String> names() {
        return List.copyOf(GoldenQuestions.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void theEngineExecutesTheGoldenFileAndItsNumbersAreRight(String name) throws IOException {
        AnalyticsQuestion question =
                Objects.requireNonNull(GoldenQuestions.all().get(name));
        SqlStatement<?> statement = question.statement(SqlContext.of(Layout.inferenceFact()));
        try (InputStream file =
                Objects.requireNonNull(GoldenQuestions.class.getResourceAsStream("/golden/" + name + ".sql"))) {
            assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8)).startsWith(statement.sql() + "\n");
        }
        assertThat(table.verified(name, question).rows()).isNotNull();
    }
}
