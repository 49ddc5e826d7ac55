package io.budmetrics.clickhouse.embedded;

import com.clickhouse.data.ClickHouseCityHash;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/**
 * ClickHouse's blocks of LZ4: a checksum of 16 bytes over all that follows, the method, the size of the block with its
 * head of 9 bytes, the size of its content, the content.
 */
final class CompressedOutput extends OutputStream {
    static final int CHECKSUM_BYTES = 16;
    static final int HEAD_BYTES = 9;
    static final byte LZ4 = (byte) 0x82;
    private static final int CONTENT_BYTES = 64 * 1024;

    private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
    private final byte[] content = new byte[CONTENT_BYTES];
    private final byte[] block = new byte[CHECKSUM_BYTES + HEAD_BYTES + compressor.maxCompressedLength(CONTENT_BYTES)];
    private final OutputStream output;
    private int filled;

    CompressedOutput(OutputStream output) {
        this.output = output;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, content.length - filled);
            System.arraycopy(bytes, offset + done, content, filled, part);
            filled += part;
            done += part;
            if (filled == content.length) {
                writeBlock();
            }
        }
    }

    private void writeBlock() throws IOException {
        if (filled == 0) {
            return;
        }
        int compressed = compressor.compress(content, 0, filled, block, CHECKSUM_BYTES + HEAD_BYTES);
        ByteBuffer head = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        head.put(CHECKSUM_BYTES, LZ4);
        head.putInt(CHECKSUM_BYTES + 1, HEAD_BYTES + compressed);
        head.putInt(CHECKSUM_BYTES + 5, filled);
        long[] checksum = checksum(block, CHECKSUM_BYTES, HEAD_BYTES + compressed);
        head.putLong(0, checksum[0]);
        head.putLong(8, checksum[1]);
        output.write(block, 0, CHECKSUM_BYTES + HEAD_BYTES + compressed);
        filled = 0;
    }

    /** The hash of a block; the driver deprecates the class with its first client, and has no other public one. */
    @SuppressWarnings("deprecation")
    static long[] checksum(byte[] bytes, int offset, int length) {
        return ClickHouseCityHash.cityHash128(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        writeBlock();
        output.flush();
    }

    @Override
    public void close() throws IOException {
        writeBlock();
        output.close();
    }
}
