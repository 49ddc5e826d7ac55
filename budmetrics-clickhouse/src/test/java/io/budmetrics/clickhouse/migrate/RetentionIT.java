package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.sql.Columns;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClickHouseExtension.class)
final class RetentionIT {
    private TestServer database;
    private DriverClient driver;
    private Retention retention;

    @BeforeEach
    void newDatabase(TestServer server) {
        database = server.newDatabase();
        driver = DriverClient.over(database.dataSource());
        retention = Retention.over(database.dataSource());
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void write(String... arrivals) {
        List<InferenceRecord> records = new ArrayList<>();
        for (String arrival : arrivals) {
            records.add(InferenceRecord.builder()
                    .inferenceId(UUID.randomUUID())
                    .requestArrivalTime(Instant.parse(arrival))
                    .build());
        }
        try (InferenceWriter writer = InferenceWriter.over(database.dataSource())) {
            writer.write(records);
        }
    }

    private List<String> arrivals() {
        Columns columns = driver.query(
                "SELECT toString(request_arrival_time) AS arrival FROM InferenceFact ORDER BY arrival", List.of());
        List<String> arrivals = new ArrayList<>();
        for (int row = 0; row < columns.rowCount(); row++) {
            arrivals.add(columns.textAt(0, row));
        }
        return arrivals;
    }

    private static List<YearMonth> months(List<RetentionPlan.Month> months) {
        return months.stream().map(RetentionPlan.Month::month).toList();
    }

    @Test
    void onlyMonthsThatEndedBeforeTheCutOffAreDropped() {
        SchemaMigrator.over(database.dataSource()).migrate();
        write(
                "2025-11-30T23:59:59.999999Z",
                "2025-12-01T00:00:00Z",
                "2025-12-31T23:59:59.999999Z",
                "2026-01-01T00:00:00Z",
                "2026-01-15T11:59:59.999999Z",
                "2026-01-15T12:00:00Z",
                "2026-02-01T00:00:00Z");
        Instant cutOff = Instant.parse("2026-01-15T12:00:00Z");
        Retention.Drop drop = retention.dropBefore(cutOff);

        RetentionPlan plan = drop.plan();

        assertThat(plan.cutOff()).isEqualTo(cutOff);
        assertThat(months(plan.drops())).containsExactly(YearMonth.of(2025, 11), YearMonth.of(2025, 12));
        assertThat(months(plan.stays())).containsExactly(YearMonth.of(2026, 1), YearMonth.of(2026, 2));
        assertThat(plan.drops()).extracting(RetentionPlan.Month::rows).containsExactly(1L, 2L);
        assertThat(plan.stays()).extracting(RetentionPlan.Month::rowsBefore).containsExactly(2L, 0L);
        assertThat(plan.droppedRows()).isEqualTo(3);
        assertThat(plan.droppedBytes()).isPositive();
        assertThat(plan.rowsBeforeThatStay()).isEqualTo(2);
        assertThat(plan.statements())
                .containsExactly(
                        "ALTER TABLE InferenceFact DROP PARTITION ID '202511'",
                        "ALTER TABLE InferenceFact DROP PARTITION ID '202512'");
        assertThat(plan.toString())
                .contains("drops InferenceFact 2025-11: 1 rows")
                .contains("keeps InferenceFact 2026-01: 3 rows")
                .contains("2 of the rows before the cut-off");
        assertThat(arrivals()).hasSize(7);

        assertThat(drop.apply()).isEqualTo(plan);

        assertThat(arrivals())
                .containsExactly(
                        "2026-01-01 00:00:00.000000",
                        "2026-01-15 11:59:59.999999",
                        "2026-01-15 12:00:00.000000",
                        "2026-02-01 00:00:00.000000");
        assertThat(drop.apply().drops()).isEmpty();
    }

    @Test
    void theFirstMomentOfAMonthDropsTheMonthBefore() {
        SchemaMigrator.over(database.dataSource()).migrate();
        write("2025-12-31T23:59:59.999999Z", "2026-01-01T00:00:00Z");
        Instant first = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(retention.dropBefore(first.minusNanos(1)).plan().drops()).isEmpty();
        assertThat(retention.dropBefore(first.minusNanos(1)).plan().rowsBeforeThatStay())
                .isEqualTo(1);
        RetentionPlan applied = retention.dropBefore(first).apply();
        assertThat(months(applied.drops())).containsExactly(YearMonth.of(2025, 12));
        assertThat(applied.rowsBeforeThatStay()).isZero();
        assertThat(arrivals()).containsExactly("2026-01-01 00:00:00.000000");
    }

    @Test
    void everyTableWhoseRowsAgeIsDroppedFromOrOneAlone() {
        StepsOfATest.migrator(database.dataSource()).migrate();
        driver.execute("ALTER TABLE InferenceFact REMOVE TTL");
        driver.execute("ALTER TABLE Notes REMOVE TTL");
        driver.execute("INSERT INTO InferenceFact (inference_id, request_arrival_time) VALUES"
                + " (generateUUIDv4(), '2025-12-31 00:00:00'), (generateUUIDv4(), '2026-01-01 00:00:00')");
        driver.execute(
                "INSERT INTO Notes (id, written_at) VALUES (1, '2025-11-01 00:00:00'), (2, '2026-01-03 00:00:00')");
        Retention all = Retention.over(database.dataSource(), StepsOfATest.schema());
        Instant cutOff = Instant.parse("2026-01-02T00:00:00Z");

        assertThat(all.dropBefore(cutOff).plan().toString().replaceAll("[0-9]+ bytes", "some bytes"))
                .isEqualTo("""
                        Before 2026-01-02T00:00:00Z
                        drops InferenceFact 2025-12: 1 rows, some bytes
                        drops Notes 2025-11: 1 rows, some bytes
                        keeps InferenceFact 2026-01: 1 rows, some bytes, 1 of the rows before the cut-off
                        keeps Notes 2026-01: 1 rows, some bytes""");
        assertThat(all.dropBefore(StepsOfATest.notes(), cutOff).apply().statements())
                .containsExactly("ALTER TABLE Notes DROP PARTITION ID '202511'");
        assertThat(all.dropBefore(cutOff).apply().statements())
                .containsExactly("ALTER TABLE InferenceFact DROP PARTITION ID '202512'");
        assertThat(all.dropBefore(cutOff).plan().drops()).isEmpty();
        assertThatThrownBy(() -> retention.dropBefore(StepsOfATest.notes(), cutOff))
                .hasMessageContaining("the table Notes is not a table of the schema that is partitioned by month");
    }

    @Test
    void anEmptyTableHasNothingToDrop() {
        SchemaMigrator.over(database.dataSource()).migrate();
        RetentionPlan plan = retention.dropBefore(Instant.now()).plan();
        assertThat(plan.drops()).isEmpty();
        assertThat(plan.stays()).isEmpty();
        assertThat(plan.statements()).isEmpty();
    }

    @Test
    void theFutureIsNoCutOff() {
        assertThatThrownBy(() -> retention.dropBefore(Instant.now().plus(Duration.ofDays(1))))
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("lies in the future");
    }

    @Test
    void aTableThatIsNotOursIsLeftAlone() {
        Retention.Drop drop = retention.dropBefore(Instant.parse("2026-01-01T00:00:00Z"));
        assertMismatch(drop, "the table InferenceFact is missing in the database of the connection; run");
        driver.execute("CREATE TABLE InferenceFact (request_arrival_time DateTime64(6, 'UTC')) ENGINE = MergeTree"
                + " PARTITION BY toYYYYMMDD(request_arrival_time) ORDER BY request_arrival_time");
        driver.execute("INSERT INTO InferenceFact VALUES ('2025-01-01 00:00:00')");
        assertMismatch(drop, "table InferenceFact exists, but is not recorded");
        assertThat(arrivals()).hasSize(1);
        driver.execute("DROP TABLE InferenceFact");
        StepsOfATest.migrator(database.dataSource()).migrate();
        assertMismatch(drop, "the database has migration step 4 (note the notes)");
    }

    private static void assertMismatch(Retention.Drop drop, String message) {
        assertThatThrownBy(drop::apply)
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
                .hasMessageContaining(message);
        assertThatThrownBy(drop::plan).hasMessageContaining(message);
    }
}
