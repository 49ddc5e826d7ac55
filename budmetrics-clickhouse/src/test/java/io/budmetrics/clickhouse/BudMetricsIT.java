package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.clickhouse.jdbc.DataSourceImpl;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import io.budmetrics.sql.SqlStatement;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ClickHouseExtension.class)
@Timeout(120)
final class BudMetricsIT {
    private static BudMetrics over(TestServer server, QueryLimits limits) {
        return BudMetrics.builder()
                .dataSource(server.dataSource())
                .limits(limits)
                .build();
    }

    private static Columns ask(BudMetrics client, String sql, SqlParameter... parameters) {
        return client.execute(SqlStatement.of(sql, List.of(parameters), columns -> columns));
    }

    private static BudMetricsException failure(BudMetrics client, String sql) {
        return Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, () -> ask(client, sql)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "it's \"quoted\" `back`",
                "back\\slash \\n \\' \\\\",
                "tab\t newline\n return\r bell\b feed\f",
                "nul\0nul",
                "é ü 漢字 😀",
                "100% %s %41 a+b&c=d;#?",
                "'); DROP TABLE t; --",
                "{p0:String} \\N NULL"
            })
    void everyTextArrivesAsItWasGiven(String text, TestServer server) {
        try (BudMetrics client = over(server, QueryLimits.defaults())) {
            for (String given : List.of(text, text + "x".repeat(5000))) {
                Columns columns = ask(
                        client,
                        "SELECT {p0:String} AS a, {p1:Array(String)}[2] AS b, length({p0:String}) AS c",
                        SqlParameter.of("p0", given),
                        SqlParameter.ofTexts("p1", List.of("other", given)));
                assertThat(columns.textAt(0, 0)).isEqualTo(given);
                assertThat(columns.textAt(1, 0)).isEqualTo(given);
            }
        }
    }

    @Test
    void idsAndMomentsArriveAsTheyWereGiven(TestServer server) {
        UUID id = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");
        Instant moment = Instant.parse("2026-03-29T01:30:00.000001Z");
        try (BudMetrics client = over(server, QueryLimits.defaults())) {
            Columns columns = ask(
                    client,
                    "SELECT {a:UUID} AS a, {b:Array(UUID)}[300] AS b, {c:DateTime64(6, 'UTC')} AS c",
                    SqlParameter.of("a", id),
                    SqlParameter.ofUuids("b", java.util.Collections.nCopies(300, id)),
                    SqlParameter.of("c", moment));
            assertThat(columns.uuidAt(0, 0)).isEqualTo(id);
            assertThat(columns.uuidAt(1, 0)).isEqualTo(id);
            assertThat(columns.longAt(2, 0)).isEqualTo(1_774_747_800_000_001L);
        }
    }

    @Test
    void resultsOfManyBlocksAndOfNone(TestServer server) {
        try (BudMetrics client = over(server, QueryLimits.defaults())) {
            Columns many = ask(client, """
                    SELECT number AS n, toDecimal64(number, 3) AS d, toString(number) AS s,
                        if(number % 3 = 0, NULL, number / 2) AS f, toLowCardinality(toString(number % 7)) AS k
                    FROM numbers(300000)""");
            assertThat(many.rowCount()).isEqualTo(300_000);
            for (int row = 0; row < many.rowCount(); row += 997) {
                assertThat(many.longAt(0, row)).isEqualTo(row);
                assertThat(many.decimalAt(1, row))
                        .isEqualTo(BigDecimal.valueOf(row).setScale(3));
                assertThat(many.textAt(2, row)).isEqualTo(Integer.toString(row));
                assertThat(many.isNull(3, row)).isEqualTo(row % 3 == 0);
                assertThat(many.doubleAt(3, row)).isEqualTo(row % 3 == 0 ? 0 : row / 2.0);
                assertThat(many.textAt(4, row)).isEqualTo(Integer.toString(row % 7));
            }
            Columns none = ask(client, "SELECT 1 AS a WHERE 0");
            assertThat(none.rowCount()).isZero();
            assertThat(none.indexOf("a")).isZero();
        }
    }

    @Test
    void errorsCarryTheirCodes(TestServer server) {
        try (BudMetrics client = over(server, QueryLimits.defaults().withMaxResultRows(1000))) {
            assertThat(failure(client, "SELECT * FROM no_such_table"))
                    .hasMessageContaining("no_such_table")
                    .extracting(BudMetricsException::code)
                    .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
            assertThat(failure(client, "SELECT no_such_column"))
                    .hasMessageContaining("no_such_column")
                    .extracting(BudMetricsException::code)
                    .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
            assertThat(failure(client, "SELECT number FROM numbers(2000)"))
                    .hasMessageContaining("coarser frequency")
                    .hasMessageContaining("maxResultRows")
                    .extracting(BudMetricsException::code)
                    .isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            assertThat(failure(client, "SELECT throwIf(number = 900000, 'SECRET') FROM numbers(1000000)"))
                    .message()
                    .doesNotContain("SECRET");
            assertThat(failure(client, "CREATE TABLE t (a Int8) ENGINE = Memory"))
                    .hasMessageContaining("SETTINGS readonly = 2")
                    .extracting(BudMetricsException::code)
                    .isEqualTo(ErrorCode.ACCESS_DENIED);
            assertThat(failure(client, "SELEC 1").code()).isEqualTo(ErrorCode.DATABASE_ERROR);
            assertThat(ask(client, "SELECT 1 AS a").longAt(0, 0)).isEqualTo(1);
        }
    }

    @Test
    void aLateStatementEndsInTimeAndAtTheServer(TestServer server) throws Exception {
        try (BudMetrics client = over(server, QueryLimits.defaults().withTimeout(Duration.ofMillis(1500)))) {
            long start = System.nanoTime();
            BudMetricsException exception =
                    failure(client, "SELECT count() AS a FROM numbers(100000000000000) WHERE number % 7 = 1");
            assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            long running = 1;
            for (int i = 0; i < 60 && running > 0; i++) {
                Thread.sleep(100);
                running = ask(
                                client,
                                "SELECT count() AS a FROM system.processes WHERE query LIKE '%100000000000000)%7 = 1'")
                        .longAt(0, 0);
            }
            assertThat(running).isZero();
        }
    }

    @Test
    void aPoolOfTheCallers(TestServer server) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.dataSource());
        config.setMaximumPoolSize(4);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            askInParallel(pool);
            assertThat(pool.isClosed()).isFalse();
        }
    }

    private static void askInParallel(HikariDataSource pool) throws Exception {
        try (BudMetrics client = BudMetrics.over(pool)) {
            ExecutorService threads = Executors.newFixedThreadPool(200);
            try {
                List<Future<Long>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    SqlParameter parameter = SqlParameter.of("p", Integer.toString(i));
                    answers.add(threads.submit(() -> ask(client, "SELECT toInt64({p:String}) AS a", parameter)
                            .longAt(0, 0)));
                }
                for (int i = 0; i < 200; i++) {
                    assertThat(answers.get(i).get()).isEqualTo(i);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void aPoolOfTheCallersAfterAnAbort(TestServer server) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.dataSource());
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config);
                BudMetrics client = BudMetrics.builder()
                        .dataSource(pool)
                        .limits(QueryLimits.defaults().withTimeout(Duration.ofMillis(800)))
                        .build()) {
            for (int i = 0; i < 3; i++) {
                BudMetricsException exception =
                        failure(client, "SELECT count() AS a FROM numbers(100000000000000) WHERE number % 7 = 1");
                assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
                assertThat(ask(client, "SELECT 5 AS a").longAt(0, 0)).isEqualTo(5);
            }
            // the last KILL may still be on its way
            for (int i = 0; i < 500 && pool.getHikariPoolMXBean().getActiveConnections() > 0; i++) {
                Thread.sleep(10);
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    /** The embedded engine has a query cache of no bytes: it looks there and finds nothing. A server finds the answer. */
    @Test
    void theQueryCacheIsAsked(TestServer server) {
        TestServer own = server.newDatabase();
        own.execute("CREATE TABLE t (a Int64) ENGINE = MergeTree ORDER BY a");
        own.execute("INSERT INTO t VALUES (1)");
        try (BudMetrics direct = BudMetrics.over(own.dataSource());
                BudMetrics cached = BudMetrics.builder()
                        .dataSource(own.dataSource())
                        .queryCache(Duration.ofMinutes(10))
                        .build()) {
            boolean keeps = ask(direct, """
                            SELECT toInt64(value) AS a
                            FROM system.server_settings WHERE name = 'query_cache.max_size_in_bytes'""").longAt(0, 0) > 0;
            SqlParameter zero = SqlParameter.of("p", "0");
            SqlParameter one = SqlParameter.of("p", "1");
            String sql = "SELECT sum(a) + toInt64({p:String}) AS a FROM t";
            long before = lookedInTheCache(direct);
            assertThat(ask(cached, sql, zero).longAt(0, 0)).isEqualTo(1);
            own.execute("INSERT INTO t VALUES (2)");
            assertThat(ask(cached, sql, zero).longAt(0, 0)).isEqualTo(keeps ? 1 : 3);
            assertThat(ask(cached, sql, one).longAt(0, 0)).as("other values").isEqualTo(4);
            assertThat(lookedInTheCache(direct)).isEqualTo(before + 3);
            assertThat(ask(direct, sql, zero).longAt(0, 0))
                    .as("without the cache")
                    .isEqualTo(3);
            assertThat(lookedInTheCache(direct)).isEqualTo(before + 3);
        }
    }

    private static long lookedInTheCache(BudMetrics client) {
        return ask(client, """
                        SELECT toInt64(sum(value)) AS a
                        FROM system.events WHERE event IN ('QueryCacheHits', 'QueryCacheMisses')""").longAt(0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compress=true", "compress=false", "client.use_http_compression=true"})
    void howeverItIsCompressed(String setting, TestServer server) {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        properties.setProperty(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        try (BudMetrics client = BudMetrics.over(new DataSourceImpl(server.jdbcUrl(), properties))) {
            assertThat(ask(client, "SELECT number AS a FROM numbers(100000)").longAt(0, 99_999))
                    .isEqualTo(99_999);
            assertThat(failure(client, "SELECT no_such_column").code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        }
    }

    @Test
    void connectingByConfig_readsTheConfiguredDatabase(TestServer server) {
        URI url = URI.create(server.httpUrl());
        TestServer own = server.newDatabase();
        try (DriverClient writer = DriverClient.over(own.dataSource())) {
            writer.execute("CREATE TABLE t (a Int64) ENGINE = Memory");
            writer.execute("INSERT INTO t VALUES (1), (2)");
        }
        ClickHouseConfig config = ClickHouseConfig.builder()
                .host(url.getHost())
                .port(url.getPort())
                .user(own.user())
                .password(own.password())
                .database(own.database())
                .build();
        try (BudMetrics client = BudMetrics.connect(config)) {
            assertThat(ask(client, "SELECT sum(a) AS a FROM t").longAt(0, 0)).isEqualTo(3);
        }
        ClickHouseConfig wrong = ClickHouseConfig.builder()
                .host(url.getHost())
                .port(url.getPort())
                .user(own.user())
                .password("wrong")
                .build();
        try (BudMetrics client = BudMetrics.connect(wrong)) {
            assertThat(failure(client, "SELECT 1 AS a").code()).isEqualTo(ErrorCode.ACCESS_DENIED);
        }
    }
}
