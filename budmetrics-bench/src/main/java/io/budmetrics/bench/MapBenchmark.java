package io.budmetrics.bench;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.clickhouse.internal.decode.NativeDecoder;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlStatement;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the bytes of a real response to the sum of every cell of the answer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        // memory that is touched for the first time would be measured too
        jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
public class MapBenchmark {
    /** Columns of the answer in the flat form. */
    @Param({"8", "18", "56"})
    public int columns;

    /** Rows of the answer; 1000100 too. */
    @Param("36500")
    public int rows;

    private byte @Nullable [] body;
    private @Nullable SqlStatement<AnalyticsAnswer> statement;
    private @Nullable Columns decoded;
    private @Nullable AnalyticsAnswer answer;
    private final byte[] buffer = new byte[1 << 16];

    /**
     * Reads the captured body.
     *
     * @throws IllegalStateException when it is another answer than the one that is measured
     */
    @Setup
    public void load() {
        byte[] bytes = Bodies.of(columns, rows, Bodies.NATIVE);
        body = bytes;
        SqlStatement<AnalyticsAnswer> newStatement =
                Questions.ofWidth(columns).statement(SqlContext.of(Layout.inferenceFact()));
        statement = newStatement;
        Columns newColumns = decodeAll(bytes);
        decoded = newColumns;
        AnalyticsAnswer newAnswer = newStatement.read(newColumns);
        answer = newAnswer;
        if (newAnswer.rows().size() != rows) {
            throw new IllegalStateException(
                    "expected " + rows + " rows but got " + newAnswer.rows().size());
        }
    }

    private static Columns decodeAll(byte[] bytes) {
        try {
            return NativeDecoder.decode(new ByteArrayInputStream(bytes), Bodies::unexpected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The baseline: every byte of the body passes through a buffer and is looked at.
     *
     * @return a sum of the bytes
     * @throws IOException never
     */
    @Benchmark
    public long drain() throws IOException {
        long sum = 0;
        try (InputStream in = new ByteArrayInputStream(Objects.requireNonNull(body))) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int position = 0; position < read; position++) {
                    sum += buffer[position];
                }
            }
        }
        return sum;
    }

    /**
     * Bytes to columns.
     *
     * @return the columns
     */
    @Benchmark
    public Columns decode() {
        return decodeAll(Objects.requireNonNull(body));
    }

    /**
     * Columns to answer, no cell read.
     *
     * @return the answer
     */
    @Benchmark
    public AnalyticsAnswer map() {
        return Objects.requireNonNull(statement).read(Objects.requireNonNull(decoded));
    }

    /**
     * Every cell of an answer.
     *
     * @return their sum
     */
    @Benchmark
    public double readEveryCell() {
        return CellReader.sum(Objects.requireNonNull(answer));
    }

    /**
     * All of it: bytes to columns to answer to every cell.
     *
     * @return the sum of the cells
     */
    @Benchmark
    public double everything() {
        return CellReader.sum(Objects.requireNonNull(statement).read(decodeAll(Objects.requireNonNull(body))));
    }
}
