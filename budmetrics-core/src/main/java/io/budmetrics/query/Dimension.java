package io.budmetrics.query;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Something requests can be filtered and grouped by. Immutable; the constants are all there are.
 *
 * @param <T> the type of its values
 */
public final class Dimension<T> {
    /** The project that owns the endpoint. */
    public static final Dimension<UUID> PROJECT = new Dimension<>("project", InferenceFact.PROJECT_ID, UUID.class);
    /** The model that answered. */
    public static final Dimension<UUID> MODEL = new Dimension<>("model", InferenceFact.MODEL_ID, UUID.class);
    /** The endpoint that was called. */
    public static final Dimension<UUID> ENDPOINT = new Dimension<>("endpoint", InferenceFact.ENDPOINT_ID, UUID.class);
    /** The project that owns the API key of the caller. */
    public static final Dimension<UUID> USER_PROJECT =
            new Dimension<>("user_project", InferenceFact.API_KEY_PROJECT_ID, UUID.class);
    /** The API key of the caller. */
    public static final Dimension<UUID> API_KEY = new Dimension<>("api_key", InferenceFact.API_KEY_ID, UUID.class);
    /** The stored prompt; asked of {@link TrafficSource#PROMPT} or {@link TrafficSource#ALL}. */
    public static final Dimension<String> PROMPT = new Dimension<>("prompt", InferenceFact.PROMPT_ID, String.class);

    private static final List<Dimension<?>> ALL = List.of(PROJECT, MODEL, ENDPOINT, USER_PROJECT, API_KEY, PROMPT);

    private final String name;
    private final Column column;
    private final Class<T> type;

    private Dimension(String name, Column column, Class<T> type) {
        this.name = name;
        this.column = column;
        this.type = type;
    }

    /**
     * Every dimension.
     *
     * @return all of them
     */
    public static List<Dimension<?>> all() {
        return ALL;
    }

    /**
     * A dimension by its name.
     *
     * @param name such as <code>model</code>
     * @return the dimension
     * @throws BudMetricsException INVALID_QUERY when there is none of this name
     */
    public static Dimension<?> named(String name) {
        Objects.requireNonNull(name, "name is null");
        for (Dimension<?> dimension : ALL) {
            if (dimension.name.equals(name)) {
                return dimension;
            }
        }
        throw BudMetricsException.invalidQuery("dimension: unknown name; use one of " + ALL);
    }

    /**
     * The name in JSON and in statements.
     *
     * @return such as <code>model</code>
     */
    public String name() {
        return name;
    }

    /**
     * The logical column that holds it.
     *
     * @return the column
     */
    public Column column() {
        return column;
    }

    /**
     * The type of its values.
     *
     * @return {@link UUID} or {@link String}
     */
    public Class<T> type() {
        return type;
    }

    /**
     * Requests where the dimension has this value.
     *
     * @param value the value; not null, not empty
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY when the value is null or empty
     */
    public Filter is(T value) {
        return in(Collections.singletonList(value));
    }

    /**
     * Requests where the dimension has one of these values.
     *
     * @param values one or more; none null or empty
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY when there is no value, or one is null or empty
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Filter in(T... values) {
        return in(Arrays.asList(Objects.requireNonNull(values, "values is null")));
    }

    /**
     * Requests where the dimension has one of these values.
     *
     * @param values 1 to 10,000; none null or empty
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY when there is no value or too many, or one is null or empty
     */
    public Filter in(Collection<? extends T> values) {
        return new Filter.In(this, new ArrayList<>(Objects.requireNonNull(values, "values is null")));
    }

    /**
     * A value from its text.
     *
     * @param text as JSON has it
     * @return the value
     * @throws BudMetricsException INVALID_QUERY when the text is not one
     */
    public T parse(String text) {
        Objects.requireNonNull(text, "text is null");
        if (type == String.class) {
            return type.cast(text);
        }
        try {
            UUID uuid = UUID.fromString(text);
            if (!uuid.toString().equalsIgnoreCase(text)) {
                throw new IllegalArgumentException("not in the canonical form");
            }
            return type.cast(uuid);
        } catch (IllegalArgumentException notUuid) {
            throw BudMetricsException.invalidQuery(
                    name + ": a value of " + text.length() + " characters is not a UUID; write 8-4-4-4-12 hex digits");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
