package io.budmetrics;

import static io.budmetrics.filter.Dimension.MODEL_NAME;
import static io.budmetrics.filter.Dimension.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Frequency;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A question written in Kotlin compiles without a backtick and without a warning, and is the question written in Java. */
class KotlinTest {
    private static final String SOURCE = """
            import io.budmetrics.QueryBuilder
            import io.budmetrics.metric.Metrics.LATENCY
            import io.budmetrics.metric.Metrics.REQUEST_COUNT
            import io.budmetrics.analytics.AnalyticsQuestion
            import io.budmetrics.filter.Dimension.MODEL_NAME
            import io.budmetrics.filter.Dimension.PROJECT
            import io.budmetrics.time.Frequency
            import java.time.Instant
            import java.time.ZoneId
            import java.util.UUID

            object Usage {
                @JvmStatic
                fun question(): AnalyticsQuestion = QueryBuilder.analytics()
                    .metrics(REQUEST_COUNT, LATENCY)
                    .between(Instant.parse("2026-03-02T00:00:00Z"), Instant.parse("2026-03-03T00:00:00Z"))
                    .every(Frequency.HOUR)
                    .zone(ZoneId.of("Europe/Berlin"))
                    .where(
                        PROJECT.eq(UUID(0, 1)),
                        MODEL_NAME.anyOf("gpt", "claude"),
                        MODEL_NAME.anyOf(listOf("gpt", "mistral")))
                    .build()
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void kotlinWithoutBackticks_isTheSameQuestion() throws Exception {
        Path source = Files.writeString(directory.resolve("Usage.kt"), SOURCE);
        Path classes = directory.resolve("classes");
        ByteArrayOutputStream messages = new ByteArrayOutputStream();

        ExitCode exit = new K2JVMCompiler()
                .exec(
                        new PrintStream(messages, true, StandardCharsets.UTF_8),
                        "-Werror",
                        "-no-stdlib",
                        "-no-reflect",
                        "-jvm-target",
                        "17",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        source.toString());

        assertThat(exit).as(messages.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
        AnalyticsQuestion java = QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT, Metrics.LATENCY)
                .between(Instant.parse("2026-03-02T00:00:00Z"), Instant.parse("2026-03-03T00:00:00Z"))
                .every(Frequency.HOUR)
                .in(ZoneId.of("Europe/Berlin"))
                .where(
                        PROJECT.is(new UUID(0, 1)),
                        MODEL_NAME.in("gpt", "claude"),
                        MODEL_NAME.in(List.of("gpt", "mistral")))
                .build();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            assertThat(loader.loadClass("Usage").getMethod("question").invoke(null))
                    .isEqualTo(java);
        }
    }
}
