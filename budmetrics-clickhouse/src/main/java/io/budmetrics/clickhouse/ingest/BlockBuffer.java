package io.budmetrics.clickhouse.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** Bytes of ClickHouse's binary formats, in an array that grows. Not safe for use by several threads at a time. */
final class BlockBuffer {
    private static final VarHandle INT16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int GREATEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final int LENGTH_BYTES = 5;

    private byte[] bytes;
    private int size;

    BlockBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    int capacity() {
        return bytes.length;
    }

    void clear() {
        size = 0;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    void zeros(int count) {
        reserve(count);
        Arrays.fill(bytes, size, size + count, (byte) 0);
        size += count;
    }

    /** Reads back what {@link #int32} wrote. */
    int int32At(int position) {
        return (int) INT32.get(bytes, position);
    }

    void int8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void int16(int value) {
        reserve(Short.BYTES);
        INT16.set(bytes, size, (short) value);
        size += Short.BYTES;
    }

    void int32(int value) {
        reserve(Integer.BYTES);
        INT32.set(bytes, size, value);
        size += Integer.BYTES;
    }

    void int64(long value) {
        reserve(Long.BYTES);
        INT64.set(bytes, size, value);
        size += Long.BYTES;
    }

    /** Two little-endian halves, the high one first. */
    void uuid(UUID value) {
        int64(value.getMostSignificantBits());
        int64(value.getLeastSignificantBits());
    }

    /** Microseconds since 1970. */
    void time(Instant value) {
        int64(value.getEpochSecond() * 1_000_000 + value.getNano() / 1_000);
    }

    /** 16 bytes; an IPv4 address in its IPv4-mapped form. */
    void address(InetAddress value) {
        byte[] address = value.getAddress();
        if (address.length == Integer.BYTES) {
            int64(0);
            int16(0);
            int16(0xFFFF);
        }
        raw(address);
    }

    /** The length in UTF-8, then the text. Half a surrogate pair cannot come here. */
    void text(String value) {
        int length = value.length();
        if (length < 0x80) {
            // nearly every text is short ASCII, whose length is known before it is copied
            reserve(1 + length);
            int start = size;
            int at = start + 1;
            for (int i = 0; i < length; i++) {
                char c = value.charAt(i);
                if (c >= 0x80) {
                    encoded(value);
                    return;
                }
                bytes[at++] = (byte) c;
            }
            bytes[start] = (byte) length;
            size = at;
        } else {
            encoded(value);
        }
    }

    private void encoded(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        raw(utf8);
    }

    /** 7 bits a byte, the lowest first. */
    void varint(int value) {
        reserve(LENGTH_BYTES);
        int rest = value;
        while (rest >= 0x80) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        long needed = (long) size + more;
        if (needed > GREATEST_ARRAY) {
            throw new OutOfMemoryError("one inference is larger than 2 GiB");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(GREATEST_ARRAY, Math.max(needed, 2L * bytes.length)));
    }
}
