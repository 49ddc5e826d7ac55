package io.budmetrics.clickhouse.embedded;

import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The body of one answer. Its first part is held back, so that most errors still find the status unsent and most
 * answers have their summary; with {@code wait_end_of_query} everything is held back, beyond a bound in a file.
 */
final class ResponseWriter implements AutoCloseable {
    private static final int HELD_IN_MEMORY = 256 * 1024;
    private static final int HELD_IN_MEMORY_TO_THE_END = 2 * 1024 * 1024;
    private static final int COPY_BYTES = 64 * 1024;

    private final HttpExchange exchange;
    private final boolean compress;
    private final boolean holdToTheEnd;
    private final Path temporary;
    private final String version;
    private final Runnable end;

    private ByteArrayOutputStream held = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable OutputStream fileOutput;
    private @Nullable OutputStream sent;

    /** What ends the statement is run before the client can know its end, and may ask again. */
    ResponseWriter(
            HttpExchange exchange,
            boolean compress,
            boolean holdToTheEnd,
            Path temporary,
            String version,
            Runnable end) {
        this.exchange = exchange;
        this.compress = compress;
        this.holdToTheEnd = holdToTheEnd;
        this.temporary = temporary;
        this.version = version;
        this.end = end;
    }

    /** The body was cut on purpose: the connection must be closed without the end of the body. */
    static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        Broken(Throwable cause) {
            super("the answer was cut", cause);
        }
    }

    void write(byte[] bytes, int length) throws IOException {
        if (sent != null) {
            sent.write(bytes, 0, length);
        } else if (fileOutput != null) {
            fileOutput.write(bytes, 0, length);
        } else if (held.size() + length <= (holdToTheEnd ? HELD_IN_MEMORY_TO_THE_END : HELD_IN_MEMORY)) {
            held.write(bytes, 0, length);
        } else if (holdToTheEnd) {
            file = Files.createTempFile(temporary, "answer", ".tmp");
            fileOutput = new BufferedOutputStream(Files.newOutputStream(file), COPY_BYTES);
            held.writeTo(fileOutput);
            held = new ByteArrayOutputStream(0);
            fileOutput.write(bytes, 0, length);
        } else {
            OutputStream body = startSending();
            held.writeTo(body);
            held = new ByteArrayOutputStream(0);
            body.write(bytes, 0, length);
        }
    }

    /** What is known of the statement before its first byte is written. */
    void summary(QueryStatistics statistics) {
        exchange.getResponseHeaders().set("X-ClickHouse-Summary", statistics.summary());
    }

    /** The statement succeeded; its summary goes out unless the head is out already. */
    void finish(QueryStatistics statistics) throws IOException {
        end.run();
        if (sent != null) {
            sent.close();
            return;
        }
        summary(statistics);
        if (fileOutput != null && file != null) {
            fileOutput.close();
            try (InputStream input = Files.newInputStream(file);
                    OutputStream body = startSending()) {
                input.transferTo(body);
            }
            return;
        }
        send(200, held.toByteArray());
    }

    /** The statement failed: a status and a text, or, too late for that, a body that visibly lacks its end. */
    void fail(ServerError error) throws IOException {
        end.run();
        if (sent != null) {
            sent.flush();
            throw new Broken(error);
        }
        exchange.getResponseHeaders().set("X-ClickHouse-Exception-Code", Integer.toString(error.code()));
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=UTF-8");
        exchange.getResponseHeaders().remove("X-ClickHouse-Format");
        String text = error.text().stripTrailing() + " (version " + version + ")\n";
        send(error.httpStatus(), text.getBytes(StandardCharsets.UTF_8));
    }

    private OutputStream startSending() throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = new BufferedOutputStream(exchange.getResponseBody(), COPY_BYTES);
        sent = compress ? compressed(body) : body;
        return sent;
    }

    private void send(int status, byte[] content) throws IOException {
        byte[] bytes = content;
        if (compress && content.length > 0) {
            ByteArrayOutputStream blocks = new ByteArrayOutputStream();
            try (OutputStream output = compressed(blocks)) {
                output.write(content);
            }
            bytes = blocks.toByteArray();
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(bytes);
            }
        }
    }

    private static OutputStream compressed(OutputStream output) {
        return new CompressedOutput(output);
    }

    @Override
    public void close() throws IOException {
        if (fileOutput != null) {
            fileOutput.close();
        }
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
