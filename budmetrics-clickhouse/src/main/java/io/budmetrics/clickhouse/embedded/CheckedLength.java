package io.budmetrics.clickhouse.embedded;

import com.sun.net.httpserver.HttpExchange;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request body that reports a client who left before the length it promised, so that no half INSERT is taken. */
final class CheckedLength extends FilterInputStream {
    private long left;

    private CheckedLength(InputStream input, long length) {
        super(input);
        this.left = length;
    }

    static InputStream of(HttpExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        InputStream body = exchange.getRequestBody();
        return length == null ? body : new CheckedLength(body, Long.parseLong(length.trim()));
    }

    @Override
    public int read() throws IOException {
        return counted(super.read(), 1);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        return counted(read, read);
    }

    private int counted(int result, long bytes) throws IOException {
        if (result >= 0) {
            left -= bytes;
        } else if (left > 0) {
            throw new EOFException("the client left before the end of its request");
        }
        return result;
    }
}
