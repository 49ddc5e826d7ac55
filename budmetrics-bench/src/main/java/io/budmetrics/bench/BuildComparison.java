package io.budmetrics.bench;

import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import java.util.List;
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

/** What building costs at least, and with jOOQ; beside {@link BuildBenchmark}'s buildOne and buildTypical. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class BuildComparison {
    private final List<String> one = pieces(
            Questions.one().statement(SqlContext.of(Layout.inferenceFact())).sql());
    private final List<String> typical = pieces(
            Questions.typical().statement(SqlContext.of(Layout.inferenceFact())).sql());

    /** Words and what stands between them: about the pieces that a compiler appends. */
    private static List<String> pieces(String sql) {
        return List.of(sql.split("(?<=[ ,(\\n])(?=[^ ])", -1));
    }

    private static String appended(List<String> pieces) {
        StringBuilder text = new StringBuilder(2048);
        for (String piece : pieces) {
            text.append(piece);
        }
        return text.toString();
    }

    /**
     * The limit: one metric's text from its pieces, nothing decided.
     *
     * @return the text
     */
    @Benchmark
    public String appendOne() {
        return appended(one);
    }

    /**
     * The limit: the typical question's text from its pieces, nothing decided.
     *
     * @return the text
     */
    @Benchmark
    public String appendTypical() {
        return appended(typical);
    }

    /**
     * One metric with jOOQ, from its calls.
     *
     * @return the text
     */
    @Benchmark
    public String jooqOne() {
        return OtherBuilders.one();
    }

    /**
     * The typical question with jOOQ, from its calls.
     *
     * @return the text
     */
    @Benchmark
    public String jooqTypical() {
        return OtherBuilders.typical();
    }
}
