package io.budmetrics.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import com.clickhouse.jdbc.ConnectionImpl;
import com.clickhouse.jdbc.StatementImpl;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official driver against the server of the fixture; nothing here is particular to the embedded engine. */
@ExtendWith(ClickHouseExtension.class)
class DriverConformanceIT {
    private static TestServer server;

    @BeforeAll
    static void ownDatabase(TestServer given) {
        server = given.newDatabase();
    }

    @Test
    void typesComeBackAsTheyWere() throws Exception {
        String text = "it's \"quoted\" \\ back\0nul \uD83D\uDE00 tab\t";
        UUID id = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
        server.execute("CREATE TABLE types (i8 Int8, i64 Int64, u64 UInt64, f Float64, d Decimal(38, 12), s String,"
                + " u UUID, t DateTime64(6, 'UTC'), ni Nullable(Int32), a Array(Nullable(String)),"
                + " l LowCardinality(String), v4 IPv4, v6 IPv6, m Map(String, UInt64), b Bool)"
                + " ENGINE = MergeTree ORDER BY i64");
        try (Connection connection = server.dataSource().getConnection()) {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO types VALUES (?, ?, 18446744073709551615, ?, ?, ?, ?,"
                            + " '2024-02-29 23:59:59.123456', NULL, ['x', NULL, 'a\\'b'], 'low', '1.2.3.4', '2001:db8::1',"
                            + " {'k': 1}, true)")) {
                insert.setByte(1, (byte) -128);
                insert.setLong(2, Long.MIN_VALUE);
                insert.setDouble(3, 0.1);
                insert.setBigDecimal(4, new BigDecimal("12345678901234567890.123456789012"));
                insert.setString(5, text);
                insert.setObject(6, id);
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            for (String settings : List.of("", " SETTINGS max_block_size = 1")) {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT * FROM types" + settings)) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getByte("i8")).isEqualTo((byte) -128);
                    assertThat(row.getLong("i64")).isEqualTo(Long.MIN_VALUE);
                    assertThat(row.getObject("u64")).isEqualTo(new BigInteger("18446744073709551615"));
                    assertThat(row.getDouble("f")).isEqualTo(0.1);
                    assertThat(row.getBigDecimal("d"))
                            .isEqualByComparingTo(new BigDecimal("12345678901234567890.123456789012"));
                    assertThat(row.getString("s")).isEqualTo(text);
                    assertThat(row.getObject("u")).isEqualTo(id);
                    assertThat(row.getObject("t", Instant.class))
                            .isEqualTo(Instant.parse("2024-02-29T23:59:59.123456Z"));
                    assertThat(row.getInt("ni")).isZero();
                    assertThat(row.wasNull()).isTrue();
                    List<Object> elements = new ArrayList<>();
                    Collections.addAll(elements, (Object[]) row.getArray("a").getArray());
                    assertThat(elements).containsExactly("x", null, "a'b");
                    assertThat(row.getString("l")).isEqualTo("low");
                    assertThat(row.getObject("v4")).isEqualTo(InetAddress.getByName("1.2.3.4"));
                    assertThat(row.getObject("v6")).isEqualTo(InetAddress.getByName("2001:db8::1"));
                    assertThat(row.getObject("m").toString()).isEqualTo("{k=1}");
                    assertThat(row.getBoolean("b")).isTrue();
                    assertThat(row.next()).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void typedParametersArrive(boolean asForm) throws Exception {
        String hostile = "x'; DROP TABLE types --\u00e9\uD83D\uDE00";
        try (Connection connection = server.dataSource().getConnection();
                StatementImpl statement = connection.createStatement().unwrap(StatementImpl.class)) {
            statement
                    .getLocalSettings()
                    .setOption("statement_params", Map.of("s", hostile, "a", "['p','q']", "n", "\\N"));
            if (asForm) {
                statement.getLocalSettings().setOption("client.http.use_form_request_for_query", true);
            }
            try (ResultSet row = statement.executeQuery(
                    "SELECT {s:String} AS s, length({a:Array(String)}) AS a, {n:Nullable(Int32)} AS n")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString("s")).isEqualTo(hostile);
                assertThat(row.getInt("a")).isEqualTo(2);
                assertThat(row.getObject("n")).isNull();
            }
        }
    }

    @Test
    void longParametersArriveAsForm() throws Exception {
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < 50_000; i++) {
            list.append(i == 0 ? "" : ",").append(i);
        }
        try (Connection connection = server.dataSource().getConnection();
                StatementImpl statement = connection.createStatement().unwrap(StatementImpl.class)) {
            statement
                    .getLocalSettings()
                    .setOption("statement_params", Map.of("l", list.append(']').toString()));
            statement.getLocalSettings().setOption("client.http.use_form_request_for_query", true);
            try (ResultSet row = statement.executeQuery("SELECT arraySum({l:Array(UInt64)})")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getLong(1)).isEqualTo(50_000L * 49_999L / 2);
            }
        }
    }

