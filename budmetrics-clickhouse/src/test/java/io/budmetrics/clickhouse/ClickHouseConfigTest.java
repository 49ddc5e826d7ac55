package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClickHouseConfigTest {
    /** Variables as text, one after another, separated by blanks. */
    private static Map<String, String> environment(String variables) {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables.split(" ", -1)) {
            int equals = variable.indexOf('=');
            environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return environment;
    }

    @ParameterizedTest
    @CsvSource({
        "CLICKHOUSE_HOST=a, jdbc:clickhouse:http://a:8123, bud, default, ''",
        "CLICKHOUSE_HOST=a CLICKHOUSE_SECURE=true, jdbc:clickhouse:https://a:8443, bud, default, ''",
        "CLICKHOUSE_HOST=a CLICKHOUSE_SECURE=True, jdbc:clickhouse:https://a:8443, bud, default, ''",
        "CLICKHOUSE_HOST=a CLICKHOUSE_SECURE=0 CLICKHOUSE_HTTP_PORT=81, jdbc:clickhouse:http://a:81, bud, default, ''",
        "CLICKHOUSE_HOST=::1, jdbc:clickhouse:http://[::1]:8123, bud, default, ''",
        "PSQL_HOST=b PSQL_PORT=8124 PSQL_DB_NAME=d PSQL_USER=u PSQL_PASSWORD=p, jdbc:clickhouse:http://b:8124, d, u, p",
        "CLICKHOUSE_HOST=a PSQL_HOST=b CLICKHOUSE_DB_NAME=x PSQL_DB_NAME=y, jdbc:clickhouse:http://a:8123, x, default, ''",
        "CLICKHOUSE_HOST=a CLICKHOUSE_USER=x PSQL_USER=y CLICKHOUSE_PASSWORD=1 PSQL_PASSWORD=2, jdbc:clickhouse:http://a:8123, bud, x, 1",
        "CLICKHOUSE_HOST=a CLICKHOUSE_PORT=8125 PSQL_PORT=9000, jdbc:clickhouse:http://a:8125, bud, default, ''",
        "CLICKHOUSE_HOST=a CLICKHOUSE_PORT=9000 CLICKHOUSE_HTTP_PORT=8123, jdbc:clickhouse:http://a:8123, bud, default, ''",
        "CLICKHOUSE_HOST=[::1], jdbc:clickhouse:http://[::1]:8123, bud, default, ''",
        "CLICKHOUSE_HOST=https://a:81/d, jdbc:clickhouse:https://a:81, d, default, ''",
        "CLICKHOUSE_HOST=a CLICKHOUSE_PORT=tcp://10.0.0.1:8123, jdbc:clickhouse:http://a:8123, bud, default, ''",
        "CLICKHOUSE_HOST=a CLICKHOUSE_DB_NAME=, jdbc:clickhouse:http://a:8123, bud, default, ''"
    })
    void readsTheEnvironment(String variables, String url, String database, String user, String password) {
        ClickHouseConfig config = ClickHouseConfig.fromEnvironment(environment(variables));
        assertThat(config.jdbcUrl()).isEqualTo(url);
        assertThat(config.database()).isEqualTo(database);
        assertThat(config.user()).isEqualTo(user);
        assertThat(config.driverProperties()).containsEntry("password", password);
    }

    @ParameterizedTest
    @CsvSource({
        "X=1, CLICKHOUSE_HOST is not set",
        "CLICKHOUSE_HOST=127.0.0.1:8123, CLICKHOUSE_HOST cannot be used: host has a port",
        "CLICKHOUSE_HOST=click_house, CLICKHOUSE_HOST cannot be used: host has an underscore",
        "CLICKHOUSE_HOST=http://u:SECRET@a, CLICKHOUSE_HOST cannot be used: url has credentials",
        "PSQL_HOST=a:1/b, PSQL_HOST cannot be used: host is not a host name",
        "CLICKHOUSE_HOST=a CLICKHOUSE_HTTP_PORT=x, CLICKHOUSE_HTTP_PORT is 'x'",
        "CLICKHOUSE_HOST=a CLICKHOUSE_HTTP_PORT=0, CLICKHOUSE_HTTP_PORT is 0",
        "CLICKHOUSE_HOST=a CLICKHOUSE_HTTP_PORT=70000, CLICKHOUSE_HTTP_PORT is 70000",
        "CLICKHOUSE_HOST=a CLICKHOUSE_HTTP_PORT=9000, CLICKHOUSE_HTTP_PORT is 9000",
        "CLICKHOUSE_HOST=a CLICKHOUSE_PORT=9000, CLICKHOUSE_PORT is 9000",
        "CLICKHOUSE_HOST=a PSQL_PORT=9440, PSQL_PORT is 9440",
        "CLICKHOUSE_HOST=a CLICKHOUSE_SECURE=maybe, CLICKHOUSE_SECURE is 'maybe'",
        "CLICKHOUSE_HOST=a CLICKHOUSE_USER=a:b, CLICKHOUSE_USER cannot be used: user contains a colon",
        "CLICKHOUSE_HOST=a PSQL_DB_NAME=é, PSQL_DB_NAME cannot be used: database is not printable ASCII"
    })
    void namesTheVariableItCannotUse(String variables, String message) {
        BudMetricsException exception = Objects.requireNonNull(catchThrowableOfType(
                BudMetricsException.class,
                () -> ClickHouseConfig.fromEnvironment(environment(variables + " CLICKHOUSE_PASSWORD=SECRET"))));
        assertThat(exception.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(exception).message().contains(message).doesNotContain("SECRET");
    }

    @Test
    void explainsTheNativePort() {
        BudMetricsException exception = Objects.requireNonNull(catchThrowableOfType(
                BudMetricsException.class,
                () -> ClickHouseConfig.fromEnvironment(environment("CLICKHOUSE_HOST=a CLICKHOUSE_PORT=9000"))));
        assertThat(exception).message().contains("CLICKHOUSE_HTTP_PORT", "8123", "HTTP");
    }

    @Test
    void neverShowsThePassword() {
        ClickHouseConfig.Builder builder = ClickHouseConfig.builder().host("h").password("SECRET");
        assertThat(builder.toString()
                        + builder.build()
                        + builder.build().jdbcUrl()
                        + builder.build().toDataSource())
                .doesNotContain("SECRET");
        try (BudMetrics client = BudMetrics.connect(builder.build())) {
            assertThat(client.toString()).doesNotContain("SECRET");
        }
    }

    /** Two configurations are equal when nothing tells them apart, the password included. */
    @Test
    void isComparedByValue() {
        List<UnaryOperator<ClickHouseConfig.Builder>> changes = List.of(
                builder -> builder,
                builder -> builder.host("other"),
                builder -> builder.port(1),
                builder -> builder.secure(true),
                builder -> builder.caCertificate(Path.of("ca.pem")),
                builder -> builder.user("u"),
                builder -> builder.password("p"),
                builder -> builder.database("d"),
                builder -> builder.maxConnections(1),
                builder -> builder.connectTimeout(Duration.ofSeconds(1)),
                builder -> builder.compressed(false),
                builder -> builder.limits(QueryLimits.defaults().withMaxThreads(1)));
        for (int i = 0; i < changes.size(); i++) {
            for (int k = 0; k < changes.size(); k++) {
                ClickHouseConfig one = changes.get(i)
                        .apply(ClickHouseConfig.builder().host("h"))
                        .build();
                ClickHouseConfig other = changes.get(k)
                        .apply(ClickHouseConfig.builder().host("h"))
                        .build();
                assertThat(one.equals(other)).as("%s and %s", one, other).isEqualTo(i == k);
                assertThat(one.hashCode() == other.hashCode()).isEqualTo(i == k);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65536})
    void refusesPortsThatDoNotExist(int port) {
        assertThat(catchThrowableOfType(BudMetricsException.class, () -> ClickHouseConfig.builder()
                        .port(port)))
                .isNotNull();
    }
}
