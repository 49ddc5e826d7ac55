package io.budmetrics.bench;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlParameter;
import io.budmetrics.sql.SqlStatement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Real response bodies, captured once from the embedded engine: in ClickHouse's Native format, and in the driver's. */
final class Bodies {
    static final int[] WIDTHS = {8, 18, 56};
    static final int ROWS = 36_500;
    static final int MANY_ROWS = 1_000_100;
    static final String NATIVE = "Native";
    static final String DRIVERS = "RowBinaryWithNamesAndTypes";
    private static final int DAYS = 365;
    private static final Path FOLDER = Path.of("target", "bodies");

    private Bodies() {}

    /** The body that answers the question of that width: 36,500 rows. */
    static byte[] ofWidth(int columns) {
        return of(columns, ROWS, NATIVE);
    }

    /** The body that answers the question of that width with so many rows, in one of the formats. */
    static byte[] of(int columns, int rows, String format) {
        try {
            return Files.readAllBytes(file(columns, rows, format));
        } catch (IOException e) {
            throw new UncheckedIOException("run io.budmetrics.bench.Benchmarks, which captures the bodies", e);
        }
    }

    /** The error for an error of the server in a body, of which those that were captured have none. */
    static BudMetricsException unexpected(int code) {
        return BudMetricsException.of(ErrorCode.DATABASE_ERROR, "the captured body holds the server's error " + code);
    }

    private static Path file(int columns, int rows, String format) {
        return FOLDER.resolve("columns-" + columns + "-rows-" + rows + "." + format.toLowerCase(Locale.ROOT));
    }

    /** Captures what is not there yet. */
    static void capture(int rows) throws IOException, InterruptedException {
        boolean complete = true;
        for (int columns : WIDTHS) {
            complete &= Files.exists(file(columns, rows, NATIVE)) && Files.exists(file(columns, rows, DRIVERS));
        }
        if (complete) {
            return;
        }
        Files.createDirectories(FOLDER);
        System.out.printf("capturing response bodies of %,d rows from the embedded engine%n", rows);
        try (EmbeddedClickHouse engine = EmbeddedClickHouse.start()) {
            fill(engine, rows / DAYS, rows == ROWS ? 4 : 1);
            for (int columns : WIDTHS) {
                SqlStatement<AnalyticsAnswer> statement =
                        Questions.ofWidth(columns).statement(SqlContext.of(Layout.inferenceFact()));
                for (String format : List.of(NATIVE, DRIVERS)) {
                    StringBuilder parameters = new StringBuilder("&default_format=" + format);
                    for (SqlParameter parameter : statement.parameters()) {
                        parameters
                                .append("&param_")
                                .append(parameter.name())
                                .append('=')
                                .append(URLEncoder.encode(parameter.encoded(), StandardCharsets.UTF_8));
                    }
                    byte[] body = post(engine, statement.sql(), parameters.toString());
                    Files.write(file(columns, rows, format), body);
                    System.out.printf("%d columns, %s: %,d bytes%n", columns, format, body.length);
                }
            }
        }
    }

    /** A year of traffic: so many groups, and in each group so many requests a day. */
    static void fill(EmbeddedClickHouse engine, int groups, int requestsADay) throws IOException, InterruptedException {
        post(engine, InferenceFact.table().createStatement(), "");
        long requests = (long) DAYS * groups * requestsADay;
        post(
                engine,
                "INSERT INTO InferenceFact (inference_id, project_id, model_id, endpoint_id, request_arrival_time,"
                        + " request_forward_time, is_success, cached, streamed, input_tokens, output_tokens,"
                        + " response_time_us, ttft_us)"
                        + " SELECT generateUUIDv4(number), multiIf("
                        + " g % 5 = 0, toUUID('" + Questions.PROJECT_A + "'),"
                        + " g % 5 = 1, toUUID('" + Questions.PROJECT_B + "'),"
                        + " reinterpretAsUUID(toFixedString(char(g % 5), 16))),"
                        + " reinterpretAsUUID(toFixedString(char(g % 256, intDiv(g, 256)), 16)),"
                        + " reinterpretAsUUID(toFixedString(char(g % 256, intDiv(g, 256), 1), 16)),"
                        + " toDateTime64('2025-01-01 00:00:00', 6, 'UTC')"
                        + " + toIntervalDay(intDiv(number, " + requestsADay * groups + "))"
                        + " + toIntervalMicrosecond(cityHash64(number) % 86400000000) AS arrival,"
                        + " arrival + toIntervalMicrosecond(cityHash64(number, 1) % 900000),"
                        + " cityHash64(number, 2) % 20 > 0, cityHash64(number, 3) % 5 = 0, true,"
                        + " cityHash64(number, 4) % 4000, cityHash64(number, 5) % 800,"
                        + " 300000 + cityHash64(number, 6) % 60000000, 90000 + cityHash64(number, 7) % 200000"
                        + " FROM (SELECT number, intDiv(number, " + requestsADay + ") % " + groups
                        + " AS g FROM numbers(" + requests + "))",
                "");
    }

    private static byte[] post(EmbeddedClickHouse engine, String sql, String parameters)
            throws IOException, InterruptedException {
        String url = engine.jdbcUrl().replaceFirst("^jdbc:(ch|clickhouse):", "").replaceFirst("^(//)", "http://");
        int query = url.indexOf('?');
        String base = query < 0 ? url : url.substring(0, query);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(base.replaceFirst("(://[^/]+).*", "$1") + "/?wait_end_of_query=1" + parameters))
                .header("X-ClickHouse-User", engine.user())
                .header("X-ClickHouse-Key", engine.password())
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build();
        HttpResponse<byte[]> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }
}
