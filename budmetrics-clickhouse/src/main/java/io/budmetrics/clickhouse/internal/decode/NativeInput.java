package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A buffered reader of little-endian values; the end of the stream in the middle of one is {@link BadAnswer}. */
final class NativeInput {
    private static final int BUFFER = 1 << 16;
    private static final int KEPT = 1 << 13;
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOATS =
            MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLES =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    /** A server compresses a mebibyte at once. */
    private static final long LARGEST_COMPRESSED_BLOCK = 64L << 20;

    /** Eight flags that are set. */
    private static final long EIGHT_ONES = 0x0101010101010101L;
    /** Times eight flags: their bits, first to last, in the highest byte. */
    private static final long GATHER = 0x0102040810204080L;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    /** Where the current block starts in the buffer; negative once it has been overwritten. */
    private int blockStart;

    NativeInput(InputStream in) {
        this.in = in;
    }

    /** Whether the stream ends here; also marks the start of a block. */
    boolean startBlock() throws IOException {
        if (position == limit) {
            position = 0;
            limit = 0;
            int read = fill();
            if (read <= 0) {
                return false;
            }
            limit = read;
        }
        blockStart = position;
        return true;
    }

    /** The text from the start of the block on, as far as it can still be seen: for recognising an error text. */
    String blockText() {
        int start = Math.max(blockStart, 0);
        if (blockStart < 0) {
            return "";
        }
        try {
            byte[] rest = in.readNBytes(Math.max(0, KEPT - (limit - start)));
            byte[] text = Arrays.copyOfRange(buffer, start, limit + rest.length);
            System.arraycopy(rest, 0, text, limit - start, rest.length);
            return new String(text, StandardCharsets.ISO_8859_1);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // the answer is already known to be bad; what remains of it may be unreadable
            return new String(buffer, start, limit - start, StandardCharsets.ISO_8859_1);
        }
    }

    /** Reads behind the limit, which it leaves where it is. */
    private int fill() throws IOException {
        try {
            return in.read(buffer, limit, BUFFER - limit);
        } catch (OutOfMemoryError e) {
            // the driver makes room for the size that a compressed block claims before it checks the block
            Runtime memory = Runtime.getRuntime();
            long free = memory.maxMemory() - memory.totalMemory() + memory.freeMemory();
            if (free < LARGEST_COMPRESSED_BLOCK) {
                throw e;
            }
            throw BadAnswer.malformed("a compressed block larger than the memory that is free");
        }
    }

    private void require(int bytes) throws IOException {
        if (limit - position >= bytes) {
            return;
        }
        // a short block stays whole, so that an error text in its place can be recognised
        int from = blockStart >= 0 && limit - blockStart <= KEPT ? blockStart : position;
        System.arraycopy(buffer, from, buffer, 0, limit - from);
        blockStart -= from;
        limit -= from;
        position -= from;
        while (limit - position < bytes) {
            int read = fill();
            if (read <= 0) {
                throw BadAnswer.truncated();
            }
            limit += read;
        }
    }

    long varUInt() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            require(1);
            byte next = buffer[position++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw BadAnswer.malformed("a number of more than 9 bytes");
    }

    int varUInt(int atMost, String what) throws IOException {
        long value = varUInt();
        if (value > atMost) {
            throw BadAnswer.malformed(what + " is " + value);
        }
        return (int) value;
    }

    long int64() throws IOException {
        require(8);
        long value = (long) LONGS.get(buffer, position);
        position += 8;
        return value;
    }

    byte[] bytes(int count) throws IOException {
        byte[] target = new byte[Math.min(count, BUFFER)];
        int done = 0;
        while (done < count) {
            require(1);
            int step = Math.min(count - done, limit - position);
            if (done + step > target.length) {
                target = Arrays.copyOf(target, (int) Math.min(count, Math.max(done + step, 2L * target.length)));
            }
            System.arraycopy(buffer, position, target, done, step);
            position += step;
            done += step;
        }
        return target;
    }

    /** Copies bytes to an array that is long enough. */
    void copy(byte[] target, int from, int count) throws IOException {
        int at = from;
        int left = count;
        while (left > 0) {
            require(1);
            int step = Math.min(left, limit - position);
            System.arraycopy(buffer, position, target, at, step);
            position += step;
            at += step;
            left -= step;
        }
    }

