package io.budmetrics.clickhouse.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NativeDecoderTest {
    private static final UUID ID = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");

    private static Columns decode(byte[] body) throws IOException {
        return NativeBodies.decode(body);
    }

    private static BudMetricsException failure(byte[] body) {
        return NativeBodies.failure(body);
    }

    /** Bytes that the engine wrote: every type, three rows, NULL in the second. */
    @Test
    void readsWhatTheEngineWrites() throws IOException {
        Columns columns = decode(NativeBodies.resource("types.native"));
        assertThat(columns.rowCount()).isEqualTo(3);
        assertThat(columns.longAt(columns.indexOf("i8"), 2)).isEqualTo(-3);
        assertThat(columns.longAt(columns.indexOf("i16"), 0)).isEqualTo(-2);
        assertThat(columns.longAt(columns.indexOf("i32"), 0)).isEqualTo(-3);
        assertThat(columns.longAt(columns.indexOf("i64"), 0)).isEqualTo(-4);
        assertThat(columns.longAt(columns.indexOf("u8"), 0)).isEqualTo(200);
        assertThat(columns.longAt(columns.indexOf("u16"), 0)).isEqualTo(60_000);
        assertThat(columns.longAt(columns.indexOf("u32"), 0)).isEqualTo(4_000_000_000L);
        assertThat(columns.longAt(columns.indexOf("u64"), 0)).isEqualTo(5);
        assertThatThrownBy(() -> columns.longAt(columns.indexOf("u64"), 2)).isInstanceOf(ArithmeticException.class);
        assertThat(columns.longAt(columns.indexOf("b"), 0)).isEqualTo(1);
        assertThat(columns.doubleAt(columns.indexOf("f32"), 0)).isEqualTo(1.5);
        assertThat(columns.doubleAt(columns.indexOf("f64"), 0)).isEqualTo(2.25);
        assertThat(columns.decimalAt(columns.indexOf("d9"), 0)).isEqualTo(new BigDecimal("-1.50"));
        assertThat(columns.decimalAt(columns.indexOf("d18"), 0)).isEqualTo(new BigDecimal("12345.678000000000"));
        assertThat(columns.decimalAt(columns.indexOf("d38"), 0))
                .isEqualTo(new BigDecimal("-12345678901234567890.123456789012"));
        assertThat(columns.uuidAt(columns.indexOf("id"), 1)).isEqualTo(ID);
        assertThat(columns.textAt(columns.indexOf("s"), 2)).isEqualTo("é😀2");
        assertThat(columns.textAt(columns.indexOf("fs"), 0)).isEqualTo("ab");
        assertThat(columns.longAt(columns.indexOf("dt"), 0)).isEqualTo(19_724);
        assertThat(columns.longAt(columns.indexOf("d32"), 0)).isEqualTo(-7_304);
        assertThat(columns.longAt(columns.indexOf("t"), 0)).isEqualTo(1_704_164_645L);
        assertThat(columns.longAt(columns.indexOf("t6"), 0)).isEqualTo(1_704_164_645_678_901L);
        assertThat(columns.textAt(columns.indexOf("e8"), 0)).isEqualTo("b");
        assertThat(columns.longAt(columns.indexOf("e8"), 0)).isEqualTo(7);
        assertThat(columns.textAt(columns.indexOf("e16"), 0)).isEqualTo("x,y");
        assertThat(columns.textAt(columns.indexOf("lc"), 1)).isEqualTo("k1");
        assertThat(columns.textAt(columns.indexOf("lcn"), 0)).isEqualTo("n");
        for (String name : new String[] {"lcn", "nu", "ns", "nid"}) {
            assertThat(columns.isNull(columns.indexOf(name), 0)).isFalse();
            assertThat(columns.isNull(columns.indexOf(name), 1)).isTrue();
        }
        assertThat(columns.longAt(columns.indexOf("nu"), 1)).isZero();
        assertThat(columns.longAt(columns.indexOf("nu"), 2)).isEqualTo(2);
        assertThat(columns.textAt(columns.indexOf("ns"), 1)).isEmpty();
        assertThat(columns.textAt(columns.indexOf("lcn"), 1)).isEmpty();
        assertThat(columns.uuidAt(columns.indexOf("nid"), 1)).isEqualTo(new UUID(0, 0));
        int array = columns.indexOf("ar");
        assertThat(columns.lengthAt(array, 0)).isZero();
        assertThat(columns.lengthAt(array, 2)).isEqualTo(2);
        assertThat(columns.elementAt(array, 2, 1)).isEqualTo(1.5);
        assertThatThrownBy(() -> columns.elementAt(array, 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(columns).hasToString("29 columns, 3 rows");
    }

    /** The same three rows in two blocks: a row is the same as its copy, of every type, and as no other. */
    @Test
    void comparesCellsOfEveryType() throws IOException {
        byte[] block = NativeBodies.resource("types.native");
        byte[] twice = Arrays.copyOf(block, block.length * 2);
        System.arraycopy(block, 0, twice, block.length, block.length);
        Columns columns = decode(twice);
        assertThat(columns.rowCount()).isEqualTo(6);
        for (int column = 0; column < 29; column++) {
            for (int row = 0; row < 3; row++) {
                assertThat(columns.same(column, row, row)).isTrue();
                assertThat(columns.same(column, row, row + 3))
                        .as("column %d", column)
                        .isTrue();
            }
        }
        for (String name : List.of("i8", "s", "lc", "lcn", "nu", "ns", "nid", "ar")) {
            int column = columns.indexOf(name);
            assertThat(columns.same(column, 0, 1)).as(name).isFalse();
            assertThat(columns.same(column, 4, 0)).as(name).isFalse();
            assertThat(columns.same(column, 2, 4)).as(name).isFalse();
        }
        Columns numbers = decode(new NativeBytes()
                .block(4, 2)
                .column("f", "Float64")
                .doubles(0.0, 0.5)
                .column("d", "Decimal(18, 12)")
                .longs(1, 2)
                .column("w", "Decimal(38, 12)")
                .longs(1, 0, 1, 1)
                .column("a", "Array(Float64)")
                .longs(1, 2)
                .doubles(1, 2)
                .bytes());
        for (int column = 0; column < 4; column++) {
            assertThat(numbers.same(column, 1, 1)).isTrue();
            assertThat(numbers.same(column, 0, 1)).as("column %d", column).isFalse();
        }
    }

    private static NativeBytes twoBlocks() {
        return new NativeBytes()
                .block(3, 2)
                .column("a", "UInt64")
                .longs(1, 2)
                .column("b", "Nullable(Float64)")
                .raw(0, 1)
                .doubles(0.5, 99)
                .column("c", "Array(Float64)")
                .longs(2, 3)
                .doubles(1, 2, 3)
                .block(3, 1)
                .column("a", "UInt64")
                .longs(3)
                .column("b", "Nullable(Float64)")
                .raw(0)
                .doubles(2.5)
                .column("c", "Array(Float64)")
                .longs(1)
                .doubles(4);
    }

    @Test
    void blocks_areJoinedAndValuesUnderNullCleared() throws IOException {
        Columns columns = decode(twoBlocks()
                .block(3, 0)
                .column("a", "UInt64")
                .column("b", "Nullable(Float64)")
                .column("c", "Array(Float64)")
                .bytes());
        assertThat(columns.rowCount()).isEqualTo(3);
        assertThat(columns.longAt(0, 2)).isEqualTo(3);
        assertThat(columns.isNull(1, 1)).isTrue();
        assertThat(columns.doubleAt(1, 1)).isZero();
        assertThat(columns.doubleAt(1, 2)).isEqualTo(2.5);
        assertThat(columns.lengthAt(2, 1)).isEqualTo(1);
        assertThat(columns.elementAt(2, 1, 0)).isEqualTo(3);
        assertThat(columns.elementAt(2, 2, 0)).isEqualTo(4);
        assertThatThrownBy(() -> columns.longAt(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> columns.longAt(1, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> columns.indexOf("z"))
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH));
    }

    private static NativeBytes flagged(int[] flags, int... rowsOfBlocks) {
        NativeBytes body = new NativeBytes();
        int row = 0;
        for (int rows : rowsOfBlocks) {
            body.block(1, rows).column("n", "Nullable(Int64)");
            body.raw(Arrays.copyOfRange(flags, row, row + rows));
            for (int end = row + rows; row < end; row++) {
                body.longs(1000 + row);
            }
        }
        return body;
    }

    @Test
    void nullFlagsAreReadWhereverTheyStandInABlock() throws IOException {
        Random random = new Random(7);
        int[] flags = random.ints(300, 0, 2).toArray();
        for (int first : new int[] {1, 7, 8, 13, 63, 64, 65, 150, 299}) {
            Columns columns = decode(flagged(flags, first, flags.length - first).bytes());
            for (int row = 0; row < flags.length; row++) {
                assertThat(columns.isNull(0, row)).as("row %d", row).isEqualTo(flags[row] == 1);
                assertThat(columns.longAt(0, row)).isEqualTo(flags[row] == 1 ? 0 : 1000 + row);
            }
        }
    }

    @Test
    void aNullFlagIsZeroOrOne() {
        for (int wrong : new int[] {2, 3, 128, 255}) {
            for (int row = 0; row < 40; row++) {
                int[] flags = new int[40];
                flags[row] = wrong;
                assertThat(failure(flagged(flags, 3, 37).bytes()))
                        .as("row %d", row)
                        .hasMessageContaining("a null flag is " + wrong);
            }
        }
    }

    @Test
    void everyCutInsideABlockIsAnError() throws IOException {
        byte[] body = twoBlocks().bytes();
        byte[] firstBlock = new NativeBytes()
                .block(3, 2)
                .column("a", "UInt64")
                .longs(1, 2)
                .column("b", "Nullable(Float64)")
                .raw(0, 1)
                .doubles(0.5, 99)
                .column("c", "Array(Float64)")
                .longs(2, 3)
                .doubles(1, 2, 3)
                .bytes();
        for (int length = 1; length < body.length; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            if (length == firstBlock.length) {
                assertThat(decode(cut).rowCount()).isEqualTo(2); // the transport has to notice this one
            } else {
                assertThat(failure(cut).code()).as("cut at %s", length).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            }
        }
    }

    @Test
    void anEmptyBodyIsAnEmptyResultOfAnyColumns() throws IOException {
        Columns columns = decode(new byte[0]);
        assertThat(columns.rowCount()).isZero();
        assertThat(columns.indexOf("anything")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Code: 241. DB::Exception: Memory limit exceeded: SECRET. (MEMORY_LIMIT_EXCEEDED)",
                "\r\n__exception__\r\nabcd\r\nCode: 241. DB::Exception: Memory limit exceeded: SECRET\n"
            })
    void anErrorTextIsAnErrorAloneAndBehindBlocks(String text) {
        byte[] error = text.getBytes(StandardCharsets.UTF_8);
        byte[] blocks = twoBlocks().bytes();
        byte[] behind = Arrays.copyOf(blocks, blocks.length + error.length);
        System.arraycopy(error, 0, behind, blocks.length, error.length);
        for (byte[] body : new byte[][] {error, behind}) {
            BudMetricsException exception = failure(body);
            assertThat(exception.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            assertThat(exception.serverCode()).hasValue(241);
            assertThat(exception).message().doesNotContain("SECRET");
        }
    }

    @Test
    void blocksThatDifferAreNotOneResult() {
        byte[][] bodies = {
            twoBlocks().block(1, 1).column("a", "UInt64").longs(1).bytes(),
            twoBlocks().block(3, 1).column("x", "UInt64").longs(1).bytes(),
            twoBlocks().block(3, 1).column("a", "Int64").longs(1).bytes(),
            new NativeBytes().block(0, 5).bytes(),
        };
        for (byte[] body : bodies) {
            assertThat(failure(body).code()).isEqualTo(ErrorCode.DATABASE_ERROR);
        }
        assertThat(failure(new NativeBytes()
                                .block(2, 1)
                                .column("a", "Int8")
                                .raw(1)
                                .column("a", "Int8")
                                .raw(1)
                                .bytes())
                        .code())
                .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
    }

    @Test
    void lowCardinalityKeepsTheDictionariesOfItsBlocksApart() throws IOException {
        NativeBytes body = new NativeBytes();
        for (String key : new String[] {"x", "y"}) {
            body.block(1, 2).column("k", "LowCardinality(Nullable(String))");
            body.longs(1, 0x600, 2).text("").text(key).longs(2).raw(1, 0);
        }
        Columns columns = decode(body.bytes());
        assertThat(columns.textAt(0, 0)).isEqualTo("x");
        assertThat(columns.isNull(0, 1)).isTrue();
        assertThat(columns.textAt(0, 2)).isEqualTo("y");
        assertThat(columns.isNull(0, 3)).isTrue();
        byte[] outside = new NativeBytes()
                .block(1, 1)
                .column("k", "LowCardinality(String)")
                .longs(1, 0x600, 1)
                .text("x")
                .longs(1)
                .raw(1)
                .bytes();
        assertThat(failure(outside).code()).isEqualTo(ErrorCode.DATABASE_ERROR);
    }

    /** Columns grow in steps that have nothing to do with the edges of the blocks. */
    @Test
    void blocksOfAnySizeAreOneResult() throws IOException {
        int[] sizes = {1, 70_000, 3, 40_000, 140_000, 2, 65_536};
        NativeBytes body = new NativeBytes();
        int base = 0;
        for (int size : sizes) {
            int first = base;
            int[] flags = IntStream.range(first, first + size)
                    .map(row -> row % 3 == 0 ? 1 : 0)
                    .toArray();
            long[] numbers = LongStream.range(first, first + size).toArray();
            body.block(5, size).column("number", "Int64").longs(numbers);
            body.column("nullable", "Nullable(Int64)").raw(flags).longs(numbers);
            body.column("id", "UUID")
                    .longs(Arrays.stream(numbers)
                            .flatMap(row -> LongStream.of(row, -row))
                            .toArray());
            body.column("text", "String");
            for (long row : numbers) {
                body.text(Long.toString(row));
            }
            body.column("array", "Array(Float64)")
                    .longs(LongStream.rangeClosed(1, size).toArray())
                    .doubles(Arrays.stream(numbers).asDoubleStream().toArray());
            base += size;
        }
        Columns columns = decode(body.bytes());
        assertThat(columns.rowCount()).isEqualTo(base);
        for (int row = 0; row < base; row++) {
            if (columns.longAt(0, row) != row
                    || columns.isNull(1, row) != (row % 3 == 0)
                    || columns.longAt(1, row) != (row % 3 == 0 ? 0 : row)
                    || !columns.uuidAt(2, row).equals(new UUID(row, -row))
                    || !columns.textAt(3, row).equals(Integer.toString(row))
                    || columns.lengthAt(4, row) != 1
                    || columns.elementAt(4, row, 0) != row) {
                throw new AssertionError("row " + row);
            }
        }
    }

    /** Foreign bytes end in our exception or in columns, soon, and without claiming memory for rows that never come. */
    @Test
    void damagedBytesNeverEscape() throws IOException {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        byte[][] bodies = {
            twoBlocks().bytes(), NativeBodies.resource("types.native"), NativeBodies.resource("nested.native")
        };
        for (byte[] body : bodies) {
            for (int i = 0; i < 10_000; i++) {
                byte[] damaged = body.clone();
                for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                try {
                    NativeBodies.readAll(decode(damaged));
                } catch (BudMetricsException e) {
                    assertThat(e.code()).as("seed %s, round %s", seed, i).isNotNull();
                }
            }
        }
        byte[] huge = new NativeBytes()
                .block(1, Integer.MAX_VALUE)
                .column("a", "String")
                .varUInt(Integer.MAX_VALUE)
                .bytes();
        assertThat(failure(huge).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
        assertThat(failure("<html><body>SECRET</body></html>".getBytes(StandardCharsets.UTF_8)))
                .message()
                .doesNotContain("SECRET");
    }
}
