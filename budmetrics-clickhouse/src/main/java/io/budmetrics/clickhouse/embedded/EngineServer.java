package io.budmetrics.clickhouse.embedded;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.budmetrics.clickhouse.embedded.RunningStatements.Running;
import io.budmetrics.clickhouse.embedded.StatementText.InsertHead;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** ClickHouse's HTTP interface on loopback, as far as clients of a query and insert workload see it. */
final class EngineServer {
    /** A setting of libchdb without any effect on a statement; it carries the client's query id. */
    static final String QUERY_ID_SETTING = "chdb_client_name";

    private static final int INSERT_HEAD_BYTES = 1024 * 1024;
    private static final int STATEMENT_BYTES = 64 * 1024 * 1024;
    private static final long DRAINED_BYTES = 256L * 1024 * 1024;
    private static final long MATERIALISED_BYTES = 64L * 1024 * 1024;
    private static final int KILL_ATTEMPTS = 100;

    private final Engine engine;
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
    private final RunningStatements running = new RunningStatements();

    EngineServer(HttpServer http, Engine engine, String user, String password, Path temporary) throws ServerError {
        this.http = http;
        this.engine = engine;
        this.user = user.getBytes(StandardCharsets.UTF_8);
        this.password = password.getBytes(StandardCharsets.UTF_8);
        this.temporary = temporary;
        this.version = engine.control("SELECT version()").strip();
        this.timezone = engine.control("SELECT timezone()").strip();
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
            try (ResponseWriter answer = new ResponseWriter(exchange, compress, false, temporary, version)) {
                answer.fail(e);
            }
        } catch (RuntimeException e) {
            // the server's own handler would swallow it without a word
            System.err.println("answering a request: " + e);
            throw e;
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
        Headers request = exchange.getRequestHeaders();
        String queryId = firstOf(parameters.get("query_id"), request.getFirst("X-ClickHouse-Query-Id"));
        String id = queryId == null || queryId.isEmpty() ? UUID.randomUUID().toString() : queryId;
        exchange.getResponseHeaders().set("X-ClickHouse-Query-Id", id);
        try (InputStream body = body(exchange, parameters)) {
            try {
                run(exchange, parameters, get, id, body);
            } catch (ServerError e) {
                // a client that still sends its rows reads the answer only after the last of them
                drain(body);
                throw e;
            }
        }
    }

