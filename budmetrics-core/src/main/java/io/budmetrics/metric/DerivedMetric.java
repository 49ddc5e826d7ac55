package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.internal.expr.Expr.Operator.MINUS;
import static io.budmetrics.internal.expr.Expr.Operator.PLUS;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.NULL_IF;
import static io.budmetrics.internal.expr.SqlFunction.TO_DECIMAL_256;
import static io.budmetrics.internal.expr.SqlFunction.TO_FLOAT_64;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.Definition.Kind;
import io.budmetrics.metric.Definition.Scale;
import io.budmetrics.metric.Metric.Additivity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A custom metric computed from the headline values of two others, by {@link Metrics#ratio(String, Metric, Metric)},
 * {@link Metrics#sum} or {@link Metrics#difference}. Its parts may be derived themselves. Immutable, compared by value.
 *
 * <p>Amounts of money and whole numbers are computed without rounding; a quotient is cut after 24 decimals. A minimum
 * sample is given to the parts.
 *
 * @param <L> the type of the first one's values
 * @param <R> the type of the second one's values
 */
public final class DerivedMetric<L extends MetricValue, R extends MetricValue> extends Metric<Derived<L, R>> {
    static final String LEFT = "left_";
    static final String RIGHT = "right_";

    private static final int MOST_PARTS = 20;
    private static final long MOST_PER = 1_000_000_000;
    static final int QUOTIENT_SCALE = 24;

    private final Metric<L> left;
    private final Metric<R> right;
    private final Formula formula;

    /** What is done with two values. */
    enum Operation {
        RATIO,
        SUM,
        DIFFERENCE;

        String jsonName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How two values become one.
     *
     * @param operation what is done
     * @param per how many of the divisor a ratio is over
     * @param kind what number comes out
     */
    record Formula(Operation operation, long per, Kind kind) {
        boolean decimal() {
            return kind == Kind.AMOUNT || kind == Kind.QUOTIENT;
        }

        /** NaN where either is, and where the result is not finite; a zero has no sign. */
        double of(double left, double right) {
            double value =
                    switch (operation) {
                        case RATIO -> left * per / right;
                        case SUM -> left + right;
                        case DIFFERENCE -> left - right;
                    };
            return Double.isFinite(value) ? value + 0.0 : Double.NaN;
        }

        Optional<BigDecimal> of(BigDecimal left, BigDecimal right, int scale, RoundingMode rounding) {
            return switch (operation) {
                case RATIO ->
                    right.signum() == 0
                            ? Optional.empty()
                            : Optional.of(left.multiply(BigDecimal.valueOf(per)).divide(right, scale, rounding));
                case SUM -> Optional.of(left.add(right).setScale(scale, rounding));
                case DIFFERENCE -> Optional.of(left.subtract(right).setScale(scale, rounding));
            };
        }
    }

    private DerivedMetric(Definition definition, Formula formula, Metric<L> left, Metric<R> right) {
        super(
                definition,
                aggregates(left, right),
                ranking(formula, left, right),
                formula.operation() != Operation.RATIO && left.smallestFirst());
        this.left = left;
        this.right = right;
        this.formula = formula;
    }

    static <L extends MetricValue, R extends MetricValue> DerivedMetric<L, R> of(
            String name, Operation operation, Metric<L> left, Metric<R> right, long per) {
        Objects.requireNonNull(left, "left is null");
        Objects.requireNonNull(right, "right is null");
        if (size(left) + size(right) > MOST_PARTS) {
            throw BudMetricsException.invalidQuery(
                    name + " is made of " + (size(left) + size(right)) + " metrics; give at most " + MOST_PARTS);
        }
        if (operation == Operation.RATIO) {
            requirePer(name, per);
        } else {
            requireAlike(name, operation, left, right);
        }
        Kind kind = kind(operation, left.definition().kind(), right.definition().kind());
        Formula formula = new Formula(operation, per, kind);
        return new DerivedMetric<>(
                definition(name, formula, left, right), formula, left.forHeadline(), right.forHeadline());
    }

    private static int size(Metric<?> metric) {
        return metric instanceof DerivedMetric<?, ?> derived ? size(derived.left) + size(derived.right) : 1;
    }

    private static void requirePer(String name, long per) {
        long power = 1;
        while (power < per && power < MOST_PER) {
            power *= 10;
        }
        if (power != per) {
            throw BudMetricsException.invalidQuery(
                    name + " is a ratio per " + per + "; give a power of ten from 1 to " + MOST_PER);
        }
    }

    private static void requireAlike(String name, Operation operation, Metric<?> left, Metric<?> right) {
        if (!left.unit().equals(right.unit())) {
            throw BudMetricsException.invalidQuery(
                    name + " is a " + operation.jsonName() + " of " + left + " in " + left.unit() + " and " + right
                            + " in " + right.unit() + "; give metrics of one unit, or build a ratio");
        }
        if (!left.definition().scale().sameAs(right.definition().scale())) {
            throw BudMetricsException.invalidQuery(name + " is a " + operation.jsonName() + " of " + left + " and "
                    + right + ", one of which is an average over time or a price per so many tokens and the other"
                    + " something else; give metrics of one kind, or build a ratio");
        }
    }

    private static Kind kind(Operation operation, Kind left, Kind right) {
        boolean wholes = left == Kind.WHOLE && right == Kind.WHOLE;
        if (operation == Operation.RATIO) {
            boolean exact =
                    (left == Kind.WHOLE || left == Kind.AMOUNT) && (right == Kind.WHOLE || right == Kind.AMOUNT);
            return exact && !wholes ? Kind.QUOTIENT : Kind.REAL;
        }
        if (wholes || (left == Kind.AMOUNT && right == Kind.AMOUNT)) {
            return left;
        }
        boolean amounts =
                (left == Kind.AMOUNT || left == Kind.QUOTIENT) && (right == Kind.AMOUNT || right == Kind.QUOTIENT);
        return amounts ? Kind.QUOTIENT : Kind.REAL;
    }

    private static Definition definition(String name, Formula formula, Metric<?> left, Metric<?> right) {
        boolean ratio = formula.operation() == Operation.RATIO;
        Scale scale = left.definition().scale();
        if (ratio) {
            scale = scale.over(right.definition().scale()).over(new Scale(BigDecimal.valueOf(formula.per()), 0));
        }
        String sign =
                switch (formula.operation()) {
                    case RATIO -> " / ";
                    case SUM -> " + ";
                    case DIFFERENCE -> " - ";
                };
        return new Definition(
                        name,
                        name.replace('_', ' '),
                        "value",
                        ratio ? unit(left.unit(), right.unit(), formula.per()) : left.unit(),
                        (formula.per() > 1 ? formula.per() + " x " : "") + left.headlineName() + " of " + left + sign
                                + right.headlineName() + " of " + right,
                        ratio
                                ? "absent if either is absent, and undefined if the second is 0"
                                : "absent if either is absent",
                        ratio ? Additivity.NONE : weaker(left.additivity(), right.additivity()),
                        Rules.NO_STANDARD)
                .ranked(scale)
                .of(formula.kind());
    }

    private static String unit(String left, String right, long per) {
        if (left.equals(right) && per == 1) {
            return "ratio";
        }
        String divisor = per == 1 ? right : per + " " + right;
        return bracketed(left) + "/" + bracketed(divisor);
    }

    private static String bracketed(String unit) {
        return unit.contains("/") ? "(" + unit + ")" : unit;
    }

    private static Additivity weaker(Additivity left, Additivity right) {
        return left.compareTo(right) > 0 ? left : right;
    }

    private static List<Aggregate> aggregates(Metric<?> left, Metric<?> right) {
        List<Aggregate> aggregates = new ArrayList<>(left.aggregates());
        aggregates.addAll(right.aggregates());
        return aggregates;
    }

    private static Expr ranking(Formula formula, Metric<?> left, Metric<?> right) {
        Expr one = formula.decimal() ? cut(left) : real(left);
        Expr other = formula.decimal() ? cut(right) : real(right);
        return switch (formula.operation()) {
            case RATIO ->
                binary(
                        formula.decimal() ? call(TO_DECIMAL_256, one, number(QUOTIENT_SCALE)) : one,
                        DIVIDE,
                        call(NULL_IF, other, number(0)));
            case SUM -> binary(one, PLUS, other);
            case DIFFERENCE -> binary(one, MINUS, other);
        };
    }

    private static Expr real(Metric<?> metric) {
        return metric.decimal() ? call(TO_FLOAT_64, cut(metric)) : metric.ranking();
    }

    /** A quotient as it is added up and divided in Java too. */
    private static Expr cut(Metric<?> metric) {
        return metric.definition().kind() == Kind.QUOTIENT
                ? call(TO_DECIMAL_256, metric.ranking(), number(QUOTIENT_SCALE))
                : metric.ranking();
    }

    /**
     * The first of the two metrics.
     *
     * @return the metric, without percentiles, which the headline value does not need
     */
    public Metric<L> left() {
        return left;
    }

    /**
     * The second of the two metrics.
     *
     * @return the metric, without percentiles, which the headline value does not need
     */
    public Metric<R> right() {
        return right;
    }

    /**
     * Makes a value of this metric, for an answer built by hand.
     *
     * @param leftValue the first metric's value, without percentiles
     * @param rightValue the second metric's value, without percentiles
     * @param requests requests that arrived, 0 or more
     * @return the value
     * @throws BudMetricsException INVALID_QUERY for a negative number of requests
     */
    public Derived<L, R> value(L leftValue, R rightValue, long requests) {
        Objects.requireNonNull(leftValue, "leftValue is null");
        Objects.requireNonNull(rightValue, "rightValue is null");
        Fields.requireNotNegative("requests", requests);
        return new Derived<>(formula, leftValue, rightValue, requests);
    }

    @Override
    public Metric<Derived<L, R>> withMinimumSample(long minimum) {
        throw BudMetricsException.invalidQuery(
                name() + " does not support a minimum sample; give one to a metric that it is made of");
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("metric", formula.operation().jsonName());
        parameters.put("parts", List.of(part(left), part(right)));
        if (formula.per() > 1) {
            parameters.put("per", formula.per());
        }
        return parameters;
    }

    /** A name of the catalogue, or the name and all else. */
    private static Object part(Metric<?> metric) {
        Map<String, Object> given = metric.parameters();
        if (given.isEmpty()) {
            return metric.name();
        }
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("name", metric.name());
        part.putAll(given);
        return part;
    }

    @Override
    Derived<L, R> read(Measures measures) {
        return new Derived<>(
                formula,
                left.read(measures),
                right.read(new Later(measures, left.aggregates().size())),
                measures.requests());
    }

    @Override
    double headline(Measures measures) {
        return formula.decimal()
                ? super.headline(measures)
                : formula.of(
                        left.headline(measures),
                        right.headline(new Later(measures, left.aggregates().size())));
    }

    @Override
    Map<String, @Nullable Number> fields(Derived<L, R> value, boolean details) {
        return details
                ? value.fields(left.fields(value.left(), true), right.fields(value.right(), true))
                : value.fields(false);
    }

    @Override
    Derived<L, R> parse(Map<String, @Nullable BigDecimal> fields, long requests) {
        return new Derived<>(
                formula,
                left.parse(behind(LEFT, fields), requests),
                right.parse(behind(RIGHT, fields), requests),
                requests);
    }

    private static Map<String, @Nullable BigDecimal> behind(String prefix, Map<String, @Nullable BigDecimal> fields) {
        Map<String, @Nullable BigDecimal> part = new HashMap<>();
        fields.forEach((name, number) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), number);
            }
        });
        return part;
    }

    /** Measures of which the first belong to another metric. */
    private record Later(Measures measures, int offset) implements Measures {
        @Override
        public long requests() {
            return measures.requests();
        }

        @Override
        public long coveredMicros() {
            return measures.coveredMicros();
        }

        @Override
        public boolean isAbsent(int aggregate) {
            return measures.isAbsent(offset + aggregate);
        }

        @Override
        public long longAt(int aggregate) {
            return measures.longAt(offset + aggregate);
        }

        @Override
        public double doubleAt(int aggregate) {
            return measures.doubleAt(offset + aggregate);
        }

        @Override
        public BigDecimal decimalAt(int aggregate) {
            return measures.decimalAt(offset + aggregate);
        }

        @Override
        public double elementAt(int aggregate, int element) {
            return measures.elementAt(offset + aggregate, element);
        }
    }
}
