package io.budmetrics.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.Schema.MigrationStep;
import io.budmetrics.schema.Table.SkipIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static MigrationStep step(int version, String... templates) {
        return new MigrationStep(version, "a step", List.of(templates));
    }

    private static Column added() {
        return new Column("added", "Nullable(UInt32)", "T64, ZSTD(1)", "7");
    }

    /** A released step never changes: a new version of the library adds one. */
    @Test
    void aReleasedStepKeepsItsChecksum() {
        assertThat(Schema.current().steps()).extracting(MigrationStep::version).containsExactly(1);
        assertThat(Schema.current().steps()).extracting(MigrationStep::name).containsExactly("create InferenceFact");
        assertThat(Schema.current().steps())
                .extracting(MigrationStep::checksum)
                .containsExactly("cf217f57b32faa409a014bafeeda28d5745b8df8a814324c0e21f604deed72b2");
        assertThat(Schema.current().version()).isEqualTo(1);
    }

    @Test
    void allStepsTogetherCreateExactlyTheTablesAsTheyAreDescribed() {
        Map<String, Table> applied = AppliedSteps.tables(Schema.current().steps());
        assertThat(applied.values())
                .extracting(Table::createStatement)
                .containsExactlyInAnyOrderElementsOf(Schema.current().tables().stream()
                        .map(Table::createStatement)
                        .toList());
        assertThat(Schema.current().tables()).containsExactly(InferenceFact.table());
    }

    @Test
    void aColumnThatIsAddedToTheDescriptionNeedsAStepAndLeavesTheFirstAsItIs() {
        List<Column> columns = new ArrayList<>(InferenceFact.columns());
        columns.add(columns.indexOf(InferenceFact.COST) + 1, added());
        Table described = InferenceFact.table().toBuilder().columns(columns).build();
        List<MigrationStep> steps = new ArrayList<>(Schema.current().steps());
        assertThat(AppliedSteps.tables(steps).get("InferenceFact"))
                .extracting(Table::createStatement)
                .isNotEqualTo(described.createStatement());

        steps.add(step(
                2,
                "ALTER TABLE {InferenceFact}\n    ADD COLUMN IF NOT EXISTS " + added().definition() + " AFTER cost"));

        assertThat(AppliedSteps.tables(steps).get("InferenceFact"))
                .extracting(Table::createStatement)
                .isEqualTo(described.createStatement());
        assertThat(new Schema(steps, List.of(described)).steps().get(0).checksum())
                .isEqualTo(Schema.current().steps().get(0).checksum());
    }

    @Test
    void everyStepThatLiesThereIsListed() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "main", "resources", "io", "budmetrics", "schema"))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(ReleasedSteps.RESOURCES);
        }
    }

    @Test
    void parse_takesTheNameTheStatementsAndTheTablesInBraces() {
        String text = """
                -- add a column and copy
                ALTER TABLE {A}
                    ADD COLUMN x UInt8;

                INSERT INTO {B}
                SELECT 'a;b', x FROM {A};
                """;
        MigrationStep step = ReleasedSteps.parse(2, "0002.sql", text);
        assertThat(ReleasedSteps.parse(2, "0002.sql", text.replace("\n", "\r\n")))
                .isEqualTo(step);
        assertThat(step.name()).isEqualTo("add a column and copy");
        assertThat(step.templates())
                .containsExactly(
                        "ALTER TABLE {A}\n    ADD COLUMN x UInt8", "INSERT INTO {B}\nSELECT 'a;b', x FROM {A}");
        assertThat(step.tables()).containsExactly("A", "B");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CREATE TABLE {A} (x UInt8)", "-- only a name", "-- only a name\n \n"})
    void parse_ofAResourceThatIsCutOffSaysWhatToDo(String text) {
        assertThatThrownBy(() -> ReleasedSteps.parse(2, "0002.sql", text))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the migration step io/budmetrics/schema/0002.sql")
                .hasMessageEndingWith("; give the whole jar of budmetrics-core, resources included");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "it's", "a\nb", "a\\", "'; DROP TABLE A"})
    void aNameThatWouldNotBeHarmlessInSqlIsRefused(String name) {
        assertInvalid(
                () -> new MigrationStep(3, name, List.of("SELECT 1")),
                "the name of migration step 3 is " + name.length() + " characters that are not plain words");
    }

    @Test
    void aChecksumTellsEveryChangeOfATemplateApart() {
        assertThat(List.of(step(1, "b", "c"), step(1, "bc"), step(1, "b"), step(1, "c", "b")))
                .extracting(MigrationStep::checksum)
                .doesNotHaveDuplicates()
                .allSatisfy(checksum -> assertThat(checksum).matches("[0-9a-f]{64}"));
        assertThat(step(1, "b").checksum()).isEqualTo(step(2, "b").checksum());
    }

    @Test
    void everyPlaceholderGetsTheDatabase() {
        MigrationStep step = step(1, "INSERT INTO {A} SELECT * FROM {B} WHERE x = {p:UInt8}");
        assertThat(step.statements("d")).containsExactly("INSERT INTO d.A SELECT * FROM d.B WHERE x = {p:UInt8}");
        assertThat(step.statements("")).containsExactly("INSERT INTO A SELECT * FROM B WHERE x = {p:UInt8}");
        assertThat(step.tables()).containsExactly("A", "B");
    }

    @Test
    void versionsHaveNoGapsAndEveryTableHasAStep() {
        assertThat(new Schema(List.of(step(1, "a"), step(2, "b")), List.of()).version())
                .isEqualTo(2);
        assertInvalid(
                () -> new Schema(List.of(step(1, "a"), step(3, "b")), List.of()),
                "the version of migration step 2 is 3; give 1, 2, 3 and so on without gaps");
        assertInvalid(
                () -> new Schema(List.of(step(1, "CREATE TABLE {A}")), List.of(InferenceFact.table())),
                "the table InferenceFact is not created by any migration step");
        assertInvalid(() -> step(1), "migration step 1 has no statement");
    }

    private static void assertInvalid(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining(message);
    }

    @Test
    void aTableWritesItsIndexesAndItsTtl() {
        Table table = Table.builder("t")
                .columns(List.of(new Column("a", "DateTime"), new Column("b", "String")))
                .indexes(new SkipIndex("b_index", "b", "bloom_filter(0.01)", 4))
                .engine("MergeTree")
                .partitionBy("toYYYYMM(a)")
                .orderBy("a")
                .ttl("a + toIntervalDay(3)")
                .settings("index_granularity = 1024")
                .build();
        assertThat(table.createStatement()).isEqualTo("""
                        CREATE TABLE IF NOT EXISTS t
                        (
                            a DateTime,
                            b String,
                            INDEX b_index b TYPE bloom_filter(0.01) GRANULARITY 4
                        )
                        ENGINE = MergeTree
                        PARTITION BY toYYYYMM(a)
                        ORDER BY (a)
                        TTL a + toIntervalDay(3)
                        SETTINGS index_granularity = 1024""");
        assertThat(table.toBuilder().ttl("").build().createStatement()).doesNotContain("TTL");
        assertThat(table.toBuilder().build()).isEqualTo(table).hasSameHashCodeAs(table);
        assertThat(table.toBuilder().ttl("").build()).isNotEqualTo(table);
        assertThat(table).hasToString("Table[t]");
        assertInvalid(() -> new SkipIndex("i", "b", "minmax", 0), "the granularity of index i is 0; give 1 or more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONE",
                "LZ4",
                "LZ4HC(9)",
                "ZSTD(22)",
                "T64, ZSTD(1)",
                "DoubleDelta, LZ4",
                "Delta(8), T64, ZSTD(3)",
                "Gorilla(8), ZSTD(1)"
            })
    void aCodecOfTheClosedSet(String codec) {
        assertThat(InferenceFact.TTFT_US.withCodec(codec).definition())
                .isEqualTo("ttft_us Nullable(Int64) CODEC(" + codec + ")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ZSTD",
                "zstd(1)",
                "ZSTD(1),LZ4",
                "ZSTD(1), ",
                "Delta(3)",
                "AES_128_GCM_SIV",
                "ZSTD(1)) TTL now()",
                "ZSTD(1)\n"
            })
    void unknownCodec_isRefused(String codec) {
        assertThatThrownBy(() -> InferenceFact.TTFT_US.withCodec(codec))
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("the codec of ttft_us is none of");
    }
}
