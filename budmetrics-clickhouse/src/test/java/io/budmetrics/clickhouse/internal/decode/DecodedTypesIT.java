package io.budmetrics.clickhouse.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlStatement;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the engine sends of every type, at the edges of its values, comes back as the Java value. */
@ExtendWith(ClickHouseExtension.class)
final class DecodedTypesIT {
    private static final String SETTINGS = " SETTINGS allow_suspicious_low_cardinality_types = 1";

    private final List<String> expressions = new ArrayList<>();
    private final List<@Nullable Object> expected = new ArrayList<>();

    private void expect(String expression, @Nullable Object value) {
        expressions.add(expression);
        expected.add(value);
    }

    private void expectCast(String text, String type, @Nullable Object value) {
        expect("CAST(" + text + ", '" + type.replace("'", "\\'") + "')", value);
    }

    private static Columns ask(DataSource source, String sql) {
        try (BudMetrics client = BudMetrics.over(source)) {
            return client.execute(SqlStatement.of(sql, List.of(), columns -> columns));
        }
    }

    private void assertDecoded(TestServer server) {
        String items = IntStream.range(0, expressions.size())
                .mapToObj(i -> expressions.get(i) + " AS c" + i)
                .collect(Collectors.joining(",\n"));
        Columns columns = ask(server.dataSource(), "SELECT " + items + "\nFROM numbers(2)" + SETTINGS);
        assertThat(columns.rowCount()).isEqualTo(2);
        for (int i = 0; i < expressions.size(); i++) {
            for (int row = 0; row < 2; row++) {
                assertThat(columns.valueAt(i, row)).as(expressions.get(i)).isEqualTo(expected.get(i));
                assertThat(columns.isNull(i, row)).as(expressions.get(i)).isEqualTo(expected.get(i) == null);
                assertThat(columns.same(i, 0, row)).as(expressions.get(i)).isTrue();
            }
        }
    }

    private static List<@Nullable Object> list(@Nullable Object... elements) {
        return Arrays.asList(elements);
    }

    private static BigInteger power(int exponent) {
        return BigInteger.ONE.shiftLeft(exponent);
    }

    @Test
    void integersAndBooleans_ofEveryWidth(TestServer server) {
        for (int bits = 8; bits <= 256; bits *= 2) {
            BigInteger least = power(bits - 1).negate();
            for (BigInteger value : List.of(least, least.not(), BigInteger.ZERO, BigInteger.ONE.negate())) {
                Object number = bits <= 64 ? (Object) value.longValueExact() : value;
                expectCast("'" + value + "'", "Int" + bits, number);
                expectCast("'" + value + "'", "Nullable(Int" + bits + ")", number);
                expectCast("'" + value + "'", "LowCardinality(Nullable(Int" + bits + "))", number);
            }
            BigInteger greatest = power(bits).subtract(BigInteger.ONE);
            for (BigInteger value : List.of(greatest, power(bits - 1), BigInteger.ZERO)) {
                Object number = bits <= 32 ? (Object) value.longValueExact() : value;
                expectCast("'" + value + "'", "UInt" + bits, number);
                expectCast("'" + value + "'", "LowCardinality(UInt" + bits + ")", number);
                expectCast("['" + value + "']", "Array(UInt" + bits + ")", List.of(number));
            }
            expectCast("NULL", "Nullable(UInt" + bits + ")", null);
            expectCast("NULL", "LowCardinality(Nullable(UInt" + bits + "))", null);
        }
        expect("true", true);
        expectCast("false", "Nullable(Bool)", false);
        expectCast("true", "LowCardinality(Bool)", true);
        expect("toIntervalMonth(-3)", -3L);
        assertDecoded(server);
    }

    @Test
    void floatsAndDecimals_atTheirEdges(TestServer server) {
        for (String type : List.of("Float32", "Float64", "BFloat16")) {
            expectCast("1.5", type, 1.5);
            expectCast("nan", type, Double.NaN);
            expectCast("inf", type, Double.POSITIVE_INFINITY);
            expectCast("-inf", "LowCardinality(Nullable(" + type + "))", Double.NEGATIVE_INFINITY);
            expectCast("NULL", "Nullable(" + type + ")", null);
        }
        expectCast("'-0'", "Float64", -0.0);
        expectCast("'4.9e-324'", "Float64", Double.MIN_VALUE);
        expectCast("'1.7976931348623157e308'", "Float64", Double.MAX_VALUE);
        expectCast("'3.4028235e38'", "Float32", (double) Float.MAX_VALUE);
        for (int precision : new int[] {1, 9, 10, 18, 19, 38, 39, 76}) {
            for (int scale : new int[] {0, precision}) {
                BigDecimal greatest = new BigDecimal(new BigInteger("9".repeat(precision)), scale);
                String type = "Decimal(" + precision + ", " + scale + ")";
                expectCast("'" + greatest.toPlainString() + "'", type, greatest);
                expectCast("'" + greatest.negate().toPlainString() + "'", "Nullable(" + type + ")", greatest.negate());
                expectCast("['0']", "Array(" + type + ")", List.of(BigDecimal.ZERO.setScale(scale)));
            }
        }
        assertDecoded(server);
    }

