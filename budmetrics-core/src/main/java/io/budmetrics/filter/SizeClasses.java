package io.budmetrics.filter;

import static io.budmetrics.internal.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.internal.expr.Expr.Operator.PLUS;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.DimensionSql;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.QuantitySql;
import io.budmetrics.internal.expr.ValueType;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The classes that a quantity may be cut into.
 *
 * @param name what their dimension is called, before the edges
 * @param quantity what is cut
 */
record SizeClasses(String name, Quantity<?> quantity) {
    static final SizeClasses LATENCY = new SizeClasses("latency_class", Quantity.LATENCY);
    static final SizeClasses TOKENS = new SizeClasses("token_size", Quantity.TOTAL_TOKENS);

    private static final Pattern NAME =
            Pattern.compile("(latency_class|token_size|[a-z_]{1,40}_class)((?:_[0-9]{1,15}(?:us|ms|s)?){1,8})");
    private static final int MOST_EDGES = 8;
    private static final long MOST_COUNT = 1_000_000_000_000L;
    private static final Duration LONGEST = Duration.ofDays(1);

    static SizeClasses of(Quantity<?> quantity) {
        Objects.requireNonNull(quantity, "quantity is null");
        SizeClasses classes = new SizeClasses(quantity.name() + "_class", quantity);
        if (!Internals.of(quantity).hasClasses()) {
            throw BudMetricsException.invalidQuery(
                    classes.name + " has no edges; only durations and counts are cut into classes");
        }
        return classes;
    }

    /** The classes that a name describes, if it does. */
    static Optional<Dimension<?>> find(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<SizeClasses> named =
                switch (matcher.group(1)) {
                    case "latency_class" -> Optional.of(LATENCY);
                    case "token_size" -> Optional.of(TOKENS);
                    default ->
                        Quantity.find(matcher.group(1)
                                        .substring(0, matcher.group(1).length() - "_class".length()))
                                .filter(quantity -> Internals.of(quantity).hasClasses())
                                .map(SizeClasses::of);
                };
        return named.flatMap(classes -> classes.described(name, matcher.group(2).substring(1)));
    }

    private Optional<Dimension<?>> described(String asked, String edges) {
        List<Object> sizes = new ArrayList<>();
        for (String edge : edges.split("_", -1)) {
            boolean time = !Character.isDigit(edge.charAt(edge.length() - 1));
            if (time == counts()) {
                return Optional.empty();
            }
            sizes.add(time ? duration(edge) : (Object) Long.valueOf(edge));
        }
        try {
            Dimension<String> dimension = dimension(sizes);
            return dimension.name().equals(asked) ? Optional.of(dimension) : Optional.empty();
        } catch (BudMetricsException impossible) {
            return Optional.empty();
        }
    }

    private boolean counts() {
        return Internals.of(quantity).type() == ValueType.LONG;
    }

    private static Duration duration(String edge) {
        long size = Long.parseLong(edge.replaceAll("[a-z]", ""));
        return Duration.of(
                Math.min(size, LONGEST.toNanos()),
                edge.endsWith("us") ? ChronoUnit.MICROS : edge.endsWith("ms") ? ChronoUnit.MILLIS : ChronoUnit.SECONDS);
    }

    Dimension<String> dimension(List<?> sizes) {
        if (sizes.isEmpty() || sizes.size() > MOST_EDGES) {
            throw BudMetricsException.invalidQuery(
                    name + " has " + sizes.size() + " edges; give 1 to " + MOST_EDGES + ", ascending");
        }
        List<Long> edges = new ArrayList<>();
        for (Object size : sizes) {
            Objects.requireNonNull(size, "an edge is null");
            long edge = size instanceof Duration time ? micros(time) : count((Long) size);
            if (!edges.isEmpty() && edge <= edges.get(edges.size() - 1)) {
                throw BudMetricsException.invalidQuery(name + " has the edge " + text(edge)
                        + " behind one that is not smaller; give them ascending, each once");
            }
            edges.add(edge);
        }
        String suffix = edges.stream().map(this::text).collect(Collectors.joining("_", "_", ""));
        boolean usual = suffix.equals(
                this.equals(LATENCY) ? "_1s_3s_10s_30s" : this.equals(TOKENS) ? "_100_1000_10000_100000" : "");
        QuantitySql<?> cut = Internals.of(quantity);
        Expr index = index(cut.value(), edges);
        Column column = InferenceFact.columns().stream()
                .filter(some -> cut.value().names().contains(some.name()))
                .findFirst()
                .orElse(InferenceFact.RESPONSE_TIME_US);
        return new Dimension<>(
                column,
                DimensionSql.ofClasses(
                        usual ? name : name + suffix,
                        column.name(),
                        cut.condition()
                                .map(measured -> call(IF, measured, index, nothing()))
                                .orElse(index),
                        labels(edges)));
    }

    /** How many edges a number has reached; null of null. */
    static Expr index(Expr number, List<Long> edges) {
        Expr sum = binary(number, AT_LEAST, number(edges.get(0)));
        for (long edge : edges.subList(1, edges.size())) {
            sum = binary(sum, PLUS, binary(number, AT_LEAST, number(edge)));
        }
        return sum;
    }

    private List<String> labels(List<Long> edges) {
        List<String> labels = new ArrayList<>();
        labels.add("<" + text(edges.get(0)));
        for (int i = 1; i < edges.size(); i++) {
            long last = edges.get(i);
            labels.add(text(edges.get(i - 1)) + "-" + text(counts() ? last - 1 : last));
        }
        labels.add(">=" + text(edges.get(edges.size() - 1)));
        return List.copyOf(labels);
    }

    private String text(long edge) {
        if (counts()) {
            return Long.toString(edge);
        }
        return edge % 1_000_000 == 0 ? edge / 1_000_000 + "s" : edge % 1000 == 0 ? edge / 1000 + "ms" : edge + "us";
    }

    private long micros(Duration edge) {
        if (edge.isNegative() || edge.isZero() || edge.compareTo(LONGEST) > 0 || edge.toNanos() % 1000 != 0) {
            throw BudMetricsException.invalidQuery(
                    name + " has the edge " + edge + "; give whole microseconds from PT0.000001S to PT24H");
        }
        return edge.toNanos() / 1000;
    }

    private long count(Long edge) {
        if (edge < 1 || edge > MOST_COUNT) {
            throw BudMetricsException.invalidQuery(name + " has the edge " + edge + "; give 1 to " + MOST_COUNT);
        }
        return edge;
    }
}
