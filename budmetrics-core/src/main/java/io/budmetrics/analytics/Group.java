package io.budmetrics.analytics;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests that share a value in every dimension of the question, or all groups that a ranking left out. Immutable,
 * compared by value; its text shows no ids.
 */
public final class Group {
    private static final Group EVERYTHING = new Group(List.of(), List.of(), false);

    private final List<Dimension<?>> dimensions;
    private final List<@Nullable Object> values;
    private final boolean others;

    private Group(List<Dimension<?>> dimensions, List<@Nullable Object> values, boolean others) {
        this.dimensions = dimensions;
        this.values = values;
        this.others = others;
    }

    /**
     * Returns the only group of a question without dimensions.
     *
     * @return everything
     */
    public static Group everything() {
        return EVERYTHING;
    }

    /**
     * Creates a group from its value in one dimension; {@link #and} adds the other dimensions of a question.
     *
     * @param dimension the question's first dimension
     * @param value its value; null where the requests have none
     * @param <T> the type of its values
     * @return the group
     */
    public static <T> Group of(Dimension<T> dimension, @Nullable T value) {
        return EVERYTHING.and(dimension, value);
    }

    /**
     * Adds a value in one more dimension.
     *
     * @param dimension the question's next dimension
     * @param value its value; null where the requests have none
     * @param <T> the type of its values
     * @return a new group
     * @throws BudMetricsException INVALID_QUERY when this group has the dimension already, or is that of the others
     */
    public <T> Group and(Dimension<T> dimension, @Nullable T value) {
        Objects.requireNonNull(dimension, "dimension is null");
        if (others || dimensions.contains(dimension)) {
            throw BudMetricsException.invalidQuery((others ? "the group of others" : "the group") + " has its "
                    + dimension + " already; name each dimension once");
        }
        List<Dimension<?>> moreDimensions = new ArrayList<>(dimensions);
        moreDimensions.add(dimension);
        List<@Nullable Object> moreValues = new ArrayList<>(values);
        moreValues.add(value == null ? null : dimension.type().cast(value));
        return new Group(List.copyOf(moreDimensions), Collections.unmodifiableList(moreValues), false);
    }

    /**
     * Returns the group of all groups that a ranking left out.
     *
     * @param dimensions the question's dimensions
     * @return the others
     */
    public static Group others(Dimension<?>... dimensions) {
        Objects.requireNonNull(dimensions, "dimensions is null");
        for (Dimension<?> dimension : dimensions) {
            Objects.requireNonNull(dimension, "a dimension is null");
        }
        return others(List.of(dimensions));
    }

    static Group others(List<Dimension<?>> dimensions) {
        return new Group(List.copyOf(dimensions), Collections.<@Nullable Object>nCopies(dimensions.size(), null), true);
    }

    /** The values are of their dimensions' types, as many as there are. */
    static Group ofValues(List<Dimension<?>> dimensions, @Nullable Object... values) {
        return new Group(List.copyOf(dimensions), Collections.unmodifiableList(Arrays.asList(values)), false);
    }

    /** What stands for the values in the order of groups, null where there is none. */
    List<@Nullable String> texts() {
        List<@Nullable String> texts = new ArrayList<>();
        for (int d = 0; d < dimensions.size(); d++) {
            Object value = values.get(d);
            texts.add(value == null ? null : text(dimensions.get(d), value));
        }
        return texts;
    }

    private static String text(Dimension<?> dimension, Object value) {
        if (!dimension.classes().isEmpty()) {
            // at most nine, by their positions
            return Integer.toString(dimension.classes().indexOf(value));
        }
        return value instanceof Number number
                ? "%20s".formatted(Long.toUnsignedString(number.longValue() ^ Long.MIN_VALUE))
                : value.toString();
    }

    /**
     * Returns the group's value in a dimension.
     *
     * @param dimension one that the question groups by
     * @param <T> its type
     * @return the value; empty where the requests have none, and for the others
     * @throws BudMetricsException INVALID_QUERY when the question does not group by it
     */
    public <T> Optional<T> get(Dimension<T> dimension) {
        Objects.requireNonNull(dimension, "dimension is null");
        int position = dimensions.indexOf(dimension);
        if (position < 0) {
            throw BudMetricsException.invalidQuery(
                    "the question does not group by " + dimension + "; it groups by " + dimensions);
        }
        Object value = values.get(position);
        return value == null ? Optional.empty() : Optional.of(dimension.type().cast(value));
    }

    /**
     * Returns whether this is the group of all that a ranking left out.
     *
     * @return true for the others
     */
    public boolean isOthers() {
        return others;
    }

    /**
     * Returns the dimensions of the group.
     *
     * @return the question's dimensions
     */
    public List<Dimension<?>> dimensions() {
        return dimensions;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Group that
                && others == that.others
                && dimensions.equals(that.dimensions)
                && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return 31 * values.hashCode() + Boolean.hashCode(others);
    }

    @Override
    public String toString() {
        return others ? "Group[others]" : "Group" + dimensions;
    }
}
