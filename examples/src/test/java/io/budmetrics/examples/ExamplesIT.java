package io.budmetrics.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.examples.support.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each program as a person would, on the embedded engine. */
class ExamplesIT {
    private static final String PASSWORD = "secret";
    private static final CountDownLatch STOP = new CountDownLatch(1);
    private static final Output ENGINE = new Output();
    private static CompletableFuture<Integer> engineCode = new CompletableFuture<>();
    private static String url = "";

    @TempDir
    static Path folder;

    private final Output out = new Output();
    private final Output err = new Output();

    /** What a program wrote. */
    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    @BeforeAll
    static void startTheEngine() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String[] arguments = {
            "--port",
            String.valueOf(port),
            "--data",
            folder.resolve("engine").toString(),
            "--password",
            PASSWORD,
            "--migrate"
        };
        engineCode = CompletableFuture.supplyAsync(() -> command(input(""), ENGINE, ENGINE, "engine", arguments));
        url = "http://localhost:" + port;
        for (int i = 0; i < 1200 && !ENGINE.text().contains("Serving"); i++) {
            assertThat(engineCode).as(ENGINE::text).isNotDone();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(ENGINE.text()).contains("Serving until").containsPattern("URL +http://[^ ]*:" + port);
        // three requests of one model, one of which failed, and one without anything measured
        sql("""
                INSERT INTO InferenceFact
                    (inference_id, project_id, model_id, request_arrival_time, is_success, response_time_us, input_tokens, output_tokens, cost)
                VALUES
                    (generateUUIDv4(), '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-0000000000aa', '2026-11-01 10:00:00', true, 1000000, 100, 10, 0.5),
                    (generateUUIDv4(), '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-0000000000aa', '2026-11-01 11:00:00', true, 3000000, 200, 20, 0.5),
                    (generateUUIDv4(), '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-0000000000aa', '2026-11-02 10:00:00', false, 2000000, 300, 30, 0.5),
                    (generateUUIDv4(), '00000000-0000-0000-0000-00000000000b', NULL, '2026-11-02 10:00:00', NULL, NULL, NULL, NULL, NULL)""");
    }

    @AfterAll
    static void stopTheEngine() throws Exception {
        STOP.countDown();
        assertThat(engineCode.get(60, TimeUnit.SECONDS)).isZero();
        assertThat(ENGINE.text()).contains("Stopped.");
    }

    @Test
    void quickstartAnswersFiveQuestionsAndDraws() throws Exception {
        Path report = folder.resolve("pictures").resolve("report.html");

        String[] arguments = {
            "--records", "5000", "--report", report.toString(), "--until", "2026-11-24T20:30:00Z", "--seed", "3"
        };
        int code = command(input(""), out, err, "quickstart", arguments);

        assertThat(code).as(err::text).isZero();
        assertThat(out.text())
                .contains(
                        "1. Traffic",
                        "2. Speed by model",
                        "3. Top 5 by cost",
                        "4. Most failures by project",
                        "5. Rhythm")
                .containsPattern("2026-11-24 Tue \\* +\\d+ ")
                .contains("*  incomplete: the question")
                .containsPattern("Others +");
        assertThat(err.text()).contains("Writing inferences: 5,000");
        JsonNode data = data(report);
        assertThat(data.get("figures").get(0).get("value").asText()).isEqualTo("5,000");
        assertThat(data.get("charts"))
                .extracting(chart -> chart.get("title").asText())
                .containsExactly("Traffic", "Latency", "Errors", "Cost", "Top models", "Tokens", "Failures", "Rhythm");
        JsonNode partial = data.get("charts").get(0).get("partial");
        assertThat(partial).hasSize(30);
        assertThat(partial.get(28).asBoolean()).isFalse();
        assertThat(partial.get(29).asBoolean()).isTrue();
        assertThat(sum(data.get("charts").get(0))).isEqualTo(5000);
    }

    @Test
    void quickstart_sameFolderAnHourLater_sameTraffic() throws Exception {
        Path report = folder.resolve("twice.html");
        String kept = folder.resolve("twice").toString();
        String[] first = {"--records", "3000", "--data", kept, "--report", report.toString(), "--until", hoursAgo(3)};
        String[] later = {"--records", "3000", "--data", kept, "--report", report.toString()};

        assertThat(command(input(""), out, err, "quickstart", first))
                .as(err::text)
                .isZero();
        Output again = new Output();
        assertThat(command(input(""), again, err, "quickstart", later))
                .as(err::text)
                .isZero();

        assertThat(again.text()).isEqualTo(out.text());
        assertThat(data(report).get("footer").asText()).startsWith("3,000 inferences");
    }

