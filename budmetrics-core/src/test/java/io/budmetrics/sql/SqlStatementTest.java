package io.budmetrics.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.budmetrics.error.BudMetricsException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements of a caller's own. */
class SqlStatementTest {
    private static final UUID ID = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a1");

    private static SqlStatement<Integer> statement(String sql, SqlParameter... parameters) {
        return SqlStatement.of(sql, List.of(parameters), columns -> columns.rowCount());
    }

    @Test
    void inlined_writesValuesIntoTheText() {
        SqlStatement<Integer> statement = statement(
                "SELECT {a:String}, {b:UUID}, {c:DateTime64(6, 'UTC')}, {d:Array(UUID)}, {e:Array(String)}, {a:String}, {f:Int8}",
                SqlParameter.of("a", "it's {b:UUID} \\ \n\0"),
                SqlParameter.of("b", ID),
                SqlParameter.of("c", Instant.parse("1969-12-31T23:59:59.9999991Z")),
                SqlParameter.ofUuids("d", List.of(ID)),
                SqlParameter.ofTexts("e", List.of("x'y", "")));

        assertThat(statement.inlined())
                .isEqualTo("SELECT 'it\\'s {b:UUID} \\\\ \\n\\0', toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1'),"
                        + " toDateTime64('1970-01-01 00:00:00.000000', 6, 'UTC'),"
                        + " [toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1')], ['x\\'y',''],"
                        + " 'it\\'s {b:UUID} \\\\ \\n\\0', {f:Int8}");
    }

    @Test
    void numbersAndFlagsAreWrittenAsTheServerReadsThem() {
        List<SqlParameter> parameters = List.of(
                SqlParameter.of("a", -5L),
                SqlParameter.ofWholes("b", List.of(429L, 500L)),
                SqlParameter.of("c", true),
                SqlParameter.ofFlags("d", List.of(true, false)),
                SqlParameter.of("e", new BigDecimal("1E-12")),
                SqlParameter.of("f", 1e-7));

        assertThat(parameters)
                .extracting(SqlParameter::type)
                .containsExactly("Int64", "Array(Int64)", "Bool", "Array(Bool)", "Decimal(38, 12)", "Float64");
        assertThat(parameters)
                .extracting(SqlParameter::encoded)
                .containsExactly("-5", "[429,500]", "true", "[true,false]", "0.000000000001", "1.0E-7");
        assertThat(parameters)
                .extracting(SqlParameter::literal)
                .containsExactly(
                        "-5", "[429,500]", "true", "[true,false]", "toDecimal128('0.000000000001', 12)", "1.0E-7");
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> SqlParameter.of("e", new BigDecimal("1E-13")))
                .withMessageContaining("parameter e has more than 12 decimals or 26 digits before them; round it");
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> SqlParameter.of("e", new BigDecimal("1E26")));
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> SqlParameter.of("f", Double.NaN))
                .withMessageContaining("parameter f is NaN; give a finite number");
    }

    @Test
    void toString_showsNoValueAndEqualityComparesTextAndValues() {
        SqlStatement<Integer> statement = statement("SELECT {a:String}", SqlParameter.of("a", "tenant-4711"));

        assertThat(statement.toString()).isEqualTo("SELECT {a:String}");
        assertThat(statement.parameters().toString()).isEqualTo("[{a:String}]");
        assertThat(statement)
                .isEqualTo(statement("SELECT {a:String}", SqlParameter.of("a", "tenant-4711")))
                .hasSameHashCodeAs(statement("SELECT {a:String}", SqlParameter.of("a", "tenant-4711")))
                .isNotEqualTo(statement("SELECT {a:String}", SqlParameter.of("a", "another")))
                .isNotEqualTo(statement("SELECT {a:String} ", SqlParameter.of("a", "tenant-4711")));
        assertThat(SqlParameter.of("a", ID)).isNotEqualTo(SqlParameter.of("a", ID.toString()));
    }

    @Test
    void limitsOfParameters_areInclusive() {
        for (String name : List.of("a", "z", "A", "Z", "_", "a0", "a9", "a".repeat(64))) {
            assertThat(SqlParameter.of(name, ID).name()).isEqualTo(name);
        }
        String most = "9".repeat(26) + "." + "9".repeat(12);
        assertThat(SqlParameter.of("a", new BigDecimal(most)).encoded()).isEqualTo(most);
        assertThat(statement("{a:Int64}", SqlParameter.of("a", 7)).inlined()).isEqualTo("7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1a",
                "9",
                "a`",
                "a/",
                "a:",
                "a b",
                "a}",
                "a:String",
                "a&readonly=0",
                "a\r\nb",
                "ä",
                "a%20",
                "{a"
            })
    void aNameIsAnIdentifier(String name) {
        assertThatExceptionOfType(BudMetricsException.class).isThrownBy(() -> SqlParameter.of("a".repeat(65), ID));
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> SqlParameter.of(name, "value"))
                .withMessageContaining(
                        "a parameter's name of " + name.length() + " characters is not an identifier; give");
        assertThatExceptionOfType(BudMetricsException.class).isThrownBy(() -> SqlParameter.of(name, ID));
        assertThatExceptionOfType(BudMetricsException.class).isThrownBy(() -> SqlParameter.of(name, Instant.EPOCH));
        assertThatExceptionOfType(BudMetricsException.class).isThrownBy(() -> SqlParameter.ofUuids(name, List.of(ID)));
        assertThatExceptionOfType(BudMetricsException.class).isThrownBy(() -> SqlParameter.ofTexts(name, List.of("")));
    }

    @Test
    void valuesThatCannotBeEncoded_areRefused() {
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> SqlParameter.of("a", "x\uD800"))
                .withMessageContaining("parameter a contains an unpaired surrogate");
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> SqlParameter.ofTexts("a", List.of("x", "\uDC00y")));
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> SqlParameter.of("a", Instant.parse("2300-01-01T00:00:00Z")))
                .withMessageContaining("outside what DateTime64(6, 'UTC') holds");
        assertThatExceptionOfType(BudMetricsException.class).isThrownBy(() -> SqlParameter.of("a", Instant.MIN));
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> statement("SELECT 1", SqlParameter.of("a", "x"), SqlParameter.of("a", "y")))
                .withMessageContaining("two parameters are named a; give each a different name");
        assertThat(SqlParameter.of("_a1", "\uD83D\uDE80").encoded()).isEqualTo("\uD83D\uDE80");
        assertThatNullPointerException()
                .isThrownBy(() -> SqlParameter.ofTexts("a", Collections.singletonList(null)))
                .withMessage("a value of texts is null");
    }
}
