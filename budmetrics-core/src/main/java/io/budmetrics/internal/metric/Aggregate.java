package io.budmetrics.internal.metric;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.SqlFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One number, or one array of numbers, that a statement computes for a metric: a fold of an argument over the requests of a
 * population that meet a condition. Two aggregates with the same alias are the same number. The expression follows from the
 * fold and is made once, since every statement asks for it. Immutable, compared by value.
 */
public final class Aggregate {
    /** Where in a bucket a running request begins, in microseconds since 1970; for what runs. */
    public static final String SPAN_START = "span_start";
    /** Where in a bucket a running request ends, in microseconds since 1970; for what runs. */
    public static final String SPAN_END = "span_end";

    private final String alias;
    private final Fold fold;
    private final List<Expr> arguments;
    private final @Nullable Expr condition;
    private final Population population;
    private final Expr expression;

    /** Which requests a number is about. */
    public enum Population {
        /** Those that arrived in the bucket. */
        ARRIVED,
        /** Those that ran at some moment of the bucket, whenever they arrived. */
        IN_FLIGHT
    }

    private Aggregate(
            String alias,
            Fold fold,
            List<Expr> arguments,
            @Nullable Expr condition,
            Population population,
            Expr expression) {
        this.alias = Objects.requireNonNull(alias, "alias is null");
        this.fold = fold;
        this.arguments = arguments;
        this.condition = condition;
        this.population = population;
        this.expression = expression;
    }

    /**
     * A fold over all requests that arrived.
     *
     * @param alias its column in the result
     * @param fold how requests become a number
     * @param arguments what is folded
     * @return the aggregate
     */
    public static Aggregate of(String alias, Fold fold, Expr... arguments) {
        return overAll(alias, fold, Population.ARRIVED, arguments);
    }

    /**
     * A fold over all requests that ran.
     *
     * @param alias its column in the result
     * @param fold how requests become a number
     * @param arguments what is folded
     * @return the aggregate
     */
    public static Aggregate running(String alias, Fold fold, Expr... arguments) {
        return overAll(alias, fold, Population.IN_FLIGHT, arguments);
    }

    private static Aggregate overAll(String alias, Fold fold, Population population, Expr... arguments) {
        List<Expr> folded = List.of(arguments);
        SqlFunction function = fold.overAll().orElseThrow(() -> new IllegalArgumentException(fold + " needs one"));
        return new Aggregate(alias, fold, folded, null, population, new Expr.Call(function, List.of(), folded));
    }

    /**
     * How many requests that arrived meet a condition.
     *
     * @param alias its column in the result
     * @param condition which of them count
     * @return the aggregate
     */
    public static Aggregate countIf(String alias, Expr condition) {
        return conditional(alias, Fold.COUNT, List.of(), List.of(), condition);
    }

    /**
     * A fold over the requests that arrived and meet a condition.
     *
     * @param alias its column in the result
     * @param fold how requests become a number
     * @param argument what is folded
     * @param condition which of them count
     * @return the aggregate
     */
    public static Aggregate where(String alias, Fold fold, Expr argument, Expr condition) {
        return conditional(alias, fold, List.of(), List.of(argument), condition);
    }

    /**
     * Exact quantiles over the requests that arrived and meet a condition.
     *
     * @param alias its column in the result
     * @param levels from 0 to 1
     * @param argument what is folded
     * @param condition which of them count
     * @return the aggregate, an array
     */
    public static Aggregate quantiles(String alias, List<Double> levels, Expr argument, Expr condition) {
        return conditional(alias, Fold.QUANTILES, levels, List.of(argument), condition);
    }

    private static Aggregate conditional(
            String alias, Fold fold, List<Double> levels, List<Expr> arguments, Expr condition) {
        SqlFunction function = fold.conditional().orElseThrow(() -> new IllegalArgumentException(fold + " has none"));
        List<Expr> all = new ArrayList<>(arguments);
        all.add(condition);
        return new Aggregate(
                alias, fold, arguments, condition, Population.ARRIVED, new Expr.Call(function, levels, all));
    }

    /**
     * Some values of the requests that arrived and meet a condition, chosen by their rank: an array made of the array of all
     * of them.
     *
     * @param alias its column in the result
     * @param argument what has a rank
     * @param condition which of them count
     * @param chosen an array, made of {@link #allValues}
     * @return the aggregate
     */
    public static Aggregate ranked(String alias, Expr argument, Expr condition, Expr chosen) {
        return new Aggregate(alias, Fold.GROUP_ARRAY, List.of(argument), condition, Population.ARRIVED, chosen);
    }

    /**
     * All values of the requests that meet a condition.
     *
     * @param argument the value
     * @param condition which of them count
     * @return an array, in any order
     */
    public static Expr allValues(Expr argument, Expr condition) {
        return Expr.call(SqlFunction.GROUP_ARRAY_IF, argument, condition);
    }

    /**
     * Its column in the result.
     *
     * @return lower case with underscores
     */
    public String alias() {
        return alias;
    }

    /**
     * How requests become a number.
     *
     * @return the fold
     */
    public Fold fold() {
        return fold;
    }

    /**
     * What is folded.
     *
     * @return the arguments of the fold; empty for a count of requests
     */
    public List<Expr> arguments() {
        return arguments;
    }

    /**
     * Which requests of the population count.
     *
     * @return empty for all of them
     */
    public Optional<Expr> condition() {
        return Optional.ofNullable(condition);
    }

    /**
     * Which requests the number is about.
     *
     * @return those that arrived or those that ran
     */
    public Population population() {
        return population;
    }

    /**
     * How a statement computes it.
     *
     * @return the same object at each call
     */
    public Expr expression() {
        return expression;
    }

    /**
     * Whether it is an array of numbers.
     *
     * @return true for quantiles and for what is chosen by rank
     */
    public boolean array() {
        return fold == Fold.QUANTILES || fold == Fold.GROUP_ARRAY;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Aggregate that
                        && alias.equals(that.alias)
                        && population == that.population
                        && expression.equals(that.expression));
    }

    @Override
    public int hashCode() {
        return alias.hashCode();
    }

    @Override
    public String toString() {
        return alias;
    }
}
