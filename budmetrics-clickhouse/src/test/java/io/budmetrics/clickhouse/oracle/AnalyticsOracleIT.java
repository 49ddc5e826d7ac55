package io.budmetrics.clickhouse.oracle;

import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random questions about random traffic, answered by the engine and by the oracle: 1,160 in a build. 204,160 of them:
 * <code>-Prandom-questions</code>; others: <code>-Dbudmetrics.oracle.seed=7000</code>; one alone: its seed and
 * <code>-Dbudmetrics.oracle.tables=1</code>.
 */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
final class AnalyticsOracleIT {
    private static final int TABLES = Integer.getInteger("budmetrics.oracle.tables", 8);
    private static final int QUESTIONS = Integer.getInteger("budmetrics.oracle.questions", 58);
    private static final long FIRST_SEED = Long.getLong("budmetrics.oracle.seed", 1);

    /** Compiling a question to machine code takes the engine longer than answering it, so it does so for few. */
    private static final int TABLES_PER_COMPILING = 10;

    private static final Map<String, String> INTERPRET = Map.of(
            "compile_expressions", "0",
            "compile_aggregate_expressions", "0",
            "compile_sort_description", "0");

    /** Two, so that the oracle has work while the engine has. */
    private final BlockingQueue<TrafficTable> compiling = new ArrayBlockingQueue<>(2);

    private final BlockingQueue<TrafficTable> interpreting = new ArrayBlockingQueue<>(2);

    @BeforeAll
    void createTables(TestServer server) {
        while (compiling.remainingCapacity() > 0) {
            compiling.add(TrafficTable.in(server.newDatabase().dataSource()));
            interpreting.add(TrafficTable.in(server.newDatabase().dataSource(INTERPRET)));
        }
    }

    @AfterAll
    void close() {
        compiling.forEach(TrafficTable::close);
        interpreting.forEach(TrafficTable::close);
    }

    static List<Long> seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + TABLES).boxed().toList();
    }

    @ParameterizedTest(name = "table {0}")
    @MethodSource("seeds")
    void theEngineAnswersAsTheOracleDoes(long seed) throws InterruptedException {
        verify(
                "table seed " + seed,
                seed,
                RandomTraffic.table(seed),
                serial -> RandomQuestions.question(1000 * seed + serial));
    }

    /** Moments at which the clock of a zone was set, mostly in an unusual way. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-10-26T01:00:00Z",
        "America/St_Johns, 2006-10-29T02:31:00Z",
        "America/Sao_Paulo, 2018-11-04T03:00:00Z",
        "America/Caracas, 2016-05-01T07:00:00Z",
        "Australia/Lord_Howe, 2026-04-04T15:00:00Z",
        "Pacific/Apia, 2011-12-30T10:00:00Z",
        "Pacific/Kwajalein, 1993-08-21T12:00:00Z",
        "Asia/Kathmandu, 1985-12-31T18:30:00Z",
        "Asia/Pyongyang, 2015-08-14T15:00:00Z",
        "Asia/Tehran, 1977-10-20T20:00:00Z",
        "Africa/Monrovia, 1972-01-07T00:44:30Z",
        "Antarctica/Troll, 2026-03-29T01:00:00Z"
    })
    void theEngineAnswersAsTheOracleDoesWhereTheClockIsSet(ZoneId zone, Instant moment) throws InterruptedException {
        long shift = OracleRow.micros(moment) - OracleRow.micros(RandomTraffic.CENTRE);
        for (long seed = FIRST_SEED; seed < FIRST_SEED + (TABLES + 9) / 10; seed++) {
            // no zone is asked what another was
            long own = Objects.hash(zone.getId(), seed);
            List<OracleRow> rows = RandomTraffic.table(own).stream()
                    .map(row -> row.movedBy(shift))
                    .filter(row -> row.arrival() >= 0 && (row.forward() == null || row.forward() >= 0))
                    .toList();
            verify(
                    zone + ", table seed " + seed,
                    seed,
                    rows,
                    serial -> RandomQuestions.question(1000 * own + serial, moment, zone));
        }
    }

    private void verify(String name, long seed, List<OracleRow> rows, IntFunction<AnalyticsQuestion> questions)
            throws InterruptedException {
        BlockingQueue<TrafficTable> tables = Math.floorMod(seed, TABLES_PER_COMPILING) == 0 ? compiling : interpreting;
        TrafficTable table = tables.take();
        try {
            table.hold(rows);
            for (int serial = 0; serial < QUESTIONS; serial++) {
                table.verified(name + ", question " + serial, questions.apply(serial));
            }
        } finally {
            tables.add(table);
        }
    }
}
