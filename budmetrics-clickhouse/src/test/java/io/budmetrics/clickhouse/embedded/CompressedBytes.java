package io.budmetrics.clickhouse.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Bodies as a server sends them when it is asked to compress. */
public final class CompressedBytes {
    private CompressedBytes() {}

    /** The blocks that hold these bytes. */
    public static byte[] of(byte[] bytes) {
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        try (OutputStream out = new CompressedOutput(blocks)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return blocks.toByteArray();
    }
}
