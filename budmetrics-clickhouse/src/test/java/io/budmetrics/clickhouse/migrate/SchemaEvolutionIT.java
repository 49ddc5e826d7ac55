package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.internal.call.SchemaGuard;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.Schema;
import io.budmetrics.schema.Schema.MigrationStep;
import io.budmetrics.sql.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What happens when a version of the library adds a column and a table: the tables of the version before have rows, and
 * both versions meet the schema of the other.
 */
@ExtendWith(ClickHouseExtension.class)
final class SchemaEvolutionIT {
    private static final int ROWS = 300;
    private static final Instant UNTIL = Instant.parse("2026-03-01T00:00:00Z");

    private TestServer database;
    private DriverClient driver;

    @BeforeEach
    void tablesOfTheVersionBeforeWithRows(TestServer server) {
        use(server.newDatabase());
    }

    private void use(TestServer newDatabase) {
        database = newDatabase;
        driver = DriverClient.over(database.dataSource());
        SchemaMigrator.over(database.dataSource()).migrate();
        try (InferenceWriter writer = InferenceWriter.over(database.dataSource())) {
            SyntheticTraffic.builder()
                    .records(ROWS)
                    .between(UNTIL.minus(Duration.ofHours(1)), UNTIL)
                    .build()
                    .writeTo(writer, written -> {});
        }
    }

    @AfterEach
    void close() {
        driver.close();
    }

    /** The version after, without choices of the installation: rows of March 2026 must not expire. */
    private SchemaMigrator newer() {
        return SchemaMigrator.builder(database.dataSource(), StepsOfATest.schema())
                .build();
    }

    private long count(String sql) {
        Columns columns = driver.query(sql, List.of());
        return columns.longAt(0, 0);
    }

    private static List<String> shown(List<SchemaDifference> differences) {
        return differences.stream().map(SchemaDifference::toString).toList();
    }

    private static void assertMismatch(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
                .hasMessageContaining(message);
    }

    @Test
    void aColumnAndATableAreAddedAndTheRowsStay() {
        List<String> planned = newer().plan();

        assertThat(planned)
                .hasSize(10)
                .noneMatch(statement -> statement.contains("CREATE TABLE IF NOT EXISTS Inference"));
        assertThat(shown(newer().verify()))
                .containsExactly(
                        "InferenceFact: column added is missing, expected Nullable(UInt32)",
                        "InferenceFact: index added_index is missing, expected added TYPE minmax GRANULARITY 4",
                        "Notes: table is missing, expected present",
                        "BudMetricsMigration: step 2 (create the notes) is missing, expected finished",
                        "BudMetricsMigration: step 3 (add a column and its index) is missing, expected finished",
                        "BudMetricsMigration: step 4 (note the notes) is missing, expected finished");

        assertThat(newer().migrate()).isEqualTo(planned);

        assertThat(newer().verify()).isEmpty();
        newer().require();
        assertThat(newer().plan()).isEmpty();
        assertThat(newer().migrate()).isEmpty();
        assertThat(count("SELECT count() FROM InferenceFact FINAL")).isEqualTo(ROWS);
        assertThat(count("SELECT count(added) FROM InferenceFact")).isZero();
        driver.execute("INSERT INTO InferenceFact (inference_id, request_arrival_time, added)"
                + " VALUES (generateUUIDv4(), '2026-03-01 00:00:00', 7)");
        driver.execute("INSERT INTO Notes (id, written_at, text) VALUES (1, '2026-03-01 00:00:00', 'a')");
        assertThat(count("SELECT sum(added) FROM InferenceFact")).isEqualTo(7);
        assertThat(SizeReport.of(database.dataSource())
                        .table("Notes")
                        .orElseThrow()
                        .rows())
                .isEqualTo(1);
    }

    @Test
    void aMigrationOverRowsThatIsCutOffAnywhereOrRunTwiceIsCompleted() {
        List<String> planned = newer().plan();
        for (int cut = 0; cut <= planned.size(); cut++) {
            close();
            use(database.newDatabase());
            List<String> begun = planned.subList(0, cut);
            begun.forEach(driver::execute);
            if (cut % 2 == 1) {
                // as two services do that start at once
                begun.forEach(driver::execute);
            }

            newer().migrate();

            assertThat(newer().plan()).as("cut off after %d", cut).isEmpty();
            assertThat(newer().verify()).as("cut off after %d", cut).isEmpty();
            assertThat(count("SELECT count() FROM InferenceFact FINAL")).isEqualTo(ROWS);
        }
    }