    @Test
    void errorsCarryTheirCode() throws Exception {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nosuch"))
                    .isInstanceOfSatisfying(SQLException.class, e -> {
                        assertThat(e.getErrorCode()).isEqualTo(60);
                        assertThat(e.getSQLState()).isEqualTo("42S02");
                    });
            assertThatThrownBy(() -> statement.executeQuery("SELEC 1"))
                    .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getErrorCode())
                            .isEqualTo(62));
            assertThatThrownBy(() -> statement.executeQuery("SELECT sum(sleepEachRow(0.1)) FROM numbers(40)"
                            + " SETTINGS max_execution_time = 0.3, max_block_size = 1"))
                    .satisfies(e -> {
                        ServerException server = serverException(e);
                        assertThat(server.getCode()).isEqualTo(159);
                        assertThat(server.getTransportProtocolCode()).isEqualTo(408);
                    });
        }
    }

    @Test
    void wrongPasswordIsRefused() throws Exception {
        assertThatThrownBy(() -> {
                    try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), "wrong");
                            Statement statement = connection.createStatement()) {
                        statement.executeQuery("SELECT 1").close();
                    }
                })
                .satisfies(e -> {
                    assertThat(serverException(e).getCode()).isEqualTo(516);
                    assertThat(serverException(e).getTransportProtocolCode()).isEqualTo(403);
                });
    }

    @Test
    void jdbcUrlWorksWithTheDriverManager() throws Exception {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT currentDatabase()")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo(server.database());
        }
    }

    @Test
    void lateErrorIsAnExceptionForThoseWhoWait() throws Exception {
        try (Connection connection = server.dataSource().getConnection();
                StatementImpl statement = connection.createStatement().unwrap(StatementImpl.class)) {
            statement.getLocalSettings().serverSetting("wait_end_of_query", "1");
            assertThatThrownBy(() -> statement.executeQuery("SELECT throwIf(number = 900000) FROM numbers(1000000)"))
                    .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getErrorCode())
                            .isEqualTo(395));
        }
    }

    @Test
    void emptyResultsHaveTheirColumns() throws Exception {
        for (String wait : List.of("0", "1")) {
            try (Connection connection = server.dataSource().getConnection();
                    StatementImpl statement = connection.createStatement().unwrap(StatementImpl.class)) {
                statement.getLocalSettings().serverSetting("wait_end_of_query", wait);
                try (ResultSet rows = statement.executeQuery("SELECT number AS n, 'x' AS s FROM numbers(10) WHERE 0")) {
                    assertThat(rows.getMetaData().getColumnCount()).isEqualTo(2);
                    assertThat(rows.getMetaData().getColumnName(2)).isEqualTo("s");
                    assertThat(rows.next()).isFalse();
                }
            }
        }
    }

    @Test
    void aMillionRowsStream() throws Exception {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT number, toString(number) FROM numbers(1000000)")) {
            long sum = 0;
            int count = 0;
            while (rows.next()) {
                sum += rows.getLong(1);
                count++;
            }
            assertThat(count).isEqualTo(1_000_000);
            assertThat(sum).isEqualTo(1_000_000L * 999_999L / 2);
        }
    }

    @Test
    void manyThreadsShareTheServer() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int thread = t;
                results.add(threads.submit(() -> {
                    int right = 0;
                    try (Connection connection = server.dataSource().getConnection();
                            StatementImpl statement =
                                    connection.createStatement().unwrap(StatementImpl.class)) {
                        for (int i = 0; i < 50; i++) {
                            String value = thread + "-" + i;
                            statement.getLocalSettings().logComment(value);
                            try (ResultSet row = statement.executeQuery(
                                    "SELECT '" + value + "', getSetting('log_comment'), currentDatabase()")) {
                                right += row.next()
                                                && row.getString(1).equals(value)
                                                && row.getString(2).equals(value)
                                                && row.getString(3).equals(server.database())
                                        ? 1
                                        : 0;
                            }
                        }
                    }
                    return right;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get(120, TimeUnit.SECONDS)).isEqualTo(50);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void cancelStopsTheStatement() throws Exception {
        try (Connection connection = server.dataSource().getConnection();
                StatementImpl statement = connection.createStatement().unwrap(StatementImpl.class)) {
            statement.getLocalSettings().setQueryId("cancelled-" + UUID.randomUUID());
            CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> {
                try (ResultSet rows = statement.executeQuery("SELECT count() FROM numbers(1000000000000)")) {
                    return rows.next() ? 0 : -1;
                } catch (SQLException e) {
                    return e.getErrorCode();
                }
            });
            // a cancel before the statement is known at the server stops nothing, so it is repeated
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!code.isDone() && System.nanoTime() < deadline) {
                Thread.sleep(100);
                statement.cancel();
            }
            assertThat(code.get(1, TimeUnit.SECONDS)).isEqualTo(394);
        }
    }

    @Test
    // the driver declares close() with every exception
    @SuppressWarnings("try")
    void nativeFormatComesWithItsSummary() throws Exception {
        try (Connection connection = server.dataSource().getConnection()) {
            Client client = connection.unwrap(ConnectionImpl.class).getClient();
            QuerySettings settings = new QuerySettings()
                    .setFormat(ClickHouseFormat.Native)
                    .waitEndOfQuery(true)
                    .serverSetting("max_execution_time", "10")
                    .setOption("statement_params", Map.of("n", "1"));
            try (QueryResponse response = client.query(
                            "SELECT toUInt8(number) AS n FROM numbers(100) WHERE number % 20 < {n:UInt8}", settings)
                    .get()) {
                byte[] block = response.getInputStream().readAllBytes();
                assertThat(response.getFormat()).isEqualTo(ClickHouseFormat.Native);
                // columns, rows, name, type, five values
                assertThat(block).isEqualTo(new byte[] {1, 5, 1, 'n', 5, 'U', 'I', 'n', 't', '8', 0, 20, 40, 60, 80});
                assertThat(response.getReadRows()).isEqualTo(100);
                assertThat(response.getResultRows()).isEqualTo(5);
            }
        }
    }

    @Test
    void clientInsertsTakeEveryFormat() throws Exception {
        server.execute("CREATE TABLE inserted (a UInt64, b String DEFAULT 'd') ENGINE = MergeTree ORDER BY a");
        byte[] row = ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(7)
                .put((byte) 1)
                .put((byte) 'x')
                .array();
        byte[] json = "{\"a\":8,\"b\":\"y\"}\n{\"a\":9}\n".getBytes(StandardCharsets.UTF_8);
        try (Connection connection = server.dataSource().getConnection()) {
            Client client = connection.unwrap(ConnectionImpl.class).getClient();
            InsertSettings settings = new InsertSettings().serverSetting("async_insert", "0");
            try (InsertResponse response = client.insert(
                            "inserted", out -> out.write(row), ClickHouseFormat.RowBinary, settings)
                    .get()) {
                assertThat(response.getWrittenRows()).isEqualTo(1);
            }
            try (InsertResponse response = client.insert(
                            "inserted",
                            List.of("a", "b"),
                            out -> out.write(json),
                            ClickHouseFormat.JSONEachRow,
                            new InsertSettings())
                    .get()) {
                assertThat(response.getWrittenRows()).isEqualTo(2);
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT arrayStringConcat(groupArray(concat(toString(a), b)), ' ') FROM"
                                    + " (SELECT * FROM inserted ORDER BY a)")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("7x 8y 9d");
            }
        }
    }

    @Test
    void compressedInsertsAreTaken() throws Exception {
        server.execute("CREATE TABLE compressed (a UInt64) ENGINE = MergeTree ORDER BY a");
        byte[] rows = new byte[8 * 100_000];
        ByteBuffer longs = ByteBuffer.wrap(rows).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 100_000; i++) {
            longs.putLong(i);
        }
        try (Client client = new Client.Builder()
                .addEndpoint(server.httpUrl())
                .setUsername(server.user())
                .setPassword(server.password())
                .setDefaultDatabase(server.database())
                .compressClientRequest(true)
                .setOption("compression.method", "LZ4")
                .build()) {
            try (InsertResponse response = client.insert(
                            "compressed", out -> out.write(rows), ClickHouseFormat.RowBinary, new InsertSettings())
                    .get()) {
                assertThat(response.getWrittenRows()).isEqualTo(100_000);
            }
            assertThat(client.queryAll("SELECT sum(a) AS s FROM compressed")
                            .get(0)
                            .getLong("s"))
                    .isEqualTo(100_000L * 99_999L / 2);
        }
    }

    @Test
    void batchesAndUpdateCounts() throws Exception {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("CREATE TABLE batch (a UInt64, b String) ENGINE = MergeTree ORDER BY a"))
                    .isZero();
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO batch VALUES (?, ?)")) {
                for (int i = 0; i < 1_000; i++) {
                    insert.setLong(1, i);
                    insert.setString(2, "row '" + i + "';");
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(1_000);
            }
            assertThat(statement.executeUpdate("INSERT INTO batch SELECT a, b FROM batch"))
                    .isEqualTo(1_000);
            try (ResultSet row = statement.executeQuery("SELECT count(), uniqExact(b) FROM batch")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getLong(1)).isEqualTo(2_000);
                assertThat(row.getLong(2)).isEqualTo(1_000);
            }
        }
    }

    private static ServerException serverException(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ServerException server) {
                return server;
            }
        }
        throw new AssertionError("no ServerException among the causes", thrown);
    }
}
