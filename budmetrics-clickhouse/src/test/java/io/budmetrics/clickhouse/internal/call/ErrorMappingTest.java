package io.budmetrics.clickhouse.internal.call;

import static io.budmetrics.clickhouse.internal.call.TestCalls.failure;
import static io.budmetrics.clickhouse.internal.call.TestCalls.failureOf;
import static io.budmetrics.clickhouse.internal.call.TestCalls.options;
import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.clickhouse.fixture.CapturedLog;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** What a caller is told when the server, or a proxy in front of it, answers with an error. */
@Timeout(30)
final class ErrorMappingTest {
    @ParameterizedTest
    @CsvSource({
        "404, 60, SCHEMA_MISMATCH, false",
        "404, 81, SCHEMA_MISMATCH, false",
        "400, 47, SCHEMA_MISMATCH, false",
        "500, 241, RESOURCE_EXHAUSTED, false",
        "500, 202, RESOURCE_EXHAUSTED, true",
        "500, 203, DATABASE_UNAVAILABLE, true",
        "500, 209, QUERY_TIMEOUT, true",
        "500, 210, DATABASE_UNAVAILABLE, true",
        "500, 396, RESOURCE_EXHAUSTED, false",
        "500, 158, RESOURCE_EXHAUSTED, false",
        "408, 159, QUERY_TIMEOUT, false",
        "500, 160, QUERY_TIMEOUT, false",
        "500, 394, QUERY_CANCELLED, false",
        "403, 497, ACCESS_DENIED, false",
        "403, 516, ACCESS_DENIED, false",
        "500, 164, ACCESS_DENIED, false",
        "500, 999, DATABASE_UNAVAILABLE, true",
        "500, 62, DATABASE_ERROR, false",
        "500, 36, DATABASE_ERROR, false",
        "200, 241, RESOURCE_EXHAUSTED, false"
    })
    void serverErrors(int status, int code, ErrorCode expected, boolean retryable) throws IOException {
        BudMetricsException exception =
                failure(StubServer.error(status, code, "SECRET in 'SECRET' near SELECT 'SECRET'. (NAME)"));
        assertThat(exception.code()).isEqualTo(expected);
        assertThat(exception.serverCode()).hasValue(code);
        assertThat(exception.retryable()).isEqualTo(retryable);
    }

    @Test
    void serverError_namesOnlyIdentifiersOfTheStatement() throws IOException {
        assertThat(failure(StubServer.error(404, 47, "Unknown 'SECRET' or `known_column` in scope")))
                .message()
                .contains("known_column");
    }

    /** Also when the answer asks for another try in an hour, which the HTTP client below the driver would wait for. */
    @ParameterizedTest
    @CsvSource({
        "302, DATABASE_ERROR, false",
        "401, ACCESS_DENIED, false",
        "404, DATABASE_ERROR, false",
        "418, DATABASE_ERROR, false",
        "429, DATABASE_UNAVAILABLE, true",
        "500, DATABASE_ERROR, false",
        "502, DATABASE_UNAVAILABLE, true",
        "503, DATABASE_UNAVAILABLE, true",
        "504, QUERY_TIMEOUT, false"
    })
    void errorsOfSomethingElseAreSentOnce(int status, ErrorCode expected, boolean retryable) throws IOException {
        BudMetricsException exception = failure((request, out) -> {
            StubServer.head(out, status, 6, "Retry-After: 3600");
            out.write("SECRET".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(exception.code()).isEqualTo(expected);
        assertThat(exception.retryable()).isEqualTo(retryable);
        assertThat(exception).message().contains("HTTP status " + status);
    }

    /** Everything that a server can say where it is not asked to. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: SECRET\r\n\r\n",
                "HTTP/1.1 200 SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 200 OK\r\nX-ClickHouse-Summary: SECRET\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-ClickHouse-Format: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 200 OK\r\nX-ClickHouse-Timezone: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 200 OK\r\nContent-Encoding: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 500 SECRET\r\nX-ClickHouse-Exception-Code: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 500 X\r\nX-ClickHouse-Exception-Code: 47\r\nContent-Length: 8\r\n\r\n'SECRET'",
                "HTTP/1.1 500 X\r\nX-ClickHouse-Exception-Code: 60\r\nX-ClickHouse-Query-Id: SECRET\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 500 X\r\nX-ClickHouse-Exception-Code: 497\r\nContent-Length: 34\r\n\r\nthe grant SELECT(SECRET) ON SECRET",
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/SECRET\r\nContent-Length: 0\r\n\r\n",
                "SECRET\r\n\r\n",
                "HTTP/1.1 SECRET\r\n\r\n"
            })
    void nothingTheServerSaysIsShown(String answer) throws IOException {
        try (CapturedLog log = CapturedLog.of(CallLog.NAME, Level.TRACE);
                StubServer server = StubServer.start((request, out) -> {
                    out.write(answer.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    throw new IOException("the end");
                });
                DriverClient client = DriverClient.over(server.dataSource(), options(5000))) {
            StringWriter all = new StringWriter();
            failureOf(client).printStackTrace(new PrintWriter(all, true));
            assertThat(all.toString()).doesNotContain("SECRET");
            assertThat(log.ownLines()).isNotEmpty().noneMatch(line -> line.contains("SECRET"));
        }
    }

    @Test
    void aUserIsToldWhatToBeGranted() throws IOException {
        assertThat(failure(StubServer.error(500, 164, "Cannot modify 'max_execution_time' setting in readonly mode")))
                .message()
                .contains("ALTER USER", "SETTINGS readonly = 2", "READONLY");
        assertThat(failure(StubServer.error(
                        403, 497, "u: Not enough privileges. ... necessary to have the grant SELECT(a, b) ON d.t.")))
                .message()
                .contains("grant it SELECT");
        assertThat(failure(StubServer.error(500, 452, "Setting max_memory_usage shouldn't be greater than 5")))
                .message()
                .contains("QueryLimits");
    }
}
