package io.budmetrics.clickhouse.embedded;

import io.budmetrics.clickhouse.embedded.RunningStatements.Running;
import io.budmetrics.clickhouse.embedded.StatementText.InsertHead;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the statement of a request in the way that suits it: whole, block by block, or fed with rows. */
final class QueryRunner {
    private static final int INSERT_HEAD_BYTES = 1024 * 1024;
    private static final int STATEMENT_BYTES = 64 * 1024 * 1024;
    private static final long WHOLE_RESULT_BYTES = 64L * 1024 * 1024;
    private static final int KILL_ATTEMPTS = 100;

    private final Engine engine;
    private final Path temporary;
    private final String version;
    private final RunningStatements running = new RunningStatements();

    QueryRunner(Engine engine, Path temporary, String version) {
        this.engine = engine;
        this.temporary = temporary;
        this.version = version;
    }

    /** Reads the statement from the body, and from the URL if there is one, and answers. */
    void run(QueryRequest request, InputStream body) throws ServerError, IOException {
        InputStream text = body;
        String boundary = RequestParameters.boundary(
                request.exchange().getRequestHeaders().getFirst("Content-Type"));
        if (boundary != null) {
            request.parameters().addForm(readAll(body, new byte[0]), boundary);
            text = InputStream.nullInputStream();
        }
        String urlQuery = request.parameters().get("query");
        if (urlQuery != null) {
            byte[] head = (urlQuery + "\n").getBytes(StandardCharsets.UTF_8);
            text = new SequenceInputStream(new ByteArrayInputStream(head), text);
        }
        byte[] prefix = text.readNBytes(INSERT_HEAD_BYTES);
        boolean whole = prefix.length < INSERT_HEAD_BYTES;
        InsertHead insert = StatementText.insertHead(new String(prefix, StandardCharsets.ISO_8859_1));
        // rows as VALUES are run, and checked, as one text while that is small
        if (insert != null && !(whole && insert.format().equals("Values"))) {
            byte[] head = Arrays.copyOf(prefix, insert.statementEnd());
            int start = insert.dataStart();
            InputStream rows =
                    new SequenceInputStream(new ByteArrayInputStream(prefix, start, prefix.length - start), text);
            inPlace(request, statement -> insert(request, statement, head, insert.format(), rows));
            return;
        }
        byte[] sql = whole ? prefix : readAll(text, prefix);
        StatementText words = StatementText.of(new String(sql, StandardCharsets.UTF_8));
        if (words.startsWith("KILL", "QUERY")) {
            // neither waits for a place nor takes its query id, which the driver makes that of its victim
            kill(request, words);
            return;
        }
        inPlace(request, statement -> statement(request, statement, sql, words));
    }

    /** The part of a request that the engine works on. */
    @FunctionalInterface
    private interface Work {
        void run(Running statement) throws ServerError, IOException;
    }

    private void inPlace(QueryRequest request, Work work) throws ServerError, IOException {
        Running statement = running.begin(request.id());
        boolean placed = false;
        try {
            placed = engine.awaitPlace(statement::killed);
            if (!placed) {
                throw ServerError.cancelled();
            }
            work.run(statement);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ServerError.cancelled();
        } finally {
            if (placed) {
                engine.leavePlace();
            }
            statement.end();
        }
    }

    private void statement(QueryRequest request, Running statement, byte[] sql, StatementText words)
            throws ServerError, IOException {
        rejectFiles(words);
        String named = words.outputFormat();
        request.answerIn(named == null ? request.format() : named);
        StreamFormat streamed = streamFormat(request, words);
        try (EngineConnection connection = prepared(request)) {
            EngineConnection.Analysis analysis = connection.analyse(sql);
            if (analysis.statements() > 1) {
                throw ServerError.of(
                        ServerError.SYNTAX_ERROR,
                        "SYNTAX_ERROR",
                        "Multi-statements are not allowed; send one at a time.");
            }
            boolean reads = analysis.readOnly();
            boolean bounded =
                    reads && request.waitForEnd() && !request.limitsResult() && !words.mentions("result_overflow_mode");
            if (!reads || (streamed == null && !bounded)) {
                runWhole(request, statement, connection, sql);
                return;
            }
            if (!bounded && stream(request, statement, connection, sql, streamed)) {
                return;
            }
            if (bounded) {
                // the engine counts the rows read only for statements run whole, which it must not hold at any size
                connection.runText("SET max_result_bytes = " + WHOLE_RESULT_BYTES + ", result_overflow_mode = 'throw'");
                try {
                    runWhole(request, statement, connection, sql);
                    return;
                } catch (ServerError e) {
                    if (e.code() != ServerError.TOO_MANY_ROWS_OR_BYTES) {
                        throw e;
                    }
                }
            }
        }
        // once more, on another connection: a failed statement leaves part of its result in the first
        try (EngineConnection connection = prepared(request)) {
            if (streamed == null || !stream(request, statement, connection, sql, streamed)) {
                runWhole(request, statement, connection, sql);
            }
        }
    }

