package io.budmetrics.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class InferenceFactTest {
    private static final Pattern DOCUMENTED =
            Pattern.compile("\\| `(\\w+)` \\| `([^`]+)` \\| `([^`]+)` \\| ([^|]+) \\|([^|]*)\\| ([^|]+) \\|");

    @Test
    void everyConstantIsAColumnInItsOrder() throws IllegalAccessException {
        List<Column> constants = new ArrayList<>();
        for (java.lang.reflect.Field field : InferenceFact.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Column.class) {
                Column column = (Column) Objects.requireNonNull(field.get(null));
                assertThat(field.getName().toLowerCase(java.util.Locale.ROOT)).isEqualTo(column.name());
                constants.add(column);
            }
        }
        assertThat(InferenceFact.columns()).containsExactlyElementsOf(constants).hasSize(118);
        assertThat(InferenceFact.columns()).extracting(Column::name).doesNotHaveDuplicates();
    }

    @Test
    void durationsAreIntegersAndCostsDecimals() {
        assertThat(InferenceFact.columns())
                .filteredOn(column -> column.name().endsWith("_us"))
                .extracting(Column::type)
                .hasSize(6)
                .containsOnly("Nullable(Int64)");
        assertThat(List.of(InferenceFact.COST, InferenceFact.INFERENCE_COST))
                .extracting(Column::type)
                .containsOnly("Nullable(Decimal(18, 12))");
        assertThat(InferenceFact.columns())
                .filteredOn(column -> !column.nullable())
                .containsExactly(
                        InferenceFact.INFERENCE_ID, InferenceFact.REQUEST_ARRIVAL_TIME, InferenceFact.INGESTED_AT);
    }

    @Test
    void theDdlIsTheOneThatWasReviewed() throws IOException {
        assertThat(InferenceFact.table().createStatement() + "\n").isEqualTo(resource("inference_fact.sql"));
        assertThat(Schema.history().createStatement() + "\n").isEqualTo(resource("migration_history.sql"));
    }

    @Test
    void aTableRefusesNamesThatWouldNeedQuotingAndMissingParts() {
        Column column = new Column("a", "UInt8");
        assertInvalid(Table.builder("a b").columns(List.of(column)), "the name a b is not a plain identifier");
        assertInvalid(Table.builder("t").columns(List.of(new Column("a`", "UInt8"))), "the name a` is not a plain");
        assertInvalid(Table.builder("t"), "the table t lacks a column, an engine or a sorting key");
        for (Column time :
                List.of(new Column("b", "DateTime"), new Column("a", "UInt8"), new Column("n", "Nullable(DateTime)"))) {
            assertInvalid(
                    Table.builder("t")
                            .columns(List.of(column, new Column("n", "Nullable(DateTime)")))
                            .time(time),
                    "the time " + time.name() + " of the table t is not a time that every row has");
        }
        assertThat(Table.builder("t")
                        .columns(List.of(column))
                        .engine("Memory")
                        .orderBy("a")
                        .build()
                        .createStatement())
                .isEqualTo("CREATE TABLE IF NOT EXISTS t\n(\n    a UInt8\n)\nENGINE = Memory\nORDER BY (a)");
        assertThat(InferenceFact.table().time()).contains(InferenceFact.REQUEST_ARRIVAL_TIME);
    }

    private static void assertInvalid(Table.Builder builder, String message) {
        assertThatThrownBy(builder.engine("Memory").orderBy("a")::build)
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining(message);
    }

    @Test
    void theDocumentListsExactlyTheseColumns() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "schema.md"));
        List<String> documented = new ArrayList<>();
        Matcher row = DOCUMENTED.matcher(document);
        while (row.find()) {
            documented.add(row.group(1) + " " + row.group(2) + " " + row.group(3));
            // a column that is never null says so, every other says what null means
            assertThat(row.group(6).startsWith("never null"))
                    .isEqualTo(!row.group(2).contains("Nullable("));
        }
        assertThat(documented)
                .containsExactlyElementsOf(InferenceFact.columns().stream()
                        .map(column -> column.name() + " " + column.type() + " " + column.codec())
                        .toList());
        assertThat(document).contains(lastLines(InferenceFact.table().createStatement()));
    }

    /** From the engine on. */
    private static String lastLines(String statement) {
        return statement.substring(statement.indexOf("ENGINE"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(InferenceFactTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aColumnWritesItsDefinition() {
        assertThat(Arrays.asList(
                        new Column("a", "UInt8").definition(),
                        new Column("a", "UInt8", "ZSTD(1)").definition(),
                        InferenceFact.INGESTED_AT.definition()))
                .containsExactly(
                        "a UInt8",
                        "a UInt8 CODEC(ZSTD(1))",
                        "ingested_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') CODEC(Delta(8), T64, ZSTD(1))");
    }
}
