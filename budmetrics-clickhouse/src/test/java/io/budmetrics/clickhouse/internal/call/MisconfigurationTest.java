package io.budmetrics.clickhouse.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.clickhouse.jdbc.DataSourceImpl;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A data source that is set up wrongly is refused at once, and a redirect is not followed. */
@Timeout(30)
final class MisconfigurationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://click_house:8123 | retry | 0 | the host of the data source has an underscore",
                "http://127.0.0.1:99999 | retry | 0 | the port of the data source is out of range; give 1 to 65535",
                "http://127.0.0.1:1 | socket_timeout | abc | is 'abc'; give digits to socket_timeout",
                "http://127.0.0.1:1 | socketTimeout | 5 | property socketTimeout of the data source is unknown",
                "https://127.0.0.1:1 | sslrootcert | /no/ca.pem | a file that does not exist (/no/ca.pem)"
            })
    void over_configurationTheDriverDoesNotAccept(String url, String property, String value, String message) {
        Properties properties = StubServer.properties();
        properties.setProperty(property, value);
        BudMetricsException refused = Objects.requireNonNull(catchThrowableOfType(
                BudMetricsException.class,
                () -> DriverClient.over(new DataSourceImpl("jdbc:clickhouse:" + url, properties))));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(refused.retryable()).isFalse();
        assertThat(refused).message().contains(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void query_redirectIsNotFollowed(int status) throws IOException {
        try (StubServer other = StubServer.start(StubServer.ok(TestCalls.BODY))) {
            BudMetricsException refused = TestCalls.failure((request, out) ->
                    StubServer.head(out, status, 0, "Location: http://127.0.0.1:" + other.port() + request.target()));
            assertThat(refused.code()).isEqualTo(ErrorCode.DATABASE_ERROR);
            assertThat(refused).message().contains("HTTP status " + status + ", a redirect, which is not followed");
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "44, DATABASE_ERROR, data_type_default_nullable",
        "125, DATABASE_ERROR, settings that cut results",
        "277, DATABASE_ERROR, force_primary_key",
        "565, RESOURCE_EXHAUSTED, max_partitions_to_read",
        "704, DATABASE_ERROR, use_query_cache",
        "719, DATABASE_ERROR, use_query_cache",
        "1000, DATABASE_ERROR, http_max_field_value_size"
    })
    void query_serverCodeIsExplained(int code, ErrorCode expected, String advice) throws IOException {
        BudMetricsException refused = TestCalls.failure(StubServer.error(500, code, "SECRET"));
        assertThat(refused.code()).isEqualTo(expected);
        assertThat(refused).message().contains(advice);
    }
}