    @Test
    void quickstart_otherTrafficInTheSameFolder_pageCountsAllOfIt() throws Exception {
        Path report = folder.resolve("both.html");
        String kept = folder.resolve("both").toString();
        for (String seed : List.of("1", "2")) {
            String[] options = {
                "--records",
                "2000",
                "--data",
                kept,
                "--report",
                report.toString(),
                "--until",
                hoursAgo(3),
                "--seed",
                seed
            };
            assertThat(command(input(""), out, err, "quickstart", options))
                    .as(err::text)
                    .isZero();
        }
        assertThat(data(report).get("footer").asText()).startsWith("4,000 inferences");
        assertThat(data(report).get("figures").get(0).get("value").asText()).isEqualTo("4,000");
    }

    private static String hoursAgo(int hours) {
        return Instant.now().minus(Duration.ofHours(hours)).toString();
    }

    @Test
    void traceCountsWhatItIsGivenAndMeasuresNothingElse() throws Exception {
        Path code = folder.resolve("synthetic-code.csv");
        Path chat = folder.resolve("synthetic-chat.csv");
        Files.writeString(code, trace(40, 1000, 10));
        Files.writeString(chat, trace(60, 100, 50));
        Path report = folder.resolve("trace.html");
        String[] arguments = {
            code.toString(),
            chat.toString(),
            "--data",
            folder.resolve("trace").toString(),
            "--report",
            report.toString()
        };

        assertThat(command(input(""), out, err, "trace", arguments))
                .as(err::text)
                .isZero();
        Output again = new Output();
        assertThat(command(input(""), again, err, "trace", arguments))
                .as(err::text)
                .isZero();

        // chat: 60 requests, 6,000 and 3,000 tokens; code: 40 requests, 40,000 and 400 tokens
        assertThat(out.text())
                .contains("Total: 100 requests, 46,000 input tokens, 3,400 output tokens.")
                // requests, success and its share, tokens, cache
                .containsPattern("2023-11-16 18:15 +20 +- +- +11,000 +600 +-\\R")
                // requests, four of latency, two of the first token, throughput
                .containsPattern("synthetic-chat +60( +-){7}\\R")
                .containsPattern("synthetic-chat +- +60 +6,000 +3,000")
                .containsPattern("synthetic-code +- +40 +40,000 +400")
                .contains("-  not measured")
                .doesNotContain("NaN")
                .doesNotContain("100.0");
        assertThat(again.text()).as("importing twice counts once").isEqualTo(out.text());
        JsonNode data = data(report);
        assertThat(data.get("figures").get(0).get("value").asText()).isEqualTo("100");
        for (int absent : new int[] {1, 2, 4, 5}) {
            assertThat(data.get("figures").get(absent).get("value").isNull())
                    .as(data.get("figures").get(absent).get("label").asText())
                    .isTrue();
            assertThat(data.get("figures").get(absent).get("note").asText()).isEqualTo("not measured");
        }
    }

    @Test
    void traceNamesTheBadLine() throws Exception {
        Path bad = folder.resolve("bad.csv");
        Files.writeString(bad, trace(2, 1, 1) + "2023-11-16 18:20:00,1\n");

        assertThat(command(input(""), out, err, "trace", bad.toString())).isEqualTo(1);
        assertThat(err.text()).contains("bad.csv, line 4: expected three values");
    }

    @Test
    void queryAnswersFlagsAsATable() {
        int code = query(
                "",
                "--metrics",
                "request_count,latency,failure_request,cost",
                "--from",
                "2026-11-01",
                "--to",
                "2026-11-03",
                "--every",
                "day",
                "--delta",
                "--percentiles",
                "0.5,0.99");

        assertThat(code).as(err::text).isZero();
        assertThat(out.text())
                .containsPattern("2026-11-01 Sun +2 ")
                .containsPattern("2026-11-02 Mon +2 +\\+0\\.0 +2,000")
                .contains("p50", "p99", "ms");
    }

    @Test
    void queryComparesAndTotals() {
        assertThat(query(
                        "",
                        "--metrics",
                        "request_count",
                        "--from",
                        "2026-11-02",
                        "--to",
                        "2026-11-03",
                        "--every",
                        "12hours",
                        "--group-by",
                        "project",
                        "--compared-with",
                        "1d",
                        "--totals"))
                .as(err::text)
                .isZero();
        assertThat(out.text())
                .containsPattern("2026-11-02 00:00 +All +")
                .containsPattern("Total +All +2 +\\+0\\.0")
                .contains("since then", "of 2026-11-01 00:00 to 2026-11-02 00:00 UTC");
        assertThat(query("", "--metrics", "request_count", "--last", "7d", "--compared-with", "yesterday"))
                .isNotZero();
        assertThat(err.text()).contains("--compared-with is 'yesterday'", "previous");
    }

