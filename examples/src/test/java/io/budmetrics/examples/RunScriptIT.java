package io.budmetrics.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types the README's commands. */
class RunScriptIT {
    private static final Pattern VARIABLE = Pattern.compile("(CLICKHOUSE_\\w+)='?([^' ]+)'?");

    @TempDir
    private Path folder;

    /** What a command wrote and how it ended. */
    private record Outcome(int code, String out, String err) {}

    @BeforeAll
    static void theBuildIsDone() throws IOException {
        // the build that runs this test has just written everything: the script must not start another one inside it
        Files.setLastModifiedTime(Path.of("target", "class-path"), FileTime.from(Instant.now()));
    }

    @Test
    void aloneItListsTheCommands() throws Exception {
        Outcome alone = run(Map.of());
        assertThat(alone.code()).isZero();
        assertThat(alone.out()).contains("  quickstart ", "  trace ", "  engine ", "  query ", "  seed ");

        Outcome wrong = run(Map.of(), "benchmark");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).startsWith("examples/run: there is no command 'benchmark'");
    }

    @Test
    void theDataOfTheQuickStartIsServedAndAsked() throws Exception {
        String data = folder.resolve("traffic").toString();
        Outcome quickstart =
                run(Map.of(), "quickstart", "--data", data, "--records", "3000", "--until", "2026-11-24T20:00:00Z");
        assertThat(quickstart.code()).as(quickstart.err()).isZero();
        assertThat(quickstart.out()).contains("5. Rhythm");
        assertThat(folder.resolve("report.html")).isNotEmptyFile();

        Process engine = start(Map.of(), "engine", "--data", data);
        try (BufferedReader lines = engine.inputReader(StandardCharsets.UTF_8)) {
            Map<String, String> server = new HashMap<>();
            for (String line = lines.readLine(); line != null && !line.startsWith("Serving"); line = lines.readLine()) {
                Matcher variables = VARIABLE.matcher(line.contains("export ") ? line : "");
                while (variables.find()) {
                    server.put(variables.group(1), variables.group(2));
                }
            }
            assertThat(server).hasSize(5);

            Outcome query = run(
                    server,
                    "query",
                    "--metrics=request_count",
                    "--from=2026-10-26",
                    "--to=2026-11-25",
                    "--every=30days",
                    "--traffic=all",
                    "--group-by=model",
                    "--top=5");
            assertThat(query.code()).as(query.err()).isZero();
            assertThat(query.out()
                            .lines()
                            .filter(line -> line.matches(" +(Others|\\(none\\)|[-0-9a-f]{36}) +[0-9,]+"))
                            .map(line -> line.replaceAll("^.* |,", ""))
                            .mapToInt(Integer::parseInt)
                            .sum())
                    .as(query::out)
                    .isEqualTo(3000);

            engine.destroy();
            assertThat(engine.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(folder.resolve("err"))).contains("Stopped.");
        } finally {
            engine.destroyForcibly();
        }
    }

    @Test
    void unreachableServer_printsOneLine() throws Exception {
        Outcome query = run(Map.of(), "query", "--url=http://127.0.0.1:1", "--metrics=request_count", "--last=1d");
        assertThat(query.code()).isEqualTo(1);
        assertThat(query.out()).isEmpty();
        assertThat(query.err().lines())
                .singleElement()
                .asString()
                .contains("DATABASE_UNAVAILABLE", "http://127.0.0.1:1");
    }

    private Outcome run(Map<String, String> environment, String... arguments) throws Exception {
        Process process = start(environment, arguments);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, Files.readString(folder.resolve("err")));
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Path.of("run").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
