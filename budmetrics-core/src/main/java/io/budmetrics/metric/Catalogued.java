package io.budmetrics.metric;

import io.budmetrics.expr.Expr;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A metric whose value is read by a function; ranked largest first. */
final class Catalogued<V extends MetricValue> extends Metric<V> {
    private final Function<Measures, V> reader;
    private final BiFunction<Map<String, @Nullable BigDecimal>, Long, V> parser;
    private final Map<String, Object> parameters;
    private final @Nullable LongFunction<Metric<V>> sampled;

    Catalogued(
            Definition definition,
            List<Aggregate> aggregates,
            Expr ranking,
            Function<Measures, V> reader,
            BiFunction<Map<String, @Nullable BigDecimal>, Long, V> parser) {
        this(definition, aggregates, ranking, reader, parser, Map.of(), null);
    }

    Catalogued(
            Definition definition,
            List<Aggregate> aggregates,
            Expr ranking,
            Function<Measures, V> reader,
            BiFunction<Map<String, @Nullable BigDecimal>, Long, V> parser,
            Map<String, Object> parameters,
            @Nullable LongFunction<Metric<V>> sampled) {
        super(definition, aggregates, ranking, false);
        this.reader = reader;
        this.parser = parser;
        this.parameters = parameters;
        this.sampled = sampled;
    }

    @Override
    public Metric<V> withMinimumSample(long minimum) {
        return sampled == null ? super.withMinimumSample(minimum) : sampled.apply(requireMinimum(name(), minimum));
    }

    @Override
    public V read(Measures measures) {
        return reader.apply(measures);
    }

    @Override
    public V parse(Map<String, @Nullable BigDecimal> fields, long requests) {
        return parser.apply(fields, requests);
    }

    @Override
    public Map<String, Object> parameters() {
        return parameters;
    }
}
