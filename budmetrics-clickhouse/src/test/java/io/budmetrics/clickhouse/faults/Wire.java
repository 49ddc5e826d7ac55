package io.budmetrics.clickhouse.faults;

import io.budmetrics.clickhouse.embedded.CompressedBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** An answer as it goes over the wire, and where its parts begin. */
final class Wire {
    /** Where an answer may be cut. */
    enum Place {
        START,
        HEAD,
        BODY,
        BLOCK_HEAD,
        BLOCK,
        EDGE,
        LAST
    }

    private final byte[] bytes;
    private final int head;
    private final List<Integer> edges;

    private Wire(byte[] bytes, int head, List<Integer> edges) {
        this.bytes = bytes;
        this.head = head;
        this.edges = edges;
    }

    /** How answers are written. */
    record Style(boolean compressed, boolean chunked, long shuffle) {
        static Style random(SplittableRandom random, boolean compressed) {
            return new Style(compressed, random.nextBoolean(), random.nextLong());
        }
    }

    /** An answer with status 200 of which these are the parts of the body. */
    static Wire answer(Style style, String queryId, long resultRows, List<byte[]> parts) {
        List<byte[]> sent = style.compressed() ? List.of(CompressedBytes.of(joined(parts))) : parts;
        int length = sent.stream().mapToInt(part -> part.length).sum();
        List<String> headers = new ArrayList<>(List.of(
                "Content-Type: application/octet-stream",
                "X-ClickHouse-Query-Id: " + queryId,
                "X-ClickHouse-Format: Native",
                "X-ClickHouse-Timezone: UTC",
                "X-ClickHouse-Summary: {\"read_rows\":\"7\",\"result_rows\":\"" + resultRows + "\"}",
                style.chunked() ? "Transfer-Encoding: chunked" : "Content-Length: " + length));
        Collections.shuffle(headers, new Random(style.shuffle()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text(out, "HTTP/1.1 200 OK\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
        int head = out.size();
        List<Integer> edges = new ArrayList<>();
        for (byte[] part : sent) {
            edges.add(out.size());
            if (style.chunked() && part.length > 0) {
                text(out, Integer.toHexString(part.length) + "\r\n");
                out.writeBytes(part);
                text(out, "\r\n");
            } else {
                out.writeBytes(part);
            }
        }
        edges.add(out.size());
        if (style.chunked()) {
            text(out, "0\r\n\r\n");
        }
        return new Wire(out.toByteArray(), head, edges);
    }

    static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
        return bytes;
    }

    /** From where on all rows have been sent, though perhaps not the end of the message. */
    int rowsEnd() {
        return edges.get(edges.size() - 1);
    }

    /** How many bytes come before a cut at such a place; less than all. */
    int before(Place place, double fraction) {
        int last = edges.size() - 2;
        int edge = edges.get((int) (fraction * (last + 1)));
        return switch (place) {
            case START -> 0;
            case HEAD -> 1 + (int) (fraction * (head - 1));
            case BODY -> head;
            case BLOCK_HEAD -> Math.min(edge + 1 + (int) (fraction * 1000) % 16, bytes.length - 1);
            case BLOCK -> head + (int) (fraction * (bytes.length - head));
            case EDGE -> edge;
            case LAST -> bytes.length - 1;
        };
    }
}
