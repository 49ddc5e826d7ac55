package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.jdbc.DataSourceImpl;
import io.budmetrics.clickhouse.internal.NativeBytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.sql.DataSource;

/** Speaks just enough HTTP to show the real driver every way in which an answer can go wrong. */
public final class StubServer implements AutoCloseable {
    private static final int LINE_END = 2;
    private static final int SHOWN = 60;

    /** Hundreds of threads may connect at once. */
    private static final int BACKLOG = 512;

    private static final String SCHEMA_CHECK = "SELECT max(version)";

    private final int port;
    private final Handler handler;
    private final boolean courteous;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<Socket, String> lastAsked = new ConcurrentHashMap<>();
    private volatile Handler schemaCheck = error(404, 60, "UNKNOWN_TABLE");
    private volatile ServerSocket listener;
    private volatile int readAtMost = Integer.MAX_VALUE;

    private StubServer(ServerSocket listener, Handler handler, boolean courteous) {
        this.port = listener.getLocalPort();
        this.listener = listener;
        this.handler = handler;
        this.courteous = courteous;
    }

    /** Starts it on a port of its own. */
    public static StubServer start(Handler handler) throws IOException {
        return start(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), handler);
    }

    /** Starts it where another one was. */
    public static StubServer start(int port, Handler handler) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return start(new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress()), handler);
            } catch (BindException e) {
                // a listener that was closed lives until its thread has noticed
                if (attempt == 100) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    /** Starts it on a port of its own, with TLS. */
    public static StubServer start(SSLContext tls, Handler handler) throws IOException {
        return start(
                tls.getServerSocketFactory().createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), handler);
    }

    /** Starts it on a port of its own; probes of a pool and KILL are left to the handler too. */
    public static StubServer startWithoutCourtesy(Handler handler) throws IOException {
        return start(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), handler, false);
    }

    private static StubServer start(ServerSocket listener, Handler handler) {
        return start(listener, handler, true);
    }

    private static StubServer start(ServerSocket listener, Handler handler, boolean courteous) {
        StubServer server = new StubServer(listener, handler, courteous);
        daemon(() -> server.accept(listener));
        return server;
    }

    /** Answers a writer's look at the record of migrations, which is not there by default. */
    public void schemaCheck(Handler newSchemaCheck) {
        schemaCheck = newSchemaCheck;
    }

    /** What the server was asked, KILL, the pool's probes and a writer's look at the record left out. */
    public List<Request> questions() {
        return requests.stream()
                .filter(r -> !r.body().startsWith("KILL")
                        && !r.body().startsWith("SELECT 1")
                        && !r.body().startsWith(SCHEMA_CHECK))
                .toList();
    }

    /** All it was asked. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The driver's own DataSource to it. */
    public DataSource dataSource() {
        return new DataSourceImpl(url(), properties());
    }

    /** The driver's URL. */
    public String url() {
        return "jdbc:clickhouse:http://127.0.0.1:" + port();
    }

    /** What the driver needs. */
    public static Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", "u");
        properties.setProperty("password", "p");
        properties.setProperty("compress", "false");
        properties.setProperty("connection_timeout", "2000");
        return properties;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** How many connections neither side has closed. */
    public int connections() {
        return lastAsked.size();
    }

    /** What was asked last over each of these connections. */
    public List<String> lastAsked() {
        return List.copyOf(lastAsked.values());
    }

    /** From now on a request is answered when so much of its content has been read. */
    public void readAtMost(int bytes) {
        readAtMost = bytes;
    }

    /** Closes what is open and refuses connections while the work is done; the port is kept meanwhile. */
    public void refusing(Runnable work) throws IOException {
        listener.close();
        try (Socket holder = new Socket()) {
            holder.setReuseAddress(true);
            bind(() -> holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            closeSockets();
            try {
                work.run();
            } finally {
                ServerSocket again = new ServerSocket();
                again.setReuseAddress(true);
                bind(() -> again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG));
                listener = again;
                daemon(() -> accept(again));
            }
        }
    }

    /** A listener that was closed lives until its thread has noticed. */
    private static void bind(Binding binding) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                binding.bind();
                return;
            } catch (BindException e) {
                if (attempt == 5000) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @FunctionalInterface
    private interface Binding {
        void bind() throws IOException;
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket socket = from.accept();
                lastAsked.put(socket, "nothing");
                daemon(() -> {
                    serve(socket);
                    lastAsked.keySet().remove(socket);
                });
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "stub-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            try {
                answer(socket, in, socket.getOutputStream());
            } catch (Reset e) {
                socket.setSoLinger(true, 0);
            } catch (Silence e) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (Exception e) {
            // the client has left, or the handler wants the connection closed
        }
    }

    private void answer(Socket socket, InputStream in, OutputStream out) throws Exception {
        while (true) {
            String start = line(in);
            if (start.isEmpty()) {
                return;
            }
            Map<String, String> headers = new LinkedHashMap<>();
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
            String content = new String(content(headers, in, readAtMost), StandardCharsets.ISO_8859_1);
            Request request = new Request(start.split(" ", -1)[1], headers, content);
            requests.add(request);
            lastAsked.put(socket, content.substring(0, Math.min(SHOWN, content.length())));
            if (courteous && request.body().startsWith("SELECT 1")) {
                probed().answer(request, out);
            } else if (courteous && request.body().startsWith("KILL")) {
                ok(new byte[0]).answer(request, out);
            } else if (request.body().startsWith(SCHEMA_CHECK)) {
                schemaCheck.answer(request, out);
            } else {
                handler.answer(request, out);
            }
            out.flush();
        }
    }

    private static byte[] content(Map<String, String> headers, InputStream in, int atMost) throws IOException {
        if (!headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            return in.readNBytes(Math.min(atMost, Integer.parseInt(headers.getOrDefault("content-length", "0"))));
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            content.write(in.readNBytes(Math.min(size, atMost - content.size())));
            if (content.size() == atMost) {
                return content.toByteArray();
            }
            in.skipNBytes(LINE_END);
        }
        in.skipNBytes(LINE_END);
        return content.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeSockets();
    }

    private void closeSockets() throws IOException {
        for (Socket socket : lastAsked.keySet()) {
            socket.close();
        }
    }

    /** Thrown by a handler: the connection ends as that of a machine that is gone. */
    public static final class Reset extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Thrown by a handler: nothing more is said until the client leaves. */
    public static final class Silence extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** A whole answer, as ClickHouse frames it. */
    public static Handler ok(byte[] body) {
        return (request, out) -> {
            head(
                    out,
                    200,
                    body.length,
                    "X-ClickHouse-Summary: {\"read_rows\":\"7\",\"read_bytes\":\"70\",\"elapsed_ns\":\"1\"}");
            out.write(body);
        };
    }

    /** What a pool's probe wants to hear. */
    public static Handler probed() {
        return ok(new NativeBytes().raw(1).column("1", "UInt8").raw(1).bytes());
    }

    /** An error, as ClickHouse reports it. */
    public static Handler error(int status, int code, String text) {
        return (request, out) -> {
            byte[] body = ("Code: " + code + ". DB::Exception: " + text).getBytes(StandardCharsets.UTF_8);
            head(out, status, body.length, "X-ClickHouse-Exception-Code: " + code);
            out.write(body);
        };
    }

    /** A body that ends before its announced end, announced by length or chunked. */
    public static Handler cut(byte[] body, int sent, boolean chunked) {
        return (request, out) -> {
            if (chunked) {
                text(out, "HTTP/1.1 200 OK\r\nX-ClickHouse-Summary: {}\r\nTransfer-Encoding: chunked\r\n\r\n");
                text(out, Integer.toHexString(Math.max(sent, 1)) + "\r\n");
                out.write(body, 0, sent);
                text(out, "\r\n");
            } else {
                head(out, 200, body.length, "X-ClickHouse-Summary: {}");
                out.write(body, 0, sent);
            }
            out.flush();
            throw new IOException("cut");
        };
    }

    /** Answers each question with the next of these, and all after them with the last. */
    public static Handler inTurn(Handler... handlers) {
        AtomicInteger next = new AtomicInteger();
        return (request, out) -> handlers[Math.min(next.getAndIncrement(), handlers.length - 1)].answer(request, out);
    }

    /** Waits, at the given point. */
    public static Handler slow(boolean afterHead) {
        return (request, out) -> {
            if (afterHead) {
                head(out, 200, 1000, "X-ClickHouse-Summary: {}");
                out.write(new NativeBytes().block(1, 100).column("a", "Int64").bytes());
                out.flush();
            }
            Thread.sleep(30_000);
        };
    }

    /** Writes the head of an answer. */
    public static void head(OutputStream out, int status, int length, String header) throws IOException {
        text(out, "HTTP/1.1 " + status + " X\r\n" + header + "\r\nContent-Length: " + length + "\r\n\r\n");
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Answers one request. */
    @FunctionalInterface
    public interface Handler {
        /** Writes the answer; what it throws closes the connection. */
        void answer(Request request, OutputStream out) throws Exception;
    }

    /** What the driver sent; the content with a character for each byte. */
    public record Request(String target, Map<String, String> headers, String latin) {
        /** The content as text. */
        public String body() {
            return new String(content(), StandardCharsets.UTF_8);
        }

        /** The content. */
        public byte[] content() {
            return latin.getBytes(StandardCharsets.ISO_8859_1);
        }

        /** All values of a parameter of the URL. */
        public List<String> url(String name) {
            List<String> values = new ArrayList<>();
            for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                if (URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8)
                        .equals(name)) {
                    values.add(URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
            return values;
        }
    }
}
