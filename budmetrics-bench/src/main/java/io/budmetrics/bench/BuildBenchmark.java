package io.budmetrics.bench;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.question.SqlContext;
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
    private final SqlContext compiler = SqlContext.of(Layout.inferenceFact());
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
        return one.statement(compiler);
    }

    /**
     * Three metrics, grouped, filtered, top, change, from the question.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> compileTypical() {
        return typical.statement(compiler);
    }

    /**
     * Eleven metrics, three dimensions, change, from the question.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> compileAll() {
        return all.statement(compiler);
    }

    /**
     * One metric, from the calls.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> buildOne() {
        return Questions.one().statement(compiler);
    }

    /**
     * Three metrics, grouped, filtered, top, change, from the calls.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> buildTypical() {
        return Questions.typical().statement(compiler);
    }

    /**
     * Eleven metrics, three dimensions, change, from the calls.
     *
     * @return the statement
     */
    @Benchmark
    public SqlStatement<AnalyticsAnswer> buildAll() {
        return Questions.all().statement(compiler);
    }
}
