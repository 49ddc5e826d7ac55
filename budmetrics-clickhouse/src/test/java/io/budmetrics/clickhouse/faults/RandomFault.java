package io.budmetrics.clickhouse.faults;

import io.budmetrics.clickhouse.embedded.CompressedBytes;
import io.budmetrics.clickhouse.faults.Fault.ServerCode;
import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.clickhouse.internal.call.StubServer;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Draws what goes wrong with one call. */
final class RandomFault {
    private static final String SECRET = "SECRET";

    private static final List<ServerCode> SERVER_CODES = List.of(
            new ServerCode(500, 202, ErrorCode.RESOURCE_EXHAUSTED, true),
            new ServerCode(500, 203, ErrorCode.DATABASE_UNAVAILABLE, true),
            new ServerCode(500, 209, ErrorCode.QUERY_TIMEOUT, true),
            new ServerCode(500, 210, ErrorCode.DATABASE_UNAVAILABLE, true),
            new ServerCode(500, 159, ErrorCode.QUERY_TIMEOUT, false),
            new ServerCode(408, 159, ErrorCode.QUERY_TIMEOUT, false),
            new ServerCode(500, 160, ErrorCode.QUERY_TIMEOUT, false),
            new ServerCode(500, 241, ErrorCode.RESOURCE_EXHAUSTED, false),
            new ServerCode(500, 158, ErrorCode.RESOURCE_EXHAUSTED, false),
            new ServerCode(500, 396, ErrorCode.RESOURCE_EXHAUSTED, false),
            new ServerCode(500, 394, ErrorCode.QUERY_CANCELLED, false),
            new ServerCode(403, 497, ErrorCode.ACCESS_DENIED, false),
            new ServerCode(403, 516, ErrorCode.ACCESS_DENIED, false),
            new ServerCode(500, 164, ErrorCode.ACCESS_DENIED, false),
            new ServerCode(404, 60, ErrorCode.SCHEMA_MISMATCH, false),
            new ServerCode(400, 47, ErrorCode.SCHEMA_MISMATCH, false),
            new ServerCode(404, 81, ErrorCode.SCHEMA_MISMATCH, false),
            new ServerCode(400, 62, ErrorCode.DATABASE_ERROR, false),
            new ServerCode(500, 999, ErrorCode.DATABASE_UNAVAILABLE, false));

    private final SplittableRandom random;
    private final KnownRows rows;
    private final boolean alone;
    private final Wire.Style style;

    /** Alone: nobody else can find a connection that was closed behind a whole answer. */
    RandomFault(SplittableRandom random, KnownRows rows, boolean compressed, boolean alone) {
        this.alone = alone;
        this.random = random;
        this.rows = rows;
        this.style = Wire.Style.random(random, compressed);
    }

    /** The whole answer. */
    StubServer.Handler answer() {
        return (request, out) -> out.write(whole(request).bytes());
    }

    private Wire whole(StubServer.Request request) {
        return wire(request, rows.blocks());
    }

    private Wire wire(StubServer.Request request, List<byte[]> parts) {
        return Wire.answer(style, request.url("query_id").get(0), rows.rowCount(), parts);
    }

