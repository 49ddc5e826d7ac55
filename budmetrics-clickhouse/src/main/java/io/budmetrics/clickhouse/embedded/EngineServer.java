package io.budmetrics.clickhouse.embedded;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** ClickHouse's HTTP interface on loopback, as far as clients of a query and insert workload see it. */
final class EngineServer {
    private static final long DRAINED_BYTES = 256L * 1024 * 1024;

    private final byte[] user;
    private final byte[] password;
    private final Path temporary;
    private final String version;
    private final String timezone;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "engine-http");
        thread.setDaemon(true);
        return thread;
    });
    private final QueryRunner runner;

    EngineServer(HttpServer http, Engine engine, String user, String password, Path temporary) throws ServerError {
        this.http = http;
        this.user = user.getBytes(StandardCharsets.UTF_8);
        this.password = password.getBytes(StandardCharsets.UTF_8);
        this.temporary = temporary;
        this.version = engine.control("SELECT version()").strip();
        this.timezone = engine.control("SELECT timezone()").strip();
        this.runner = new QueryRunner(engine, temporary, version);
        http.createContext("/", this::handle);
        http.setExecutor(threads);
    }

    /** Takes a port of the loopback interface; 0 for any free one. */
    static HttpServer bind(int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    }

    String version() {
        return version;
    }

    int port() {
        return http.getAddress().getPort();
    }

    void start() {
        http.start();
    }

    void stop() {
        http.stop(0);
        threads.shutdown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("X-ClickHouse-Server-Display-Name", "embedded");
        headers.set("X-ClickHouse-Timezone", timezone);
        String path = exchange.getRequestURI().getPath();
        RequestParameters parameters = new RequestParameters();
        boolean compress = false;
        try {
            parameters.addUrl(exchange.getRequestURI().getRawQuery());
            compress = parameters.flag("compress");
            String method = exchange.getRequestMethod();
            boolean get = method.equals("GET") || method.equals("HEAD");
            if (get && (path.equals("/ping") || (path.equals("/") && parameters.get("query") == null))) {
                plain(exchange, 200, "Ok.\n");
                return;
            }
            if (!path.equals("/")) {
                plain(exchange, 404, "There is no handle " + path + "; send statements to /.\n");
                return;
            }
            authenticate(exchange.getRequestHeaders(), parameters);
            query(exchange, parameters, get);
        } catch (ServerError e) {
            try (ResponseWriter answer = new ResponseWriter(exchange, compress, false, temporary, version, () -> {})) {
                answer.fail(e);
            }
        } catch (RuntimeException | Error e) {
            // the server below would swallow it without a word, and keep the client waiting after an Error
            System.err.println("answering a request: " + e);
            throw new IOException(e);
        }
        // closing an answer that was not written to its end would end it properly: exceptions above close the socket
        exchange.close();
    }

    private static void plain(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=UTF-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void authenticate(Headers headers, RequestParameters parameters) throws ServerError {
        String givenUser = headers.getFirst("X-ClickHouse-User");
        String givenPassword = headers.getFirst("X-ClickHouse-Key");
        String authorization = headers.getFirst("Authorization");
        if (givenUser == null && givenPassword == null && authorization != null) {
            String[] basic = basic(authorization);
            givenUser = basic[0];
            givenPassword = basic[1];
        } else if (givenUser == null && givenPassword == null) {
            givenUser = parameters.get("user");
            givenPassword = parameters.get("password");
        }
        byte[] name = (givenUser == null ? "default" : givenUser).getBytes(StandardCharsets.UTF_8);
        byte[] secret = (givenPassword == null ? "" : givenPassword).getBytes(StandardCharsets.UTF_8);
        // both are compared in full, so that the time tells nothing
        boolean known = MessageDigest.isEqual(name, user);
        boolean right = MessageDigest.isEqual(secret, password);
        if (!known || !right) {
            throw ServerError.of(
                    ServerError.AUTHENTICATION_FAILED,
                    "AUTHENTICATION_FAILED",
                    "Authentication failed: password is incorrect, or there is no user with such name.");
        }
    }

    private static String[] basic(String authorization) throws ServerError {
        if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(authorization.substring(6).trim()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                if (colon >= 0) {
                    return new String[] {pair.substring(0, colon), pair.substring(colon + 1)};
                }
            } catch (IllegalArgumentException e) {
                // answered below like any other unusable header
            }
        }
        throw ServerError.of(
                ServerError.AUTHENTICATION_FAILED,
                "AUTHENTICATION_FAILED",
                "Invalid authentication: the Authorization header is not HTTP Basic.");
    }

    private void query(HttpExchange exchange, RequestParameters parameters, boolean get)
            throws ServerError, IOException {
        QueryRequest request = new QueryRequest(exchange, parameters, get);
        exchange.getResponseHeaders().set("X-ClickHouse-Query-Id", request.id());
        try (InputStream body = body(exchange, parameters)) {
            try {
                runner.run(request, body);
            } catch (ServerError e) {
                // a client that still sends its rows reads the answer only after the last of them
                drain(body);
                throw e;
            }
        }
    }

    private static InputStream body(HttpExchange exchange, RequestParameters parameters)
            throws ServerError, IOException {
        InputStream body = CheckedLength.of(exchange);
        String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        if (encoding != null && !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            if (!encoding.equalsIgnoreCase("gzip")) {
                throw ServerError.of(
                        ServerError.NOT_IMPLEMENTED,
                        "NOT_IMPLEMENTED",
                        "Content-Encoding '" + encoding
                                + "' is not supported by the embedded engine; use gzip or none.");
            }
            body = new GZIPInputStream(body, 64 * 1024);
        }
        return parameters.flag("decompress") ? new CompressedInput(body) : body;
    }

    private static void drain(InputStream body) {
        try {
            long left = DRAINED_BYTES;
            byte[] buffer = new byte[64 * 1024];
            int read;
            while (left > 0 && (read = body.read(buffer)) > 0) {
                left -= read;
            }
        } catch (IOException e) {
            // the client is gone, or what it sends cannot be read: the answer fails or tells
        }
    }
}
