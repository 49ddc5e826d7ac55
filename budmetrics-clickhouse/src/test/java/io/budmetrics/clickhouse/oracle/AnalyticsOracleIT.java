package io.budmetrics.clickhouse.oracle;

import io.budmetrics.clickhouse.fixture.ClickHouseExtension;
import io.budmetrics.clickhouse.fixture.TestServer;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random questions about random traffic, answered by the engine and by the oracle. More of them:
 * <code>-Dbudmetrics.oracle.tables=1000</code>; others: <code>-Dbudmetrics.oracle.seed=7000</code>; one alone: its seed
 * and <code>-Dbudmetrics.oracle.tables=1</code>.
 */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AnalyticsOracleIT {
    private static final int TABLES = Integer.getInteger("budmetrics.oracle.tables", 60);
    private static final int QUESTIONS = Integer.getInteger("budmetrics.oracle.questions", 10);
    private static final long FIRST_SEED = Long.getLong("budmetrics.oracle.seed", 1);

    private TrafficTable table;

    @BeforeAll
    void createTable(TestServer server) {
        table = TrafficTable.in(server.newDatabase().dataSource());
    }

    @AfterAll
    void close() {
        table.close();
    }

    static List<Long> seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + TABLES).boxed().toList();
    }

    @ParameterizedTest(name = "table {0}")
    @MethodSource("seeds")
    void theEngineAnswersAsTheOracleDoes(long seed) {
        table.hold(RandomTraffic.table(seed));
        for (int serial = 0; serial < QUESTIONS; serial++) {
            table.verified(
                    "table seed " + seed + ", question " + serial, RandomQuestions.question(1000 * seed + serial));
        }
    }
}
