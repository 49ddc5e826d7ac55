package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.util.UUID;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A fresh server: the database that the connection names is not there yet. */
@ExtendWith(ClickHouseExtension.class)
final class MissingDatabaseIT {
    private final String name = "absent_" + UUID.randomUUID().toString().replace("-", "");

    private DataSource dataSource(TestServer server) {
        return new TestServer(server.httpUrl(), name, server.user(), server.password()).dataSource();
    }

    @Test
    void theDatabaseThatTheMigratorIsGivenIsCreatedAlthoughTheConnectionNamesIt(TestServer server) {
        DataSource dataSource = dataSource(server);
        SchemaMigrator migrator =
                SchemaMigrator.builder(dataSource).database(name).build();
        assertThat(migrator.plan()).hasSize(5).first().isEqualTo("CREATE DATABASE IF NOT EXISTS " + name);
        assertThat(migrator.verify()).isNotEmpty();

        assertThat(migrator.migrate()).hasSize(5);

        assertThat(migrator.plan()).isEmpty();
        assertThat(migrator.verify()).isEmpty();
        // the same connections begin in it now
        assertThat(SchemaMigrator.over(dataSource).verify()).isEmpty();
        server.execute("DROP DATABASE " + name);
    }

    @Test
    void withoutADatabaseOfItsOwnTheErrorNamesItAndWhereItIsSet(TestServer server) {
        DataSource dataSource = dataSource(server);
        assertNamesIt(() -> SchemaMigrator.over(dataSource).migrate());
        assertNamesIt(() -> SchemaMigrator.over(dataSource).verify());
        assertNamesIt(() -> SizeReport.of(dataSource));
        assertNamesIt(() -> LayoutTables.over(dataSource).createTensorZero());
    }

    private void assertNamesIt(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
                .hasMessageContaining("the database " + name + " that the connection names is missing; create it with"
                        + " SchemaMigrator.builder(dataSource).database(\"" + name + "\").build().migrate(), or give"
                        + " another in the data source (CLICKHOUSE_DB_NAME where the environment configures it)");
    }
}
