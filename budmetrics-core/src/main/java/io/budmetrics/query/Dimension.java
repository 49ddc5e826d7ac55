package io.budmetrics.query;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.expr.Expr;
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

    /** The end user, as the caller names them. */
    public static final Dimension<String> USER = text("user", InferenceFact.USER_ID);
    /** The name of the model. */
    public static final Dimension<String> MODEL_NAME = text("model_name", InferenceFact.MODEL_NAME);
    /** The version of the model. */
    public static final Dimension<String> MODEL_VERSION = text("model_version", InferenceFact.MODEL_VERSION);
    /** Who runs the model. */
    public static final Dimension<String> PROVIDER = text("provider", InferenceFact.MODEL_PROVIDER);
    /** The kind of the endpoint, such as chat or embedding. */
    public static final Dimension<String> ENDPOINT_TYPE = text("endpoint_type", InferenceFact.ENDPOINT_TYPE);
    /** The name of the function. */
    public static final Dimension<String> FUNCTION = text("function", InferenceFact.FUNCTION_NAME);
    /** The variant of the function. */
    public static final Dimension<String> VARIANT = text("variant", InferenceFact.VARIANT_NAME);
    /** The version of the prompt. */
    public static final Dimension<String> PROMPT_VERSION = text("prompt_version", InferenceFact.PROMPT_VERSION);

    /** Whether the request succeeded. */
    public static final Dimension<Boolean> SUCCESS =
            new Dimension<>("success", InferenceFact.IS_SUCCESS, Boolean.class);
    /** The HTTP status that the caller got. */
    public static final Dimension<Integer> STATUS_CODE =
            new Dimension<>("status_code", InferenceFact.STATUS_CODE, Integer.class);
    /** The code of the error, as the gateway names it. */
    public static final Dimension<String> ERROR_CODE = text("error_code", InferenceFact.ERROR_CODE);
    /** The kind of the error. */
    public static final Dimension<String> ERROR_TYPE = text("error_type", InferenceFact.ERROR_TYPE);
    /** Why the model stopped. */
    public static final Dimension<String> FINISH_REASON = text("finish_reason", InferenceFact.FINISH_REASON);
    /** Whether the answer was streamed. */
    public static final Dimension<Boolean> STREAMED =
            new Dimension<>("streamed", InferenceFact.STREAMED, Boolean.class);
    /** Whether the response cache answered. */
    public static final Dimension<Boolean> CACHED = new Dimension<>("cached", InferenceFact.CACHED, Boolean.class);
    /** Whether the gateway refused the request. */
    public static final Dimension<Boolean> BLOCKED =
            new Dimension<>("blocked", InferenceFact.IS_BLOCKED, Boolean.class);
    /** Why the gateway refused it. */
    public static final Dimension<String> BLOCK_REASON = text("block_reason", InferenceFact.BLOCK_REASON);
    /** The name of the rule that refused it. */
    public static final Dimension<String> RULE = text("rule", InferenceFact.RULE_NAME);
    /** How the request was routed. */
    public static final Dimension<String> ROUTING = text("routing", InferenceFact.ROUTING_DECISION);

    /** The country of the caller, ISO 3166 alpha-2. */
    public static final Dimension<String> COUNTRY = text("country", InferenceFact.COUNTRY_CODE);
    /** The region of the caller. */
    public static final Dimension<String> REGION = text("region", InferenceFact.REGION);
    /** The city of the caller. */
    public static final Dimension<String> CITY = text("city", InferenceFact.CITY);
    /** The network operator of the caller. */
    public static final Dimension<String> ISP = text("isp", InferenceFact.ISP);
    /** The kind of device. */
    public static final Dimension<String> DEVICE = text("device", InferenceFact.DEVICE_TYPE);
    /** The browser or client library. */
    public static final Dimension<String> BROWSER = text("browser", InferenceFact.BROWSER_NAME);
    /** The operating system. */
    public static final Dimension<String> OS = text("os", InferenceFact.OS_NAME);
    /** Whether the client is a bot. */
    public static final Dimension<Boolean> BOT = new Dimension<>("bot", InferenceFact.IS_BOT, Boolean.class);
    /** The HTTP method. */
    public static final Dimension<String> METHOD = text("method", InferenceFact.METHOD);
    /** The path of the URL. */
    public static final Dimension<String> PATH = text("path", InferenceFact.PATH);

    private static final List<Dimension<?>> ALL = List.of(
            PROJECT,
            MODEL,
            ENDPOINT,
            USER_PROJECT,
            API_KEY,
            PROMPT,
            USER,
            MODEL_NAME,
            MODEL_VERSION,
            PROVIDER,
            ENDPOINT_TYPE,
            FUNCTION,
            VARIANT,
            PROMPT_VERSION,
            SUCCESS,
            STATUS_CODE,
            ERROR_CODE,
            ERROR_TYPE,
            FINISH_REASON,
            STREAMED,
            CACHED,
            BLOCKED,
            BLOCK_REASON,
            RULE,
            ROUTING,
            COUNTRY,
            REGION,
            CITY,
            ISP,
            DEVICE,
            BROWSER,
            OS,
            BOT,
            METHOD,
            PATH);

    private final String name;
    private final Column column;
    private final Class<T> type;
    private final String alias;
    private final Expr value;

    private Dimension(String name, Column column, Class<T> type) {
        this.name = name;
        this.column = column;
        this.type = type;
        this.value = Expr.name(column.name());
        this.alias = name.equals(column.name()) ? name + "_key" : name;
    }

    private static Dimension<String> text(String name, Column column) {
        return new Dimension<>(name, column, String.class);
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
     * The name in JSON, and of its parameters in statements.
     *
     * @return such as <code>model</code>
     */
    public String name() {
        return name;
    }

    /**
     * What its column is called in the result of a statement: never like a column of the table, which a statement could
     * take for it.
     *
     * @return the name, or with <code>_key</code> after it
     */
    public String alias() {
        return alias;
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
     * Where it is read from.
     *
     * @return an expression over logical columns
     */
    public Expr value() {
        return value;
    }

    /**
     * The type of its values.
     *
     * @return {@link UUID}, {@link String}, {@link Integer} or {@link Boolean}
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
     * Requests that have no value here.
     *
     * @return the filter
     */
    public Filter isMissing() {
        return new Filter.Missing(this);
    }

    /**
     * Requests that have a value here, whichever.
     *
     * @return the filter
     */
    public Filter isPresent() {
        return isMissing().not();
    }

    /**
     * A value from its text.
     *
     * @param text as JSON has it; a number in digits, a flag as <code>true</code> or <code>false</code>
     * @return the value
     * @throws BudMetricsException INVALID_QUERY when the text is not one
     */
    public T parse(String text) {
        Objects.requireNonNull(text, "text is null");
        if (type == String.class) {
            return type.cast(text);
        }
        if (type == Boolean.class) {
            return type.cast(flag(text));
        }
        return type.cast(type == Integer.class ? (Object) whole(text) : uuid(text));
    }

    private Boolean flag(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw BudMetricsException.invalidQuery(
                name + ": a value of " + text.length() + " characters is no flag; write true or false");
    }

    private Integer whole(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException notWhole) {
            throw BudMetricsException.invalidQuery(
                    name + ": a value of " + text.length() + " characters is no whole number; write digits");
        }
    }

    private UUID uuid(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            if (!uuid.toString().equalsIgnoreCase(text)) {
                throw new IllegalArgumentException("not in the canonical form");
            }
            return uuid;
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
