package io.budmetrics.metric;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Measures;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A metric whose value is read by a function; ranked largest first. */
final class Catalogued<V extends MetricValue> extends Metric<V> {
    /** How a value is read. */
    interface Reader<V extends MetricValue> {
        V read(Measures measures);

        /** NaN where it is absent. */
        default double headline(Measures measures) {
            return read(measures).headline().orElse(Double.NaN);
        }

        /** With a headline that needs no value around it, since a delta reads two. */
        static <V extends MetricValue> Reader<V> of(Reader<V> value, ToDoubleFunction<Measures> headline) {
            return new Reader<>() {
                @Override
                public V read(Measures measures) {
                    return value.read(measures);
                }

                @Override
                public double headline(Measures measures) {
                    return headline.applyAsDouble(measures);
                }
            };
        }
    }

    private final Reader<V> reader;
    private final BiFunction<Map<String, @Nullable BigDecimal>, Long, V> parser;
    private final Map<String, Object> parameters;
    private final @Nullable LongFunction<Metric<V>> sampled;

    Catalogued(
            Definition definition,
            List<Aggregate> aggregates,
            Expr ranking,
            Reader<V> reader,
            BiFunction<Map<String, @Nullable BigDecimal>, Long, V> parser) {
        this(definition, aggregates, ranking, reader, parser, Map.of(), null);
    }

    Catalogued(
            Definition definition,
            List<Aggregate> aggregates,
            Expr ranking,
            Reader<V> reader,
            BiFunction<Map<String, @Nullable BigDecimal>, Long, V> parser,
            Map<String, Object> parameters,
            @Nullable LongFunction<Metric<V>> sampled) {
        super(definition, aggregates, ranking, false);
        this.reader = reader;
        this.parser = parser;
        this.parameters = parameters;
        this.sampled = sampled;
    }

    /** Whether requests arrived, and what is counted is known of none. */
    static boolean knownOfNone(Measures measures, int known) {
        return measures.longAt(known) == 0 && measures.requests() > 0;
    }

    @Override
    public Metric<V> withMinimumSample(long minimum) {
        return sampled == null ? super.withMinimumSample(minimum) : sampled.apply(requireMinimum(name(), minimum));
    }

    @Override
    V read(Measures measures) {
        return reader.read(measures);
    }

    @Override
    double headline(Measures measures) {
        return reader.headline(measures);
    }

    @Override
    V parse(Map<String, @Nullable BigDecimal> fields, long requests) {
        return parser.apply(fields, requests);
    }

    @Override
    public Map<String, Object> parameters() {
        return parameters;
    }
}
