package io.budmetrics.clickhouse.internal.call;

import static io.budmetrics.clickhouse.internal.call.TestCalls.BODY;
import static io.budmetrics.clickhouse.internal.call.TestCalls.options;
import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a statement is sent with. */
@Timeout(30)
final class OperationSettingsTest {
    @Test
    void sendsEachStatementWithItsSettings() throws IOException {
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.over(server.dataSource(), options(1500))) {
            assertThat(client.query("SELECT a", List.of()).longAt(0, 0)).isEqualTo(42);
            client.execute("CREATE TABLE t");
            StubServer.Request question = server.questions().get(0);
            assertThat(question.headers()).containsEntry("x-clickhouse-format", "Native");
            assertThat(question.body()).isEqualTo("SELECT a");
            String[] expected = {
                "wait_end_of_query=1", "max_execution_time=2", "readonly=2", "max_result_rows=1000",
                "result_overflow_mode=throw", "max_memory_usage=2000", "max_threads=3", "use_query_cache=1",
                "query_cache_ttl=2", "log_comment=budmetrics statement"
            };
            for (String setting : expected) {
                String[] pair = setting.split("=", -1);
                assertThat(question.url(pair[0])).as(pair[0]).containsExactly(pair[1]);
            }
            assertThat(question.url("max_rows_to_read")).isEmpty();
            StubServer.Request command = server.questions().get(1);
            assertThat(command.url("readonly")).isEmpty();
            assertThat(command.url("query_id")).isNotEqualTo(question.url("query_id"));
        }
    }

    /** Pins a constant of the driver: this way it sends values as they are, in the URL and in a form. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5000})
    void parametersArriveAsTheyWereEncoded(int padding) throws IOException {
        SqlParameter hostile = SqlParameter.of(
                "p0", "it's \\ back\t tab\n nl \0 nul \"q\" é 😀 100% a+b &=;#? {x} --" + "x".repeat(padding));
        SqlParameter second = SqlParameter.ofTexts("p1", List.of("a'b\\", "ü"));
        String encoded = hostile.encoded();
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.over(server.dataSource())) {
            Columns columns = client.query("SELECT {p0:String} AS é", List.of(hostile, second));
            assertThat(columns.rowCount()).isEqualTo(1);
            StubServer.Request request = server.questions().get(0);
            if (padding == 0) {
                assertThat(request.url("param_p0")).containsExactly(encoded);
                assertThat(request.url("param_p1")).containsExactly(second.encoded());
                assertThat(request.body()).isEqualTo("SELECT {p0:String} AS é");
            } else {
                assertThat(request.url("param_p0")).isEmpty();
                assertThat(request.headers().get("content-type")).startsWith("multipart/form-data");
                assertThat(request.body())
                        .contains("name=\"param_p0\"", "\r\n\r\n" + encoded + "\r\n")
                        .contains("name=\"param_p1\"", "\r\n\r\n" + second.encoded() + "\r\n")
                        .contains("name=\"query\"", "\r\n\r\nSELECT {p0:String} AS é\r\n");
            }
        }
    }

    /** Proxies measure the request line as it is sent, where a letter beyond ASCII takes six, nine or twelve characters. */
    @ParameterizedTest
    @CsvSource({
        "a, 4000, false",
        "a, 4200, true",
        "%, 1300, false",
        "%, 1400, true",
        "é, 700, true",
        "漢, 400, false",
        "漢, 500, true",
        "😀, 300, false",
        "😀, 350, true"
    })
    void parameters_goAsAForm_byTheirLengthInTheUrl(String letter, int count, boolean asForm) throws IOException {
        SqlParameter text = SqlParameter.of("p0", letter.repeat(count));
        try (StubServer server = StubServer.start(StubServer.ok(BODY));
                DriverClient client = DriverClient.over(server.dataSource())) {
            assertThat(client.query("SELECT {p0:String} AS a", List.of(text)).rowCount())
                    .isEqualTo(1);
            StubServer.Request request = server.questions().get(0);
            assertThat(request.url("param_p0").isEmpty()).isEqualTo(asForm);
            if (asForm) {
                assertThat(request.body()).contains("\r\n\r\n" + text.encoded() + "\r\n");
            }
        }
    }
}