    @Test
    void aNewLibraryOnAnOldSchemaSaysToMigrate() {
        assertMismatch(
                () -> newer().require(),
                "the database is without migration steps of this library: 2 (create the notes), 3 (add a column and its"
                        + " index), 4 (note the notes); run SchemaMigrator.migrate() with this version of the library");
        SchemaGuard guard = new SchemaGuard(StepsOfATest.schema());
        assertMismatch(
                () -> guard.requireKnown(driver, Duration.ofSeconds(20)),
                "the tables have migration step 1, this library needs step 4; run SchemaMigrator.migrate()");
        assertMismatch(
                () -> Retention.over(database.dataSource(), StepsOfATest.schema())
                        .dropBefore(UNTIL)
                        .plan(),
                "the table Notes is missing in the database of the connection; run SchemaMigrator.migrate()");

        newer().migrate();

        guard.requireKnown(driver, Duration.ofSeconds(20));
        assertThat(Retention.over(database.dataSource(), StepsOfATest.schema())
                        .dropBefore(UNTIL)
                        .plan()
                        .droppedRows())
                .isEqualTo(ROWS);
    }

    /** What it reads and writes then is in SchemaMigratorIT. */
    @Test
    void anOldLibraryOnANewSchemaSaysWhatItSeesAndLeavesItAlone() {
        newer().migrate();
        SchemaMigrator older = SchemaMigrator.over(database.dataSource());

        String message = "the database has migration step 4 (note the notes), this library knows steps 1 to 1;"
                + " use a newer version of the library";
        assertMismatch(older::migrate, message);
        assertMismatch(older::plan, message);
        assertMismatch(older::require, message);
        List<MigrationStep> steps = StepsOfATest.schema().steps();
        assertThat(shown(older.verify()))
                .containsExactly(
                        "InferenceFact: column added is Nullable(UInt32), expected missing",
                        "InferenceFact: index added_index is added TYPE minmax GRANULARITY 4, expected missing",
                        "BudMetricsMigration: checksum of step 2 (create the notes) is "
                                + steps.get(1).checksum() + ", expected missing",
                        "BudMetricsMigration: checksum of step 3 (add a column and its index) is "
                                + steps.get(2).checksum() + ", expected missing",
                        "BudMetricsMigration: checksum of step 4 (note the notes) is "
                                + steps.get(3).checksum() + ", expected missing");
        assertThat(newer().verify()).isEmpty();
    }

    @Test
    void aTableThatAStepRemovesIsNotMissed() {
        List<MigrationStep> steps = new ArrayList<>(StepsOfATest.schema().steps());
        steps.add(new MigrationStep(5, "drop the notes", List.of("DROP TABLE IF EXISTS {Notes}")));
        SchemaMigrator dropping = SchemaMigrator.builder(
                        database.dataSource(), new Schema(steps, List.of(StepsOfATest.facts())))
                .build();

        dropping.migrate();

        assertThat(dropping.plan()).isEmpty();
        assertThat(dropping.verify()).isEmpty();
        assertThat(count("SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'Notes'"))
                .isZero();
    }

    @Test
    void retentionAndCodec_applyPerTable() {
        SchemaMigrator chosen = SchemaMigrator.builder(database.dataSource(), StepsOfATest.schema())
                .retention(Duration.ofDays(36_000))
                .retention(StepsOfATest.notes(), Duration.ofDays(30_000))
                .codec(StepsOfATest.TEXT, "LZ4")
                .codec(StepsOfATest.facts(), StepsOfATest.facts().columns().get(0), "ZSTD(1)")
                .build();

        assertThat(chosen.migrate())
                .endsWith(
                        "ALTER TABLE InferenceFact\n    MODIFY COLUMN inference_id CODEC(ZSTD(1))",
                        "ALTER TABLE InferenceFact\n    MODIFY TTL request_arrival_time + toIntervalDay(36000)"
                                + "\nSETTINGS materialize_ttl_after_modify = 1",
                        "ALTER TABLE Notes\n    MODIFY COLUMN text CODEC(LZ4)",
                        "ALTER TABLE Notes\n    MODIFY TTL written_at + toIntervalDay(30000)"
                                + "\nSETTINGS materialize_ttl_after_modify = 1");

        assertThat(chosen.verify()).isEmpty();
        assertThat(shown(newer().verify()))
                .containsExactlyInAnyOrder(
                        "InferenceFact: TTL is request_arrival_time + toIntervalDay(36000), expected missing",
                        "InferenceFact: codec of column inference_id is ZSTD(1), expected LZ4",
                        "Notes: TTL is written_at + toIntervalDay(30000), expected missing",
                        "Notes: codec of column text is LZ4, expected ZSTD(3)");
    }
}
