package io.budmetrics.result;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.query.Dimension;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests that share a value in every dimension of the question; or all others of a ranking. Immutable. */
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
     * The one group of a question without dimensions.
     *
     * @return everything
     */
    public static Group everything() {
        return EVERYTHING;
    }

    /**
     * A group by its values.
     *
     * @param dimensions the question's dimensions
     * @param values one a dimension, of its type; null where the requests have none
     * @return the group
     */
    public static Group of(List<Dimension<?>> dimensions, @Nullable Object... values) {
        if (dimensions.size() != values.length) {
            throw BudMetricsException.invalidQuery("a group of " + dimensions.size() + " dimensions has "
                    + values.length + " values; give one a dimension");
        }
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value != null && !dimensions.get(i).type().isInstance(value)) {
                throw BudMetricsException.invalidQuery("the group's " + dimensions.get(i) + " is not a "
                        + dimensions.get(i).type().getSimpleName());
            }
        }
        return new Group(List.copyOf(dimensions), Collections.unmodifiableList(Arrays.asList(values.clone())), false);
    }

    /**
     * The group of all that a ranking left out.
     *
     * @param dimensions the question's dimensions
     * @return the others
     */
    public static Group others(List<Dimension<?>> dimensions) {
        return new Group(List.copyOf(dimensions), Collections.<@Nullable Object>nCopies(dimensions.size(), null), true);
    }

    /**
     * The group's value in a dimension.
     *
     * @param dimension one that the question groups by
     * @param <T> its type
     * @return the value; empty where the requests have none, and for the others
     * @throws BudMetricsException INVALID_QUERY when the question does not group by it
     */
    public <T> Optional<T> get(Dimension<T> dimension) {
        int position = dimensions.indexOf(dimension);
        if (position < 0) {
            throw BudMetricsException.invalidQuery(
                    "the question does not group by " + dimension + "; it groups by " + dimensions);
        }
        Object value = values.get(position);
        return value == null ? Optional.empty() : Optional.of(dimension.type().cast(value));
    }

    /**
     * Whether these are all that a ranking left out.
     *
     * @return true for the others
     */
    public boolean isOthers() {
        return others;
    }

    /**
     * What the groups are made of.
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
