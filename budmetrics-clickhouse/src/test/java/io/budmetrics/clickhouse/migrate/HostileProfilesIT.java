package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.internal.call.SchemaGuard;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.Layout;
import io.budmetrics.schema.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the profile of the migrating user sets, the tables become what they should be, and comparing them says so. The
 * settings come with the connection, as those of a user's or a server's profile do.
 */
@ExtendWith(ClickHouseExtension.class)
final class HostileProfilesIT {
    private TestServer database;

    @BeforeEach
    void newDatabase(TestServer server) {
        database = server.newDatabase();
    }

    private DataSource with(String settings) {
        Map<String, String> map = new HashMap<>();
        for (String setting : settings.split(", ", -1)) {
            String[] parts = setting.split("=", 2);
            map.put(parts[0], parts[1]);
        }
        return database.dataSource(map);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data_type_default_nullable=1",
                "use_query_cache=1",
                "use_query_cache=1, query_cache_nondeterministic_function_handling=save, query_cache_system_table_handling=save",
                "limit=1",
                "offset=1",
                "async_insert=1, wait_for_async_insert=0",
                "force_primary_key=1",
                "force_index_by_date=1",
                "aggregate_functions_null_for_empty=1",
                "empty_result_for_aggregation_by_empty_set=1",
                "final=1",
                "extremes=1",
                "join_use_nulls=1",
                "group_by_use_nulls=1",
                "flatten_nested=0",
                "print_pretty_type_names=0",
                "show_create_query_identifier_quoting_rule=always",
                "input_format_values_interpret_expressions=0",
                "bool_true_representation=yes, bool_false_representation=no",
                "insert_null_as_default=0",
                "default_table_engine=Memory",
                "show_create_query_identifier_quoting_rule=always, show_create_query_identifier_quoting_style=DoubleQuotes",
                "session_timezone=Asia/Kolkata",
            })
    void migrateAndVerifyRestOnNoSettingOfTheProfile(String settings) {
        DataSource hostile = with(settings);
        SchemaMigrator migrator = StepsOfATest.migrator(hostile);
        SchemaMigrator plain = StepsOfATest.migrator(database.dataSource());
        assertThat(migrator.plan()).isEqualTo(plain.plan());
        // two rounds, since a cache or a missing record would show only in the second
        SchemaMigrator.over(hostile).migrate();
        SchemaMigrator.over(hostile).require();

        migrator.migrate();

        assertThat(plain.verify()).isEmpty();
        assertThat(migrator.verify()).isEmpty();
        assertThat(migrator.plan()).isEmpty();
        migrator.require();
        database.execute("INSERT INTO InferenceFact (inference_id, request_arrival_time) VALUES"
                + " (generateUUIDv4(), now() - INTERVAL 1 DAY), (generateUUIDv4(), now() - INTERVAL 1 DAY)");
        assertThat(Retention.over(hostile, StepsOfATest.schema())
                        .dropBefore(Instant.now())
                        .plan()
                        .rowsBeforeThatStay())
                .isLessThanOrEqualTo(2);
        assertThat(SizeReport.of(hostile).tables())
                .extracting(SizeReport.TableSize::name)
                .containsExactlyInAnyOrder("InferenceFact", "BudMetricsMigration");
        try (DriverClient driver = DriverClient.over(hostile)) {
            new SchemaGuard(StepsOfATest.schema()).requireKnown(driver, Duration.ofSeconds(20));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max_rows_to_group_by=1, group_by_overflow_mode=any",
                "max_result_rows=2, result_overflow_mode=break",
                "max_rows_to_read=2, read_overflow_mode=break",
                "max_rows_to_sort=2, sort_overflow_mode=break",
            })
    void profileLimitThatCutsAnAnswer_failsThePlan(String settings) {
        SchemaMigrator plain = StepsOfATest.migrator(database.dataSource());
        plain.migrate();
        SchemaMigrator hostile = StepsOfATest.migrator(with(settings));
        assertThatThrownBy(hostile::plan).isInstanceOfSatisfying(BudMetricsException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.RESOURCE_EXHAUSTED));
        assertThatThrownBy(hostile::verify).isInstanceOf(BudMetricsException.class);
        assertThat(plain.verify()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data_type_default_nullable=1", "use_query_cache=1", "limit=1"})
    void tablesOfALayoutRestOnNoSettingOfTheProfile(String settings) {
        LayoutTables tables = LayoutTables.over(with(settings));
        tables.createTensorZero();
        tables.createOtelInferenceFact();
        tables.require(Layout.tensorzero());
        tables.require(Layout.otelInferenceFact());
        LayoutTables.over(database.dataSource()).require(Layout.tensorzero());
    }

    @Test
    void aQueryCacheTellsNoVersionOfBefore() {
        DataSource cached = with("use_query_cache=1, query_cache_ttl=600");
        SchemaMigrator.over(cached).migrate();
        try (DriverClient driver = DriverClient.over(cached)) {
            new SchemaGuard(Schema.current()).requireKnown(driver, Duration.ofSeconds(20));
            StepsOfATest.migrator(cached).migrate();
            SchemaGuard later = new SchemaGuard(Schema.current());
            assertThatThrownBy(() -> later.requireKnown(driver, Duration.ofSeconds(20)))
                    .hasMessageContaining("the tables have migration step 4, this library knows steps 1 to 1");
        }
    }
}
