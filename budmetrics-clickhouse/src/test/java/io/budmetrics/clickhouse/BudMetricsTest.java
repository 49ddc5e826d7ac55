package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.fixture.CapturedLog;
import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.clickhouse.internal.call.StubServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

@Timeout(30)
final class BudMetricsTest {
    private static final SqlStatement<Long> STATEMENT =
            SqlStatement.of("SELECT a", List.of(), columns -> columns.longAt(columns.indexOf("a"), 0));

    @Test
    void runsAStatementOverAConfiguration() throws IOException {
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)))) {
            ClickHouseConfig config = ClickHouseConfig.builder()
                    .host("127.0.0.1")
                    .port(server.port())
                    .user("u")
                    .password("p")
                    .database("d")
                    .compressed(false)
                    .limits(QueryLimits.defaults().withMaxThreads(2))
                    .build();
            BudMetrics client = BudMetrics.connect(config);
            assertThat(client.execute(STATEMENT)).isEqualTo(5);
            client.close();
            StubServer.Request request = server.questions().get(0);
            assertThat(request.headers()).containsEntry("x-clickhouse-database", "d");
            assertThat(request.url("max_threads")).containsExactly("2");
            assertThat(request.url("readonly")).containsExactly("2");
            assertThat(catchThrowableOfType(IllegalStateException.class, () -> client.execute(STATEMENT)))
                    .hasMessageContaining("the client is closed, so question was not sent");
        }
    }

    @Test
    void aQuestionWithoutAnEndIsAskedAsOfTheClock() throws IOException {
        Instant now = Instant.parse("2026-03-01T12:00:00.123456789Z");
        try (StubServer server = StubServer.start(StubServer.ok(new byte[0]));
                BudMetrics client = BudMetrics.builder()
                        .dataSource(server.dataSource())
                        .clock(Clock.fixed(now, ZoneOffset.UTC))
                        .build()) {
            AnalyticsQuestion question = QueryBuilder.analytics()
                    .metrics(Metrics.REQUEST_COUNT)
                    .since(Instant.parse("2026-02-27T00:00:00Z"))
                    .every(Frequency.DAY)
                    .build();
            AnalyticsAnswer answer = client.execute(question);
            assertThat(answer.asOf()).isEqualTo(Instant.parse("2026-03-01T12:00:00.123456Z"));
            assertThat(answer.rows()).allMatch(row -> !row.hasTraffic());
            assertThat(server.questions()).hasSize(1);
        }
    }

    @Test
    void needsSomethingToAsk() {
        assertThat(Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, () -> BudMetrics.builder()
                                .build()))
                        .code())
                .isEqualTo(ErrorCode.INVALID_CONFIGURATION);
    }

    private static BudMetrics client(StubServer server) {
        return BudMetrics.builder()
                .dataSource(server.dataSource())
                .limits(QueryLimits.defaults().withTimeout(Duration.ofSeconds(20)))
                .build();
    }

    private static AnalyticsQuestion question(Metric<?> metric) {
        return QueryBuilder.analytics()
                .metrics(metric)
                .since(Instant.parse("2026-02-27T00:00:00Z"))
                .every(Frequency.DAY)
                .build();
    }

    private static BudMetricsException failure(Supplier<?> call) {
        return Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, call::get));
    }

    private static BudMetricsException failureOf(CompletableFuture<?> future) {
        Throwable thrown = Objects.requireNonNull(
                catchThrowableOfType(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS)));
        return (BudMetricsException) Objects.requireNonNull(thrown.getCause());
    }

    private static void awaitQuestion(StubServer server) {
        while (server.questions().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static void awaitKill(StubServer server) throws InterruptedException {
        String queryId = server.questions().get(0).url("query_id").get(0);
        awaitKill(server, queryId);
    }

    private static void awaitKill(StubServer server, String queryId) throws InterruptedException {
        for (int i = 0; i < 1000 && server.requests().stream().noneMatch(r -> kills(r, queryId)); i++) {
            Thread.sleep(10);
        }
        assertThat(server.requests()).anyMatch(request -> kills(request, queryId));
    }

    @Test
    void sendsAgainTwiceUnlessItIsToldOtherwise() throws IOException {
        StubServer.Handler busy = StubServer.error(500, 202, "busy");
        StubServer.Handler ok = StubServer.ok(NativeBytes.one("a", 5));
        try (StubServer server = StubServer.start(StubServer.inTurn(busy, busy, ok));
                BudMetrics client = client(server)) {
            assertThat(client.execute(STATEMENT)).isEqualTo(5);
            assertThat(server.questions()).hasSize(3);
        }
        try (StubServer server = StubServer.start(StubServer.inTurn(busy, ok));
                BudMetrics client = BudMetrics.builder()
                        .dataSource(server.dataSource())
                        .retries(0)
                        .build()) {
            assertThat(failure(() -> client.execute(STATEMENT)).serverCode()).hasValue(202);
            assertThat(server.questions()).hasSize(1);
            assertThat(failure(() -> BudMetrics.builder()
                            .dataSource(server.dataSource())
                            .retries(11)
                            .build()))
                    .hasMessageContaining("retries is 11; give 0 to 10");
        }
    }

    @Test
    void otherLimitsOverTheSameConnections() throws IOException {
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)));
                BudMetrics client = client(server)) {
            try (BudMetrics other = client.withLimits(QueryLimits.defaults()
                    .withMaxBytesToRead(11)
                    .withMaxRowsToRead(12)
                    .withMaxResultRows(13)
                    .withMaxMemoryBytes(14)
                    .withMaxThreads(15)
                    .withTimeout(Duration.ofSeconds(16)))) {
                assertThat(other.execute(STATEMENT)).isEqualTo(5);
            }
            assertThat(client.execute(STATEMENT)).isEqualTo(5);
            StubServer.Request limited = server.questions().get(0);
            assertThat(limited.url("max_bytes_to_read")).containsExactly("11");
            assertThat(limited.url("max_rows_to_read")).containsExactly("12");
            assertThat(limited.url("max_result_rows")).containsExactly("13");
            assertThat(limited.url("max_memory_usage")).containsExactly("14");
            assertThat(limited.url("max_threads")).containsExactly("15");
            assertThat(limited.url("max_execution_time")).containsExactly("16");
            assertThat(server.questions().get(1).url("max_bytes_to_read")).isEmpty();
        }
    }

    @Test
    void answersOnTheCallersExecutor() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)));
                BudMetrics client = client(server)) {
            SqlStatement<String> where = SqlStatement.of(
                    "SELECT a", List.of(), columns -> Thread.currentThread().getName());
            String thread =
                    executor.submit(() -> Thread.currentThread().getName()).get();
            assertThat(client.executeAsync(where, executor).get(20, TimeUnit.SECONDS))
                    .isEqualTo(thread);
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "complete", "orTimeout"})
    void completingTheFuture_stopsTheStatement(String by) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (StubServer server = StubServer.start(StubServer.slow(true));
                BudMetrics client = client(server)) {
            CompletableFuture<Long> future = client.executeAsync(STATEMENT, executor);
            awaitQuestion(server);
            switch (by) {
                case "cancel" -> assertThat(future.cancel(false)).isTrue();
                case "complete" -> assertThat(future.complete(7L)).isTrue();
                default ->
                    assertThat(future.orTimeout(10, TimeUnit.MILLISECONDS)).isNotNull();
            }
            awaitKill(server);
            // the thread is free again, and nobody has interrupted it
            assertThat(executor.submit(() -> Thread.currentThread().isInterrupted())
                            .get(20, TimeUnit.SECONDS))
                    .isFalse();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void waitingForAThreadCounts() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        CountDownLatch release = new CountDownLatch(1);
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)));
                BudMetrics client = client(server);
                BudMetrics hasty = client.withLimits(QueryLimits.defaults().withTimeout(Duration.ofMillis(50)))) {
            Future<Boolean> occupied = executor.submit(() -> release.await(20, TimeUnit.SECONDS));
            CompletableFuture<Long> late = hasty.executeAsync(STATEMENT, executor);
            CompletableFuture<Long> cancelled = client.executeAsync(STATEMENT, executor);
            assertThat(cancelled.cancel(true)).isTrue();
            BudMetricsException all = failure(
                    () -> hasty.executeAll(List.of(question(Metrics.REQUEST_COUNT), question(Metrics.COST)), executor));
            assertThat(all.code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            assertThat(all).message().contains("all 2 questions within 50 ms");
            release.countDown();
            assertThat(occupied.get()).isTrue();
            assertThat(failureOf(late).code()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
            assertThat(executor.submit(() -> server.requests().size()).get()).isZero();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anExecutorThatTakesNothing() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executor.shutdown();
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)));
                BudMetrics client = client(server)) {
            assertThat(failureOf(client.executeAsync(STATEMENT, executor)).code())
                    .isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            assertThat(failure(() -> client.executeAll(List.of(question(Metrics.COST)), executor))
                            .code())
                    .isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            assertThat(client.executeAll(List.of(), executor)).isEmpty();
        }
    }

    @Test
    void theFirstFailureFailsAllAndStopsTheRest() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        CountDownLatch slowBegan = new CountDownLatch(1);
        try (StubServer server = StubServer.start((request, out) -> {
                    if (request.body().contains("cost")) {
                        slowBegan.await();
                        StubServer.error(404, 60, "gone").answer(request, out);
                    } else {
                        slowBegan.countDown();
                        StubServer.slow(false).answer(request, out);
                    }
                });
                BudMetrics client = client(server)) {
            BudMetricsException exception = failure(() ->
                    client.executeAll(List.of(question(Metrics.REQUEST_COUNT), question(Metrics.COST)), executor));
            assertThat(exception.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
            String slow = server.questions().stream()
                    .filter(request -> !request.body().contains("cost"))
                    .findFirst()
                    .orElseThrow()
                    .url("query_id")
                    .get(0);
            awaitKill(server, slow);
        } finally {
            executor.shutdownNow();
        }
    }

    private static boolean kills(StubServer.Request request, String queryId) {
        return request.body().contains("KILL QUERY WHERE query_id = '" + queryId + "'");
    }

    @Test
    void anInterruptStopsAll() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (StubServer server = StubServer.start(StubServer.slow(false));
                BudMetrics client = client(server)) {
            Thread caller = Thread.currentThread();
            Future<?> interrupt = executor.submit(() -> {
                awaitQuestion(server);
                caller.interrupt();
            });
            BudMetricsException exception =
                    failure(() -> client.executeAll(List.of(question(Metrics.REQUEST_COUNT)), executor));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(exception.code()).isEqualTo(ErrorCode.QUERY_CANCELLED);
            assertThat(interrupt.get()).isNull();
            awaitKill(server);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void nothingIsSentWhenOneQuestionCannotBeAsked() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        AnalyticsQuestion tooMany = QueryBuilder.analytics()
                .metrics(Metrics.COST)
                .since(Instant.parse("1980-01-01T00:00:00Z"))
                .every(Frequency.HOUR)
                .build();
        try (StubServer server = StubServer.start(StubServer.ok(new byte[0]));
                BudMetrics client = client(server)) {
            assertThat(failure(() -> client.executeAll(List.of(question(Metrics.COST), tooMany), executor))
                            .code())
                    .isEqualTo(ErrorCode.INVALID_QUERY);
            assertThat(executor.submit(() -> server.requests().size()).get()).isZero();
        } finally {
            executor.shutdownNow();
        }
    }

    /** Writes down what it hears. */
    private static class Heard implements StatementListener {
        private final List<String> order = new ArrayList<>();
        private final List<StatementStats> stats = new ArrayList<>();
        private final List<BudMetricsException> failures = new ArrayList<>();

        @Override
        public void started(Map<String, String> tags) {
            order.add("started " + tags);
        }

        @Override
        public void succeeded(StatementStats newStats) {
            order.add("succeeded " + newStats.tags());
            stats.add(newStats);
        }

        @Override
        public void failed(BudMetricsException failure, Duration took, Map<String, String> tags) {
            order.add("failed " + tags + (took.isNegative() ? " before it began" : ""));
            failures.add(failure);
        }
    }

    @Test
    void aListenerHearsOfEveryStatement() throws IOException {
        Heard heard = new Heard();
        StubServer.Handler ok = StubServer.ok(NativeBytes.one("a", 5));
        StubServer.Handler empty = StubServer.ok(new byte[0]);
        try (StubServer server = StubServer.start(StubServer.inTurn(ok, empty, StubServer.error(404, 60, "gone")));
                BudMetrics client = BudMetrics.builder()
                        .dataSource(server.dataSource())
                        .listener(heard)
                        .build()) {
            assertThat(client.execute(STATEMENT)).isEqualTo(5);
            assertThat(client.withTags(Map.of("dashboard", "home"))
                            .withTags(Map.of("panel", "cost/day"))
                            .withLimits(QueryLimits.defaults())
                            .execute(question(Metrics.COST))
                            .rows())
                    .isNotEmpty();
            BudMetricsException failure = failure(() -> client.execute(STATEMENT));
            assertThat(heard.order)
                    .containsExactly(
                            "started {}",
                            "succeeded {}",
                            "started {dashboard=home, panel=cost/day}",
                            "succeeded {dashboard=home, panel=cost/day}",
                            "started {}",
                            "failed {}");
            assertThat(heard.failures).containsExactly(failure);
            StatementStats stats = heard.stats.get(0);
            StubServer.Request request = server.questions().get(0);
            assertThat(request.url("query_id")).containsExactly(stats.queryId());
            assertThat(stats.rows()).isEqualTo(1);
            assertThat(stats.rowsRead()).isEqualTo(7);
            assertThat(stats.bytesRead()).isEqualTo(70);
            assertThat(stats.times().build()).isZero();
            assertThat(stats.times().waiting()).isPositive();
            assertThat(stats.times().transfer()).isPositive();
            assertThat(stats.times().map()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
            assertThat(heard.stats.get(1).times().build()).isPositive();
            assertThat(stats.times().total())
                    .isEqualTo(stats.times()
                            .waiting()
                            .plus(stats.times().transfer())
                            .plus(stats.times().map()));
            assertThat(request.url("log_comment")).containsExactly("budmetrics question");
            assertThat(server.questions().get(1).url("log_comment"))
                    .containsExactly("budmetrics question dashboard=home panel=cost/day");
        }
    }

    /** The race of a close with a call, at its narrowest: after the start was told, and before anything is sent. */
    @Test
    void aListenerHearsTheEndOfACallThatClosingTheClientRefuses() throws IOException {
        AtomicReference<BudMetrics> toClose = new AtomicReference<>();
        Heard heard = new Heard() {
            @Override
            public void started(Map<String, String> tags) {
                super.started(tags);
                Objects.requireNonNull(toClose.get()).close();
            }
        };
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)));
                BudMetrics client = BudMetrics.builder()
                        .dataSource(server.dataSource())
                        .listener(heard)
                        .build()) {
            toClose.set(client);
            assertThatThrownBy(() -> client.execute(STATEMENT)).isInstanceOf(IllegalStateException.class);
            assertThat(heard.order).containsExactly("started {}", "failed {}");
            assertThat(heard.failures).singleElement().satisfies(failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.QUERY_CANCELLED);
                assertThat(failure).hasMessageContaining("the client was closed before it was sent");
            });
            assertThat(server.questions()).isEmpty();
        }
    }

    @Test
    void aListenerHearsOfAMapperThatThrows() throws IOException {
        Heard heard = new Heard();
        SqlStatement<Integer> unmapped = SqlStatement.of("SELECT a", List.of(), columns -> {
            throw new IllegalStateException("SECRET");
        });
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)));
                BudMetrics client = BudMetrics.builder()
                        .dataSource(server.dataSource())
                        .listener(heard)
                        .build()) {
            assertThatThrownBy(() -> client.execute(unmapped)).hasMessage("SECRET");
            assertThat(heard.order).containsExactly("started {}", "failed {}");
            assertThat(heard.failures).singleElement().satisfies(failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                assertThat(failure).hasMessageContaining("java.lang.IllegalStateException");
                assertThat(failure).message().doesNotContain("SECRET");
            });
        }
    }

    @Test
    void aListenerThatFailsChangesNothing() throws IOException {
        StatementListener failing = new StatementListener() {
            @Override
            public void started(Map<String, String> tags) {
                throw new IllegalStateException("SECRET");
            }

            @Override
            public void succeeded(StatementStats stats) {
                throw new IllegalStateException("SECRET");
            }
        };
        try (CapturedLog log = CapturedLog.of(DefaultBudMetrics.class, Level.WARN);
                StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)));
                BudMetrics client = BudMetrics.builder()
                        .dataSource(server.dataSource())
                        .listener(failing)
                        .build()) {
            assertThat(client.execute(STATEMENT)).isEqualTo(5);
            assertThat(log.ownLines())
                    .hasSize(2)
                    .allMatch(line -> line.contains("listener failed with java.lang.IllegalStateException"))
                    .noneMatch(line -> line.contains("SECRET"));
        }
    }

    @Test
    void tagsAreCheckedAndNotShown() throws IOException {
        try (StubServer server = StubServer.start(StubServer.ok(NativeBytes.one("a", 5)));
                BudMetrics client = client(server)) {
            for (Map<String, String> tags : List.of(
                    Map.of("", "a"), Map.of("a", ""), Map.of("a b", "c"), Map.of("a", "SECRET'"), Map.of("a", "é"))) {
                BudMetricsException exception = failure(() -> client.withTags(tags));
                assertThat(exception.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                assertThat(exception).message().doesNotContain("SECRET");
            }
            Map<String, String> many = new HashMap<>();
            for (int i = 0; i < 17; i++) {
                many.put("t" + i, "v");
            }
            assertThat(failure(() -> client.withTags(many))).hasMessageContaining("tags are 17");
        }
    }

    @Test
    void describesWithoutAServer() throws IOException {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        try (StubServer server = StubServer.start(StubServer.ok(new byte[0]));
                BudMetrics client = BudMetrics.builder()
                        .dataSource(server.dataSource())
                        .clock(Clock.fixed(now, ZoneOffset.UTC))
                        .limits(QueryLimits.defaults().withMaxThreads(3))
                        .build()) {
            QuestionDescription description = client.describe(question(Metrics.REQUEST_COUNT));
            assertThat(description)
                    .isEqualTo(new QuestionDescription(
                            List.of("InferenceFact"),
                            List.of("request_arrival_time", "prompt_id"),
                            Instant.parse("2026-02-27T00:00:00Z"),
                            now,
                            3,
                            OptionalLong.of(3),
                            QueryLimits.defaults().withMaxThreads(3)));
            AnalyticsQuestion grouped = QueryBuilder.analytics()
                    .metrics(Metrics.REQUEST_COUNT, Metrics.COST)
                    .since(Instant.parse("2026-02-27T00:00:00Z"))
                    .every(Frequency.DAY)
                    .groupBy(Dimension.MODEL)
                    .build();
            assertThat(client.describe(grouped).maxCells()).isEmpty();
            AnalyticsQuestion ranked = QueryBuilder.analytics()
                    .metrics(Metrics.REQUEST_COUNT, Metrics.COST)
                    .since(Instant.parse("2026-02-27T00:00:00Z"))
                    .every(Frequency.DAY)
                    .groupBy(Dimension.MODEL)
                    .top(5)
                    .build();
            assertThat(client.describe(ranked).maxCells()).hasValue(36);
            AnalyticsBuilder summed = QueryBuilder.analytics()
                    .metrics(Metrics.REQUEST_COUNT, Metrics.COST)
                    .since(Instant.parse("2026-02-27T00:00:00Z"))
                    .every(Frequency.DAY)
                    .groupBy(Dimension.MODEL)
                    .top(5)
                    .withTotals();
            assertThat(client.describe(summed.build()).maxCells()).hasValue(56);
            AnalyticsQuestion compared = summed.comparedWith(Comparison.shiftedBy(Duration.ofDays(7)))
                    .build();
            assertThat(client.describe(compared).maxCells()).hasValue(112);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void anEstimateIsNotLimitedAndCanBeRefused() throws IOException {
        byte[] estimate = new NativeBytes()
                .block(5, 2)
                .column("database", "String")
                .text("d")
                .text("d")
                .column("table", "String")
                .text("t")
                .text("u")
                .column("parts", "UInt64")
                .longs(2, 3)
                .column("rows", "UInt64")
                .longs(1000, 500)
                .column("marks", "UInt64")
                .longs(10, 7)
                .bytes();
        try (StubServer server = StubServer.start(StubServer.inTurn(
                        StubServer.ok(estimate), StubServer.ok(estimate), StubServer.ok(new byte[0])));
                BudMetrics unlimited = client(server);
                BudMetrics client = unlimited.withLimits(
                        QueryLimits.defaults().withMaxRowsToRead(9).withMaxBytesToRead(9))) {
            QueryEstimate found = client.estimate(question(Metrics.COST));
            assertThat(found).isEqualTo(new QueryEstimate(1500, 5, 17));
            assertThat(found.requireAtMostRows(1500)).isSameAs(found);
            BudMetricsException exception = failure(() -> found.requireAtMostRows(1499));
            assertThat(exception.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            assertThat(exception).message().contains("1500 rows in 5 parts, more than the 1499");
            AnalyticsQuestion ranked = QueryBuilder.analytics()
                    .metrics(Metrics.COST)
                    .since(Instant.parse("2026-02-27T00:00:00Z"))
                    .every(Frequency.DAY)
                    .groupBy(Dimension.MODEL)
                    .top(5)
                    .build();
            assertThat(client.estimate(ranked)).isEqualTo(new QueryEstimate(3000, 10, 34));
            assertThat(client.estimate(question(Metrics.COST))).isEqualTo(new QueryEstimate(0, 0, 0));
            StubServer.Request request = server.questions().get(0);
            assertThat(request.body()).startsWith("EXPLAIN ESTIMATE\nSELECT");
            assertThat(request.url("max_rows_to_read")).isEmpty();
            assertThat(request.url("max_bytes_to_read")).isEmpty();
            assertThat(request.url("log_comment")).containsExactly("budmetrics estimate");
            assertThat(server.questions().get(1).body()).doesNotContain("top_groups");
        }
    }

    @Test
    void aClientThatNeedsAScopeAnswersNothingWithout() throws Exception {
        UUID id = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a1");
        AnalyticsQuestion question = QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT)
                .since(Instant.parse("2026-03-01T00:00:00Z"))
                .where(Dimension.PROJECT.is(id))
                .build();
        try (StubServer server = StubServer.start(StubServer.ok(new byte[0]));
                BudMetrics client = BudMetrics.builder()
                        .dataSource(server.dataSource())
                        .requireScope()
                        .build()) {
            BudMetrics tagged = client.withTags(Map.of("a", "b")).withLimits(QueryLimits.defaults());
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> client.execute(question),
                    () -> tagged.execute(question),
                    () -> client.describe(question),
                    () -> client.estimate(question),
                    () -> client.explain(question),
                    () -> client.executeAsync(question, Runnable::run),
                    () -> client.executeAll(List.of(question), Runnable::run))) {
                assertThat(Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, call)))
                        .hasMessage("INVALID_CONFIGURATION: this client requires a scope; give one with"
                                + " scopedTo(filter), such as scopedTo(PROJECT.in(id))");
            }
            BudMetrics scoped = tagged.scopedTo(Dimension.PROJECT.is(id));
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> client.execute(STATEMENT),
                    () -> scoped.execute(STATEMENT),
                    () -> scoped.executeAsync(STATEMENT, Runnable::run))) {
                assertThat(Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, call)))
                        .hasMessageContaining(
                                "this client has a scope, which cannot be added to a statement that you wrote");
            }
            assertThat(server.questions()).isEmpty();

            assertThat(scoped.describe(question).columns()).contains("project_id");
            assertThat(scoped.withTags(Map.of("c", "d")).execute(question).rows())
                    .isNotEmpty();
            assertThat(server.questions().get(0).body())
                    .contains("project_id = {project:UUID}", "project_id = {project_2:UUID}");
        }
    }
}