    @Test
    void queryGroupsAndFilters() {
        assertThat(query(
                        "",
                        "--metrics",
                        "request_count",
                        "--from",
                        "2026-11-01",
                        "--to",
                        "2026-11-03",
                        "--every",
                        "2days",
                        "--group-by",
                        "project,model",
                        "--top",
                        "1"))
                .as(err::text)
                .isZero();
        assertThat(out.text())
                .containsPattern("0000000a +00000000-0000-0000-0000-0000000000aa +3")
                .containsPattern("Others +1");

        Output filtered = new Output();
        assertThat(command(
                        InputStream.nullInputStream(),
                        filtered,
                        err,
                        "query",
                        flags(
                                "--metrics",
                                "request_count",
                                "--from",
                                "2026-11-01",
                                "--to",
                                "2026-11-03",
                                "--every",
                                "2days",
                                "--where",
                                "project=00000000-0000-0000-0000-00000000000b",
                                "--format",
                                "json")))
                .as(err::text)
                .isZero();
        assertThat(filtered.text()).containsPattern("\"count\" : 1\\b");
    }

    @Test
    void queryAnswersAQuestionInJson() throws Exception {
        assertThat(query(
                        "",
                        "--metrics",
                        "request_count",
                        "--from",
                        "2026-11-01",
                        "--to",
                        "2026-11-03",
                        "--every",
                        "day",
                        "--format",
                        "json"))
                .isZero();
        JsonNode answer = new ObjectMapper().readTree(out.text());
        assertThat(answer.isObject()).isTrue();

        Output table = new Output();
        String question = "{\"metrics\": [\"request_count\"], \"from_date\": \"2026-11-01T00:00:00Z\","
                + " \"to_date\": \"2026-11-03T00:00:00Z\", \"frequency_unit\": \"day\", \"return_delta\": false}";
        int code = command(input(question), table, err, "query", flags("-"));
        assertThat(code).as(err::text).isZero();
        assertThat(table.text()).containsPattern("2026-11-01 Sun +2\\R").containsPattern("2026-11-02 Mon +2\\R");
    }

    @Test
    void queryShowsTheStatement() {
        assertThat(query("", "--metrics", "request_count", "--from", "2026-11-01", "--to", "2026-11-03", "--sql"))
                .as(err::text)
                .isZero();
        assertThat(out.text()).contains("SELECT", "InferenceFact").doesNotContain("{p0");
    }

    @Test
    void queryTakesConditions() {
        assertThat(query(
                        "",
                        "--metrics",
                        "request_count",
                        "--from",
                        "2026-11-01",
                        "--to",
                        "2026-11-03",
                        "--where",
                        "country!=DE,FR",
                        "--where",
                        "response-time >=2.5s",
                        "--where",
                        "status_code=500",
                        "--where",
                        "price<0.1",
                        "--group-by",
                        "cached",
                        "--having",
                        "request_count>=100",
                        "--sql"))
                .as(err::text)
                .isZero();
        assertThat(out.text())
                .contains(
                        "ifNull(country_code NOT IN ['DE','FR'], 1)",
                        "response_time_us >= 2500000",
                        "status_code = 500",
                        "cost < toDecimal128('0.100000000000', 12)",
                        "HAVING count() >= 100.0");
    }

