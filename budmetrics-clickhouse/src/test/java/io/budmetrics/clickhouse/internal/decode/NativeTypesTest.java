package io.budmetrics.clickhouse.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java values of every type, the accessors that read them, and the types that are refused. */
final class NativeTypesTest {
    private static List<@Nullable Object> values(Columns columns, String name) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int row = 0; row < columns.rowCount(); row++) {
            values.add(columns.valueAt(columns.indexOf(name), row));
        }
        return values;
    }

    private static List<@Nullable Object> list(@Nullable Object... elements) {
        return Arrays.asList(elements);
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private static BigInteger power(int exponent) {
        return BigInteger.ONE.shiftLeft(exponent);
    }

    @Test
    void valueAt_everyScalarTypeOfTheEngine() throws IOException {
        Columns columns = NativeBodies.decode(NativeBodies.resource("nested.native"));
        BigInteger one = BigInteger.ONE;
        BigInteger two = BigInteger.TWO;
        assertThat(values(columns, "i128")).containsExactly(one.negate(), two.negate(), BigInteger.valueOf(-3));
        BigInteger greatest = power(128).subtract(one);
        assertThat(values(columns, "u128")).containsExactly(greatest, greatest.subtract(one), greatest.subtract(two));
        assertThat(values(columns, "i256")).containsExactly(power(255).negate(), one, two);
        greatest = power(256).subtract(one);
        assertThat(values(columns, "u256")).containsExactly(greatest, greatest.subtract(one), greatest.subtract(two));
        assertThat(values(columns, "d76"))
                .containsExactly(
                        new BigDecimal("-1.5").setScale(30),
                        new BigDecimal("-3").setScale(30),
                        new BigDecimal("-4.5").setScale(30));
        assertThat(values(columns, "bf")).containsExactly(0.0, 0.5, 1.0);
        assertThat(values(columns, "b")).containsExactly(false, true, false);
        assertThat(values(columns, "f4")).containsExactly("gpt", "", "abcd");
        assertThat(values(columns, "ip4"))
                .containsExactly(address("0.0.0.0"), address("192.0.2.1"), address("255.255.255.255"));
        assertThat(values(columns, "ip6")).containsExactly(address("::"), address("2001:db8::1"), address("192.0.2.1"));
        assertThat(values(columns, "nip")).containsExactly(address("2001:db8::"), null, address("2001:db8::2"));
        assertThat(values(columns, "lip")).containsExactly(address("192.0.2.0"), null, address("192.0.2.2"));
        assertThat(values(columns, "li")).containsExactly(BigInteger.ZERO, null, two);
        assertThat(values(columns, "d"))
                .containsExactly(
                        LocalDate.parse("2149-06-04"), LocalDate.parse("2149-06-05"), LocalDate.parse("2149-06-06"));
        assertThat(values(columns, "d32"))
                .containsExactly(
                        LocalDate.parse("1900-01-01"), LocalDate.parse("1900-01-02"), LocalDate.parse("1900-01-03"));
        assertThat(values(columns, "t0"))
                .containsExactly(
                        Instant.parse("1900-01-01T00:00:00Z"),
                        Instant.parse("1900-01-01T00:00:01Z"),
                        Instant.parse("1900-01-01T00:00:02Z"));
        assertThat(values(columns, "t9"))
                .containsExactly(
                        Instant.parse("1970-01-01T03:29:59.999999999Z"),
                        Instant.parse("1970-01-01T03:30:00Z"),
                        Instant.parse("1970-01-01T03:30:00.000000001Z"));
        Duration longest = Duration.ofHours(999).plusMinutes(59).plusSeconds(59);
        assertThat(values(columns, "tm")).containsExactly(longest.negated(), Duration.ofSeconds(1), longest);
        assertThat(values(columns, "tm3"))
                .containsExactly(Duration.ofMillis(-1), Duration.ofMillis(1_500), longest.plusMillis(999));
        assertThat(values(columns, "iv")).containsExactly(0L, 1L, 2L);
        assertThat(values(columns, "e")).containsExactly("a'b", null, "d, (e");
        // the engine itself sends a value that the type does not name, for an element that is not there
        assertThat(values(columns, "ee")).containsExactly("c", "", "");
        assertThat(values(columns, "no")).containsExactly(null, null, null);
    }

    @Test
    void valueAt_everyNestedTypeOfTheEngine() throws IOException {
        Columns columns = NativeBodies.decode(NativeBodies.resource("nested.native"));
        BigInteger zero = BigInteger.ZERO;
        BigInteger one = BigInteger.ONE;
        BigInteger two = BigInteger.TWO;
        assertThat(values(columns, "at")).containsExactly(list(), list("x0"), list("x0", "x1"));
        assertThat(values(columns, "an")).containsExactly(list(zero, null), list(one, null), list(two, null));
        assertThat(values(columns, "aa"))
                .containsExactly(list(list()), list(list(), list(zero)), list(list(), list(zero), list(zero, one)));
        assertThat(values(columns, "al")).containsExactly(list("0"), list("0", null), list("0", null, "0"));
        assertThat(values(columns, "m"))
                .containsExactly(
                        Map.of("k", zero, "l", BigInteger.valueOf(7)),
                        Map.of(),
                        Map.of("k", two, "l", BigInteger.valueOf(7)));
        assertThat(values(columns, "mm"))
                .containsExactly(
                        Map.of("k", Map.of(zero, list(list(zero, "x")))),
                        Map.of("k", Map.of(one, list(list(one, "x")))),
                        Map.of("k", Map.of(two, list(list(two, "x")))));
        assertThat(values(columns, "tu"))
                .containsExactly(list(0L, "x", null), list(1L, "x", null), list(2L, "x", null));
        assertThat(values(columns, "te")).containsExactly(list(), list(), list());
        assertThat(values(columns, "nt")).containsExactly(list(0L, list(zero), "y"), null, list(2L, list(two), "y"));
        assertThat(values(columns, "ne")).containsExactly(list(list(0L, "z")), list(), list(list(2L, "z")));
        assertThat(values(columns, "ae")).containsExactly(list(), list(), list());
        assertThat(values(columns, "me")).containsExactly(Map.of(), Map.of(), Map.of());
        assertThat(values(columns, "p")).containsExactly(list(0.0, 0.5), list(1.0, 0.5), list(2.0, 0.5));
        assertThat(values(columns, "pg"))
                .startsWith(list(list(list(0.0, 0.0), list(0.0, 1.0))))
                .hasSize(3);
        assertThat(values(columns, "sm")).containsExactly(Map.of("s", zero), Map.of("s", one), Map.of("s", two));
    }

    @Test
    void accessors_readTheDefaultUnderNull() throws IOException {
        Columns columns = NativeBodies.decode(NativeBodies.resource("nested.native"));
        assertThat(columns.addressAt(columns.indexOf("nip"), 1)).isEqualTo(address("::"));
        assertThat(columns.textAt(columns.indexOf("nip"), 1)).isEmpty();
        assertThat(columns.addressAt(columns.indexOf("lip"), 1)).isEqualTo(address("0.0.0.0"));
        assertThat(columns.textAt(columns.indexOf("lip"), 1)).isEmpty();
        assertThat(columns.longAt(columns.indexOf("li"), 1)).isZero();
        assertThat(columns.bigIntegerAt(columns.indexOf("li"), 1)).isZero();
        assertThat(columns.textAt(columns.indexOf("e"), 1)).isEmpty();
        assertThat(columns.longAt(columns.indexOf("e"), 1)).isZero();
        assertThat(columns.tupleAt(columns.indexOf("nt"), 1)).isEmpty();
        for (String name : List.of("nip", "lip", "li", "e", "nt", "no")) {
            assertThat(columns.isNull(columns.indexOf(name), 1)).as(name).isTrue();
        }
        assertThat(columns.isNull(columns.indexOf("ip6"), 1)).isFalse();
    }

    @Test
    void accessors_ofEveryType() throws IOException {
        Columns columns = NativeBodies.decode(NativeBodies.resource("nested.native"));
        assertThat(columns.textAt(columns.indexOf("ip4"), 1)).isEqualTo("192.0.2.1");
        assertThat(columns.textAt(columns.indexOf("ip6"), 1)).isEqualTo("2001:db8::1");
        assertThat(columns.textAt(columns.indexOf("ip6"), 2)).isEqualTo("::ffff:192.0.2.1");
        assertThat(columns.textAt(columns.indexOf("lip"), 2)).isEqualTo("192.0.2.2");
        assertThat(columns.bigIntegerAt(columns.indexOf("iv"), 2)).isEqualTo(2);
        assertThat(columns.bigIntegerAt(columns.indexOf("i128"), 0)).isEqualTo(-1);
        assertThat(columns.dateAt(columns.indexOf("d"), 0)).isEqualTo("2149-06-04");
        assertThat(columns.longAt(columns.indexOf("d32"), 0)).isEqualTo(-25_567);
        assertThat(columns.instantAt(columns.indexOf("t0"), 1)).isEqualTo("1900-01-01T00:00:01Z");
        assertThat(columns.longAt(columns.indexOf("tm3"), 0)).isEqualTo(-1);
        assertThat(columns.listAt(columns.indexOf("at"), 2)).containsExactly("x0", "x1");
        assertThat(columns.lengthAt(columns.indexOf("at"), 2)).isEqualTo(2);
        assertThat(columns.mapAt(columns.indexOf("m"), 0).keySet()).containsExactly("k", "l");
        assertThat(columns.lengthAt(columns.indexOf("m"), 0)).isEqualTo(2);
        assertThat(columns.tupleAt(columns.indexOf("tu"), 2)).containsExactly(2L, "x", null);
        assertThat(columns.isWhole(columns.indexOf("ip4"))).isFalse();
        assertThat(columns.isWhole(columns.indexOf("d32"))).isTrue();
    }

    @Test
    void listsMapsAndTuples_areImmutable() throws IOException {
        Columns columns = NativeBodies.decode(NativeBodies.resource("nested.native"));
        List<@Nullable Object> list = columns.listAt(columns.indexOf("at"), 2);
        Map<Object, @Nullable Object> map = columns.mapAt(columns.indexOf("m"), 0);
        List<@Nullable Object> tuple = columns.tupleAt(columns.indexOf("tu"), 0);
        assertThatThrownBy(() -> list.set(0, "y")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.put("k", "y")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> tuple.set(0, "y")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void mapAt_keepsTheFirstOfEqualKeysAndNullValues() throws IOException {
        Columns columns = NativeBodies.decode(new NativeBytes()
                .block(1, 1)
                .column("m", "Map(UInt8, Nullable(UInt8))")
                .longs(3)
                .raw(7, 8, 7)
                .raw(1, 0, 0)
                .raw(99, 2, 3)
                .bytes());
        Map<Object, @Nullable Object> map = columns.mapAt(0, 0);
        assertThat(map).containsOnlyKeys(7L, 8L).containsEntry(7L, null).containsEntry(8L, 2L);
    }

    @ParameterizedTest
    @CsvSource({
        "longAt, f4, column f4 is FixedString(4), textAt",
        "longAt, ip4, column ip4 is IPv4, addressAt or textAt",
        "longAt, u128, column u128 is UInt128, bigIntegerAt",
        "doubleAt, li, column li is LowCardinality(Nullable(UInt64)), longAt or bigIntegerAt",
        "decimalAt, bf, column bf is BFloat16, doubleAt",
        "uuidAt, nip, column nip is Nullable(IPv6), addressAt or textAt",
        "textAt, nt, 'column nt is Nullable(Tuple(UInt8, Array(UInt64), LowCardinality(String)))', tupleAt",
        "doubleAt, e, column e is Nullable(...), textAt or longAt",
        "elementAt, at, column at is Array(String), listAt or lengthAt",
        "listAt, m, 'column m is Map(LowCardinality(String), UInt64)', mapAt or lengthAt",
        "mapAt, ne, 'column ne is Nested(x UInt8, y String)', listAt or lengthAt",
        "tupleAt, ae, column ae is Array(Nothing), listAt or lengthAt",
        "dateAt, t0, column t0 is DateTime64(...), instantAt or longAt",
        "instantAt, d, column d is Date, dateAt or longAt",
        "addressAt, d76, 'column d76 is Decimal(76, 30)', decimalAt",
        "bigIntegerAt, tm, column tm is Time, longAt",
        "lengthAt, no, column no is Nullable(Nothing), valueAt"
    })
    void accessors_ofAnotherTypeNameTheColumnItsTypeAndWhatReadsIt(
            String accessor, String name, String columnAndType, String readBy) throws IOException {
        Columns columns = NativeBodies.decode(NativeBodies.resource("nested.native"));
        int column = columns.indexOf(name);
        assertThatThrownBy(() -> read(columns, accessor, column))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(columnAndType + ", which " + accessor + " does not read; use " + readBy);
    }

    private static @Nullable Object read(Columns columns, String accessor, int column) {
        return switch (accessor) {
            case "longAt" -> columns.longAt(column, 2);
            case "bigIntegerAt" -> columns.bigIntegerAt(column, 2);
            case "doubleAt" -> columns.doubleAt(column, 2);
            case "decimalAt" -> columns.decimalAt(column, 2);
            case "uuidAt" -> columns.uuidAt(column, 2);
            case "textAt" -> columns.textAt(column, 2);
            case "addressAt" -> columns.addressAt(column, 2);
            case "dateAt" -> columns.dateAt(column, 2);
            case "instantAt" -> columns.instantAt(column, 2);
            case "lengthAt" -> columns.lengthAt(column, 2);
            case "elementAt" -> columns.elementAt(column, 2, 0);
            case "listAt" -> columns.listAt(column, 2);
            case "mapAt" -> columns.mapAt(column, 2);
            case "tupleAt" -> columns.tupleAt(column, 2);
            default -> throw new IllegalArgumentException(accessor);
        };
    }

    @Test
    void instantAt_refusesWhatNoInstantHolds() throws IOException {
        Columns columns = NativeBodies.decode(new NativeBytes()
                .block(1, 1)
                .column("t", "DateTime64(0)")
                .longs(Long.MAX_VALUE)
                .bytes());
        assertThat(columns.longAt(0, 0)).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> columns.instantAt(0, 0))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("longAt");
    }

    @ParameterizedTest
    @CsvSource({
        "JSON, 'JSON, which is not decoded; select toString(the_column) instead'",
        "Dynamic, 'Dynamic, which is not decoded; select toString(the_column) instead'",
        "'Variant(Int8, String)', 'Variant(Int8, String), which is not decoded; select toString(the_column) instead'",
        "Geometry, 'Geometry, which is not decoded; select toString(the_column) instead'",
        "'QBit(Float32, 4)', 'QBit(Float32, 4), which is not decoded; select toString(the_column) instead'",
        "Array(JSON), 'Array(JSON), and JSON is not decoded; select toString(the_column) instead'",
        "'Map(String, Tuple(a UInt8, b Dynamic))', "
                + "'Map(String, Tuple(a UInt8, b Dynamic)), and Dynamic is not decoded; select toString(the_column) instead'",
        "'Tuple(Enum8(''x'' = 1), JSON)', "
                + "'Tuple(...), and JSON is not decoded; select toString(the_column) instead'",
        "AggregateFunction(count), "
                + "'AggregateFunction(count), which is not decoded; select finalizeAggregation(the_column) instead'",
        "Array(AggregateFunction(count)), "
                + "'Array(AggregateFunction(count)), and AggregateFunction is not decoded; apply finalizeAggregation in the statement'",
    })
    void refusedTypes_areNamedWithWhatToSelectInstead(String type, String message) {
        BudMetricsException exception = NativeBodies.failure(
                new NativeBytes().block(1, 0).column("the_column", type).bytes());
        assertThat(exception.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(exception.reason()).isEqualTo("column the_column is " + message);
    }

    @Test
    void refusedTypes_doNotShowTheTextOfAnUnnamedColumn() {
        BudMetricsException exception = NativeBodies.failure(
                new NativeBytes().block(1, 0).column("'SECRET'::JSON", "JSON").bytes());
        assertThat(exception.reason())
                .isEqualTo("a column is JSON, which is not decoded; select toString(the column) instead");
    }

    /** What no server sends, and damage may. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Int129",
                "IntervalAge",
                "Decimal(77, 5)",
                "Decimal(0, 0)",
                "Decimal(5, 9)",
                "Decimal(5)",
                "Decimal(5, -1)",
                "FixedString(x)",
                "FixedString(0)",
                "FixedString(16777217)",
                "FixedString",
                "DateTime64(10)",
                "DateTime64(3, UTC)",
                "Nullable(Array(Float64))",
                "Nullable(Map(String, UInt8))",
                "Nullable(Nullable(UInt8))",
                "Nullable(LowCardinality(String))",
                "LowCardinality(Decimal(9, 2))",
                "LowCardinality(Array(UInt8))",
                "LowCardinality(LowCardinality(String))",
                "LowCardinality(Nothing)",
                "Map(Nullable(String), UInt8)",
                "Map(LowCardinality(Nullable(String)), UInt8)",
                "Map(String)",
                "Map(String, UInt8, UInt8)",
                "Array()",
                "Array(String",
                "Array(String))",
                "Array(String) x",
                "Tuple(UInt8,)",
                "Tuple(`a UInt8)",
                "Enum8('a')",
                "Enum8()",
                "Enum8('a' = 128)",
                "Enum16('a' = 32768)",
                "Enum8('a' = 1, 'b' = 1)",
                "Enum8('a = 1",
                "SimpleAggregateFunction(sum)",
                "SimpleAggregateFunction(f(1, 2, UInt64)"
            })
    void typesThatNoServerSends_areRefused(String type) {
        BudMetricsException exception = NativeBodies.failure(
                new NativeBytes().block(1, 0).column("the_column", type).bytes());
        assertThat(exception.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(exception.reason()).startsWith("column the_column is ").hasSizeLessThan(300);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Tuple(UInt8)",
                "Tuple(a UInt8)",
                "Tuple(`a b,)` UInt8)",
                "Tuple(`back\\`tick` UInt8)",
                "Tuple(`double``tick` UInt8)",
                "Tuple(UInt8 UInt8)",
                "Tuple(\n    a UInt8)",
                "SimpleAggregateFunction(f(1, ')', (2)), Tuple(UInt8))",
                "Array(Tuple(UInt8))",
            })
    void typeTexts_inEveryFormOfTheServer(String type) throws IOException {
        NativeBytes body = new NativeBytes().block(1, 1).column("c", type);
        if (type.startsWith("Array")) {
            body.longs(1);
        }
        Columns columns = NativeBodies.decode(body.raw(5).bytes());
        Object expected = type.startsWith("Array") ? list(list(5L)) : list(5L);
        assertThat(columns.valueAt(0, 0)).isEqualTo(expected);
    }
}