    @Test
    void textsEnumsIdsAndAddresses_atTheirEdges(TestServer server) throws Exception {
        for (String type : List.of("String", "Nullable(String)", "LowCardinality(String)")) {
            expectCast("''", type, "");
            expectCast("'nul \\0 \\0'", type, "nul \0 \0");
            expectCast("'é 漢字 😀'", type, "é 漢字 😀");
            expectCast("unhex('41FF42')", type, "A\uFFFDB");
        }
        for (String type : List.of("FixedString(8)", "LowCardinality(Nullable(FixedString(8)))")) {
            expectCast("'gpt'", type, "gpt");
            expectCast("'eight888'", type, "eight888");
            expectCast("''", type, "");
            expectCast("'a\\0b'", type, "a\0b");
        }
        expect("CAST(-128, 'Enum8(\\'it\\\\\\'s\\' = -128, \\'\\' = 0)')", "it's");
        expectCast("127", "Enum8('x' = -128, 'a, (b' = 127)", "a, (b");
        expectCast("'least'", "Enum16('least' = -32768, 'most' = 32767)", "least");
        expectCast("'most'", "Nullable(Enum16('least' = -32768, 'most' = 32767))", "most");
        expectCast("NULL", "Nullable(Enum16('least' = -32768, 'most' = 32767))", null);
        UUID id = UUID.fromString("ffffffff-0506-0708-890a-0b0c0d0e0f10");
        expectCast("'" + id + "'", "UUID", id);
        expectCast("'" + id + "'", "LowCardinality(UUID)", id);
        expectCast("NULL", "Nullable(UUID)", null);
        for (String text : List.of("0.0.0.0", "255.255.255.255", "192.0.2.1")) {
            expectCast("'" + text + "'", "IPv4", InetAddress.getByName(text));
            expectCast("'" + text + "'", "Nullable(IPv4)", InetAddress.getByName(text));
            // as the library stores it
            expectCast("'::ffff:" + text + "'", "IPv6", InetAddress.getByName(text));
        }
        for (String text : List.of("::", "::1", "2001:db8::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) {
            expectCast("'" + text + "'", "IPv6", InetAddress.getByName(text));
            expectCast("'" + text + "'", "LowCardinality(Nullable(IPv6))", InetAddress.getByName(text));
        }
        expectCast("NULL", "Nullable(IPv6)", null);
        assertDecoded(server);
    }

    @Test
    void times_ofEveryScaleAndZone(TestServer server) {
        for (String date : List.of("1970-01-01", "2149-06-06")) {
            expectCast("'" + date + "'", "Date", LocalDate.parse(date));
            expectCast("'" + date + "'", "LowCardinality(Nullable(Date))", LocalDate.parse(date));
        }
        for (String date : List.of("1900-01-01", "2299-12-31")) {
            expectCast("'" + date + "'", "Date32", LocalDate.parse(date));
            expectCast("'" + date + "'", "LowCardinality(Date32)", LocalDate.parse(date));
        }
        for (String zone : List.of("UTC", "Asia/Tokyo", "America/St_Johns", "Pacific/Apia")) {
            expectCast("0", "DateTime('" + zone + "')", Instant.EPOCH);
            expectCast("4294967295", "DateTime('" + zone + "')", Instant.ofEpochSecond(0xFFFF_FFFFL));
            expectCast("4294967295", "LowCardinality(DateTime('" + zone + "'))", Instant.ofEpochSecond(0xFFFF_FFFFL));
        }
        expectCast("NULL", "Nullable(DateTime)", null);
        for (int scale = 0; scale <= 9; scale++) {
            String fraction = scale == 0 ? "" : "." + "9".repeat(scale);
            for (String second : List.of("1969-12-31 23:59:59", "2262-04-11 23:47:15", "1900-01-01 00:00:00")) {
                Instant moment = Instant.parse(second.replace(' ', 'T') + fraction + "Z");
                String text = "'" + second + fraction + "'";
                expectCast(text, "DateTime64(" + scale + ", 'UTC')", moment);
                expectCast(text, "Nullable(DateTime64(" + scale + ", 'UTC'))", moment);
            }
            expectCast("'-00:00:01'", "Time64(" + scale + ")", Duration.ofSeconds(-1));
        }
        expectCast("'999:59:59'", "Time", Duration.ofSeconds(999 * 3600 + 59 * 60 + 59));
        assertDecoded(server);
    }

    @Test
    void nestedTypes_inEveryCombination(TestServer server) throws Exception {
        expect("NULL", null);
        expect("[]", list());
        expect("[NULL]", list((Object) null));
        expect("map()", Map.of());
        expect("tuple()", list());
        expectCast(
                "[[[]], [], [['', 'a'], []]]",
                "Array(Array(Array(String)))",
                list(list(list()), list(), list(list("", "a"), list())));
        expectCast("[1, NULL]", "Array(Nullable(Int32))", list(1L, null));
        expectCast("['a', NULL, 'a']", "Array(LowCardinality(Nullable(String)))", list("a", null, "a"));
        expectCast("[]", "Array(LowCardinality(Nullable(String)))", list());
        expectCast("[[['a'], []]]", "Array(Array(Array(LowCardinality(String))))", list(list(list("a"), list())));
        expectCast("map('k', 1, 'l', NULL)", "Map(LowCardinality(String), Nullable(UInt8))", nullable("k", 1L, "l"));
        expectCast(
                "map('k', map(7, ['2001:db8::1']))",
                "Map(String, Map(UInt64, Array(IPv6)))",
                Map.of("k", Map.of(BigInteger.valueOf(7), list(InetAddress.getByName("2001:db8::1")))));
        expectCast(
                "map(['a'], ('b', 1))",
                "Map(Array(String), Tuple(x LowCardinality(String), y Int8))",
                Map.of(list("a"), list("b", 1L)));
        expectCast("(1, 'x')", "Tuple(UInt8, String)", list(1L, "x"));
        expectCast(
                "(NULL, [map('k', 2)])",
                "Tuple(`a b` Nullable(UUID), c Array(Map(String, UInt8)))",
                list(null, list(Map.of("k", 2L))));
        expectCast(
                "((1, ('x', 'y')), 'z')",
                "Tuple(Tuple(Int8, Tuple(LowCardinality(String), FixedString(3))), LowCardinality(String))",
                list(list(1L, list("x", "y")), "z"));
        expectCast(
                "[(1, 'x'), (2, NULL)]",
                "Nested(a UInt8, b LowCardinality(Nullable(String)))",
                list(list(1L, "x"), list(2L, null)));
        expectCast("['b']", "Array(Enum8('a' = -1, 'b' = 5))", list("b"));
        expect("[CAST('b', 'Enum8(\\'b\\' = 5)')][2]", "");
        expectCast("(1, 2)", "Point", list(1.0, 2.0));
        expectCast("[(1, 2)]", "Ring", list(list(1.0, 2.0)));
        expectCast("[(1, 2)]", "LineString", list(list(1.0, 2.0)));
        expectCast("[[(1, 2)]]", "MultiLineString", list(list(list(1.0, 2.0))));
        expectCast("[[(1, 2)]]", "Polygon", list(list(list(1.0, 2.0))));
        expectCast("[[[(1, 2)]]]", "MultiPolygon", list(list(list(list(1.0, 2.0)))));
        expectCast("5", "SimpleAggregateFunction(max, UInt32)", 5L);
        expectCast(
                "map('s', 5)",
                "SimpleAggregateFunction(sumMap, Map(String, UInt64))",
                Map.of("s", BigInteger.valueOf(5)));
        expectCast("['g']", "SimpleAggregateFunction(groupArrayArray, Array(String))", list("g"));
        assertDecoded(server);
    }

    private static Map<String, @Nullable Object> nullable(String key, Object value, String keyOfNull) {
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put(key, value);
        map.put(keyOfNull, null);
        return map;
    }

    @Test
    void nestedTypes_overManyBlocks(TestServer server) {
        Columns columns = ask(server.dataSource(), """
                SELECT
                    arrayMap(x -> toLowCardinality(toString((number + x) % 10000)), range(number % 4)) AS a,
                    CAST(map('k', number), 'Map(LowCardinality(String), UInt32)') AS m,
                    tuple(number % 7, if(number % 3 = 0, NULL, toString(number))) AS t,
                    toIPv4(toUInt32(number)) AS ip
                FROM numbers(200000)""" + SETTINGS);
        assertThat(columns.rowCount()).isEqualTo(200_000);
        for (int row = 0; row < 200_000; row += 7) {
            int first = row;
            assertThat(columns.listAt(0, row))
                    .isEqualTo(IntStream.range(0, row % 4)
                            .mapToObj(x -> Integer.toString((first + x) % 10_000))
                            .toList());
            assertThat(columns.mapAt(1, row)).isEqualTo(Map.of("k", (long) row));
            assertThat(columns.tupleAt(2, row))
                    .containsExactly((long) (row % 7), row % 3 == 0 ? null : Integer.toString(row));
            assertThat(columns.textAt(3, row))
                    .isEqualTo("0." + (row >> 16) + "." + (row >> 8 & 255) + "." + (row & 255));
        }
    }

    /** Every pattern of groups that are zero, and of those before an address of IPv4 that is embedded. */
    @Test
    void textAt_writesAddressesAsTheServerDoes(TestServer server) {
        Columns columns = ask(server.dataSource(), """
                SELECT ip, toString(ip) AS text
                FROM (
                    SELECT toIPv6(arrayStringConcat(arrayMap(
                        i -> if(bitTest(number, i),
                            lower(hex(toUInt16(if(number >= 256 AND i = 5, 65535, cityHash64(number, i) % 65535 + 1)))),
                            '0'),
                        range(8)), ':')) AS ip
                    FROM numbers(512))""");
        assertThat(columns.rowCount()).isEqualTo(512);
        for (int row = 0; row < 512; row++) {
            assertThat(columns.textAt(0, row)).isEqualTo(columns.textAt(1, row));
        }
    }

    @Test
    void undecodedTypes_canBeSelectedAsTheErrorSays(TestServer server) {
        for (String expression :
                List.of("'{\"a\":1}'::JSON", "1::Dynamic", "1::Variant(Int8, String)", "['{}'::JSON]")) {
            String sql = "SELECT " + expression + " AS x";
            assertThatThrownBy(() -> ask(server.dataSource(), sql))
                    .isInstanceOfSatisfying(BudMetricsException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
                        assertThat(e.reason()).startsWith("column x is ").endsWith("select toString(x) instead");
                    });
            assertThat(ask(server.dataSource(), "SELECT toString(x) AS y FROM (" + sql + ")")
                            .textAt(0, 0))
                    .isNotEmpty();
        }
        assertThat(ask(server.dataSource(), "SELECT finalizeAggregation(x) AS y FROM (SELECT sumState(2) AS x)")
                        .longAt(0, 0))
                .isEqualTo(2);
    }

