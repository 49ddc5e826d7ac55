package io.budmetrics.bench;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.SqlCompiler;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a question, or from the calls that make it, to the statement. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class BuildBenchmark {
    private final SqlCompiler compiler = SqlCompiler.forLayout(Layout.inferenceFact());
    private final AnalyticsQuestion one = Questions.one();
    private final AnalyticsQuestion typical = Questions.typical();
    private final AnalyticsQuestion all = Questions.all();

    /**
     * One metric, from the question.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> compileOne() {
        return compiler.compile(one);
    }

    /**
     * Three metrics, grouped, filtered, top, change, from the question.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> compileTypical() {
        return compiler.compile(typical);
    }

    /**
     * Eleven metrics, three dimensions, change, from the question.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> compileAll() {
        return compiler.compile(all);
    }

    /**
     * One metric, from the calls.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> buildOne() {
        return compiler.compile(Questions.one());
    }

    /**
     * Three metrics, grouped, filtered, top, change, from the calls.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> buildTypical() {
        return compiler.compile(Questions.typical());
    }

    /**
     * Eleven metrics, three dimensions, change, from the calls.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> buildAll() {
        return compiler.compile(Questions.all());
    }
}
