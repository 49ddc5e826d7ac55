package io.budmetrics.clickhouse.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.Schema;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SchemaGuardTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final SchemaGuard guard = new SchemaGuard();
    private final StubServer server;
    private final DriverClient driver;

    SchemaGuardTest() throws IOException {
        server = StubServer.start(StubServer.ok(new byte[0]));
        driver = DriverClient.over(server.dataSource());
    }

    @AfterEach
    void close() throws IOException {
        driver.close();
        server.close();
    }

    private static StubServer.Handler version(int version) {
        return StubServer.ok(new NativeBytes()
                .block(1, 1)
                .column("version", "UInt32")
                .raw(version, 0, 0, 0)
                .bytes());
    }

    private void assertRefused(ErrorCode code, String message) {
        assertThatThrownBy(() -> guard.requireKnown(driver, TIMEOUT))
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void aRecordThatTheLibraryKnowsIsAskedForOnce() {
        server.schemaCheck(version(Schema.current().version()));
        guard.requireKnown(driver, TIMEOUT);
        guard.requireKnown(driver, TIMEOUT);
        assertThat(server.requests()).singleElement().satisfies(request -> assertThat(request.body())
                .endsWith("FROM BudMetricsMigration"));
    }

    @Test
    void aTableThatWasNeverMigratedIsNotNewer() {
        guard.requireKnown(driver, TIMEOUT);
        guard.requireKnown(driver, TIMEOUT);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aNewerRecordIsRefusedEachTime() {
        int newer = Schema.current().version() + 3;
        server.schemaCheck(version(newer));
        String message = "the tables have migration step " + newer + ", this library knows steps 1 to "
                + Schema.current().version();
        assertRefused(ErrorCode.SCHEMA_MISMATCH, message);
        assertRefused(ErrorCode.SCHEMA_MISMATCH, message);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void anOlderRecordIsRefusedEachTimeAndTheAdviceIsToMigrate() {
        server.schemaCheck(version(Schema.current().version() - 1));
        String message = "the tables have migration step " + (Schema.current().version() - 1)
                + ", this library needs step " + Schema.current().version() + "; run SchemaMigrator.migrate()";
        assertRefused(ErrorCode.SCHEMA_MISMATCH, message);
        assertRefused(ErrorCode.SCHEMA_MISMATCH, message);
        server.schemaCheck(version(Schema.current().version()));
        guard.requireKnown(driver, TIMEOUT);
    }

    @Test
    void unreadableMigrationRecord_isReportedAndReadAgain() {
        server.schemaCheck(StubServer.error(403, 497, "SECRET"));
        assertRefused(ErrorCode.ACCESS_DENIED, "GRANT SELECT ON BudMetricsMigration");
        server.schemaCheck(StubServer.error(500, 202, "SECRET"));
        assertRefused(ErrorCode.RESOURCE_EXHAUSTED, "TOO_MANY_SIMULTANEOUS_QUERIES");
        server.schemaCheck(version(Schema.current().version()));
        guard.requireKnown(driver, TIMEOUT);
    }
}