    /** Passes over bytes that mean nothing. */
    void skip(int count) throws IOException {
        int left = count;
        while (left > 0) {
            require(1);
            int step = Math.min(left, limit - position);
            position += step;
            left -= step;
        }
    }

    /** Whether the next bytes are these, length first; they are consumed. */
    boolean matches(byte[] expected) throws IOException {
        int length = varUInt(Integer.MAX_VALUE, "a length");
        if (length != expected.length) {
            return false;
        }
        if (length <= BUFFER - KEPT) {
            require(length);
            boolean same = Arrays.equals(buffer, position, position + length, expected, 0, length);
            position += length;
            return same;
        }
        return Arrays.equals(bytes(length), expected);
    }

    /** Reads integers of a width of 1, 2, 4 or 8 bytes. */
    void integers(long[] target, int from, int count, int width, boolean signed) throws IOException {
        int at = from;
        int end = from + count;
        while (at < end) {
            require(width);
            int step = Math.min(end - at, (limit - position) / width);
            int p = position;
            int stop = at + step;
            switch (width) {
                case 1 -> {
                    if (signed) {
                        for (; at < stop; at++) {
                            target[at] = buffer[p++];
                        }
                    } else {
                        for (; at < stop; at++) {
                            target[at] = buffer[p++] & 0xffL;
                        }
                    }
                }
                case 2 -> {
                    if (signed) {
                        for (; at < stop; at++, p += 2) {
                            target[at] = (short) SHORTS.get(buffer, p);
                        }
                    } else {
                        for (; at < stop; at++, p += 2) {
                            target[at] = (short) SHORTS.get(buffer, p) & 0xffffL;
                        }
                    }
                }
                case 4 -> {
                    if (signed) {
                        for (; at < stop; at++, p += 4) {
                            target[at] = (int) INTS.get(buffer, p);
                        }
                    } else {
                        for (; at < stop; at++, p += 4) {
                            target[at] = (int) INTS.get(buffer, p) & 0xffffffffL;
                        }
                    }
                }
                case 8 -> {
                    for (; at < stop; at++, p += 8) {
                        target[at] = (long) LONGS.get(buffer, p);
                    }
                }
                default -> throw new IllegalArgumentException("width " + width);
            }
            position = p;
        }
    }

    /**
     * Reads flags of a byte each and sets the bits of those that are 1.
     *
     * @return whether there is one
     */
    boolean flags(long[] bits, int from, int count) throws IOException {
        boolean any = false;
        int at = from;
        int end = from + count;
        while (at < end) {
            require(1);
            int stop = at + Math.min(end - at, limit - position);
            while (at < stop) {
                long eight = at % 8 == 0 && stop - at >= 8 ? (long) LONGS.get(buffer, position) : -1;
                if ((eight & ~EIGHT_ONES) == 0) {
                    bits[at >>> 6] |= ((eight * GATHER) >>> 56) << at;
                    any |= eight != 0;
                    at += 8;
                    position += 8;
                } else {
                    int flag = buffer[position++];
                    if (flag >>> 1 != 0) {
                        throw BadAnswer.malformed("a null flag is " + (flag & 0xff));
                    }
                    bits[at >>> 6] |= (long) flag << at;
                    any |= flag != 0;
                    at++;
                }
            }
        }
        return any;
    }

    void doubles(double[] target, int from, int count) throws IOException {
        int at = from;
        int end = from + count;
        while (at < end) {
            require(8);
            int stop = at + Math.min(end - at, (limit - position) / 8);
            int p = position;
            for (; at < stop; at++, p += 8) {
                target[at] = (double) DOUBLES.get(buffer, p);
            }
            position = p;
        }
    }

    void floats(double[] target, int from, int count) throws IOException {
        int at = from;
        int end = from + count;
        while (at < end) {
            require(4);
            int stop = at + Math.min(end - at, (limit - position) / 4);
            int p = position;
            for (; at < stop; at++, p += 4) {
                target[at] = (float) FLOATS.get(buffer, p);
            }
            position = p;
        }
    }

    /** Numbers of 16 bits that are the upper half of a float. */
    void bfloats(double[] target, int from, int count) throws IOException {
        int at = from;
        int end = from + count;
        while (at < end) {
            require(2);
            int stop = at + Math.min(end - at, (limit - position) / 2);
            int p = position;
            for (; at < stop; at++, p += 2) {
                target[at] = Float.intBitsToFloat((short) SHORTS.get(buffer, p) << 16);
            }
            position = p;
        }
    }
}