    @Test
    void theFactTable_canBeSelectedWhole(TestServer server) throws Exception {
        DataSource database = server.newDatabase().dataSource();
        SchemaMigrator.over(database).migrate();
        UUID id = new UUID(0x7000, 1);
        Instant arrival = Instant.parse("2026-03-04T05:06:07.123456Z");
        try (InferenceWriter writer = InferenceWriter.over(database)) {
            writer.write(List.of(
                    InferenceRecord.builder()
                            .inferenceId(id)
                            .requestArrivalTime(arrival)
                            .requestIp(InetAddress.getByName("192.0.2.1"))
                            .clientIp(InetAddress.getByName("2001:db8::1"))
                            .cost(new BigDecimal("0.000000000001"))
                            .modelName("gpt")
                            .isSuccess(true)
                            .inputTokens(0xFFFF_FFFFL)
                            .build(),
                    InferenceRecord.builder()
                            .inferenceId(new UUID(0x7000, 2))
                            .requestArrivalTime(arrival)
                            .build()));
        }
        Columns columns = ask(database, "SELECT * FROM InferenceFact ORDER BY inference_id");
        assertThat(columns.rowCount()).isEqualTo(2);
        for (Column column : InferenceFact.columns()) {
            int at = columns.indexOf(column.name());
            for (int row = 0; row < 2; row++) {
                assertThat(columns.valueAt(at, row) == null).as(column.name()).isEqualTo(columns.isNull(at, row));
            }
        }
        assertThat(columns.uuidAt(columns.indexOf("inference_id"), 0)).isEqualTo(id);
        assertThat(columns.instantAt(columns.indexOf("request_arrival_time"), 0))
                .isEqualTo(arrival);
        assertThat(columns.addressAt(columns.indexOf("request_ip"), 0)).isEqualTo(InetAddress.getByName("192.0.2.1"));
        assertThat(columns.textAt(columns.indexOf("request_ip"), 0)).isEqualTo("::ffff:192.0.2.1");
        assertThat(columns.textAt(columns.indexOf("client_ip"), 0)).isEqualTo("2001:db8::1");
        assertThat(columns.valueAt(columns.indexOf("client_ip"), 1)).isNull();
        assertThat(columns.valueAt(columns.indexOf("cost"), 0)).isEqualTo(new BigDecimal("0.000000000001"));
        assertThat(columns.valueAt(columns.indexOf("model_name"), 0)).isEqualTo("gpt");
        assertThat(columns.valueAt(columns.indexOf("is_success"), 0)).isEqualTo(true);
        assertThat(columns.valueAt(columns.indexOf("input_tokens"), 0)).isEqualTo(0xFFFF_FFFFL);
    }
}