    private void run(HttpExchange exchange, RequestParameters parameters, boolean get, String id, InputStream body)
            throws ServerError, IOException {
        InputStream text = body;
        String boundary =
                RequestParameters.boundary(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (boundary != null) {
            parameters.addForm(readAll(body, new byte[0]), boundary);
            text = InputStream.nullInputStream();
        }
        String urlQuery = parameters.get("query");
        if (urlQuery != null) {
            byte[] head = (urlQuery + "\n").getBytes(StandardCharsets.UTF_8);
            text = new SequenceInputStream(new ByteArrayInputStream(head), text);
        }
        byte[] prefix = text.readNBytes(INSERT_HEAD_BYTES);
        String latin = new String(prefix, StandardCharsets.ISO_8859_1);
        InsertHead insert = StatementText.insertHead(latin);
        boolean whole = prefix.length < INSERT_HEAD_BYTES;
        if (insert != null && insert.format().equals("Values") && whole) {
            // small enough to be run, and checked, as one text
            insert = null;
        }
        Running statement = running.begin(id);
        try {
            boolean placed = false;
            StatementText sql = null;
            byte[] sqlBytes = prefix;
            if (insert == null) {
                sqlBytes = whole ? prefix : readAll(text, prefix);
                sql = StatementText.of(new String(sqlBytes, StandardCharsets.UTF_8));
                if (sql.startsWith("KILL", "QUERY")) {
                    kill(exchange, parameters, sql);
                    return;
                }
            }
            try {
                placed = engine.awaitPlace(statement::killed);
                if (!placed) {
                    throw ServerError.cancelled();
                }
                try (EngineConnection connection = engine.connection()) {
                    prepare(connection, exchange, parameters, get, id);
                    if (insert != null) {
                        byte[] head = java.util.Arrays.copyOf(prefix, insert.statementEnd());
                        int start = insert.dataStart();
                        InputStream data = new SequenceInputStream(
                                new ByteArrayInputStream(prefix, start, prefix.length - start), text);
                        insert(exchange, parameters, connection, statement, head, insert.format(), data);
                    } else if (sql != null) {
                        statement(exchange, parameters, connection, statement, sqlBytes, sql);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ServerError.cancelled();
            } finally {
                if (placed) {
                    engine.leavePlace();
                }
            }
        } finally {
            running.end(id, statement);
        }
    }

    private void statement(
            HttpExchange exchange,
            RequestParameters parameters,
            EngineConnection connection,
            Running statement,
            byte[] sqlBytes,
            StatementText sql)
            throws ServerError, IOException {
        if (sql.contains("INTO", "OUTFILE")) {
            throw ServerError.of(
                    ServerError.INTO_OUTFILE_NOT_ALLOWED, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed");
        }
        if (sql.contains("FROM", "INFILE")) {
            throw ServerError.of(
                    ServerError.NOT_IMPLEMENTED, "NOT_IMPLEMENTED", "INSERT FROM INFILE is for command-line clients.");
        }
        EngineConnection.Analysis analysis = connection.analyse(sqlBytes);
        if (analysis.statements() > 1) {
            throw ServerError.of(
                    ServerError.SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed; send one at a time.");
        }
        boolean wait = parameters.flag("wait_end_of_query") || parameters.flag("http_wait_end_of_query");
        String format = format(exchange, parameters);
        answerIn(exchange, sql, format);
        Map<String, String> values = parameters.queryParameters();
        boolean compress = parameters.flag("compress");
        StreamFormat streamed = streamFormat(exchange, parameters, sql);
        if (!analysis.readOnly()) {
            runWhole(exchange, connection, sqlBytes, format, values, compress);
            return;
        }
        if (wait && !sql.mentions("result_overflow_mode") && boundResult(connection, parameters)) {
            try {
                runWhole(exchange, connection, sqlBytes, format, values, compress);
                return;
            } catch (ServerError e) {
                if (e.code() != ServerError.TOO_MANY_ROWS_OR_BYTES) {
                    throw e;
                }
                // too large to be held by the engine: once more, block by block into a file, without rows read
                connection.runText("SET max_result_bytes = DEFAULT, result_overflow_mode = DEFAULT");
            }
        }
        if (streamed == null) {
            runWhole(exchange, connection, sqlBytes, format, values, compress);
            return;
        }
        try (ResponseWriter answer = new ResponseWriter(exchange, compress, wait, temporary, version)) {
            try {
                QueryStatistics statistics =
                        connection.stream(sqlBytes, format, streamed, values, statement::killed, answer::write);
                if (statistics != null) {
                    answer.finish(statistics);
                    return;
                }
            } catch (ServerError e) {
                answer.fail(e);
                return;
            }
        }
        runWhole(exchange, connection, sqlBytes, format, values, compress);
    }

    /** How the result may be put together of blocks; totals and extremes come only with the whole. */
    private static @Nullable StreamFormat streamFormat(
            HttpExchange exchange, RequestParameters parameters, StatementText sql) {
        if (sql.mentions("TOTALS") || sql.mentions("extremes") || parameters.get("extremes") != null) {
            return null;
        }
        String named = sql.outputFormat();
        return StreamFormat.of(named == null ? format(exchange, parameters) : named);
    }

    /** The engine counts the rows read only for statements run whole; those must be kept from filling the memory. */
    private static boolean boundResult(EngineConnection connection, RequestParameters parameters) throws ServerError {
        if (parameters.get("max_result_bytes") != null
                || parameters.get("max_result_rows") != null
                || parameters.get("result_overflow_mode") != null
                || "1".equals(parameters.get("readonly"))) {
            return false;
        }
        connection.runText("SET max_result_bytes = " + MATERIALISED_BYTES + ", result_overflow_mode = 'throw'");
        return true;
    }

    private void runWhole(
            HttpExchange exchange,
            EngineConnection connection,
            byte[] sql,
            String format,
            Map<String, String> values,
            boolean compress)
            throws ServerError, IOException {
        try (ResponseWriter answer = new ResponseWriter(exchange, compress, false, temporary, version)) {
            answer.finish(connection.run(sql, format, values, answer::summary, answer::write));
        }
    }

    private void insert(
            HttpExchange exchange,
            RequestParameters parameters,
            EngineConnection connection,
            Running statement,
            byte[] head,
            String format,
            InputStream data)
            throws ServerError, IOException {
        boolean compress = parameters.flag("compress");
        try (ResponseWriter answer = new ResponseWriter(exchange, compress, false, temporary, version)) {
            answer.finish(connection.insert(head, format, parameters.queryParameters(), statement::killed, data));
        }
    }

    /** The engine knows statements by ids of its own, so the client's id is looked for in a setting. */
    private void kill(HttpExchange exchange, RequestParameters parameters, StatementText sql)
            throws ServerError, IOException {
        String translated = sql.killWith("Settings['" + QUERY_ID_SETTING + "']") + " ASYNC";
        String id = sql.killedQueryId();
        String rows = engine.control(translated);
        Running target = id == null ? null : running.find(id);
        if (target != null) {
            target.kill();
            // it may be on its way to the engine
            for (int i = 0; rows.isEmpty() && i < KILL_ATTEMPTS && id != null && running.find(id) == target; i++) {
                try {
                    Thread.sleep(10);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw ServerError.cancelled();
                }
                rows = engine.control(translated);
            }
        }
        String format = format(exchange, parameters);
        answerIn(exchange, sql, format);
        try (EngineConnection connection = engine.connection()) {
            runWhole(
                    exchange,
                    connection,
                    ("SELECT * FROM format(TSV, 'kill_status String, query_id String, user String, query String',"
                                    + " {rows:String})")
                            .getBytes(StandardCharsets.UTF_8),
                    format,
                    Map.of(
                            "rows",
                            rows.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")),
                    parameters.flag("compress"));
        }
    }

    private static void prepare(
            EngineConnection connection, HttpExchange exchange, RequestParameters parameters, boolean get, String id)
            throws ServerError {
        Map<String, String> settings = new LinkedHashMap<>(parameters.settings());
        settings.put(QUERY_ID_SETTING, id);
        if (get) {
            // as on a server: what a GET asks must not change anything
            settings.putIfAbsent("readonly", "2");
        }
        StringBuilder sql = new StringBuilder();
        String database =
                firstOf(parameters.get("database"), exchange.getRequestHeaders().getFirst("X-ClickHouse-Database"));
        if (database != null && !database.isEmpty() && !database.equals("default")) {
            sql.append("USE ").append(quoted(database, '`')).append("; ");
        }
        String readonly = settings.remove("readonly");
        if (readonly != null) {
            settings.put("readonly", readonly);
        }
        String separator = "SET ";
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            sql.append(separator).append(setting.getKey()).append(" = ").append(quoted(setting.getValue(), '\''));
            separator = ", ";
        }
        connection.runText(sql.toString());
    }

    private static String quoted(String text, char quote) {
        StringBuilder quoted = new StringBuilder().append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\0' -> quoted.append("\\0");
                default -> {
                    if (c == quote || c == '\\') {
                        quoted.append('\\');
                    }
                    quoted.append(c);
                }
            }
        }
        return quoted.append(quote).toString();
    }

    private static String format(HttpExchange exchange, RequestParameters parameters) {
        String format =
                firstOf(exchange.getRequestHeaders().getFirst("X-ClickHouse-Format"), parameters.get("default_format"));
        return format == null || format.isEmpty() ? "TabSeparated" : format;
    }

    private static void answerIn(HttpExchange exchange, StatementText sql, String format) {
        String named = sql.outputFormat();
        String used = named == null ? format : named;
        exchange.getResponseHeaders().set("X-ClickHouse-Format", used);
        exchange.getResponseHeaders().set("Content-Type", contentType(used));
    }

    private static String contentType(String format) {
        String lower = format.toLowerCase(Locale.ROOT);
        if (lower.startsWith("json")) {
            return lower.contains("eachrow")
                    ? "application/x-ndjson; charset=UTF-8"
                    : "application/json; charset=UTF-8";
        }
        if (lower.startsWith("csv")) {
            return "text/csv; charset=UTF-8";
        }
        if (lower.startsWith("tsv") || lower.startsWith("tabseparated")) {
            return "text/tab-separated-values; charset=UTF-8";
        }
        if (lower.startsWith("rowbinary")
                || lower.equals("native")
                || lower.startsWith("arrow")
                || lower.equals("parquet")
                || lower.equals("orc")
                || lower.equals("avro")) {
            return "application/octet-stream";
        }
        return "text/plain; charset=UTF-8";
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

    private static byte[] readAll(InputStream input, byte[] before) throws ServerError, IOException {
        byte[] rest = input.readNBytes(STATEMENT_BYTES - before.length + 1);
        if (before.length + rest.length > STATEMENT_BYTES) {
            throw ServerError.of(
                    ServerError.QUERY_IS_TOO_LARGE,
                    "QUERY_IS_TOO_LARGE",
                    "The statement is longer than " + STATEMENT_BYTES + " bytes.");
        }
        if (before.length == 0) {
            return rest;
        }
        byte[] all = java.util.Arrays.copyOf(before, before.length + rest.length);
        System.arraycopy(rest, 0, all, before.length, rest.length);
        return all;
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

    private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
        return first == null || first.isEmpty() ? second : first;
    }
}