    @Test
    void invalidOptions_printOneLine() {
        for (List<String> wrong : List.of(
                List.of("--metrics", "speed", "--from", "2026-11-01"),
                List.of("--metrics", "latency"),
                List.of("--metrics", "latency", "--from", "yesterday"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--every", "fortnight"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--where", "model=x"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--where", "model"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--where", "model>5"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--where", "response_time>soon"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--where", "input_tokens>1.5"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--having", "latency=5"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--having", "latency>x"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--having", "latency>5"),
                List.of("--metrics", "latency", "--from", "2026-11-02", "--to", "2026-11-01"),
                List.of("--metrics", "latency", "--from", "2026-11-01", "--format", "xml"),
                List.of("-", "--top", "3"),
                List.of("--nonsense"),
                List.of("something"))) {
            Output complaint = new Output();
            int code = command(
                    InputStream.nullInputStream(), out, complaint, "query", flags(wrong.toArray(new String[0])));
            assertThat(code).as(() -> wrong + ": " + complaint.text()).isEqualTo(2);
            assertThat(complaint.text().lines()).as(wrong::toString).hasSize(1);
        }
        for (String wrong : List.of(
                "",
                "null",
                "[]",
                "{",
                "{\"metrics\": 3}",
                "{\"metrics\": [\"speed\"], \"from_date\": \"2026-11-01\"}",
                "{\"metrics\": [\"cost\"], \"from_date\": \"2026-11-01T00:00:00Z\", \"every\": \"day\"}",
                "{\"metrics\": [\"cost\"], \"from_date\": \"2026-11-01T00:00:00Z\"} {}")) {
            Output complaint = new Output();
            int code = command(input(wrong), out, complaint, "query", flags("-"));
            assertThat(code).as(() -> wrong + ": " + complaint.text()).isEqualTo(2);
            assertThat(complaint.text().lines()).as(wrong).hasSize(1);
        }
        assertThat(out.text()).isEmpty();
    }

    @Test
    void serverErrors_printOneLineWithAdvice() {
        assertRefused("ACCESS_DENIED", "check --user", "--url", url, "--user", user(), "--password", "wrong");
        assertRefused("DATABASE_UNAVAILABLE", "http://127.0.0.1:1 does not answer", "--url", "http://127.0.0.1:1");
        assertRefused(
                "SCHEMA_MISMATCH",
                "right --database",
                "--url",
                url + "/elsewhere",
                "--user",
                user(),
                "--password",
                PASSWORD);
    }

    @Test
    void query_serverOptionsWithoutUrl_replaceTheirVariables() {
        Map<String, String> environment = Map.of(
                "CLICKHOUSE_HOST", "127.0.0.1",
                "CLICKHOUSE_HTTP_PORT", url.replaceAll(".*:", ""),
                "CLICKHOUSE_USER", "nobody",
                "CLICKHOUSE_PASSWORD", "wrong",
                "CLICKHOUSE_DB_NAME", "nowhere");
        String[] options = {
            "--metrics",
            "request_count",
            "--from",
            "2026-11-01",
            "--to",
            "2026-11-03",
            "--every",
            "whole_range",
            "--user",
            user(),
            "--password",
            PASSWORD,
            "--database",
            "default"
        };
        assertThat(command(environment, input(""), out, err, "query", options))
                .as(err::text)
                .isZero();
        assertThat(out.text()).containsPattern("\\n +4\\n");

        options[options.length - 1] = "elsewhere";
        assertThat(command(environment, input(""), out, err, "query", options)).isEqualTo(1);
        assertThat(err.text()).contains("SCHEMA_MISMATCH");
    }

    private void assertRefused(String errorCode, String advice, String... server) {
        List<String> arguments = new ArrayList<>(List.of(server));
        arguments.addAll(List.of("--metrics", "request_count", "--from", "2026-11-01"));
        Output complaint = new Output();
        int code = command(input(""), out, complaint, "query", arguments.toArray(new String[0]));
        assertThat(code).as(complaint::text).isEqualTo(1);
        assertThat(complaint.text().lines()).singleElement().asString().contains(errorCode, advice);
        assertThat(out.text()).isEmpty();
    }

    private int query(String input, String... arguments) {
        return command(input(input), out, err, "query", flags(arguments));
    }

    private static int command(InputStream in, Output out, Output err, String name, String... options) {
        return command(Map.of(), in, out, err, name, options);
    }

    private static int command(
            Map<String, String> environment, InputStream in, Output out, Output err, String name, String... options) {
        List<String> arguments = new ArrayList<>(List.of(name));
        arguments.addAll(List.of(options));
        return BudMetricsCommand.run(
                new Terminal(in, out.stream, err.stream, environment), STOP, arguments.toArray(new String[0]));
    }

    private static InputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String[] flags(String... more) {
        List<String> all = new ArrayList<>(List.of("--url", url, "--user", user(), "--password", PASSWORD));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    private static String user() {
        Matcher user = Pattern.compile("User +(\\S+)").matcher(ENGINE.text());
        assertThat(user.find()).isTrue();
        return user.group(1);
    }

    private static void sql(String text) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .timeout(Duration.ofSeconds(30))
                                .header("X-ClickHouse-User", user())
                                .header("X-ClickHouse-Key", PASSWORD)
                                .POST(HttpRequest.BodyPublishers.ofString(text))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response::body).isEqualTo(200);
    }

    private static String trace(int requests, int contextTokens, int generatedTokens) {
        StringBuilder text = new StringBuilder("TIMESTAMP,ContextTokens,GeneratedTokens\n");
        for (int i = 0; i < requests; i++) {
            text.append(String.format(
                    java.util.Locale.ROOT,
                    "2023-11-16 18:%02d:03.9799609,%d,%d%n",
                    15 + i % 30,
                    contextTokens,
                    generatedTokens));
        }
        return text.toString();
    }

    private static JsonNode data(Path report) throws Exception {
        String html = Files.readString(report);
        String start = "id=\"data\">";
        int from = html.indexOf(start) + start.length();
        return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
    }

    private static long sum(JsonNode chart) {
        long sum = 0;
        for (JsonNode series : chart.get("series")) {
            for (JsonNode value : series.get("values")) {
                sum += value.asLong();
            }
        }
        return sum;
    }
}
