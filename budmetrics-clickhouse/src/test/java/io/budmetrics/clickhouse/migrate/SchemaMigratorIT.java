package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.fixture.ClickHouseExtension;
import io.budmetrics.clickhouse.fixture.TestServer;
import io.budmetrics.clickhouse.internal.DriverClient;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.result.Columns;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.MigrationStep;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClickHouseExtension.class)
final class SchemaMigratorIT {
    private DataSource database;
    private DriverClient driver;
    private SchemaMigrator migrator;

    @BeforeEach
    void newDatabase(TestServer server) {
        database = server.newDatabase().dataSource();
        driver = DriverClient.over(database);
        migrator = SchemaMigrator.over(database);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private List<String> tables() {
        Columns columns = driver.query(
                "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name", List.of());
        List<String> names = new ArrayList<>();
        for (int row = 0; row < columns.rowCount(); row++) {
            names.add(columns.textAt(0, row));
        }
        return names;
    }

    private void assertRefused(String message) {
        List<String> before = tables();
        assertThatThrownBy(() -> migrator.migrate())
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
                .hasMessageContaining(message);
        assertThatThrownBy(() -> migrator.plan()).hasMessageContaining(message);
        assertThat(tables()).isEqualTo(before);
    }

    @Test
    void migratingTwiceDoesNothingTheSecondTime() {
        List<String> planned = migrator.plan();
        assertThat(tables()).isEmpty();
        assertThat(planned)
                .hasSize(3)
                .contains(InferenceFact.table().createStatement())
                .first()
                .isEqualTo(MigrationStep.history().createStatement());

        assertThat(migrator.migrate()).isEqualTo(planned);

        assertThat(tables()).containsExactly("BudMetricsMigration", "InferenceFact");
        assertThat(migrator.plan()).isEmpty();
        assertThat(migrator.migrate()).isEmpty();
        Columns record = driver.query(
                "SELECT version, name, checksum, toUInt8(applied_at > now() - INTERVAL 1 HOUR) AS fresh"
                        + " FROM BudMetricsMigration",
                List.of());
        assertThat(record.rowCount()).isEqualTo(1);
        assertThat(record.longAt(0, 0)).isEqualTo(1);
        assertThat(record.textAt(1, 0)).isEqualTo("create InferenceFact");
        assertThat(record.textAt(2, 0)).isEqualTo(MigrationStep.all().get(0).checksum());
        assertThat(record.longAt(3, 0)).isEqualTo(1);
    }

    @Test
    void theServerHasTheColumnsAsTheyAreStated() {
        migrator.migrate();
        Columns columns = driver.query(
                "SELECT name, type, compression_codec FROM system.columns"
                        + " WHERE database = currentDatabase() AND table = 'InferenceFact' ORDER BY position",
                List.of());
        List<String> stored = new ArrayList<>();
        for (int row = 0; row < columns.rowCount(); row++) {
            stored.add(columns.textAt(0, row) + " " + columns.textAt(1, row) + " " + columns.textAt(2, row));
        }
        assertThat(stored)
                .containsExactlyElementsOf(InferenceFact.columns().stream()
                        .map(SchemaMigratorIT::described)
                        .toList());
    }

    private static String described(Column column) {
        return column.name() + " " + column.type() + " CODEC(" + column.codec() + ")";
    }

    @Test
    void aForeignTableOfOurNameIsRefusedBeforeAnythingIsChanged() {
        driver.execute("CREATE TABLE InferenceFact (id UUID) ENGINE = MergeTree ORDER BY id");
        assertRefused("table InferenceFact exists, but is not recorded in BudMetricsMigration");

        driver.execute(MigrationStep.history().createStatement());
        assertRefused("table InferenceFact exists, but is not recorded in BudMetricsMigration");
    }

    @Test
    void aChangedOrUnknownStepIsRefused() {
        migrator.migrate();
        driver.execute("INSERT INTO BudMetricsMigration (version, name, checksum) VALUES (2, 'later', 'x')");
        assertRefused("the database has migration step 2, this library knows steps 1 to 1");

        driver.execute("TRUNCATE TABLE BudMetricsMigration");
        driver.execute("INSERT INTO BudMetricsMigration (version, name, checksum) VALUES (1, 'other', 'x')");
        assertRefused("migration step 1 (create InferenceFact) was applied with other statements");
    }

    @Test
    void aMigrationThatWasCutOffAfterAnyStatementIsCompleted(TestServer server) {
        for (int cut = 0; cut <= 3; cut++) {
            DataSource fresh = server.newDatabase().dataSource();
            SchemaMigrator again = SchemaMigrator.over(fresh);
            List<String> planned = again.plan();
            try (DriverClient own = DriverClient.over(fresh)) {
                for (String statement : planned.subList(0, cut)) {
                    own.execute(statement);
                }
            }
            assertThat(again.migrate()).isEqualTo(planned.subList(cut, planned.size()));
            assertThat(again.plan()).isEmpty();
        }
    }

    @Test
    void twoAtOnceEndAsOneDoes() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<String>>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                running.add(threads.submit(() -> SchemaMigrator.over(database).migrate()));
            }
            for (Future<List<String>> one : running) {
                assertThat(one.get()).hasSizeLessThanOrEqualTo(3);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(tables()).containsExactly("BudMetricsMigration", "InferenceFact");
        assertThat(migrator.plan()).isEmpty();
    }
}
