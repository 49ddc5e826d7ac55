package io.budmetrics.bench;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.QueryLimits;
import io.budmetrics.clickhouse.StatementListener;
import io.budmetrics.clickhouse.StatementStats;
import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.time.Frequency;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
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

/** Whole questions on the embedded engine, and how much of their time is spent in building, mapping and reading. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class QuestionBenchmark {
    private static final int DAYS_AND_GROUPS = 36_500;

    /** Requests in the table, in millions; 20 too. */
    @Param({"1", "5"})
    public int millions;

    /** Columns of the answer of 36,500 rows in the flat form; 0 for the typical question. */
    @Param({"0", "8", "18", "56"})
    public int columns;

    /** Buckets of the typical question; HOUR too. */
    @Param("DAY")
    public Frequency.@Nullable Unit unit;

    private final Last last = new Last();
    private @Nullable EmbeddedClickHouse engine;
    private @Nullable BudMetrics client;
    private @Nullable AnalyticsQuestion question;

    /** Remembers what the last statement took. */
    private static final class Last implements StatementListener {
        private @Nullable StatementStats stats;

        @Override
        public void succeeded(StatementStats newStats) {
            stats = newStats;
        }
    }

    /** What of the wall time is ours: building, mapping, and reading every cell. JMH adds both up over the iterations. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Share {
        private long ours;
        private long wall;

        /** Nothing yet. */
        public Share() {}

        /** From the beginning, in each iteration. */
        @Setup(Level.Iteration)
        public void reset() {
            ours = 0;
            wall = 0;
        }

        private void add(long newOurs, long newWall) {
            ours += newOurs;
            wall += newWall;
        }

        /**
         * Ours, of all calls.
         *
         * @return milliseconds
         */
        public double oursMillis() {
            return ours / 1e6;
        }

        /**
         * From the question to the last cell, of all calls.
         *
         * @return milliseconds
         */
        public double wallMillis() {
            return wall / 1e6;
        }
    }

    /**
     * Fills the engine with a year of 100 groups.
     *
     * @throws IOException when the engine refuses
     * @throws InterruptedException when interrupted
     * @throws IllegalStateException when the answer is empty
     */
    @Setup
    public void start() throws IOException, InterruptedException {
        EmbeddedClickHouse started = EmbeddedClickHouse.start();
        engine = started;
        Bodies.fill(started, 100, (millions * 1_000_000 + DAYS_AND_GROUPS - 1) / DAYS_AND_GROUPS);
        BudMetrics newClient = BudMetrics.builder()
                .dataSource(started.dataSource())
                .limits(QueryLimits.defaults().withTimeout(Duration.ofMinutes(10)))
                .listener(last)
                .build();
        AnalyticsQuestion newQuestion = columns == 0
                ? Questions.typical(Frequency.every(1, Objects.requireNonNull(unit)))
                : Questions.ofWidth(columns);
        client = newClient;
        question = newQuestion;
        if (newClient.execute(newQuestion).rows().isEmpty()) {
            throw new IllegalStateException("the answer is empty");
        }
    }

    /** Stops it. */
    @TearDown
    public void stop() {
        Objects.requireNonNull(client).close();
        Objects.requireNonNull(engine).close();
    }

    /**
     * From the question to the sum of its cells.
     *
     * @param share where the time went
     * @return the sum
     */
    @Benchmark
    public double ask(Share share) {
        long start = System.nanoTime();
        AnalyticsAnswer answer = Objects.requireNonNull(client).execute(Objects.requireNonNull(question));
        long reading = System.nanoTime();
        double sum = CellReader.sum(answer);
        long end = System.nanoTime();
        StatementStats stats = Objects.requireNonNull(last.stats);
        share.add(stats.times().build().plus(stats.times().map()).toNanos() + end - reading, end - start);
        return sum;
    }
}
