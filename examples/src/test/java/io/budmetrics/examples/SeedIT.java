package io.budmetrics.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.examples.support.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fills an engine as a person would. */
class SeedIT {
    private static EmbeddedClickHouse engine;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void startTheEngine() {
        engine = EmbeddedClickHouse.start();
    }

    @AfterAll
    static void stopTheEngine() {
        engine.close();
    }

    private int seed(String... options) {
        List<String> arguments = new ArrayList<>(List.of("--password", engine.password(), "--days", "5"));
        arguments.addAll(List.of(options));
        if (!arguments.contains("--url")) {
            arguments.addAll(List.of("--url", engine.httpUrl()));
        }
        out.reset();
        err.reset();
        arguments.add(0, "seed");
        return BudMetricsCommand.run(
                new Terminal(
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of()),
                new CountDownLatch(1),
                arguments.toArray(new String[0]));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theSameCommandFillsTheTableOnceAndGoesOnWhereItWasCutOff() {
        String[] options = {
            "--records",
            "120000",
            "--until",
            "2026-11-01",
            "--duplicates",
            "0.1",
            "--nulls",
            "0.05",
            "--clock-skew",
            "0.05"
        };
        assertThat(seed(options)).as(this::err).isZero();
        assertThat(out()).contains("108,000 inferences between 2026-10-27T00:00:00Z and 2026-11-01T00:00:00Z");
        assertThat(err()).contains("Writing inferences: 120,000");

        assertThat(seed(options)).isZero();
        assertThat(out()).contains("108,000 inferences");

        List<String> more = new ArrayList<>(List.of(options));
        more.add("--resume");
        assertThat(seed(more.toArray(new String[0]))).isZero();
        assertThat(err()).contains("Looking for traffic that is stored already: up to about 2026-10-31T");
        assertThat(out()).contains("108,000 inferences");
    }

    @Test
    void resumingAnEmptyTableWritesEverything() {
        assertThat(seed(
                        "--records",
                        "1000",
                        "--until",
                        "2024-03-01",
                        "--seed",
                        "9",
                        "--profile",
                        "one_giant",
                        "--resume"))
                .as(this::err)
                .isZero();
        assertThat(err()).contains("Looking for traffic that is stored already: none");
        assertThat(out()).contains("1,000 inferences");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tensorzero", "otel"})
    void theTablesOfOthersAreFilledOnceAndGoneOnWith(String layout) throws Exception {
        String url = engine.httpUrl() + "/" + layout;
        try (Connection connection = engine.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + layout);
        }
        List<String> options = new ArrayList<>(List.of(
                "--url",
                url,
                "--layout",
                layout,
                "--records",
                "60000",
                "--until",
                "2026-11-01",
                "--duplicates",
                "0.1"));
        assertThat(seed(options.toArray(new String[0]))).as(this::err).isZero();
        assertThat(out()).contains("54,000 inferences between 2026-10-27T00:00:00Z and 2026-11-01T00:00:00Z");
        assertThat(err()).contains("Writing inferences: 60,000");

        options.add("--resume");
        assertThat(seed(options.toArray(new String[0]))).as(this::err).isZero();
        assertThat(err()).contains("Looking for traffic that is stored already: up to about 2026-10-31T");
        assertThat(out()).contains("54,000 inferences");
    }

    @Test
    void aCollectorsTableIsNotPutWhereTheLibrarysOwnIs() {
        assertThat(seed("--records", "10", "--until", "2024-02-01"))
                .as(this::err)
                .isZero();
        assertThat(seed("--records", "10", "--until", "2024-02-01", "--layout", "otel"))
                .isNotZero();
        assertThat(err()).contains("use a separate database for the collector's");
    }

    @ParameterizedTest
    @CsvSource({
        "--records, 0, --records is 0; give 1 to",
        "--until, tomorrow, --until is 'tomorrow'; give a date",
        "--duplicates, 0.7, duplicates is 0.7; give 0 to 0.5",
        "--profile, chaos, --profile",
        "--url, localhost, --url is not a URL"
    })
    void invalidOption_isNamedInTheError(String option, String value, String complaint) {
        assertThat(seed(option, value)).isNotZero();
        assertThat(err()).contains(complaint);
    }
}
