package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.clickhouse.fixture.TestCertificates;
import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.clickhouse.internal.call.StubServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.SqlStatement;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS against certificates that were really signed. */
@Timeout(60)
final class TlsTest {
    private static final SqlStatement<Long> STATEMENT =
            SqlStatement.of("SELECT a", List.of(), columns -> columns.longAt(columns.indexOf("a"), 0));

    private static BudMetricsException failure(ClickHouseConfig config) {
        try (BudMetrics client = BudMetrics.connect(config)) {
            return Objects.requireNonNull(
                    catchThrowableOfType(BudMetricsException.class, () -> client.execute(STATEMENT)));
        }
    }

    private static ClickHouseConfig.Builder config(String host, int port) {
        return ClickHouseConfig.builder()
                .host(host)
                .port(port)
                .secure(true)
                .compressed(false)
                .password("p")
                .limits(QueryLimits.defaults().withTimeout(Duration.ofSeconds(10)));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, ip:127.0.0.1", "localhost, dns:localhost"})
    void anAuthorityThatIsNamedIsTrusted(String host, String name, @TempDir Path directory) throws Exception {
        TestCertificates certificates = TestCertificates.in(directory);
        try (StubServer server =
                StubServer.start(certificates.server(name, "-1d", 10), StubServer.ok(NativeBytes.one("a", 5)))) {
            ClickHouseConfig config = config(host, server.port())
                    .caCertificate(certificates.authority())
                    .build();
            try (BudMetrics client = BudMetrics.connect(config)) {
                assertThat(client.execute(STATEMENT)).isEqualTo(5);
                assertThat(client.execute(STATEMENT)).isEqualTo(5);
            }
            try (BudMetrics client = BudMetrics.over(config.toDataSource())) {
                assertThat(client.execute(STATEMENT)).isEqualTo(5);
            }
            assertThat(server.questions()).hasSize(3);
        }
    }

    @Test
    void anAuthorityThatIsNotNamedIsRefusedAndNothingIsSent(@TempDir Path directory) throws Exception {
        TestCertificates certificates = TestCertificates.in(directory);
        TestCertificates others = TestCertificates.in(Files.createDirectory(directory.resolve("others")));
        try (StubServer server = StubServer.start(
                certificates.server("ip:127.0.0.1", "-1d", 10), StubServer.ok(NativeBytes.one("a", 5)))) {
            ClickHouseConfig.Builder config = config("127.0.0.1", server.port());
            BudMetricsException byTheJvm = failure(config.build());
            BudMetricsException byAnother =
                    failure(config.caCertificate(others.authority()).build());
            for (BudMetricsException exception : List.of(byTheJvm, byAnother)) {
                assertThat(exception.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
                assertThat(exception.retryable()).isFalse();
                assertThat(exception).message().contains("no authority that is trusted", "caCertificate");
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"ip:127.0.0.2, -1d, 10, another host name", "ip:127.0.0.1, -10d, 5, expired"})
    void aCertificateThatDoesNotFitIsRefused(
            String name, String start, int days, String message, @TempDir Path directory) throws Exception {
        TestCertificates certificates = TestCertificates.in(directory);
        try (StubServer server =
                StubServer.start(certificates.server(name, start, days), StubServer.ok(NativeBytes.one("a", 5)))) {
            BudMetricsException exception = failure(config("127.0.0.1", server.port())
                    .caCertificate(certificates.authority())
                    .build());
            assertThat(exception.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(exception.retryable()).isFalse();
            assertThat(exception).message().contains(message);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aPortWithoutTlsIsNamed() throws Exception {
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)))) {
            BudMetricsException exception =
                    failure(config("127.0.0.1", server.port()).build());
            assertThat(exception.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(exception).message().contains("HTTPS port");
        }
    }

    @Test
    void aHandshakeThatNeverEndsEndsAtTheDeadline() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            BudMetricsException exception = failure(config("127.0.0.1", listener.getLocalPort())
                    .connectTimeout(Duration.ofSeconds(50))
                    .limits(QueryLimits.defaults().withTimeout(Duration.ofMillis(500)))
                    .build());
            assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
        }
    }

    @Test
    void anAuthorityThatIsNotThereIsNamedBeforeAnythingIsSent(@TempDir Path directory) {
        ClickHouseConfig config = ClickHouseConfig.builder()
                .host("127.0.0.1")
                .caCertificate(directory.resolve("missing.pem"))
                .build();
        assertThat(catchThrowableOfType(BudMetricsException.class, () -> BudMetrics.connect(config)))
                .hasMessageContaining("caCertificate cannot be read; give a PEM file that exists");
        assertThat(catchThrowableOfType(BudMetricsException.class, config::toDataSource))
                .hasMessageContaining("caCertificate cannot be read; give a PEM file that exists");
    }
}
