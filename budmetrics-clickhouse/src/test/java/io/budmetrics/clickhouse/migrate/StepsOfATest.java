package io.budmetrics.clickhouse.migrate;

import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Schema;
import io.budmetrics.schema.Schema.MigrationStep;
import io.budmetrics.schema.Table;
import io.budmetrics.schema.Table.SkipIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** A history as it may be some day: the library's first step, and three more over two tables. */
final class StepsOfATest {
    private static final Column ADDED = new Column("added", "Nullable(UInt32)", "T64, ZSTD(1)");
    static final Column TEXT = new Column("text", "String", "ZSTD(3)");
    private static final SkipIndex INDEX = new SkipIndex("added_index", "added", "minmax", 4);

    private StepsOfATest() {}

    /** With options, so that there is something to reconcile. */
    static SchemaMigrator migrator(DataSource dataSource) {
        return options(dataSource).build();
    }

    static SchemaMigrator migrator(DataSource dataSource, String database) {
        return options(dataSource).database(database).build();
    }

    private static SchemaMigrator.Builder options(DataSource dataSource) {
        return SchemaMigrator.builder(dataSource, schema())
                .retention(Duration.ofDays(365))
                .codec(InferenceFact.OUTPUT, "ZSTD(9)");
    }

    static Schema schema() {
        List<MigrationStep> steps = new ArrayList<>(Schema.current().steps());
        steps.add(new MigrationStep(2, "create the notes", List.of("""
                CREATE TABLE IF NOT EXISTS {Notes}
                (
                    id UInt64,
                    written_at DateTime('UTC')
                )
                ENGINE = MergeTree
                PARTITION BY toYYYYMM(written_at)
                ORDER BY (id)""")));
        steps.add(new MigrationStep(
                3,
                "add a column and its index",
                List.of(
                        "ALTER TABLE {InferenceFact} ADD COLUMN IF NOT EXISTS " + ADDED.definition(),
                        "ALTER TABLE {InferenceFact} ADD "
                                + INDEX.definition().replace("INDEX ", "INDEX IF NOT EXISTS "))));
        steps.add(new MigrationStep(
                4,
                "note the notes",
                List.of("ALTER TABLE {Notes} ADD COLUMN IF NOT EXISTS text String CODEC(ZSTD(3))")));
        return new Schema(steps, List.of(facts(), notes()));
    }

    /** With the column and the index that step 3 adds. */
    static Table facts() {
        return InferenceFact.table().toBuilder()
                .columns(Stream.concat(InferenceFact.columns().stream(), Stream.of(ADDED))
                        .toList())
                .indexes(INDEX)
                .build();
    }

    /** A second table whose rows age. */
    static Table notes() {
        Column writtenAt = new Column("written_at", "DateTime('UTC')");
        return Table.builder("Notes")
                .columns(List.of(new Column("id", "UInt64"), writtenAt, TEXT))
                .engine("MergeTree")
                .partitionBy("toYYYYMM(written_at)")
                .orderBy("id")
                .time(writtenAt)
                .build();
    }
}
