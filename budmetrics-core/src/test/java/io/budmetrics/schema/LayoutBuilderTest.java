package io.budmetrics.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.internal.layout.ColumnKind;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LayoutBuilderTest {
    private static LayoutBuilder log() {
        return Layout.table("log").column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts");
    }

    private static void assertRefused(ThrowingCallable call, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1st",
                "a`b",
                "a'b",
                "a\"b",
                "a\\b",
                "a;b",
                "a(b",
                "a--b\n",
                "a\u00e9",
                "log AS x, (SELECT 1)",
                " log",
                "log\0"
            })
    void namesOfTablesAndColumnsAreChecked(String name) {
        assertRefused(() -> Layout.table(name), "name of a table or column");
        assertRefused(() -> Layout.table("db." + name), "name of a table or column");
        assertRefused(() -> StoredColumn.of(name), "name of a table or column");
        assertRefused(() -> StoredColumn.of("a").orElse(name), "name of a table or column");
    }

    @Test
    void aNameThatIsTooLongIsRefusedWithoutItsText() {
        assertRefused(() -> Layout.table("a".repeat(129)), "has 129 characters");
        assertThat(Layout.table("a".repeat(128))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's", "a\\", "a`b", "{p0:String}", "a\nb", "\u00e9", "(SELECT 1)"})
    void textsAreChecked(String text) {
        assertRefused(() -> StoredColumn.of("state").is(text), "a text in a layout has " + text.length());
        assertRefused(() -> log().constant(InferenceFact.MODEL_NAME, text), "a text in a layout has");
    }

    @Test
    void invalidLayout_isRefusedByName() {
        assertRefused(() -> Layout.table("a.b.c"), "the name of the table of a layout has two dots");
        assertRefused(
                () -> Layout.table("log").build(),
                "request_arrival_time of the layout of log is not mapped; give the column");
        assertRefused(
                () -> log().column(InferenceFact.REQUEST_ARRIVAL_TIME, "at"),
                "request_arrival_time of a layout is mapped twice");
        assertRefused(
                () -> log().column(InferenceFact.COST, "cost").unknown(InferenceFact.COST),
                "cost of a layout is mapped twice");
        assertRefused(
                () -> log().column(new Column("nothing", "String"), "a"),
                "the logical column nothing of a layout is not a column of InferenceFact");
        assertRefused(
                () -> log().unknown(InferenceFact.INFERENCE_ID), "inference_id of a layout is unknown and never null");
        assertRefused(
                () -> log().column(
                                InferenceFact.USER_ID, StoredColumn.of("user").times(2)),
                "user_id of a layout is scaled but not a number");
        assertRefused(() -> StoredColumn.of("ms").times(0), "times of the column ms is 0");
        assertRefused(() -> StoredColumn.of("ms").dividedBy(-1), "dividedBy of the column ms is -1");
        assertRefused(
                () -> log().constant(InferenceFact.USER_ID, UUID.randomUUID()),
                "the constant for user_id of a layout is UUID; give one that is String");
    }

    @Test
    void layoutsAreComparedByValue() {
        assertThat(log().build()).isEqualTo(log().build()).hasSameHashCodeAs(log().build());
        assertThat(log().build()).isNotEqualTo(log().unknown(InferenceFact.COST).build());
        assertThat(log().build()).isNotEqualTo(log().build().withUniqueRows());
        assertThat(Layout.tensorzero()).isEqualTo(Layout.tensorzero()).isNotEqualTo(Layout.otelInferenceFact());
        assertThat(log().build()).hasToString("Layout[log]");
        assertThat(Layout.inferenceFact().has("cost")).isTrue();
        assertThat(log().build().has("cost")).isFalse();
    }

    @Test
    void theTypesOfColumnsAreTold() {
        assertThat(ColumnKind.TIME.admits("Nullable(DateTime64(3, 'UTC'))")).isTrue();
        assertThat(ColumnKind.TIME.admits("Date")).isFalse();
        assertThat(ColumnKind.NUMBER.admits("LowCardinality(Nullable(UInt32))")).isTrue();
        assertThat(ColumnKind.NUMBER.admits("Array(UInt32)")).isFalse();
        assertThat(ColumnKind.NAME.admits("Nullable(Enum8('a' = 1, 'b' = 2))")).isTrue();
        assertThat(ColumnKind.TEXT.admits("Enum8('a' = 1)")).isFalse();
        assertThat(ColumnKind.NAME_OR_NUMBER.admits("Array(String)")).isFalse();
        assertThat(ColumnKind.NAME_OR_NUMBER.admits("Map(String, String)")).isFalse();
        for (Column column : InferenceFact.columns()) {
            assertThat(ColumnKind.of(column.name(), column.type()).admits(column.type()))
                    .as(column.name())
                    .isTrue();
        }
    }
}
