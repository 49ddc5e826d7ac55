package io.budmetrics.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.clickhouse.jdbc.DataSourceImpl;
import com.clickhouse.jdbc.StatementImpl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A million rows, 600 MB, pass through an engine that may have 400 MB, a child process with a heap of 256 MB and a client
 * with one of 48 MB.
 */
class BoundedMemoryIT {
    private static final String ROWS =
            "SELECT number AS n, repeat(leftPad(hex(cityHash64(number)), 16), 37) AS t FROM numbers(1000000)";

    private static EmbeddedClickHouse engine;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        engine = EmbeddedClickHouse.builder().memoryLimit(400L << 20).start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void aMillionRowsPassThrough(String waitForEnd) throws Exception {
        Path log = directory.resolve("log.txt");
        Process client = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Client.class.getName(),
                        engine.jdbcUrl(),
                        engine.user(),
                        engine.password(),
                        waitForEnd)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(client.waitFor(300, TimeUnit.SECONDS)).isTrue();
        } finally {
            client.destroyForcibly();
        }
        assertThat(log)
                .content(StandardCharsets.UTF_8)
                .contains("1000000 rows, sum " + 1_000_000L * 999_999L / 2 + ", 592 characters at least");
        assertThat(client.exitValue()).isZero();
        assertThat(engine.isAlive()).isTrue();
    }

    @Test
    void theSameRowsAtOnceAreTooManyForTheEngine() throws Exception {
        assertThat(new HttpCalls(engine)
                        .post("SELECT length(groupArray(t)) FROM (" + ROWS + ")")
                        .headers()
                        .firstValue("X-ClickHouse-Exception-Code"))
                .contains("241");
    }

    /** Reads the rows through the driver. */
    static final class Client {
        private Client() {}

        public static void main(String[] arguments) throws Exception {
            Properties properties = new Properties();
            properties.setProperty("user", arguments[1]);
            properties.setProperty("password", arguments[2]);
            properties.setProperty("retry", "0");
            // a block of the usual 65,409 rows would take 64 MB, and several are at work
            properties.setProperty("clickhouse_setting_max_block_size", "16384");
            try (Connection connection = new DataSourceImpl(arguments[0], properties).getConnection();
                    StatementImpl statement = connection.createStatement().unwrap(StatementImpl.class)) {
                statement.getLocalSettings().serverSetting("wait_end_of_query", arguments[3]);
                try (ResultSet rows = statement.executeQuery(ROWS)) {
                    int count = 0;
                    long sum = 0;
                    int shortest = Integer.MAX_VALUE;
                    while (rows.next()) {
                        count++;
                        sum += rows.getLong(1);
                        shortest = Math.min(shortest, rows.getString(2).length());
                    }
                    System.out.println(count + " rows, sum " + sum + ", " + shortest + " characters at least");
                }
            }
        }
    }
}
