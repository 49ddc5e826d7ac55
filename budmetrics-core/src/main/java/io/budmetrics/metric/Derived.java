package io.budmetrics.metric;

import io.budmetrics.metric.MetricValue.Absence;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A ratio, sum or difference of two headline values, with both of the values. Made by {@link DerivedMetric#value}.
 * Immutable, compared by value.
 *
 * @param <L> the type of the first one's values
 * @param <R> the type of the second one's values
 */
public final class Derived<L extends MetricValue, R extends MetricValue> extends MetricValue {
    private final DerivedMetric.Formula formula;
    private final L left;
    private final R right;
    private final long requests;

    Derived(DerivedMetric.Formula formula, L left, R right, long requests) {
        this.formula = formula;
        this.left = left;
        this.right = right;
        this.requests = requests;
    }

    /**
     * The value of the first metric.
     *
     * @return the value of the same cell, without percentiles
     */
    public L left() {
        return left;
    }

    /**
     * The value of the second metric.
     *
     * @return the value of the same cell, without percentiles
     */
    public R right() {
        return right;
    }

    /**
     * How many requests arrived.
     *
     * @return 0 or more
     */
    public long requests() {
        return requests;
    }

    /**
     * The ratio, sum or difference as a floating-point number.
     *
     * @return in the metric's unit; empty where either side is absent, and where a divisor is 0
     */
    public OptionalDouble value() {
        if (formula.decimal()) {
            return exactHeadline()
                    .map(exact -> OptionalDouble.of(exact.doubleValue()))
                    .orElse(OptionalDouble.empty());
        }
        double value =
                formula.of(left.headline().orElse(Double.NaN), right.headline().orElse(Double.NaN));
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * The ratio, sum or difference as an exact decimal number, where amounts of money are part of it.
     *
     * @return 12 decimals, half to even; empty where {@link #value()} is, and where no amount is part of it
     */
    public Optional<BigDecimal> decimal() {
        return formula.decimal() ? exact(Fields.MONEY_SCALE, RoundingMode.HALF_EVEN) : Optional.empty();
    }

    private Optional<BigDecimal> exact(int scale, RoundingMode rounding) {
        return left.exactHeadline()
                .flatMap(one -> right.exactHeadline().flatMap(other -> formula.of(one, other, scale, rounding)));
    }

    @Override
    public OptionalDouble headline() {
        return value();
    }

    /** A quotient is cut after 24 decimals, as a server that ranks by it cuts it. */
    @Override
    public Optional<BigDecimal> exactHeadline() {
        return formula.decimal() ? exact(DerivedMetric.QUOTIENT_SCALE, RoundingMode.DOWN) : super.exactHeadline();
    }

    @Override
    public Optional<Absence> absence() {
        if (value().isPresent()) {
            return Optional.empty();
        }
        if (left.absence().isPresent()) {
            return left.absence();
        }
        return right.absence().isPresent()
                ? right.absence()
                : Optional.of(requests == 0 ? Absence.NO_TRAFFIC : Absence.UNDEFINED);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        return fields(details ? left.fields(true) : Map.of(), details ? right.fields(true) : Map.of());
    }

    Map<String, @Nullable Number> fields(
            Map<String, @Nullable Number> leftFields, Map<String, @Nullable Number> rightFields) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("value", formula.decimal() ? decimal().orElse(null) : Fields.orNull(value()));
        leftFields.forEach((name, number) -> fields.put(DerivedMetric.LEFT + name, number));
        rightFields.forEach((name, number) -> fields.put(DerivedMetric.RIGHT + name, number));
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(formula, left, right, requests);
    }
}
