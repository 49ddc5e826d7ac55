package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.schema.InferenceFact;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClickHouseExtension.class)
final class SizeReportIT {
    private static final int RECORDS = 150_000;

    @Test
    void tablesAndColumnsByTheirSize(TestServer server) {
        TestServer database = server.newDatabase();
        SchemaMigrator.over(database.dataSource()).migrate();
        try (InferenceWriter writer = InferenceWriter.over(database.dataSource())) {
            SyntheticTraffic.builder()
                    .records(RECORDS)
                    .until(Instant.parse("2026-03-31T00:00:00Z"))
                    .batchSize(RECORDS)
                    .build()
                    .writeTo(writer, written -> {});
        }
        // one part that is large enough to keep its columns apart
        database.execute("OPTIMIZE TABLE InferenceFact FINAL");

        SizeReport report = SizeReport.of(database.dataSource());

        assertThat(report.tables())
                .extracting(SizeReport.TableSize::name)
                .containsExactly("InferenceFact", "BudMetricsMigration");
        SizeReport.TableSize facts = report.table("InferenceFact").orElseThrow();
        assertThat(facts.rows()).isEqualTo(RECORDS);
        assertThat(facts.parts()).isEqualTo(1);
        assertThat(facts.bytesOnDisk()).isGreaterThanOrEqualTo(facts.compressedBytes());
        assertThat(facts.uncompressedBytes()).isGreaterThan(facts.compressedBytes());
        assertThat(facts.bytesPerRow().orElseThrow()).isBetween(20.0, 300.0);
        assertThat(facts.columns()).hasSameSizeAs(InferenceFact.columns());
        assertThat(facts.columns().stream()
                        .mapToLong(SizeReport.ColumnSize::compressedBytes)
                        .sum())
                .isEqualTo(facts.compressedBytes());

        // random ids are what cannot be compressed
        SizeReport.ColumnSize largest = facts.columns().get(0);
        assertThat(largest.name()).isEqualTo("inference_id");
        assertThat(largest.type()).isEqualTo("UUID");
        assertThat(largest.codec()).isEqualTo("LZ4");
        assertThat(largest.uncompressedBytes()).isEqualTo(16L * RECORDS);
        assertThat(largest.ratio().orElseThrow()).isBetween(0.9, 1.1);
        assertThat(facts.column("project_id").orElseThrow().ratio().orElseThrow())
                .isGreaterThan(100);
        assertThat(facts.column("nonsense")).isEmpty();

        // of a small part the server knows the whole only
        SizeReport.TableSize history = report.table("BudMetricsMigration").orElseThrow();
        assertThat(history.rows()).isEqualTo(2);
        assertThat(history.compressedBytes()).isPositive();
        assertThat(history.columns()).allSatisfy(column -> {
            assertThat(column.compressedBytes()).isZero();
            assertThat(column.ratio()).isEmpty();
        });
        assertThat(report.table("nonsense")).isEmpty();
    }

    @Test
    void aDatabaseWithoutRowsHasNoSizes(TestServer server) {
        assertThat(SizeReport.of(server.newDatabase().dataSource()).tables()).isEmpty();
    }
}
