package io.budmetrics.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How engines start and end. */
class LifecycleIT {
    @TempDir
    private Path directory;

    @Test
    void closeLeavesNoProcessAndNoFile() throws Exception {
        EmbeddedClickHouse engine = EmbeddedClickHouse.start();
        long process = engine.processId();
        Path run = engine.runDirectory();
        assertThat(run).isDirectory();
        assertThat(engine.version()).matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
        assertThat(engine.toString()).doesNotContain(engine.password());
        HttpCalls http = new HttpCalls(engine);
        // statements at work do not keep it from ending
        var unfinished = CompletableFuture.supplyAsync(() -> {
            try {
                return http.post("SELECT count() FROM numbers(1000000000000)").statusCode();
            } catch (IOException | InterruptedException e) {
                return -1;
            }
        });
        while (!http.post("SELECT count() > 1 FROM system.processes").body().equals("1\n")) {
            Thread.sleep(20);
        }
        engine.close();
        engine.close();
        assertThat(unfinished.get(30, TimeUnit.SECONDS)).isNotEqualTo(200);
        assertThat(engine.isAlive()).isFalse();
        assertThat(ProcessHandle.of(process)).isEmpty();
        assertThat(run).doesNotExist();
    }

    @Test
    void aKilledEngineLeavesNoFileAfterClose() throws Exception {
        EmbeddedClickHouse engine = EmbeddedClickHouse.start();
        Path run = engine.runDirectory();
        new HttpCalls(engine).post("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a");
        ProcessHandle child = ProcessHandle.of(engine.processId()).orElseThrow();
        child.destroyForcibly();
        child.onExit().get(30, TimeUnit.SECONDS);
        assertThat(engine.isAlive()).isFalse();
        assertThat(run).isDirectory();
        assertThatThrownBy(() -> new HttpCalls(engine).post("SELECT 1")).isInstanceOf(IOException.class);
        engine.close();
        assertThat(run).doesNotExist();
    }

    @Test
    void dataOutlivesTheEngineInADirectoryOfTheCallers() throws Exception {
        Path data = directory.resolve("some data");
        for (int start = 0; start < 2; start++) {
            try (EmbeddedClickHouse engine = EmbeddedClickHouse.builder()
                            .dataDirectory(data)
                            .user("me")
                            .password("p:ä'")
                            .memoryLimit(1L << 30)
                            .start();
                    Connection connection = engine.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(engine.user()).isEqualTo("me");
                if (start == 0) {
                    statement.execute("CREATE DATABASE kept");
                    statement.execute("CREATE TABLE kept.t (a UInt64) ENGINE = MergeTree ORDER BY a");
                    statement.execute("INSERT INTO kept.t SELECT number FROM numbers(1000)");
                }
                try (ResultSet row = statement.executeQuery("SELECT sum(a) FROM kept.t")) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getLong(1)).isEqualTo(499_500);
                }
            }
        }
        assertThat(data).isDirectory();
    }

    @Test
    void memoryLimitHolds() throws Exception {
        try (EmbeddedClickHouse engine =
                EmbeddedClickHouse.builder().memoryLimit(600L << 20).start()) {
            var answer = new HttpCalls(engine)
                    .post("SELECT length(groupArray(number)) FROM numbers(200000000)", Map.of("max_threads", "1"));
            assertThat(answer.headers().firstValue("X-ClickHouse-Exception-Code"))
                    .contains("241");
        }
    }

    @Test
    void twoEngines_haveSeparatePortsPasswordsAndData() throws Exception {
        try (EmbeddedClickHouse one = EmbeddedClickHouse.start();
                EmbeddedClickHouse two = EmbeddedClickHouse.start()) {
            assertThat(one.port()).isNotEqualTo(two.port());
            assertThat(one.password()).isNotEqualTo(two.password());
            new HttpCalls(one).post("CREATE TABLE t (a UInt8) ENGINE = Memory");
            assertThat(new HttpCalls(two).post("EXISTS t").body()).isEqualTo("0\n");
        }
    }

    @Test
    void oneDirectoryIsForOneEngine() {
        Path data = directory.resolve("data");
        try (EmbeddedClickHouse first =
                EmbeddedClickHouse.builder().dataDirectory(data).start()) {
            assertThat(first.isAlive()).isTrue();
            assertUnavailable(
                    () -> EmbeddedClickHouse.builder().dataDirectory(data).start(), "data directory", "another engine");
        }
    }

    @Test
    void takenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertUnavailable(
                    () -> EmbeddedClickHouse.builder()
                            .port(taken.getLocalPort())
                            .start(),
                    "port " + taken.getLocalPort() + " is not free");
        }
    }

    @Test
    void startErrorsSayWhatToDo() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertUnavailable(
                () -> EmbeddedClickHouse.builder().dataDirectory(file).start(), "dataDirectory", "give a directory");
        assertUnavailable(
                () -> EmbeddedClickHouse.builder()
                        .library(directory.resolve("none.so"))
                        .start(),
                "the builder's library",
                "none.so");
        assertUnavailable(() -> EmbeddedClickHouse.builder().library(file).start(), "did not start", "file");
        assertUnavailable(
                () -> EmbeddedClickHouse.builder()
                        .startTimeout(Duration.ofMillis(1))
                        .start(),
                "startTimeout",
                "PT0.001S");
    }

    @Test
    void killedParentTakesTheEngineWithIt() throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName());
        Process parent = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream output = parent.getInputStream();
                BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            long engine = Long.parseLong(lines.readLine());
            Path run = Path.of(lines.readLine());
            assertThat(ProcessHandle.of(engine)).isPresent();
            assertThat(run).isDirectory();
            parent.destroyForcibly();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while ((ProcessHandle.of(engine).isPresent() || Files.exists(run)) && System.nanoTime() < deadline) {
                Thread.sleep(50);
            }
            assertThat(ProcessHandle.of(engine).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(run).doesNotExist();
        } finally {
            parent.destroyForcibly();
        }
    }

    /** A parent that never closes its engine. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            EmbeddedClickHouse engine = EmbeddedClickHouse.start();
            Thread query = new Thread(() -> {
                try {
                    new HttpCalls(engine)
                            .post("SELECT count() FROM numbers(1000000000000)")
                            .body();
                } catch (IOException | InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            query.start();
            Thread.sleep(300);
            System.out.println(engine.processId());
            System.out.println(engine.runDirectory());
            Thread.sleep(Duration.ofMinutes(5).toMillis());
        }
    }

    private static void assertUnavailable(ThrowingCallable start, String... parts) {
        assertThatThrownBy(start).isInstanceOfSatisfying(BudMetricsException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(e.getMessage()).contains(parts);
        });
    }
}
