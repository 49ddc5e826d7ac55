package io.budmetrics.filter;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.access.Internals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on requests, which is true or false for every request. A missing value equals nothing and is above and below
 * nothing, so {@link #not} is the exact complement: every request is counted by a filter or by its opposite. Immutable,
 * compared by value; its text shows no values.
 *
 * <p>Made from dimensions and quantities, such as
 * <code>MODEL.in(a, b).or(PROJECT.is(p).and(Quantity.LATENCY.atLeast(Duration.ofSeconds(2))))</code>. Nested at most 20 deep,
 * of at most 200 conditions.
 */
public sealed interface Filter {
    /**
     * Matches if this filter and all the others match.
     *
     * @param others one or more
     * @return the condition
     * @throws BudMetricsException INVALID_QUERY when there is no other, or when it grows beyond what a question may have
     */
    default Filter and(Filter... others) {
        return new All(joined("and", others));
    }

    /**
     * Matches if this filter or at least one of the others matches.
     *
     * @param others one or more
     * @return the condition
     * @throws BudMetricsException INVALID_QUERY when there is no other, or when it grows beyond what a question may have
     */
    default Filter or(Filter... others) {
        return new Any(joined("or", others));
    }

    /**
     * Matches if this filter does not match, including the case that it does not because a value is missing.
     *
     * @return the exact complement
     * @throws BudMetricsException INVALID_QUERY when it grows beyond what a question may have
     */
    default Filter not() {
        return this instanceof Not not ? not.filter() : new Not(this);
    }

    /**
     * Calls the method of a visitor that is for this kind of filter.
     *
     * @param visitor knows what to do with each kind
     * @param <R> the type of its results
     * @return its result
     */
    @CanIgnoreReturnValue
    <R> R accept(Visitor<R> visitor);

    /**
     * Handles each kind of filter, for example to translate filters. A kind that is added later is an error of compilation
     * in every visitor.
     *
     * @param <R> the type of the results
     */
    interface Visitor<R> {
        /**
         * Visits the values of a dimension.
         *
         * @param filter the filter
         * @return the result
         */
        R visit(In filter);

        /**
         * Visits a dimension without a value.
         *
         * @param filter the filter
         * @return the result
         */
        R visit(Missing filter);

        /**
         * Visits the bound of a quantity.
         *
         * @param filter the filter
         * @return the result
         */
        R visit(Bound filter);

        /**
         * Visits a quantity that was not measured.
         *
         * @param filter the filter
         * @return the result
         */
        R visit(Unmeasured filter);

        /**
         * Visits a negation.
         *
         * @param filter the filter
         * @return the result
         */
        R visit(Not filter);

        /**
         * Visits filters of which all must match.
         *
         * @param filter the filter
         * @return the result
         */
        R visit(All filter);

        /**
         * Visits filters of which at least one must match.
         *
         * @param filter the filter
         * @return the result
         */
        R visit(Any filter);
    }

    private List<Filter> joined(String word, Filter... others) {
        Objects.requireNonNull(others, "others is null");
        if (others.length == 0) {
            throw BudMetricsException.invalidQuery(
                    word + "() names no filter; give at least one, or leave " + word + "() out");
        }
        List<Filter> joined = new ArrayList<>();
        joined.add(this);
        for (int i = 0; i < others.length; i++) {
            if (others[i] == null) {
                throw new NullPointerException("others[" + i + "] is null");
            }
        }
        joined.addAll(Arrays.asList(others));
        return joined;
    }

    /**
     * Rejects filters that exceed the limits of a question: at most 20 levels deep, 200 conditions, 50,000 values.
     *
     * @param filters conditions that must all hold
     * @throws BudMetricsException INVALID_QUERY naming what is too much
     */
    static void requireModest(List<Filter> filters) {
        FilterSize.requireModest(0, filters);
    }

    /**
     * Matches if the dimension has one of the values.
     *
     * @param dimension the dimension
     * @param values 1 to 10,000 values of the dimension's type
     */
    record In(Dimension<?> dimension, List<?> values) implements Filter {
        private static final int MAX_VALUES = 10_000;

        public In {
            Objects.requireNonNull(dimension, "dimension is null");
            Objects.requireNonNull(values, "values is null");
            for (Object value : values) {
                if (value == null) {
                    throw BudMetricsException.invalidQuery("filter on " + dimension
                            + " has a value that is null, which no request equals; leave it out, or use isMissing() for"
                            + " requests without one");
                }
            }
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw BudMetricsException.invalidQuery(
                        "filter on " + dimension + " has no values; leave the filter out, or name at least one");
            }
            if (values.size() > MAX_VALUES) {
                throw BudMetricsException.invalidQuery("filter on " + dimension + " has " + values.size()
                        + " values; at most " + MAX_VALUES + ", or ask several questions");
            }
            for (Object value : values) {
                if (!dimension.type().isInstance(value)) {
                    throw BudMetricsException.invalidQuery("filter on " + dimension + " has a value of type "
                            + value.getClass().getSimpleName() + "; it takes "
                            + dimension.type().getSimpleName());
                }
                Internals.of(dimension).requireKnown(value);
                if (value instanceof String text
                        && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                    throw BudMetricsException.invalidQuery("filter on " + dimension
                            + " contains an unpaired surrogate, which cannot be encoded as UTF-8; leave it out");
                }
                if (value.equals("")) {
                    throw BudMetricsException.invalidQuery(
                            "filter on " + dimension + " has an empty text, which no request has; use isMissing() for"
                                    + " requests without one");
                }
            }
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return Objects.requireNonNull(visitor, "visitor is null").visit(this);
        }

        @Override
        public String toString() {
            return dimension + " in " + values.size() + (values.size() == 1 ? " value" : " values");
        }
    }

    /**
     * Matches if the dimension has no value.
     *
     * @param dimension the dimension
     */
    record Missing(Dimension<?> dimension) implements Filter {
        /** Rejects null. */
        public Missing {
            Objects.requireNonNull(dimension, "dimension is null");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return Objects.requireNonNull(visitor, "visitor is null").visit(this);
        }

        @Override
        public String toString() {
            return dimension + " is missing";
        }
    }

    /**
     * Matches if the quantity was measured and lies on this side of the bound.
     *
     * @param quantity the quantity
     * @param side where it lies
     * @param bound a value of the quantity's type
     */
    record Bound(Quantity<?> quantity, Side side, Object bound) implements Filter {
        /** Rejects a bound that the quantity cannot have. */
        public Bound {
            Objects.requireNonNull(quantity, "quantity is null");
            Objects.requireNonNull(side, "side is null");
            Objects.requireNonNull(bound, "bound is null");
            if (!quantity.type().isInstance(bound)) {
                throw BudMetricsException.invalidQuery("filter on " + quantity + " has a bound of type "
                        + bound.getClass().getSimpleName() + "; it takes "
                        + quantity.type().getSimpleName());
            }
            bound = quantity.requireBound(bound);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return Objects.requireNonNull(visitor, "visitor is null").visit(this);
        }

        @Override
        public String toString() {
            return quantity + " " + side.jsonName() + " a bound";
        }
    }

    /**
     * Matches if the quantity was not measured.
     *
     * @param quantity the quantity
     */
    record Unmeasured(Quantity<?> quantity) implements Filter {
        /** Rejects null. */
        public Unmeasured {
            Objects.requireNonNull(quantity, "quantity is null");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return Objects.requireNonNull(visitor, "visitor is null").visit(this);
        }

        @Override
        public String toString() {
            return quantity + " is missing";
        }
    }

    /**
     * Matches if the filter does not match.
     *
     * @param filter the filter that must not match; not itself a {@link Not}
     */
    record Not(Filter filter) implements Filter {
        /** Rejects a double negation. */
        public Not {
            Objects.requireNonNull(filter, "filter is null");
            if (filter instanceof Not) {
                throw BudMetricsException.invalidQuery("a filter is negated twice; give the filter itself");
            }
            FilterSize.requireModest(1, List.of(filter));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return Objects.requireNonNull(visitor, "visitor is null").visit(this);
        }

        @Override
        public String toString() {
            return "not (" + filter + ")";
        }
    }

    /**
     * Matches if all of the filters match. Equal to one with the same filters in another order.
     *
     * @param filters two or more; filters nested in one of the same kind are merged into this list
     */
    record All(List<Filter> filters) implements Filter {
        /** Rejects fewer than two filters. */
        public All {
            List<Filter> flat = new ArrayList<>();
            for (Filter filter : requireSeveral("all", filters)) {
                flat.addAll(filter instanceof All all ? all.filters() : List.of(filter));
            }
            filters = List.copyOf(flat);
            FilterSize.requireModest(1, filters);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return Objects.requireNonNull(visitor, "visitor is null").visit(this);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof All that && new HashSet<>(filters).equals(new HashSet<>(that.filters));
        }

        @Override
        public int hashCode() {
            return 31 * new HashSet<>(filters).hashCode();
        }

        @Override
        public String toString() {
            return joined(filters, " and ");
        }
    }

    /**
     * Matches if at least one of the filters matches. Equal to one with the same filters in another order.
     *
     * @param filters two or more; filters nested in one of the same kind are merged into this list
     */
    record Any(List<Filter> filters) implements Filter {
        /** Rejects fewer than two filters. */
        public Any {
            List<Filter> flat = new ArrayList<>();
            for (Filter filter : requireSeveral("any", filters)) {
                flat.addAll(filter instanceof Any any ? any.filters() : List.of(filter));
            }
            filters = List.copyOf(flat);
            FilterSize.requireModest(1, filters);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return Objects.requireNonNull(visitor, "visitor is null").visit(this);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Any that && new HashSet<>(filters).equals(new HashSet<>(that.filters));
        }

        @Override
        public int hashCode() {
            return 37 * new HashSet<>(filters).hashCode();
        }

        @Override
        public String toString() {
            return joined(filters, " or ");
        }
    }

    private static String joined(List<Filter> filters, String word) {
        return filters.stream().map(Filter::toString).collect(Collectors.joining(word, "(", ")"));
    }

    private static List<Filter> requireSeveral(String word, List<Filter> filters) {
        Objects.requireNonNull(filters, "filters is null");
        for (Filter filter : filters) {
            Objects.requireNonNull(filter, "a filter is null");
        }
        if (filters.size() < 2) {
            throw BudMetricsException.invalidQuery(
                    word + " joins " + filters.size() + " filters; give two or more, or the one without " + word);
        }
        return filters;
    }

    /** The side of a bound on which a number must lie. */
    enum Side {
        /** Greater or equal. */
        AT_LEAST,
        /** Greater. */
        ABOVE,
        /** Less or equal. */
        AT_MOST,
        /** Less. */
        BELOW;

        /**
         * Returns the name in JSON.
         *
         * @return such as <code>at_least</code>
         */
        public String jsonName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
