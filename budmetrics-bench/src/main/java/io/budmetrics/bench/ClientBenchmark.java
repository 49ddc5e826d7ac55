package io.budmetrics.bench;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ClickHouseConfig;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Opening a client; for the cold start, run it with <code>-bm ss -wi 0 -i 1 -f 10</code>. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Dsun.net.httpserver.nodelay=true")
public class ClientBenchmark {
    private @Nullable BodyServer server;

    /**
     * Starts the server.
     *
     * @throws IOException when a body is missing
     */
    @Setup
    public void start() throws IOException {
        byte[] body = Bodies.ofWidth(8);
        server = BodyServer.serving(body, body);
    }

    /** Stops the server. */
    @TearDown
    public void stop() {
        Objects.requireNonNull(server).close();
    }

    private BudMetrics opened() {
        return BudMetrics.connect(ClickHouseConfig.builder()
                .host("127.0.0.1")
                .port(Objects.requireNonNull(server).port())
                .user("default")
                .password("unused")
                .compressed(false)
                .build());
    }

    /**
     * Opened and closed; nothing is sent.
     *
     * @return the client
     */
    @Benchmark
    public BudMetrics open() {
        BudMetrics client = opened();
        client.close();
        return client;
    }

    /**
     * Opened, asked once for 36,500 rows, and closed.
     *
     * @return the answer
     */
    @Benchmark
    public AnalyticsAnswer openAndAsk() {
        SqlStatement<AnalyticsAnswer> statement = Questions.ofWidth(8).statement(SqlContext.of(Layout.inferenceFact()));
        try (BudMetrics client = opened()) {
            return client.execute(statement);
        }
    }
}