    private static void rejectFiles(StatementText words) throws ServerError {
        if (words.contains("INTO", "OUTFILE")) {
            throw ServerError.of(
                    ServerError.INTO_OUTFILE_NOT_ALLOWED, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed");
        }
        if (words.contains("FROM", "INFILE")) {
            throw ServerError.of(
                    ServerError.NOT_IMPLEMENTED, "NOT_IMPLEMENTED", "INSERT FROM INFILE is for command-line clients.");
        }
    }

    private void runWhole(QueryRequest request, Running statement, EngineConnection connection, byte[] sql)
            throws ServerError, IOException {
        runWhole(request, statement::end, connection, sql, request.parameters().queryParameters());
    }

    private EngineConnection prepared(QueryRequest request) throws ServerError {
        String preparation = request.preparation();
        EngineConnection connection = engine.connection();
        try {
            connection.runText(preparation);
            return connection;
        } catch (ServerError | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** How the result may be put together of blocks; totals and extremes come only with the whole. */
    private static @Nullable StreamFormat streamFormat(QueryRequest request, StatementText words) {
        if (words.mentions("TOTALS")
                || words.mentions("extremes")
                || request.parameters().get("extremes") != null) {
            return null;
        }
        String named = words.outputFormat();
        return StreamFormat.of(named == null ? request.format() : named);
    }

    /** Streams the answer; false when the statement must be run whole and nothing was answered. */
    private boolean stream(
            QueryRequest request,
            Running statement,
            EngineConnection connection,
            byte[] sql,
            @Nullable StreamFormat streamed)
            throws ServerError, IOException {
        if (streamed == null) {
            return false;
        }
        try (ResponseWriter answer = writer(request, statement::end, request.waitForEnd())) {
            try {
                QueryStatistics statistics = connection.stream(
                        sql,
                        request.format(),
                        streamed,
                        request.parameters().queryParameters(),
                        statement::killed,
                        answer::write);
                if (statistics == null) {
                    return false;
                }
                answer.finish(statistics);
            } catch (ServerError e) {
                answer.fail(e);
            }
            return true;
        }
    }

    private void runWhole(
            QueryRequest request, Runnable end, EngineConnection connection, byte[] sql, Map<String, String> values)
            throws ServerError, IOException {
        try (ResponseWriter answer = writer(request, end, false)) {
            answer.finish(connection.run(sql, request.format(), values, answer::summary, answer::write));
        }
    }

    private void insert(QueryRequest request, Running statement, byte[] head, String format, InputStream rows)
            throws ServerError, IOException {
        try (EngineConnection connection = prepared(request);
                ResponseWriter answer = writer(request, statement::end, false)) {
            answer.finish(
                    connection.insert(head, format, request.parameters().queryParameters(), statement::killed, rows));
        }
    }

    private ResponseWriter writer(QueryRequest request, Runnable end, boolean holdToTheEnd) {
        return new ResponseWriter(request.exchange(), request.compress(), holdToTheEnd, temporary, version, end);
    }

    /** The engine knows statements by ids of its own, so the client's id is looked for in a setting. */
    private void kill(QueryRequest request, StatementText words) throws ServerError, IOException {
        String sql = words.killWith("Settings['" + QueryRequest.QUERY_ID_SETTING + "']") + " ASYNC FORMAT TSV";
        String rows = engine.control(sql);
        String id = words.killedQueryId();
        Running target = id == null ? null : running.find(id);
        if (id != null && target != null) {
            target.kill();
            // it may be on its way to the engine
            for (int i = 0; rows.isEmpty() && i < KILL_ATTEMPTS && running.find(id) == target; i++) {
                try {
                    Thread.sleep(10);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw ServerError.cancelled();
                }
                rows = engine.control(sql);
            }
        }
        String answer = rows.isEmpty()
                ? "SELECT '' AS kill_status, '' AS query_id, '' AS user, '' AS query WHERE 0"
                : "SELECT * FROM format(TSV, 'kill_status String, query_id String, user String, query String',"
                        + " {rows:String})";
        String named = words.outputFormat();
        request.answerIn(named == null ? request.format() : named);
        try (EngineConnection connection = engine.connection()) {
            String format = named == null ? "" : " FORMAT " + named;
            runWhole(
                    request,
                    () -> {},
                    connection,
                    (answer + format).getBytes(StandardCharsets.UTF_8),
                    Map.of(
                            "rows",
                            rows.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")));
        }
    }

    private static byte[] readAll(InputStream input, byte[] before) throws ServerError, IOException {
        byte[] rest = input.readNBytes(STATEMENT_BYTES - before.length + 1);
        if (before.length + rest.length > STATEMENT_BYTES) {
            throw ServerError.of(
                    ServerError.QUERY_IS_TOO_LARGE,
                    "QUERY_IS_TOO_LARGE",
                    "The statement is longer than " + STATEMENT_BYTES + " bytes.");
        }
        byte[] all = Arrays.copyOf(before, before.length + rest.length);
        System.arraycopy(rest, 0, all, before.length, rest.length);
        return all;
    }
}
