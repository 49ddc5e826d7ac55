package io.budmetrics.clickhouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockBufferTest {
    private static byte[] bytes(Consumer<BlockBuffer> write) {
        BlockBuffer buffer = new BlockBuffer(1);
        write.accept(buffer);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            buffer.writeTo(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static String hex(Consumer<BlockBuffer> write) {
        return HexFormat.of().formatHex(bytes(write));
    }

    @Test
    void numbersAreLittleEndian() {
        assertThat(hex(b -> b.int8(0xFF))).isEqualTo("ff");
        assertThat(hex(b -> b.int16(0x0102))).isEqualTo("0201");
        assertThat(hex(b -> b.int32((int) 0xFFFF_FFFEL))).isEqualTo("feffffff");
        assertThat(hex(b -> b.int64(-2))).isEqualTo("feffffffffffffff");
        assertThat(hex(b -> b.uuid(new UUID(1, 2)))).isEqualTo("01000000000000000200000000000000");
        assertThat(hex(b -> b.time(Instant.parse("1970-01-01T00:00:01.000002Z"))))
                .isEqualTo("42420f0000000000");
    }

    @Test
    void lengthsTakeSevenBitsAByte() {
        assertThat(hex(b -> {
                    b.zeros(3);
                    b.varint(127);
                    b.varint(300);
                    b.varint(Integer.MAX_VALUE);
                }))
                .isEqualTo("0000007fac02ffffffff07");
        assertThat(hex(b -> {
                    b.int32(-7);
                    assertThat(b.int32At(0)).isEqualTo(-7);
                }))
                .isEqualTo("f9ffffff");
    }

    @Test
    void addressesHave16Bytes() throws IOException {
        InetAddress four = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        byte[] raw = new byte[16];
        raw[0] = 0x20;
        raw[15] = 1;
        InetAddress six = InetAddress.getByAddress(raw);
        assertThat(hex(b -> b.address(four))).isEqualTo("00000000000000000000ffffc0000201");
        assertThat(hex(b -> b.address(six))).isEqualTo("20000000000000000000000000000001");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 126, 127, 128, 129, 16_383, 16_384, 3_000_000})
    void textsCarryTheirLengthInBytes(int length) {
        for (String letter : new String[] {"a", "é", "\u0000", "漢"}) {
            String text = letter.repeat(length);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            byte[] written = bytes(b -> b.text(text));
            int at = 0;
            int read = 0;
            int shift = 0;
            while (true) {
                byte part = written[at++];
                read |= (part & 0x7F) << shift;
                shift += 7;
                if (part >= 0) {
                    break;
                }
            }
            assertThat(read).isEqualTo(utf8.length);
            assertThat(written).hasSize(at + utf8.length).endsWith(utf8);
        }
    }

    @Test
    void aClearedBufferStartsAnew() {
        assertThat(hex(b -> {
                    b.text("before");
                    b.clear();
                    b.text("né😀");
                }))
                .isEqualTo("076ec3a9f09f9880");
    }
}
