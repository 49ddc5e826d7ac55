package io.budmetrics.clickhouse.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** Reads the blocks that {@link CompressedOutput} describes, as a client sends them with {@code decompress=1}. */
final class CompressedInput extends InputStream {
    private static final int LARGEST_BLOCK = 256 * 1024 * 1024;

    private final LZ4SafeDecompressor decompressor =
            LZ4Factory.fastestInstance().safeDecompressor();
    private final byte[] head = new byte[CompressedOutput.CHECKSUM_BYTES + CompressedOutput.HEAD_BYTES];
    private final InputStream input;
    private byte[] content = new byte[0];
    private int position;

    CompressedInput(InputStream input) {
        this.input = input;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position == content.length) {
            if (!readBlock()) {
                return -1;
            }
        }
        int part = Math.min(length, content.length - position);
        System.arraycopy(content, position, bytes, offset, part);
        position += part;
        return part;
    }

    private boolean readBlock() throws IOException {
        int read = input.readNBytes(head, 0, head.length);
        if (read == 0) {
            return false;
        }
        if (read < head.length) {
            throw new EOFException("the body ends within the head of a compressed block");
        }
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int compressed = fields.getInt(CompressedOutput.CHECKSUM_BYTES + 1) - CompressedOutput.HEAD_BYTES;
        int size = fields.getInt(CompressedOutput.CHECKSUM_BYTES + 5);
        if (head[CompressedOutput.CHECKSUM_BYTES] != CompressedOutput.LZ4) {
            throw new IOException("a compressed block is not LZ4, the one method supported here");
        }
        if (compressed < 0 || compressed > LARGEST_BLOCK || size < 0 || size > LARGEST_BLOCK) {
            throw new IOException("the head of a compressed block has impossible sizes");
        }
        byte[] block = new byte[CompressedOutput.HEAD_BYTES + compressed];
        System.arraycopy(head, CompressedOutput.CHECKSUM_BYTES, block, 0, CompressedOutput.HEAD_BYTES);
        if (input.readNBytes(block, CompressedOutput.HEAD_BYTES, compressed) < compressed) {
            throw new EOFException("the body ends within a compressed block");
        }
        long[] checksum = CompressedOutput.checksum(block, 0, block.length);
        if (checksum[0] != fields.getLong(0) || checksum[1] != fields.getLong(8)) {
            throw new IOException("the checksum of a compressed block does not match");
        }
        content = new byte[size];
        position = 0;
        try {
            int got = decompressor.decompress(block, CompressedOutput.HEAD_BYTES, compressed, content, 0, size);
            if (got != size) {
                throw new IOException("a compressed block is shorter than it says");
            }
        } catch (LZ4Exception e) {
            throw new IOException("a compressed block cannot be read", e);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
