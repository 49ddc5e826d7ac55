package io.budmetrics.clickhouse.internal;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes bodies in the Native format by hand. */
public final class NativeBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Starts a block. */
    @CanIgnoreReturnValue
    public NativeBytes block(int columns, int rows) {
        return varUInt(columns).varUInt(rows);
    }

    /** A column's head. */
    @CanIgnoreReturnValue
    public NativeBytes column(String name, String type) {
        return text(name).text(type);
    }

    /** A length and that many bytes. */
    @CanIgnoreReturnValue
    public NativeBytes text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        varUInt(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    /** Eight bytes each. */
    @CanIgnoreReturnValue
    public NativeBytes longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value);
        }
        out.writeBytes(buffer.array());
        return this;
    }

    /** Eight bytes each. */
    @CanIgnoreReturnValue
    public NativeBytes doubles(double... values) {
        for (double value : values) {
            longs(Double.doubleToLongBits(value));
        }
        return this;
    }

    /** One byte each. */
    @CanIgnoreReturnValue
    public NativeBytes raw(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    /** Seven bits a byte. */
    @CanIgnoreReturnValue
    public NativeBytes varUInt(long value) {
        long left = value;
        while (left >= 0x80) {
            out.write((int) (left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.write((int) left);
        return this;
    }

    /** How many bytes there are. */
    public int size() {
        return out.size();
    }

    /** The body. */
    public byte[] bytes() {
        return out.toByteArray();
    }

    /** One row, one Int64 column. */
    public static byte[] one(String name, long value) {
        return new NativeBytes().block(1, 1).column(name, "Int64").longs(value).bytes();
    }
}
