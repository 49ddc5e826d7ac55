package io.budmetrics.clickhouse.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.error.BudMetricsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What the tests of this package share: a body, options, and calls that fail. */
final class TestCalls {
    static final byte[] BODY = NativeBytes.one("a", 42);

    static StatementOptions options(long millis) {
        return options(millis, 0);
    }

    static StatementOptions options(long millis, int retries) {
        return new StatementOptions(
                Duration.ofMillis(millis),
                new StatementLimits(1000, 0, 0, 2000, 3),
                true,
                Duration.ofMillis(1500),
                Duration.ofSeconds(5),
                retries,
                StatedSettings.NONE);
    }

    static BudMetricsException failure(StubServer.Handler handler) throws IOException {
        try (StubServer server = StubServer.start(handler);
                DriverClient client = DriverClient.over(server.dataSource(), options(5000))) {
            BudMetricsException exception = failureOf(client);
            assertThat(server.questions()).as("how often it was sent").hasSize(1);
            assertThat(exception.queryId())
                    .hasValue(server.questions().get(0).url("query_id").get(0));
            StringWriter all = new StringWriter();
            exception.printStackTrace(new PrintWriter(all, true));
            assertThat(all.toString()).doesNotContain("SECRET").doesNotContain("known_column FROM");
            return exception;
        }
    }

    static BudMetricsException failureOf(DriverClient client) {
        return Objects.requireNonNull(catchThrowableOfType(
                BudMetricsException.class, () -> client.query("SELECT known_column FROM known_table", List.of())));
    }

    static HikariDataSource hikari(StubServer server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.url());
        config.setDriverClassName("com.clickhouse.jdbc.Driver");
        config.setDataSourceProperties(StubServer.properties());
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    private TestCalls() {}
}
