package io.budmetrics.clickhouse.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged cells of the types that contain others, and of those whose bytes are not all values. */
final class DamagedColumnsTest {
    /** Much more than any of the bodies here needs, and much less than what their counts announce. */
    private static final long MOST_ALLOCATED = 32L << 20;

    private static NativeBytes one(String type) {
        return new NativeBytes().block(1, 1).column("c", type);
    }

    private static NativeBytes two(String type) {
        return new NativeBytes().block(1, 2).column("c", type);
    }

    private static void assertMalformed(String reason, NativeBytes body) {
        BudMetricsException exception = NativeBodies.failure(body.bytes());
        assertThat(exception.code()).as(reason).isEqualTo(ErrorCode.DATABASE_ERROR);
        assertThat(exception.reason()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.native", "nested.native"})
    void everyCutOfEveryType_isAnError(String resource) throws IOException {
        byte[] body = NativeBodies.resource(resource);
        byte[] twice = Arrays.copyOf(body, 2 * body.length);
        System.arraycopy(body, 0, twice, body.length, body.length);
        for (int length = 1; length < twice.length; length++) {
            byte[] cut = Arrays.copyOf(twice, length);
            if (length == body.length) {
                assertThat(NativeBodies.decode(cut).rowCount()).isEqualTo(3);
            } else {
                assertThat(NativeBodies.failure(cut).code())
                        .as("cut at %s", length)
                        .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            }
        }
    }

    @Test
    void aSecondBlock_isAppendedToEveryType() throws IOException {
        byte[] body = NativeBodies.resource("nested.native");
        byte[] twice = Arrays.copyOf(body, 2 * body.length);
        System.arraycopy(body, 0, twice, body.length, body.length);
        Columns columns = NativeBodies.decode(twice);
        assertThat(columns.rowCount()).isEqualTo(6);
        for (int column = 0; column < NativeBodies.width(columns); column++) {
            for (int row = 0; row < 3; row++) {
                assertThat(columns.valueAt(column, row + 3))
                        .as("column %d", column)
                        .isEqualTo(columns.valueAt(column, row));
                assertThat(columns.same(column, row, row + 3))
                        .as("column %d", column)
                        .isTrue();
            }
        }
        for (String name : List.of("u256", "ip6", "lip", "aa", "al", "m", "mm", "tu", "nt", "p", "pg")) {
            int column = columns.indexOf(name);
            assertThat(columns.same(column, 0, 1)).as(name).isFalse();
            assertThat(columns.same(column, 5, 1)).as(name).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Array(UInt8)", "Map(UInt8, UInt8)", "Nested(a UInt8)", "Array(LowCardinality(String))"})
    void offsets_thatDoNotAscendAreMalformed(String type) {
        for (long[] offsets : new long[][] {{2, 1}, {-1, 0}, {0, -1}, {1L << 31, 1L << 31}, {0, Long.MAX_VALUE}}) {
            NativeBytes body = two(type);
            if (type.contains("LowCardinality")) {
                body.longs(1);
            }
            assertMalformed("offsets", body.longs(offsets).raw(new int[64]));
        }
    }

    @Test
    void offsets_ofNestedArraysAreCheckedAtEveryDepth() throws IOException {
        assertMalformed(
                "offsets", one("Array(Array(UInt8))").longs(2).longs(2, 1).raw(1, 2));
        Columns columns = NativeBodies.decode(
                one("Array(Array(UInt8))").longs(2).longs(0, 2).raw(1, 2).bytes());
        assertThat(columns.valueAt(0, 0)).isEqualTo(List.of(List.of(), List.of(1L, 2L)));
    }

    /** A count that no bytes stand for ends in a cut answer, before memory for it was claimed. */
    @Test
    void absurdCounts_claimNoMemory() {
        long many = Integer.MAX_VALUE;
        List<NativeBytes> bodies = new ArrayList<>();
        for (String type : List.of(
                "UInt8",
                "Int256",
                "Decimal(76, 0)",
                "IPv4",
                "IPv6",
                "UUID",
                "FixedString(16777216)",
                "Nothing",
                "Tuple()",
                "Tuple(UInt8, String)",
                "Nullable(Int8)",
                "Nullable(Tuple(IPv6))",
                "Enum8('a' = 1)",
                "Array(UInt8)",
                "Map(String, String)",
                "BFloat16",
                "DateTime64(9)")) {
            bodies.add(new NativeBytes().block(1, Integer.MAX_VALUE).column("c", type));
            bodies.add(one("Array(" + type + ")").longs(many));
            bodies.add(one("Array(Array(" + type + "))").longs(2).longs(0, many));
        }
        bodies.add(one("Map(UInt8, UInt8)").longs(many));
        bodies.add(one("Map(String, Array(UInt8))").longs(1).text("k").longs(many));
        bodies.add(one("LowCardinality(String)").longs(1, 0x600, 1 << 28));
        bodies.add(one("Array(LowCardinality(IPv6))").longs(1, many).longs(0x600, 1 << 28));
        for (NativeBytes body : bodies) {
            byte[] bytes = body.bytes();
            long before = allocated();
            BudMetricsException exception = NativeBodies.failure(bytes);
            assertThat(allocated() - before).as(exception.reason()).isLessThan(MOST_ALLOCATED);
            assertThat(exception.code())
                    .as(exception.reason())
                    .isIn(ErrorCode.DATABASE_UNAVAILABLE, ErrorCode.RESOURCE_EXHAUSTED);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void types_thatAreNestedWithoutEndAreRefused() {
        for (String base :
                List.of("Array", "Tuple", "Nullable", "LowCardinality", "Nested", "SimpleAggregateFunction(f, ")) {
            String open = base.endsWith(" ") ? base : base + "(";
            for (String end : List.of("", ")".repeat(100_000))) {
                BudMetricsException exception = NativeBodies.failure(
                        one(open.repeat(100_000) + "UInt8" + end).raw(1).bytes());
                assertThat(exception.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
                assertThat(exception.reason()).hasSizeLessThan(300);
            }
        }
    }

    @Test
    void enums_ofAWideRangeClaimNoMemoryForIt() throws IOException {
        String type = "Enum16('a' = -32768, 'b' = 32767)";
        byte[] body = one("Tuple(" + (type + ", ").repeat(9_999) + type + ")")
                .raw(new int[20_000])
                .bytes();
        long before = allocated();
        assertThat(NativeBodies.decode(body).tupleAt(0, 0)).hasSize(10_000).containsOnly("");
        assertThat(allocated() - before).isLessThan(MOST_ALLOCATED);
    }

    @Test
    void enums_ofAnUnknownValueAreMalformedExceptUnderNull() throws IOException {
        String reason = "an Enum has a value that its type does not name";
        assertMalformed(reason, two("Enum8('a' = 1, 'b' = 3)").raw(1, 2));
        assertMalformed(reason, one("Array(Enum8('a' = 1))").longs(1).raw(2));
        assertMalformed(reason, one("Tuple(Enum8('a' = 1))").raw(255));
        assertMalformed(reason, two("Nullable(Enum8('a' = 1))").raw(1, 0).raw(9, 9));
        assertMalformed(reason, one("Map(Enum8('a' = 1), UInt8)").longs(1).raw(2, 0));
        assertMalformed(reason, one("Nullable(Tuple(Enum8('a' = 1)))").raw(0, 2));
        Columns columns = NativeBodies.decode(
                two("Nullable(Enum8('a' = 1))").raw(1, 0).raw(9, 1).bytes());
        assertThat(columns.valueAt(0, 0)).isNull();
        assertThat(columns.longAt(0, 0)).isZero();
        assertThat(columns.valueAt(0, 1)).isEqualTo("a");
        columns = NativeBodies.decode(
                one("Nullable(Tuple(Enum8('a' = 1)))").raw(1, 2).bytes());
        assertThat(columns.valueAt(0, 0)).isNull();
    }

    @Test
    void flags_areZeroOrOneAtEveryDepth() {
        assertMalformed("a null flag is 2", one("Nullable(IPv4)").raw(2, 0, 0, 0, 0));
        assertMalformed(
                "a null flag is 3", one("Array(Nullable(UInt8))").longs(1).raw(3, 0));
        assertMalformed("a null flag is 4", one("Nullable(Tuple(UInt8))").raw(4, 0));
        assertMalformed(
                "a null flag is 5", one("Map(UInt8, Nullable(UInt8))").longs(1).raw(0, 5, 0));
        assertMalformed("a null flag is 6", one("Nullable(Nothing)").raw(6, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LowCardinality(UInt8)", "LowCardinality(Nullable(UInt8))"})
    void lowCardinality_isCheckedEverywhere(String type) throws IOException {
        assertMalformed("version", one(type).longs(2, 0x600, 1).raw(7).longs(1).raw(0));
        assertMalformed("form", one(type).longs(1, 0x604, 1).raw(7).longs(1).raw(0));
        assertMalformed("form", one(type).longs(1, 0x700, 1).raw(7).longs(1).raw(0));
        assertMalformed("form", one(type).longs(1, 0x400, 1).raw(7).longs(1).raw(0));
        assertMalformed("form", one(type).longs(1, -1, 1).raw(7).longs(1).raw(0));
        assertMalformed("keys", one(type).longs(1, 0x600, -1).raw(7).longs(1).raw(0));
        assertMalformed(
                "keys", one(type).longs(1, 0x600, 1L << 40).raw(7).longs(1).raw(0));
        assertMalformed("indexes", one(type).longs(1, 0x600, 1).raw(7).longs(2).raw(0, 0));
        assertMalformed("indexes", one(type).longs(1, 0x600, 1).raw(7).longs(-1).raw(0));
        assertMalformed(
                "outside its dictionary", one(type).longs(1, 0x600, 0).longs(1).raw(0));
        assertMalformed(
                "outside its dictionary",
                one(type).longs(1, 0x600, 1).raw(7).longs(1).raw(1));
        assertMalformed(
                "outside its dictionary",
                one(type).longs(1, 0x601, 1).raw(7).longs(1).raw(0, 255));
        assertMalformed(
                "outside its dictionary",
                one(type).longs(1, 0x603, 1).raw(7).longs(1).longs(-1));
        Columns columns = NativeBodies.decode(
                one(type).longs(1, 0x603, 2).raw(7, 8).longs(1).longs(1).bytes());
        assertThat(columns.longAt(0, 0)).isEqualTo(8);
    }

    @Test
    void lowCardinality_hidesTheKeyUnderNull() throws IOException {
        Columns columns = NativeBodies.decode(one("LowCardinality(Nullable(UInt8))")
                .longs(1, 0x600, 1)
                .raw(7)
                .longs(1)
                .raw(0)
                .bytes());
        assertThat(columns.isNull(0, 0)).isTrue();
        assertThat(columns.longAt(0, 0)).isZero();
    }

    /** Prefixes come before all cells, and without cells of its own LowCardinality has nothing else. */
    @Test
    void lowCardinality_insideOthersReadsItsPrefixFirst() throws IOException {
        Columns columns = NativeBodies.decode(two("Map(LowCardinality(String), Array(LowCardinality(Nullable(UInt8))))")
                .longs(1, 1)
                .longs(1, 1)
                .longs(0x600, 1)
                .text("k")
                .longs(1)
                .raw(0)
                .longs(0)
                .bytes());
        assertThat(columns.mapAt(0, 0)).containsExactly(Map.entry("k", List.of()));
        assertThat(columns.mapAt(0, 1)).isEmpty();
        assertMalformed("version", two("Array(LowCardinality(String))").longs(0).longs(0, 0));
    }

    @Test
    void aMapWithoutATypeOfKeys_hasNone() {
        assertMalformed("keys", one("Map(Nothing, Nothing)").longs(1).raw(0, 0));
    }
}
