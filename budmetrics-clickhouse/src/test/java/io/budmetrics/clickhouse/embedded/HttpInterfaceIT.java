package io.budmetrics.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP interface as clients other than the driver see it. */
class HttpInterfaceIT {
    private static EmbeddedClickHouse engine;
    private static HttpCalls http;

    @BeforeAll
    static void start() {
        engine = EmbeddedClickHouse.start();
        http = new HttpCalls(engine);
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void pingNeedsNoPassword() throws Exception {
        for (String path : List.of("/ping", "/")) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(engine.httpUrl() + path)).build());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("Ok.\n");
        }
    }

    @Test
    void unknownPathIsNotFound() throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(engine.httpUrl() + "/play")).build());
        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void wrongPasswordIsForbiddenHoweverItIsGiven() throws Exception {
        String url = engine.httpUrl() + "/?query=SELECT%201";
        List<HttpRequest> requests = List.of(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpRequest.newBuilder(URI.create(url + "&user=default&password=wrong"))
                        .build(),
                HttpRequest.newBuilder(URI.create(url))
                        .header("X-ClickHouse-Key", "wrong")
                        .build(),
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Basic ZGVmYXVsdDp3cm9uZw==")
                        .build(),
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Basic !!!")
                        .build());
        for (HttpRequest request : requests) {
            HttpResponse<String> answer = http.send(request);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.headers().firstValue("X-ClickHouse-Exception-Code"))
                    .contains("516");
            assertThat(answer.body()).startsWith("Code: 516. DB::Exception: ").endsWith(")\n");
        }
    }

    @Test
    void credentialsInTheUrlAreTaken() throws Exception {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
                        URI.create(engine.httpUrl() + "/?query=SELECT%201&user=default&password=" + engine.password()))
                .build());
        assertThat(answer.body()).isEqualTo("1\n");
    }

    @Test
    void answersCarryTheHeadersOfAServer() throws Exception {
        HttpResponse<String> answer =
                http.post("SELECT 1", Map.of("query_id", "my-id", "default_format", "JSONEachRow"));
        assertThat(answer.body()).isEqualTo("{\"1\":1}\n");
        assertThat(answer.headers().firstValue("X-ClickHouse-Query-Id")).contains("my-id");
        assertThat(answer.headers().firstValue("X-ClickHouse-Format")).contains("JSONEachRow");
        assertThat(answer.headers().firstValue("X-ClickHouse-Timezone")).isPresent();
        assertThat(answer.headers().firstValue("X-ClickHouse-Server-Display-Name"))
                .isPresent();
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson; charset=UTF-8");
    }

    @Test
    void formatOfTheStatementWinsAndIsNamed() throws Exception {
        HttpResponse<String> answer = http.post("SELECT 1 AS x FORMAT CSVWithNames", Map.of("default_format", "TSV"));
        assertThat(answer.body()).isEqualTo("\"x\"\n1\n");
        assertThat(answer.headers().firstValue("X-ClickHouse-Format")).contains("CSVWithNames");
    }

    @ParameterizedTest
    @CsvSource({
        "SELECT * FROM nosuch, 404, 60",
        "SELECT * FROM nosuch.nosuch, 404, 81",
        "SELECT nosuch(), 404, 46",
        "SELECT nosuch, 404, 47",
        "selec, 400, 62",
        "SELECT 1; SELECT 2, 400, 62",
        "SELECT toUInt8('x'), 400, 6",
        "SELECT throwIf(1), 500, 395",
        "'SELECT sum(sleepEachRow(0.1)) FROM numbers(40) SETTINGS max_execution_time = 0.3, max_block_size = 1', 408, 159",
        "SELECT 1 INTO OUTFILE x, 500, 358",
        "SELECT 1 FORMAT NoSuch, 404, 73",
    })
    void errorsCarryStatusAndCode(String sql, int status, String code) throws Exception {
        for (String wait : List.of("0", "1")) {
            HttpResponse<String> answer = http.post(sql, Map.of("wait_end_of_query", wait));
            assertThat(answer.headers().firstValue("X-ClickHouse-Exception-Code"))
                    .contains(code);
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).startsWith("Code: " + code + ". DB::Exception: ");
        }
    }

    @Test
    void errorsAreCompressedLikeAnswers() throws Exception {
        HttpResponse<byte[]> answer = http.sendForBytes(http.request(Map.of("compress", "1"))
                .POST(BodyPublishers.ofString("SELECT * FROM nosuch"))
                .build());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(text(answer.body())).startsWith("Code: 60. DB::Exception: ");
    }

    @Test
    void requestsMayBeCompressed() throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (OutputStream output = new CompressedOutput(body)) {
            output.write("SELECT 'compressed'".getBytes(StandardCharsets.UTF_8));
        }
        HttpResponse<String> answer = http.send(http.request(Map.of("decompress", "1"))
                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                .build());
        assertThat(answer.body()).isEqualTo("compressed\n");
    }

    @Test
    void parametersComeFromUrlAndForm() throws Exception {
        Map<String, String> values = Map.of("param_a", "x'\\\\y\\tz\uD83D\uDE00", "param_b", "[1,2]", "param_n", "\\N");
        String sql = "SELECT {a:String}, {b:Array(UInt8)}, {n:Nullable(String)}";
        assertThat(http.post(sql, values).body()).isEqualTo("x\\'\\\\y\\tz\uD83D\uDE00\t[1,2]\t\\N\n");

        StringBuilder form = new StringBuilder();
        values.forEach((name, value) -> part(form, name, value));
        part(form, "query", sql);
        form.append("--b--\r\n");
        HttpResponse<String> answer = http.send(http.request(Map.of())
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(form.toString()))
                .build());
        assertThat(answer.body()).isEqualTo("x\\'\\\\y\\tz\uD83D\uDE00\t[1,2]\t\\N\n");
    }

    @Test
    void parametersWithNulAndQuotesArriveUnchanged() throws Exception {
        HttpResponse<String> answer =
                http.post("SELECT hex({a:String})", Map.of("param_a", "a\\0b'; DROP TABLE t --\"`"));
        assertThat(answer.body()).isEqualTo("610062273B2044524F50205441424C452074202D2D2260\n");
    }

    @Test
    void settingsAndDatabaseEndWithTheRequest() throws Exception {
        http.post("CREATE DATABASE IF NOT EXISTS other");
        String probe = "SELECT currentDatabase(), getSetting('max_threads') = 1, getSetting('log_comment'),"
                + " getSetting('max_result_rows')";
        assertThat(http.post(
                                probe,
                                Map.of(
                                        "database",
                                        "other",
                                        "max_threads",
                                        "1",
                                        "log_comment",
                                        "mine",
                                        "max_result_rows",
                                        "77"))
                        .body())
                .isEqualTo("other\t1\tmine\t77\n");
        http.post("SET max_result_rows = 5");
        http.post("USE other");
        http.post("CREATE TEMPORARY TABLE temporary (a UInt8)");
        for (int i = 0; i < 40; i++) {
            assertThat(http.post(probe, Map.of("max_threads", "2")).body()).isEqualTo("default\t0\t\t0\n");
            assertThat(http.post("SELECT * FROM temporary").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void valuesOfSettingsCannotBecomeStatements() throws Exception {
        http.post("CREATE TABLE kept (a UInt8) ENGINE = Memory");
        HttpResponse<String> answer =
                http.post("SELECT getSetting('log_comment')", Map.of("log_comment", "x'; DROP TABLE kept; --\n\\"));
        assertThat(answer.body()).isEqualTo("x\\'; DROP TABLE kept; --\\n\\\\\n");
        assertThat(http.post("SELECT 1", Map.of("database", "x`; DROP TABLE kept; --"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(http.post("SELECT 1", Map.of("max_threads = 1; DROP TABLE kept; --", "1"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(http.post("EXISTS kept").body()).isEqualTo("1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "query_ids"})
    void unknownSettingsAreNotFound(String name) throws Exception {
        HttpResponse<String> answer = http.post("SELECT 1", Map.of(name, "1"));
        assertThat(answer.headers().firstValue("X-ClickHouse-Exception-Code")).contains("115");
        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void sessionsAreRefused() throws Exception {
        HttpResponse<String> answer = http.post("SELECT 1", Map.of("session_id", "s"));
        assertThat(answer.statusCode()).isEqualTo(501);
        assertThat(answer.body()).contains("session_id").contains("not supported");
    }

    @Test
    void getChangesNothing() throws Exception {
        HttpResponse<String> answer =
                http.send(http.request(Map.of("query", "CREATE TABLE by_get (a UInt8) ENGINE = Memory"))
                        .GET()
                        .build());
        assertThat(answer.headers().firstValue("X-ClickHouse-Exception-Code")).contains("164");
    }

    @Test
    void lateErrorBreaksTheBody() {
        assertThatThrownBy(() -> http.post("SELECT throwIf(number = 900000) FROM numbers(1000000)"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> http.sendForBytes(http.request(Map.of("compress", "1"))
                        .POST(BodyPublishers.ofString(
                                "SELECT number, throwIf(number = 900000) FROM numbers(1000000) FORMAT RowBinary"))
                        .build()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void lateErrorIsAStatusForThoseWhoWait() throws Exception {
        HttpResponse<String> answer =
                http.post("SELECT throwIf(number = 900000) FROM numbers(1000000)", Map.of("wait_end_of_query", "1"));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).startsWith("Code: 395.");
    }

    @Test
    void largeAnswersToThoseWhoWaitGoThroughAFile() throws Exception {
        // 160 MB, more than the child or the engine holds back in memory
        HttpResponse<InputStream> answer = http.sendForStream(http.request(Map.of("wait_end_of_query", "1"))
                .POST(BodyPublishers.ofString("SELECT number FROM numbers(20000000) FORMAT RowBinary"))
                .build());
        assertThat(answer.headers().firstValue("X-ClickHouse-Summary").orElse(""))
                .contains("\"result_rows\":\"20000000\"")
                .doesNotContain("read_rows");
        assertThat(sumOfLongs(answer.body())).isEqualTo(20_000_000L * 19_999_999L / 2);
        HttpResponse<String> late = http.post(
                "SELECT number, throwIf(number = 19000000) FROM numbers(20000000) FORMAT RowBinary",
                Map.of("wait_end_of_query", "1"));
        assertThat(late.statusCode()).isEqualTo(500);
        assertThat(late.body()).startsWith("Code: 395.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TSV",
                "CSV",
                "Native",
                "RowBinary",
                "RowBinaryWithNames",
                "RowBinaryWithNamesAndTypes",
                "TSVWithNames",
                "TSVWithNamesAndTypes",
                "CSVWithNames",
                "JSON",
                "JSONCompact",
                "JSONEachRow",
                "JSONCompactEachRowWithNamesAndTypes",
                "Parquet",
                "XML",
                "Values",
                "Null"
            })
    void streamedAnswersEqualWholeOnes(String format) throws Exception {
        for (int rows : new int[] {0, 1, 200_000}) {
            // the elapsed time of a JSON document differs
            String sql = "SELECT number AS n, toString(number) AS \"a\nb\" FROM numbers(" + rows + ") FORMAT " + format
                    + " SETTINGS output_format_write_statistics = 0, max_threads = 1";
            byte[] streamed = http.sendForBytes(http.request(Map.of())
                            .POST(BodyPublishers.ofString(sql))
                            .build())
                    .body();
            byte[] whole = http.sendForBytes(http.request(Map.of("wait_end_of_query", "1"))
                            .POST(BodyPublishers.ofString(sql))
                            .build())
                    .body();
            if (format.equals("Native")) {
                // blocks may be cut elsewhere
                assertThat(streamed.length).isCloseTo(whole.length, org.assertj.core.data.Percentage.withPercentage(1));
            } else {
                assertThat(java.util.Arrays.equals(streamed, whole))
                        .as(format + " " + rows)
                        .isTrue();
            }
        }
    }

    @Test
    void summaryTellsTheTruth() throws Exception {
        http.post("CREATE TABLE summary (a UInt64) ENGINE = MergeTree ORDER BY a");
        assertThat(summary(http.post("INSERT INTO summary SELECT number FROM numbers(1000)")))
                .contains("\"written_rows\":\"1000\"", "\"written_bytes\":\"8000\"", "\"read_rows\":\"1000\"");
        assertThat(summary(http.post("INSERT INTO summary VALUES (1), (2), (3)")))
                .contains("\"written_rows\":\"3\"");
        assertThat(summary(http.post("INSERT INTO summary FORMAT TSV\n1\n2\n"))).contains("\"written_rows\":\"2\"");
        // no LIMIT, which may be reached before all parts are read
        assertThat(summary(http.post("SELECT a FROM summary WHERE a < 7", Map.of("wait_end_of_query", "1"))))
                .contains("\"read_rows\":\"1005\"", "\"read_bytes\":\"8040\"", "\"result_rows\":\"12\"", "elapsed_ns");
        assertThat(summary(http.post("SELECT a FROM summary LIMIT 7")))
                .contains("\"result_rows\":\"7\"")
                .doesNotContain("read_rows");
    }

    @Test
    void killByQueryIdStopsTheStatement() throws Exception {
        for (String wait : List.of("0", "1")) {
            String id = "to be killed ' " + wait;
            CompletableFuture<HttpResponse<String>> victim = async(() -> http.post(
                    "SELECT count() FROM numbers(1000000000000)",
                    Map.of("query_id", id, "wait_end_of_query", wait, "log_comment", "the caller's own")));
            await(() -> http.post(
                            "SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE 'the caller%'")
                    .body()
                    .equals("1\n"));
            HttpResponse<String> killed = http.post("KILL QUERY WHERE query_id = 'to be killed \\' " + wait + "' SYNC");
            assertThat(killed.body()).startsWith("waiting\t").contains("default\tSELECT count()");
            HttpResponse<String> answer = victim.get(30, TimeUnit.SECONDS);
            assertThat(answer.headers().firstValue("X-ClickHouse-Exception-Code"))
                    .contains("394");
            assertThat(answer.statusCode()).isEqualTo(500);
        }
        assertThat(http.post("KILL QUERY WHERE query_id = 'nobody'").body()).isEmpty();
        assertThat(http.post("KILL QUERY WHERE query_id = 'nobody' FORMAT JSONCompact")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void twoStatementsCannotShareAnId() throws Exception {
        CompletableFuture<HttpResponse<String>> first = async(() -> http.post(
                "SELECT sum(sleepEachRow(1)) FROM numbers(100) SETTINGS max_block_size = 1",
                Map.of("query_id", "shared", "log_comment", "sharing")));
        await(() -> http.post("SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE 'sharing%'")
                .body()
                .equals("1\n"));
        assertThat(http.post("SELECT 1", Map.of("query_id", "shared")).statusCode())
                .isEqualTo(500);
        http.post("KILL QUERY WHERE query_id = 'shared'");
        assertThat(first.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
        assertThat(http.post("SELECT 1", Map.of("query_id", "shared")).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT number FROM numbers(10)",
                "SELECT number FROM numbers(10) FORMAT JSON",
                "SELECT number FROM numbers(100000)",
                "SELECT throwIf(number = 5) FROM numbers(10)",
                "CREATE TEMPORARY TABLE t (a UInt8)",
            })
    void anIdIsFreeWhenItsAnswerHasArrived(String sql) throws Exception {
        for (int i = 0; i < 200; i++) {
            HttpResponse<String> answer = http.post(sql, Map.of("query_id", "again"));
            assertThat(answer.headers().firstValue("X-ClickHouse-Exception-Code"))
                    .as(answer.body())
                    .isNotEqualTo(Optional.of("216"));
        }
    }

    @Test
    void statementOfAClientThatLeftIsStopped() throws Exception {
        HttpResponse<InputStream> answer = http.sendForStream(http.request(Map.of("log_comment", "left"))
                .POST(BodyPublishers.ofString("SELECT number FROM numbers(100000000000) FORMAT RowBinary"))
                .build());
        String running = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'left'";
        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(1_000_000)).hasSize(1_000_000);
            assertThat(http.post(running).body()).isEqualTo("1\n");
        }
        await(() -> http.post(running).body().equals("0\n"));
    }

    @Test
    void insertsStreamTheirRows() throws Exception {
        http.post("CREATE TABLE streamed (a UInt64, b String DEFAULT 'd') ENGINE = MergeTree ORDER BY a");
        // 320 MB, more than the child's heap
        int parts = 40;
        byte[] part = longs(1_000_000);
        List<byte[]> body = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            body.add(part);
        }
        HttpResponse<String> answer =
                http.send(http.request(Map.of("query", "INSERT INTO streamed (a) FORMAT RowBinary"))
                        .POST(BodyPublishers.ofByteArrays(body))
                        .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(summary(answer)).contains("\"written_rows\":\"40000000\"");
        assertThat(http.post("SELECT count(), sum(a), any(b) FROM streamed").body())
                .isEqualTo("40000000\t" + 40L * 1_000_000L * 999_999L / 2 + "\td\n");
    }

    @Test
    void insertsTakeRowsFromUrlAndBody() throws Exception {
        http.post("CREATE TABLE rows (a UInt64, b String) ENGINE = Memory");
        http.send(http.request(Map.of("query", "INSERT INTO rows VALUES"))
                .POST(BodyPublishers.ofString("(1, 'a;b'), (2, 'FORMAT CSV')"))
                .build());
        http.post("INSERT INTO rows FORMAT JSONEachRow {\"a\":3,\"b\":\"c\"}\n{\"a\":4,\"b\":\"d\"}");
        http.post("INSERT INTO rows (a, b) SETTINGS async_insert = 0 FORMAT CSV\n5,\"e\n\ne\"\n");
        http.post("INSERT INTO rows SELECT {a:UInt64}, {b:String}", Map.of("param_a", "6", "param_b", "f"));
        http.post("INSERT INTO rows VALUES ({a:UInt64}, {b:String})", Map.of("param_a", "7", "param_b", "g"));
        assertThat(http.post("SELECT * FROM rows ORDER BY a").body())
                .isEqualTo("1\ta;b\n2\tFORMAT CSV\n3\tc\n4\td\n5\te\\n\\ne\n6\tf\n7\tg\n");
    }

    @Test
    void brokenRowsAreAnError() throws Exception {
        http.post("CREATE TABLE broken (a UInt64) ENGINE = Memory");
        HttpResponse<String> text = http.post("INSERT INTO broken FORMAT TSV\n1\nx\n");
        assertThat(text.headers().firstValue("X-ClickHouse-Exception-Code")).contains("27");
        HttpResponse<String> binary = http.send(http.request(Map.of("query", "INSERT INTO broken FORMAT RowBinary"))
                .POST(BodyPublishers.ofByteArray(new byte[12]))
                .build());
        assertThat(binary.headers().firstValue("X-ClickHouse-Exception-Code")).contains("33");
        HttpResponse<String> table = http.send(http.request(Map.of("query", "INSERT INTO nosuch FORMAT RowBinary"))
                .POST(BodyPublishers.ofByteArray(longs(1_000_000)))
                .build());
        assertThat(table.headers().firstValue("X-ClickHouse-Exception-Code")).contains("60");
        assertThat(http.post("SELECT count() FROM broken").body()).isEqualTo("0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n124f80\r\n"})
    void rowsOfABodyThatIsCutAreNotTaken(String head) throws Exception {
        http.post("CREATE TABLE IF NOT EXISTS cut (a UInt64) ENGINE = MergeTree ORDER BY a");
        String request =
                "POST /?query=INSERT%20INTO%20cut%20FORMAT%20RowBinary&log_comment=cut HTTP/1.1\r\nHost: engine\r\n"
                        + "X-ClickHouse-User: " + engine.user() + "\r\nX-ClickHouse-Key: " + engine.password() + "\r\n"
                        + head;
        String running = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'cut'";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), engine.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(longs(1_200_000 / Long.BYTES));
            socket.getOutputStream().flush();
            await(() -> http.post(running).body().equals("1\n"));
        }
        await(() -> http.post(running).body().equals("0\n"));
        assertThat(http.post("SELECT count() FROM cut").body()).isEqualTo("0\n");
    }

    @Test
    void manyAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int thread = t;
                results.add(threads.submit(() -> {
                    int right = 0;
                    for (int i = 0; i < 50; i++) {
                        String value = thread + "-" + i;
                        HttpResponse<String> answer = http.post(
                                "SELECT {v:String}, getSetting('log_comment'), sum(number) FROM numbers(1000)",
                                Map.of("param_v", value, "log_comment", value));
                        right += answer.body().equals(value + "\t" + value + "\t499500\n") ? 1 : 0;
                    }
                    return right;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get(120, TimeUnit.SECONDS)).isEqualTo(50);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void part(StringBuilder form, String name, String value) {
        form.append("--b\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n");
        form.append(value).append("\r\n");
    }

    private static String summary(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("X-ClickHouse-Summary").orElse("");
    }

    private static String text(byte[] blocks) throws IOException {
        try (InputStream input = new CompressedInput(new ByteArrayInputStream(blocks))) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] longs(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putLong(i);
        }
        return bytes.array();
    }

    private static long sumOfLongs(InputStream input) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long sum = 0;
        try (input) {
            int read;
            while ((read = input.readNBytes(buffer, 0, buffer.length)) > 0) {
                ByteBuffer longs = ByteBuffer.wrap(buffer, 0, read).order(ByteOrder.LITTLE_ENDIAN);
                while (longs.hasRemaining()) {
                    sum += longs.getLong();
                }
            }
        }
        return sum;
    }

    private static <T> CompletableFuture<T> async(Callable<T> call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return call.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited 30 s").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
