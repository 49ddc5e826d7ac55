package io.budmetrics.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static MigrationStep step(int version, String... templates) {
        return new MigrationStep(version, "a step", List.of("A", "B"), List.of(templates));
    }

    /** A released step never changes: a new version of the library adds one. */
    @Test
    void theFirstStepStaysAsItWasReleased() {
        assertThat(Schema.current().steps()).extracting(MigrationStep::version).containsExactly(1);
        assertThat(Schema.current().steps().get(0).checksum())
                .isEqualTo("cf217f57b32faa409a014bafeeda28d5745b8df8a814324c0e21f604deed72b2");
        assertThat(Schema.current().version()).isEqualTo(1);
    }

    @Test
    void theFirstStepCreatesTheTable() {
        assertThat(Schema.current().tables()).containsExactly(InferenceFact.table());
        MigrationStep first = Schema.current().steps().get(0);
        assertThat(first.statements("")).containsExactly(InferenceFact.table().createStatement());
        assertThat(first.statements("traffic"))
                .singleElement()
                .asString()
                .startsWith("CREATE TABLE IF NOT EXISTS traffic.InferenceFact\n(");
    }

    @Test
    void stepNamesStandInSqlTextAndAreHarmless() {
        assertThat(Schema.current().steps())
                .allSatisfy(step -> assertThat(step.name()).matches("[A-Za-z ]+"));
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
        assertThatThrownBy(() -> step(1, "DROP TABLE {C}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("step 1 does not list the table C");
    }

    @Test
    void versionsHaveNoGaps() {
        assertThat(new Schema(List.of(step(1), step(2)), List.of()).version()).isEqualTo(2);
        assertThatThrownBy(() -> new Schema(List.of(step(1), step(3)), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("step 2 has version 3");
    }

    @Test
    void aTableWritesItsIndexesAndItsTtl() {
        Table table = new Table(
                "t",
                List.of(new Column("a", "DateTime"), new Column("b", "String")),
                List.of(new SkipIndex("b_index", "b", "bloom_filter(0.01)", 4)),
                "MergeTree",
                "toYYYYMM(a)",
                List.of("a"),
                "a + toIntervalDay(3)",
                List.of("index_granularity = 1024"));
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
        assertThat(table.withTtl("").createStatement()).doesNotContain("TTL");
        assertThatThrownBy(() -> new SkipIndex("i", "b", "minmax", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("granularity of index i is 0");
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
    void anythingElseIsNoCodec(String codec) {
        assertThatThrownBy(() -> InferenceFact.TTFT_US.withCodec(codec))
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("the codec of ttft_us is none of");
    }
}