    /** Anything. */
    Fault draw(Duration patience) {
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> cut();
            case 3 -> lostBeforeAnswer();
            case 4 -> fewerBlocks();
            case 5 -> errorAfterRows();
            case 6 -> foreign();
            case 7 -> style.compressed() ? damaged() : strangeBlock();
            case 8 -> status();
            case 9, 10 -> serverCode();
            case 11 -> slowAnswer();
            default -> stall(patience);
        };
    }

    /** What a caller may still end: an answer at once or after a while, a failure that is sent again, or nothing. */
    Fault drawForACallerWhoEndsIt() {
        return switch (random.nextInt(5)) {
            case 0 -> Fault.none("an answer at once", answer());
            case 1 -> slowAnswer();
            case 2 -> random.nextBoolean() ? cut() : serverCode();
            default -> stall(Duration.ofMillis(200));
        };
    }

    private Wire.Place place() {
        Wire.Place[] places = Wire.Place.values();
        return places[random.nextInt(places.length)];
    }

    /** The connection ends in the middle of an answer. */
    private Fault cut() {
        Wire.Place drawn = place();
        boolean nearTheEnd = style.chunked() && (drawn == Wire.Place.LAST || drawn == Wire.Place.BLOCK);
        Wire.Place place = nearTheEnd && !alone ? Wire.Place.EDGE : drawn;
        double fraction = random.nextDouble();
        boolean reset = random.nextBoolean();
        String name = (reset ? "reset at " : "closed at ") + place;
        StubServer.Handler handler = (request, out) -> {
            Wire wire = whole(request);
            out.write(wire.bytes(), 0, wire.before(place, fraction));
            leave(reset);
        };
        if (place == Wire.Place.HEAD) {
            // half a header may be another one
            return Fault.anyOf(name, handler, ErrorCode.DATABASE_UNAVAILABLE, ErrorCode.DATABASE_ERROR);
        }
        // the rows may all be there where only the end of the message is missing
        return nearTheEnd && alone
                ? Fault.anyOf(name, handler, ErrorCode.DATABASE_UNAVAILABLE).orWhole()
                : Fault.passing(name, handler);
    }

    private static void leave(boolean reset) throws IOException {
        throw reset ? new StubServer.Reset() : new IOException("closed");
    }

    private Fault lostBeforeAnswer() {
        boolean reset = random.nextBoolean();
        int pause = random.nextInt(30);
        StubServer.Handler handler = (request, out) -> {
            Thread.sleep(pause);
            leave(reset);
        };
        return random.nextBoolean()
                ? Fault.passing("lost while it waits", handler)
                : Fault.passing("lost while it sends", handler).afterReading(100 + random.nextInt(300_000));
    }

    /** What stands in between has lost the end, and says so to nobody. */
    private Fault fewerBlocks() {
        byte[] body = Wire.joined(rows.blocks());
        boolean atEdge = random.nextBoolean();
        List<byte[]> parts = atEdge
                ? rows.blocks().subList(0, random.nextInt(rows.blocks().size()))
                : List.of(Arrays.copyOf(body, random.nextInt(body.length)));
        return Fault.passing(
                atEdge ? "fewer blocks" : "a shorter body",
                (request, out) -> out.write(wire(request, parts).bytes()));
    }

    private Fault errorAfterRows() {
        ServerCode code = SERVER_CODES.get(random.nextInt(SERVER_CODES.size()));
        List<byte[]> parts = new ArrayList<>(
                rows.blocks().subList(0, random.nextInt(rows.blocks().size() + 1)));
        String marker = random.nextBoolean() ? "" : "\r\n";
        parts.add(bytes(marker + "Code: " + code.number() + ". DB::Exception: " + SECRET + ". (NAME)\n"));
        boolean cut = random.nextBoolean();
        StubServer.Handler handler = (request, out) -> {
            Wire wire = wire(request, parts);
            out.write(wire.bytes(), 0, cut ? wire.rowsEnd() : wire.bytes().length);
            if (cut) {
                throw new IOException("closed");
            }
        };
        return cut && style.chunked()
                ? Fault.anyOf(
                        "error text after rows, cut",
                        handler,
                        code.expected(),
                        ErrorCode.DATABASE_ERROR,
                        ErrorCode.DATABASE_UNAVAILABLE)
                : Fault.told("error text after rows", handler, code);
    }

    /** Not Native at all. */
    private Fault foreign() {
        byte[] noise = new byte[1 + random.nextInt(20_000)];
        random.nextBytes(noise);
        noise[0] |= 8;
        byte[] body =
                switch (random.nextInt(5)) {
                    case 0 -> bytes("<html><body>" + SECRET.repeat(1 + random.nextInt(2000)) + "</body></html>");
                    case 1 -> bytes("{\"data\":[{\"n\":1,\"s\":\"" + SECRET + "\"}],\"rows\":1}");
                    case 2 -> bytes("1\t" + SECRET + "\t\\N\n".repeat(1 + random.nextInt(100)));
                    case 3 -> new byte[0];
                    default -> noise;
                };
        boolean headed = random.nextBoolean() && body.length > 0;
        StubServer.Handler handler = (request, out) -> {
            StubServer.head(
                    out, 200, body.length, headed ? "X-ClickHouse-Summary: {\"result_rows\":\"3\"}" : "Server: other");
            out.write(body);
        };
        return Fault.anyOf(
                "a foreign body",
                handler,
                ErrorCode.DATABASE_ERROR,
                ErrorCode.DATABASE_UNAVAILABLE,
                ErrorCode.SCHEMA_MISMATCH);
    }

    /** A block that does not belong here, behind some that do. */
    private Fault strangeBlock() {
        NativeBytes block = new NativeBytes();
        switch (random.nextInt(5)) {
            case 0 -> block.block(1, 1).column("n", "Int64").longs(1);
            case 1 ->
                block.block(KnownRows.COLUMNS, 1)
                        .column("x", "Int64")
                        .longs(1)
                        .column("s", "String")
                        .text(SECRET);
            case 2 ->
                block.block(KnownRows.COLUMNS, Integer.MAX_VALUE)
                        .column("n", "Int64")
                        .longs(1, 2, 3);
            case 3 -> {
                // offsets of an array that do not ascend
                block.block(KnownRows.COLUMNS, 2).column("n", "Int64").longs(1, 2);
                block.column("s", "String")
                        .text("")
                        .text("")
                        .column("m", "Nullable(Int64)")
                        .raw(0, 0)
                        .longs(1, 2);
                block.column("a", "Array(Tuple(LowCardinality(String), Int64))").longs(1, 2, 1);
            }
            default ->
                block.block(KnownRows.COLUMNS, 2)
                        .column("n", "Int64")
                        .longs(1, 2)
                        .column("s", "String")
                        .varUInt(1L << 30);
        }
        List<byte[]> parts = new ArrayList<>(
                rows.blocks().subList(0, 1 + random.nextInt(rows.blocks().size())));
        parts.add(block.bytes());
        return Fault.anyOf(
                "a strange block",
                (request, out) -> out.write(wire(request, parts).bytes()),
                ErrorCode.DATABASE_ERROR,
                ErrorCode.DATABASE_UNAVAILABLE,
                ErrorCode.RESOURCE_EXHAUSTED);
    }

    /** A compressed body with a wrong bit, without its end, or in the clear. */
    private Fault damaged() {
        byte[] body = CompressedBytes.of(Wire.joined(rows.blocks()));
        byte[] damaged;
        String name;
        switch (random.nextInt(3)) {
            case 0 -> {
                name = "a wrong bit";
                damaged = body.clone();
                damaged[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
            }
            case 1 -> {
                name = "truncated compression";
                damaged = Arrays.copyOf(body, random.nextInt(body.length));
            }
            default -> {
                name = "not compressed";
                damaged = Wire.joined(rows.blocks());
            }
        }
        String summary = "X-ClickHouse-Summary: {\"result_rows\":\"" + rows.rowCount() + "\"}";
        return Fault.anyOf(
                name,
                (request, out) -> {
                    StubServer.head(out, 200, damaged.length, summary);
                    out.write(damaged);
                },
                ErrorCode.DATABASE_UNAVAILABLE,
                ErrorCode.DATABASE_ERROR);
    }

    private Fault status() {
        int status = new int[] {503, 503, 429, 502, 500, 404, 418, 302, 401, 403, 504, 408}[random.nextInt(12)];
        String header = random.nextBoolean() ? "Retry-After: 3600" : "Server: other";
        StubServer.Handler handler = (request, out) -> {
            StubServer.head(out, status, SECRET.length(), header);
            out.write(bytes(SECRET));
        };
        String name = "status " + status;
        return switch (status) {
            case 503, 429, 502 -> Fault.passing(name, handler);
            case 401, 403 -> Fault.lasting(name, handler, ErrorCode.ACCESS_DENIED);
            case 504, 408 -> Fault.lasting(name, handler, ErrorCode.QUERY_TIMEOUT);
            default -> Fault.lasting(name, handler, ErrorCode.DATABASE_ERROR);
        };
    }

    private Fault serverCode() {
        ServerCode code = SERVER_CODES.get(random.nextInt(SERVER_CODES.size()));
        byte[] text = bytes("Code: " + code.number() + ". DB::Exception: " + SECRET + " in 'SECRET'. (NAME)");
        byte[] body = style.compressed() ? CompressedBytes.of(text) : text;
        return Fault.told(
                "code " + code.number(),
                (request, out) -> {
                    StubServer.head(out, code.status(), body.length, "X-ClickHouse-Exception-Code: " + code.number());
                    out.write(body);
                },
                code);
    }

    /** In pieces, with pauses, but whole; the connection may be closed behind it. */
    private Fault slowAnswer() {
        int pieces = 2 + random.nextInt(20);
        int pause = random.nextInt(8);
        return Fault.none("a slow answer", (request, out) -> {
            byte[] bytes = whole(request).bytes();
            for (int i = 0; i < pieces; i++) {
                int from = (int) ((long) bytes.length * i / pieces);
                int to = (int) ((long) bytes.length * (i + 1) / pieces);
                out.write(bytes, from, to - from);
                out.flush();
                Thread.sleep(pause);
            }
        });
    }

    /** Silence at any point, a byte now and then, or a request that is not read. */
    private Fault stall(Duration patience) {
        if (random.nextInt(6) == 0) {
            return Fault.stall("a request that is not read", (request, out) -> {
                        Thread.sleep(2 * patience.toMillis());
                        throw new StubServer.Silence();
                    })
                    .afterReading(100);
        }
        Wire.Place place = place();
        double fraction = random.nextDouble();
        boolean trickle = random.nextBoolean();
        int pause = 1 + random.nextInt(10);
        boolean last = style.chunked() && (place == Wire.Place.LAST || place == Wire.Place.BLOCK);
        Wire.Place from = last ? Wire.Place.BODY : place;
        return Fault.stall((trickle ? "trickles from " : "silent from ") + from, (request, out) -> {
            Wire wire = whole(request);
            byte[] bytes = wire.bytes();
            int at = wire.before(from, fraction);
            out.write(bytes, 0, at);
            out.flush();
            if (trickle) {
                trickle(out, bytes, at, Math.min(bytes.length, wire.rowsEnd()) - 1, pause);
            }
            throw new StubServer.Silence();
        });
    }

    private static void trickle(OutputStream out, byte[] bytes, int from, int to, int pause)
            throws IOException, InterruptedException {
        for (int at = from; at < to; at++) {
            out.write(bytes, at, 1);
            out.flush();
            Thread.sleep(pause);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
