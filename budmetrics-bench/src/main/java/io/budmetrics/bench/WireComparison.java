package io.budmetrics.bench;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.data_formats.ClickHouseBinaryFormatReader;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import com.clickhouse.jdbc.ConnectionImpl;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ClickHouseConfig;
import io.budmetrics.clickhouse.QueryLimits;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlStatement;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The whole way of one answer over loopback, every cell read: our answer, our columns, the driver's row reader, JDBC, and only the bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        // memory that is touched for the first time would be measured too
        jvmArgsAppend = {"-Dsun.net.httpserver.nodelay=true", "-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
public class WireComparison {
    private static final String SQL = "SELECT captured";

    /** Columns of the answer in the flat form. */
    @Param({"8", "18", "56"})
    public int columns;

    /** Rows of the answer; 1000100 too. */
    @Param("36500")
    public int rows;

    private final byte[] buffer = new byte[1 << 16];
    private @Nullable BodyServer server;
    private @Nullable Connection connection;
    private @Nullable BudMetrics client;
    private @Nullable SqlStatement<AnalyticsAnswer> statement;
    private @Nullable SqlStatement<Double> plain;

    /** How a column is read. */
    private enum Getter {
        INTEGER,
        FLOAT,
        TEXT,
        UUID,
        ARRAY,
        DECIMAL;

        static Getter of(String type) {
            String plain = type.replaceFirst("^Nullable\\((.*)\\)$", "$1");
            if (plain.matches("U?Int(8|16|32|64)")) {
                return INTEGER;
            }
            if (plain.startsWith("Float")) {
                return FLOAT;
            }
            return switch (plain.replaceFirst("\\(.*", "")) {
                case "String" -> TEXT;
                case "UUID" -> UUID;
                case "Array" -> ARRAY;
                case "Decimal" -> DECIMAL;
                default -> throw new IllegalArgumentException("no getter for " + type);
            };
        }

        static Getter[] of(ResultSetMetaData row) throws SQLException {
            Getter[] getters = new Getter[row.getColumnCount()];
            for (int i = 0; i < getters.length; i++) {
                getters[i] = of(row.getColumnTypeName(i + 1));
            }
            return getters;
        }
    }

    /**
     * Starts the server.
     *
     * @throws IOException when a body is missing
     * @throws SQLException when the driver fails
     */
    @Setup(Level.Trial)
    public void start() throws IOException, SQLException {
        BodyServer started =
                BodyServer.serving(Bodies.of(columns, rows, Bodies.NATIVE), Bodies.of(columns, rows, Bodies.DRIVERS));
        server = started;
        connection = started.dataSource().getConnection();
        // keeps its connection, as the others do
        client = BudMetrics.connect(ClickHouseConfig.builder()
                .host("127.0.0.1")
                .port(started.port())
                .compressed(false)
                .limits(QueryLimits.defaults().withTimeout(Duration.ofMinutes(5)))
                .build());
        statement = Questions.ofWidth(columns).statement(SqlContext.of(Layout.inferenceFact()));
        Getter[] getters;
        try (Statement asked = Objects.requireNonNull(connection).createStatement();
                ResultSet row = asked.executeQuery(SQL)) {
            getters = Getter.of(row.getMetaData());
        }
        plain = SqlStatement.of(SQL, List.of(), result -> sum(result, getters));
    }

    private static double sum(Columns result, Getter[] getters) {
        double sum = 0;
        for (int column = 0; column < getters.length; column++) {
            for (int row = 0; row < result.rowCount(); row++) {
                if (!result.isNull(column, row)) {
                    sum += switch (getters[column]) {
                        case INTEGER -> result.longAt(column, row);
                        case FLOAT -> result.doubleAt(column, row);
                        case TEXT -> result.textAt(column, row).length();
                        case UUID -> result.uuidAt(column, row).hashCode();
                        case ARRAY -> elements(result, column, row);
                        case DECIMAL -> result.decimalAt(column, row).hashCode();
                    };
                }
            }
        }
        return sum;
    }

    private static double elements(Columns result, int column, int row) {
        double sum = 0;
        for (int i = 0; i < result.lengthAt(column, row); i++) {
            sum += result.elementAt(column, row, i);
        }
        return sum;
    }

    /**
     * Stops the server.
     *
     * @throws SQLException when the driver fails
     */
    @TearDown(Level.Trial)
    public void stop() throws SQLException {
        Objects.requireNonNull(client).close();
        Objects.requireNonNull(connection).close();
        Objects.requireNonNull(server).close();
    }

    /**
     * The limit: the bytes are received and looked at.
     *
     * @return their sum
     * @throws IOException when the server fails
     */
    @Benchmark
    public long drain() throws IOException {
        HttpURLConnection http = (HttpURLConnection)
                URI.create(Objects.requireNonNull(server).url()).toURL().openConnection();
        http.setDoOutput(true);
        http.getOutputStream().write(SQL.getBytes(StandardCharsets.UTF_8));
        long sum = 0;
        try (InputStream in = http.getInputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int position = 0; position < read; position++) {
                    sum += buffer[position];
                }
            }
        }
        return sum;
    }

    /**
     * Ours: every cell of the columns that the statement returns, as the driver's readers read them.
     *
     * @return a sum of the cells
     */
    @Benchmark
    public double columns() {
        return Objects.requireNonNull(client).execute(Objects.requireNonNull(plain));
    }

    /**
     * Ours: the statement is run, its answer mapped, every cell of it read.
     *
     * @return a sum of the cells
     */
    @Benchmark
    public double answer() {
        return CellReader.sum(Objects.requireNonNull(client).execute(Objects.requireNonNull(statement)));
    }

    /**
     * The driver's row reader: every cell of the result.
     *
     * @return a sum of the cells
     * @throws Exception when the driver fails
     */
    @Benchmark
    public double rowReader() throws Exception {
        Client driver =
                Objects.requireNonNull(connection).unwrap(ConnectionImpl.class).getClient();
        QuerySettings settings = new QuerySettings().setFormat(ClickHouseFormat.RowBinaryWithNamesAndTypes);
        double sum = 0;
        QueryResponse response = driver.query(SQL, settings).get();
        try {
            ClickHouseBinaryFormatReader reader = driver.newBinaryFormatReader(response);
            Getter[] getters = reader.getSchema().getColumns().stream()
                    .map(column -> Getter.of(column.getOriginalTypeName()))
                    .toArray(Getter[]::new);
            while (reader.next() != null) {
                for (int i = 0; i < getters.length; i++) {
                    if (reader.hasValue(i + 1)) {
                        sum += switch (getters[i]) {
                            case INTEGER -> reader.getLong(i + 1);
                            case FLOAT -> reader.getDouble(i + 1);
                            case TEXT -> reader.getString(i + 1).length();
                            case UUID, ARRAY, DECIMAL -> Objects.hashCode(reader.readValue(i + 1));
                        };
                    }
                }
            }
        } finally {
            response.close();
        }
        return sum;
    }

    /**
     * JDBC's typed getters: every cell of the result.
     *
     * @return a sum of the cells
     * @throws SQLException when the driver fails
     */
    @Benchmark
    public double jdbc() throws SQLException {
        double sum = 0;
        try (Statement plain = Objects.requireNonNull(connection).createStatement();
                ResultSet row = plain.executeQuery(SQL)) {
            Getter[] getters = Getter.of(row.getMetaData());
            while (row.next()) {
                for (int i = 0; i < getters.length; i++) {
                    sum += switch (getters[i]) {
                        case INTEGER -> row.getLong(i + 1);
                        case FLOAT -> row.getDouble(i + 1);
                        case TEXT -> Objects.toString(row.getString(i + 1), "").length();
                        case UUID, ARRAY, DECIMAL -> Objects.hashCode(row.getObject(i + 1));
                    };
                }
            }
        }
        return sum;
    }
}
