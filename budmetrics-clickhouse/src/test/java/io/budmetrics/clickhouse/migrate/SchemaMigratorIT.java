package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.jdbc.DataSourceImpl;
import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Schema;
import io.budmetrics.schema.Schema.MigrationStep;
import io.budmetrics.sql.Columns;
import io.budmetrics.time.Frequency;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
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
    private TestServer database;
    private DriverClient driver;
    private SchemaMigrator migrator;

    @BeforeEach
    void newDatabase(TestServer server) {
        database = server.newDatabase();
        driver = DriverClient.over(database.dataSource());
        migrator = SchemaMigrator.over(database.dataSource());
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private List<String> texts(String sql) {
        Columns columns = driver.query(sql, List.of());
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < columns.rowCount(); row++) {
            texts.add(columns.textAt(0, row));
        }
        return texts;
    }

    private List<String> tables() {
        return texts("SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name");
    }

    private String createdAs(String table) {
        return texts("SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = '"
                        + table + "'")
                .get(0);
    }

    /** Nothing may change, down to the last setting and the last recorded step. */
    private List<String> state() {
        List<String> state = texts(
                "SELECT create_table_query FROM system.tables" + " WHERE database = currentDatabase() ORDER BY name");
        if (tables().contains("BudMetricsMigration")) {
            state.add(Long.toString(driver.query("SELECT count() FROM BudMetricsMigration", List.of())
                    .longAt(0, 0)));
        }
        return state;
    }

    private void assertRefused(String message) {
        assertRefused(migrator, message);
    }

    private void assertRefused(SchemaMigrator refused, String message) {
        List<String> before = state();
        assertThatThrownBy(() -> refused.migrate())
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
                .hasMessageContaining(message);
        assertThatThrownBy(() -> refused.plan()).hasMessageContaining(message);
        assertThat(state()).isEqualTo(before);
    }

    private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining(message);
    }

    private static List<String> shown(List<SchemaDifference> differences) {
        return differences.stream().map(SchemaDifference::toString).toList();
    }

    @Test
    void migratingTwiceDoesNothingTheSecondTime() {
        List<String> planned = migrator.plan();
        assertThat(tables()).isEmpty();
        assertThat(planned)
                .hasSize(4)
                .contains(InferenceFact.table().createStatement())
                .first()
                .isEqualTo(Schema.history().createStatement());

        assertThat(migrator.migrate()).isEqualTo(planned);

        assertThat(tables()).containsExactly("BudMetricsMigration", "InferenceFact");
        assertThat(migrator.plan()).isEmpty();
        assertThat(migrator.migrate()).isEmpty();
        assertThat(migrator.verify()).isEmpty();
        Columns record = driver.query(
                "SELECT version, name, checksum, attempt, finished,"
                        + " toUInt8(recorded_at > now() - INTERVAL 1 HOUR) AS fresh"
                        + " FROM BudMetricsMigration ORDER BY finished",
                List.of());
        assertThat(record.rowCount()).isEqualTo(2);
        for (int row = 0; row < 2; row++) {
            assertThat(record.longAt(0, row)).isEqualTo(1);
            assertThat(record.textAt(1, row)).isEqualTo("create InferenceFact");
            assertThat(record.textAt(2, row))
                    .isEqualTo(Schema.current().steps().get(0).checksum());
            assertThat(record.longAt(3, row)).isEqualTo(1);
            assertThat(record.longAt(4, row)).isEqualTo(row);
            assertThat(record.longAt(5, row)).isEqualTo(1);
        }
    }

    @Test
    void theServerHasTheColumnsAsTheyAreStated() {
        migrator.migrate();
        assertThat(texts("SELECT concat(name, ' ', type, ' ', compression_codec) FROM system.columns"
                        + " WHERE database = currentDatabase() AND table = 'InferenceFact' ORDER BY position"))
                .containsExactlyElementsOf(InferenceFact.columns().stream()
                        .map(column -> column.name() + " " + column.type() + " CODEC(" + column.codec() + ")")
                        .toList());
    }

    @Test
    void aForeignTableOfOurNameIsRefusedBeforeAnythingIsChanged() {
        driver.execute("CREATE TABLE InferenceFact (id UUID) ENGINE = MergeTree ORDER BY id");
        assertRefused("table InferenceFact exists, but is not recorded in BudMetricsMigration");

        driver.execute(Schema.history().createStatement());
        assertRefused("table InferenceFact exists, but is not recorded in BudMetricsMigration");
    }

    @Test
    void aViewOfOurNameIsForeignToo() {
        driver.execute("CREATE VIEW InferenceFact AS SELECT 1 AS inference_id");
        assertRefused("table InferenceFact exists, but is not recorded in BudMetricsMigration");
    }

    @Test
    void aForeignRecordIsRefused() {
        driver.execute("CREATE TABLE BudMetricsMigration (version String) ENGINE = MergeTree ORDER BY version");
        assertRefused("table BudMetricsMigration exists, but has other columns than the library's record");
        assertThat(shown(migrator.verify()))
                .contains(
                        "BudMetricsMigration: type of column version is String, expected UInt32",
                        "BudMetricsMigration: column checksum is missing, expected String",
                        "InferenceFact: table is missing, expected present");
    }

    @Test
    void aTableThatTookThePlaceOfOursIsRefused() {
        migrator.migrate();
        driver.execute("DROP TABLE InferenceFact");
        driver.execute("CREATE TABLE InferenceFact (inference_id UUID) ENGINE = MergeTree ORDER BY inference_id");
        assertRefused("table InferenceFact has another engine, partition key or sorting key");
    }

    @Test
    void aChangedOrUnknownStepIsRefused() {
        migrator.migrate();
        record(2, "later", "x");
        assertRefused("the database has migration step 2 (later), this library knows steps 1 to 1");
        assertThat(shown(migrator.verify()))
                .containsExactly("BudMetricsMigration: checksum of step 2 (later) is x, expected missing");

        driver.execute("TRUNCATE TABLE BudMetricsMigration");
        record(1, "other", "x");
        assertRefused("migration step 1 (create InferenceFact) was applied with other statements");
        assertThat(shown(migrator.verify()))
                .containsExactlyInAnyOrder(
                        "BudMetricsMigration: step 1 (create InferenceFact) is missing, expected finished",
                        "BudMetricsMigration: checksum of step 1 (other) is x, expected "
                                + Schema.current().steps().get(0).checksum());

        record(1, "create InferenceFact", Schema.current().steps().get(0).checksum());
        assertRefused("migration step 1 is recorded twice with different statements");

        driver.execute("TRUNCATE TABLE BudMetricsMigration");
        record(0, "'; DROP TABLE InferenceFact", "x");
        assertRefused("the database has migration step 0, this library knows steps 1 to 1");
    }

    private void record(int version, String name, String checksum) {
        driver.execute("INSERT INTO BudMetricsMigration (version, name, checksum, attempt, finished) VALUES (" + version
                + ", '" + name.replace("'", "\\'") + "', '" + checksum + "', 1, true)");
    }

    @Test
    void everyDifferenceIsNamed() {
        migrator.migrate();
        driver.execute("ALTER TABLE InferenceFact MODIFY COLUMN ttft_us Nullable(UInt32)");
        driver.execute("ALTER TABLE InferenceFact MODIFY COLUMN output CODEC(LZ4)");
        driver.execute("ALTER TABLE InferenceFact MODIFY COLUMN tags REMOVE CODEC");
        driver.execute("ALTER TABLE InferenceFact MODIFY COLUMN streamed DEFAULT true");
        driver.execute("ALTER TABLE InferenceFact DROP COLUMN isp");
        driver.execute("ALTER TABLE InferenceFact ADD COLUMN mine String");
        driver.execute("ALTER TABLE InferenceFact ADD COLUMN hour DateTime ALIAS toStartOfHour(request_arrival_time)");
        driver.execute("ALTER TABLE InferenceFact ADD INDEX mine_index mine TYPE minmax GRANULARITY 3");
        driver.execute("ALTER TABLE InferenceFact MODIFY TTL toDateTime(request_arrival_time) + INTERVAL 5 DAY");
        driver.execute(
                "ALTER TABLE InferenceFact MODIFY SETTING ttl_only_drop_parts = 0, max_suspicious_broken_parts = 7");
        assertThat(shown(migrator.verify()))
                .containsExactlyInAnyOrder(
                        "InferenceFact: type of column ttft_us is Nullable(UInt32), expected Nullable(Int64)",
                        "InferenceFact: codec of column output is LZ4, expected ZSTD(3)",
                        "InferenceFact: codec of column tags is missing, expected ZSTD(3)",
                        "InferenceFact: default of column streamed is true, expected missing",
                        "InferenceFact: column isp is missing, expected LowCardinality(Nullable(String))",
                        "InferenceFact: column mine is String, expected missing",
                        "InferenceFact: column hour is DateTime, expected missing",
                        "InferenceFact: index mine_index is mine TYPE minmax GRANULARITY 3, expected missing",
                        "InferenceFact: TTL is toDateTime(request_arrival_time) + toIntervalDay(5), expected missing",
                        "InferenceFact: setting ttl_only_drop_parts is 0, expected 1",
                        "InferenceFact: setting max_suspicious_broken_parts is 7, expected missing");
        // codecs and TTL are options, and come back; the rest is for people to look at
        assertThat(migrator.migrate())
                .containsExactly(
                        "ALTER TABLE InferenceFact\n    MODIFY COLUMN output CODEC(ZSTD(3)),"
                                + "\n    MODIFY COLUMN tags CODEC(ZSTD(3))",
                        "ALTER TABLE InferenceFact\n    REMOVE TTL");
        assertThat(shown(migrator.verify())).hasSize(8).noneMatch(line -> line.contains("codec of"));
        assertThat(migrator.plan()).isEmpty();
    }

    @Test
    void anotherEngineAndOtherKeysAreNamed() {
        driver.execute(Schema.history().createStatement());
        driver.execute(InferenceFact.table()
                .createStatement()
                .replace("ReplacingMergeTree(ingested_at)", "MergeTree")
                .replace("toYYYYMM", "toYYYYMMDD")
                .replace("ORDER BY (project_id, ", "PRIMARY KEY (request_arrival_time) ORDER BY ("));
        assertThat(shown(migrator.verify()))
                .contains(
                        "BudMetricsMigration: step 1 (create InferenceFact) is missing, expected finished",
                        "InferenceFact: engine is MergeTree, expected ReplacingMergeTree(ingested_at)",
                        "InferenceFact: partition key is toYYYYMMDD(request_arrival_time), expected"
                                + " toYYYYMM(request_arrival_time)",
                        "InferenceFact: sorting key is request_arrival_time, inference_id, expected project_id,"
                                + " request_arrival_time, inference_id",
                        "InferenceFact: primary key is request_arrival_time, expected project_id,"
                                + " request_arrival_time, inference_id");
    }

    @Test
    void optionsAreReconciledAndShownFirst() {
        SchemaMigrator chosen = SchemaMigrator.builder(database.dataSource())
                .retention(Duration.ofDays(90))
                .codec(InferenceFact.OUTPUT, "ZSTD(9)")
                .codec(InferenceFact.RESPONSE_TIME_US, "Delta(8), LZ4")
                .build();
        assertThat(chosen.plan()).hasSize(6);
        assertThat(chosen.plan().subList(4, 6))
                .containsExactly(
                        "ALTER TABLE InferenceFact\n    MODIFY COLUMN response_time_us CODEC(Delta(8), LZ4),"
                                + "\n    MODIFY COLUMN output CODEC(ZSTD(9))",
                        "ALTER TABLE InferenceFact\n    MODIFY TTL request_arrival_time + toIntervalDay(90)"
                                + "\nSETTINGS materialize_ttl_after_modify = 1");
        chosen.migrate();
        assertThat(chosen.plan()).isEmpty();
        assertThat(chosen.verify()).isEmpty();
        assertThat(createdAs("InferenceFact"))
                .contains("`output` Nullable(String) CODEC(ZSTD(9))")
                .contains("TTL request_arrival_time + toIntervalDay(90)");
        assertThat(shown(migrator.verify()))
                .containsExactlyInAnyOrder(
                        "InferenceFact: TTL is request_arrival_time + toIntervalDay(90), expected missing",
                        "InferenceFact: codec of column output is ZSTD(9), expected ZSTD(3)",
                        "InferenceFact: codec of column response_time_us is Delta(8), LZ4, expected "
                                + InferenceFact.RESPONSE_TIME_US.codec());

        // another choice, in both directions
        SchemaMigrator shorter = SchemaMigrator.builder(database.dataSource())
                .retention(Duration.ofDays(30))
                .build();
        assertThat(shorter.migrate()).hasSize(2);
        assertThat(shorter.verify()).isEmpty();
        assertThat(migrator.migrate()).containsExactly("ALTER TABLE InferenceFact\n    REMOVE TTL");
        assertThat(migrator.verify()).isEmpty();
        assertThat(createdAs("InferenceFact")).doesNotContain("TTL");
    }

    /** What the server makes of a codec is what was stated, or the next plan would state it again for ever. */
    @Test
    void everyCodecOfTheClosedSetStaysAsItIsStated() {
        for (String codec : List.of(
                "NONE",
                "LZ4",
                "LZ4HC(9)",
                "ZSTD(7)",
                "T64, LZ4",
                "DoubleDelta, ZSTD(1)",
                "Delta(1), LZ4",
                "Delta(2), LZ4",
                "Delta(4), LZ4",
                "Delta(8), T64, LZ4")) {
            SchemaMigrator chosen = SchemaMigrator.builder(database.dataSource())
                    .codec(InferenceFact.RESPONSE_TIME_US, codec)
                    .build();
            chosen.migrate();
            assertThat(chosen.plan()).as(codec).isEmpty();
        }
        SchemaMigrator places = SchemaMigrator.builder(database.dataSource())
                .codec(InferenceFact.LATITUDE, "Gorilla(8), LZ4")
                .codec(InferenceFact.LONGITUDE, "Gorilla(4), LZ4")
                .build();
        places.migrate();
        assertThat(places.plan()).isEmpty();
    }

    @Test
    void rowsOlderThanTheRetentionGo() {
        SchemaMigrator.builder(database.dataSource())
                .retention(Duration.ofDays(30))
                .build()
                .migrate();
        Instant now = Instant.now();
        // of the last days all rows stay, and those of long ago are a part of their own
        try (InferenceWriter writer = InferenceWriter.over(database.dataSource())) {
            write(writer, now.minus(Duration.ofDays(200)), 500);
            write(writer, now, 300);
        }
        driver.execute("OPTIMIZE TABLE InferenceFact FINAL");
        assertThat(driver.query("SELECT count() FROM InferenceFact", List.of()).longAt(0, 0))
                .isEqualTo(300);
    }

    private static void write(InferenceWriter writer, Instant until, int records) {
        SyntheticTraffic.builder()
                .records(records)
                .between(until.minus(Duration.ofHours(1)), until)
                .build()
                .writeTo(writer, written -> {});
    }

    @Test
    void theDatabaseIsAnOption(TestServer server) {
        String name = database.database() + "_own";
        SchemaMigrator elsewhere = SchemaMigrator.builder(database.dataSource())
                .database(name)
                .retention(Duration.ofDays(7))
                .build();
        assertThat(elsewhere.plan()).first().isEqualTo("CREATE DATABASE IF NOT EXISTS " + name);
        assertThat(elsewhere.migrate()).hasSize(6).allMatch(statement -> statement.contains(name));
        assertThat(elsewhere.plan()).isEmpty();
        assertThat(elsewhere.verify()).isEmpty();
        assertThat(tables()).isEmpty();

        TestServer own = new TestServer(server.httpUrl(), name, server.user(), server.password());
        SchemaMigrator there = SchemaMigrator.builder(own.dataSource())
                .retention(Duration.ofDays(7))
                .build();
        assertThat(there.plan()).isEmpty();
        assertThat(there.verify()).isEmpty();
        database.execute("DROP DATABASE " + name);
    }

    @Test
    void invalidOptions_areRefused() {
        SchemaMigrator.Builder builder = SchemaMigrator.builder(database.dataSource());
        for (String name : List.of("", "1a", "a-b", "a b", "a`; DROP DATABASE b", "ä", "a.b")) {
            assertInvalid(() -> builder.database(name), "database is not a plain identifier");
        }
        for (Duration retention : List.of(
                Duration.ZERO,
                Duration.ofDays(-1),
                Duration.ofHours(36),
                Duration.ofDays(36_526),
                Duration.ofNanos(1))) {
            assertInvalid(() -> builder.retention(retention), "retention is " + retention);
        }
        for (Duration wait : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
            assertInvalid(() -> builder.waitForServer(wait), "waitForServer is " + wait);
        }
        assertInvalid(
                () -> builder.codec(InferenceFact.OUTPUT, "ZSTD(1)) TTL now()"), "the codec of output is none of");
        assertInvalid(
                () -> builder.codec(new Column("other", "String"), "LZ4"),
                "the column other of a codec is in no table of the schema");
        assertInvalid(
                () -> builder.codec(InferenceFact.table(), new Column("other", "String"), "LZ4"),
                "the column other of a codec is in no table InferenceFact of the schema");
        assertInvalid(
                () -> builder.codec(StepsOfATest.notes(), StepsOfATest.TEXT, "LZ4"),
                "the column text of a codec is in no table Notes of the schema");
        assertInvalid(
                () -> builder.retention(StepsOfATest.notes(), Duration.ofDays(1)),
                "the table Notes of a retention is not a table of the schema whose rows age");
    }

    @Test
    void aDroppedTableIsMadeAgainByAllItsSteps() {
        SchemaMigrator steps = StepsOfATest.migrator(database.dataSource());
        steps.migrate();
        driver.execute("DROP TABLE Notes");
        List<String> planned = steps.plan();
        assertThat(planned).anyMatch(statement -> statement.contains("ADD COLUMN"));
        // cut off after any of its statements, the next migration still makes the whole table
        for (int cut = 0; cut < planned.size(); cut++) {
            driver.execute("DROP TABLE IF EXISTS Notes");
            steps.plan().subList(0, cut).forEach(driver::execute);
            steps.migrate();
            assertThat(shown(steps.verify())).isEmpty();
            assertThat(steps.plan()).isEmpty();
        }
    }

    @Test
    void aMigrationThatWasCutOffAfterAnyStatementIsCompleted(TestServer server) {
        int statements = StepsOfATest.migrator(database.dataSource()).plan().size();
        assertThat(statements).isGreaterThan(10);
        for (int cut = 0; cut <= statements; cut++) {
            DataSource fresh = server.newDatabase().dataSource();
            SchemaMigrator again = StepsOfATest.migrator(fresh);
            List<String> planned = again.plan();
            try (DriverClient own = DriverClient.over(fresh)) {
                planned.subList(0, cut).forEach(own::execute);
            }
            assertThat(planned).containsAll(again.migrate());
            assertThat(again.plan()).isEmpty();
            assertThat(again.verify()).isEmpty();
        }
    }

    @Test
    void manyAtOnceEndAsOneDoes() throws InterruptedException, ExecutionException {
        SchemaMigrator.over(database.dataSource()).migrate();
        driver.execute("DROP TABLE BudMetricsMigration");
        driver.execute("DROP TABLE InferenceFact");
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<List<String>>> running = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                running.add(threads.submit(
                        () -> StepsOfATest.migrator(database.dataSource()).migrate()));
            }
            for (Future<List<String>> one : running) {
                assertThat(one.get()).isNotNull();
            }
        } finally {
            threads.shutdownNow();
        }
        SchemaMigrator again = StepsOfATest.migrator(database.dataSource());
        assertThat(again.plan()).isEmpty();
        assertThat(again.verify()).isEmpty();
    }

    /** The library of today meets the tables of tomorrow. */
    @Test
    void aNewerSchemaIsReadWhereItsColumnsAreThereAndNotWritten() {
        migrator.migrate();
        try (InferenceWriter atWork = InferenceWriter.over(database.dataSource())) {
            write(atWork, Instant.parse("2026-03-01T00:00:00Z"), 100);
            StepsOfATest.migrator(database.dataSource()).migrate();

            // a writer that was at work before goes on; a new one does not start
            write(atWork, Instant.parse("2026-03-01T06:00:00Z"), 10);
            try (InferenceWriter late = InferenceWriter.over(database.dataSource())) {
                assertThatThrownBy(() -> write(late, Instant.parse("2026-03-02T00:00:00Z"), 1))
                        .isInstanceOfSatisfying(BudMetricsException.class, e -> assertThat(e.code())
                                .isEqualTo(ErrorCode.SCHEMA_MISMATCH))
                        .hasMessageContaining("the tables have migration step 4, this library knows steps 1 to 1");
            }
        }
        assertRefused("the database has migration step 4 (note the notes), this library knows steps 1 to 1");

        try (BudMetrics budMetrics = BudMetrics.over(database.dataSource())) {
            assertThat(budMetrics
                            .execute(question(Metrics.REQUEST_COUNT, Metrics.TTFT))
                            .rows())
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row.get(Metrics.REQUEST_COUNT).count()).isEqualTo(110));
            // what means something else has another name, so that it is missing rather than misread
            driver.execute("ALTER TABLE InferenceFact RENAME COLUMN ttft_us TO ttft_ns");
            assertThat(budMetrics.execute(question(Metrics.REQUEST_COUNT)).rows())
                    .hasSize(1);
            assertThatThrownBy(() -> budMetrics.execute(question(Metrics.TTFT)))
                    .isInstanceOfSatisfying(
                            BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
                    .hasMessageContaining("ttft_us");
        }
    }

    private static AnalyticsQuestion question(Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2027-01-01T00:00:00Z"))
                .every(Frequency.YEAR)
                .traffic(TrafficSource.ALL)
                .build();
    }

    @Test
    void aServerThatIsStillStartingIsWaitedFor() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Properties properties = new Properties();
        properties.setProperty("user", "default");
        properties.setProperty("password", "starting");
        DataSource notYet = new DataSourceImpl("jdbc:clickhouse:http://127.0.0.1:" + port + "/", properties);
        assertThatThrownBy(() -> SchemaMigrator.over(notYet).plan())
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE));
        CompletableFuture<List<String>> waiting = CompletableFuture.supplyAsync(() -> SchemaMigrator.builder(notYet)
                .waitForServer(Duration.ofMinutes(1))
                .build()
                .migrate());
        assertThat(waiting).isNotDone();
        try (EmbeddedClickHouse engine =
                EmbeddedClickHouse.builder().port(port).password("starting").start()) {
            assertThat(waiting.get()).hasSize(4);
            assertThat(SchemaMigrator.over(engine.dataSource()).verify()).isEmpty();
        }
        assertThatThrownBy(() -> SchemaMigrator.builder(notYet)
                        .waitForServer(Duration.ofMillis(300))
                        .build()
                        .migrate())
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE));
    }

    @Test
    void waitingEndsWithTheThread() throws IOException {
        DataSource nowhere;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere = new DataSourceImpl(
                    "jdbc:clickhouse:http://127.0.0.1:" + free.getLocalPort() + "/", new Properties());
        } catch (RuntimeException e) {
            throw new IOException(e);
        }
        SchemaMigrator waiting = SchemaMigrator.builder(nowhere)
                .waitForServer(Duration.ofHours(1))
                .build();
        Thread.currentThread().interrupt();
        assertThatThrownBy(waiting::plan).isInstanceOfSatisfying(BudMetricsException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.QUERY_CANCELLED));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aStepWhoseStatementFailsIsTriedAgain() {
        MigrationStep broken = new MigrationStep(1, "broken", List.of("CREATE TABLE {Notes} (a Nonsense)"));
        SchemaMigrator failing = SchemaMigrator.builder(database.dataSource(), new Schema(List.of(broken), List.of()))
                .build();
        assertThatThrownBy(failing::migrate).isInstanceOf(BudMetricsException.class);
        assertThat(shown(failing.verify()))
                .containsExactly("BudMetricsMigration: step 1 (broken) is begun, expected finished");
        assertThat(failing.plan()).hasSize(2);
    }
}
