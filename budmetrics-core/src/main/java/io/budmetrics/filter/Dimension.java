package io.budmetrics.filter;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.access.HasInternals;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.DimensionSql;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.ValueType;
import io.budmetrics.internal.json.Spelling;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Something requests can be filtered and grouped by. Immutable, compared by name; there are the constants, and the classes of
 * quantities with edges of the caller's.
 *
 * @param <T> the type of its values
 */
public final class Dimension<T> extends HasInternals<DimensionSql<T>> {
    /** The project that owns the endpoint. */
    public static final Dimension<UUID> PROJECT = new Dimension<>("project", InferenceFact.PROJECT_ID, ValueType.ID);
    /** The model that answered. */
    public static final Dimension<UUID> MODEL = new Dimension<>("model", InferenceFact.MODEL_ID, ValueType.ID);
    /** The endpoint that was called. */
    public static final Dimension<UUID> ENDPOINT = new Dimension<>("endpoint", InferenceFact.ENDPOINT_ID, ValueType.ID);
    /** The project that owns the API key of the caller. */
    public static final Dimension<UUID> USER_PROJECT =
            new Dimension<>("user_project", InferenceFact.API_KEY_PROJECT_ID, ValueType.ID);
    /** The API key of the caller. */
    public static final Dimension<UUID> API_KEY = new Dimension<>("api_key", InferenceFact.API_KEY_ID, ValueType.ID);
    /** The stored prompt; asked of {@link TrafficSource#PROMPT} or {@link TrafficSource#ALL}. */
    public static final Dimension<String> PROMPT = new Dimension<>("prompt", InferenceFact.PROMPT_ID, ValueType.TEXT);

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
            new Dimension<>("success", InferenceFact.IS_SUCCESS, ValueType.FLAG);
    /** The HTTP status that the caller got. */
    public static final Dimension<Integer> STATUS_CODE =
            new Dimension<>("status_code", InferenceFact.STATUS_CODE, ValueType.INTEGER);
    /** The code of the error, as the gateway names it. */
    public static final Dimension<String> ERROR_CODE = text("error_code", InferenceFact.ERROR_CODE);
    /** The kind of the error. */
    public static final Dimension<String> ERROR_TYPE = text("error_type", InferenceFact.ERROR_TYPE);
    /** Why the model stopped. */
    public static final Dimension<String> FINISH_REASON = text("finish_reason", InferenceFact.FINISH_REASON);
    /** Whether the answer was streamed. */
    public static final Dimension<Boolean> STREAMED =
            new Dimension<>("streamed", InferenceFact.STREAMED, ValueType.FLAG);
    /** Whether the response cache answered. */
    public static final Dimension<Boolean> CACHED = new Dimension<>("cached", InferenceFact.CACHED, ValueType.FLAG);
    /** Whether the gateway refused the request. */
    public static final Dimension<Boolean> BLOCKED =
            new Dimension<>("blocked", InferenceFact.IS_BLOCKED, ValueType.FLAG);
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
    public static final Dimension<Boolean> BOT = new Dimension<>("bot", InferenceFact.IS_BOT, ValueType.FLAG);
    /** The HTTP method. */
    public static final Dimension<String> METHOD = text("method", InferenceFact.METHOD);
    /** The path of the URL. */
    public static final Dimension<String> PATH = text("path", InferenceFact.PATH);

    /** The name of the country of the caller. */
    public static final Dimension<String> COUNTRY_NAME = text("country_name", InferenceFact.COUNTRY_NAME);
    /** The time zone of the caller. */
    public static final Dimension<String> TIMEZONE = text("timezone", InferenceFact.TIMEZONE);
    /** The number of the caller's autonomous system. */
    public static final Dimension<Long> ASN = new Dimension<>("asn", InferenceFact.ASN, ValueType.LONG);
    /** The version of the browser or client library. */
    public static final Dimension<String> BROWSER_VERSION = text("browser_version", InferenceFact.BROWSER_VERSION);
    /** The version of the operating system. */
    public static final Dimension<String> OS_VERSION = text("os_version", InferenceFact.OS_VERSION);
    /** The version of HTTP. */
    public static final Dimension<String> PROTOCOL = text("protocol", InferenceFact.PROTOCOL_VERSION);
    /** The kind of the rule that refused the request. */
    public static final Dimension<String> RULE_TYPE = text("rule_type", InferenceFact.RULE_TYPE);
    /** The priority of the rule that refused the request. */
    public static final Dimension<Integer> RULE_PRIORITY =
            new Dimension<>("rule_priority", InferenceFact.RULE_PRIORITY, ValueType.INTEGER);
    /** What the rule did. */
    public static final Dimension<String> ACTION = text("action", InferenceFact.ACTION_TAKEN);
    /** The state of a stored response. */
    public static final Dimension<String> RESPONSE_STATUS = text("response_status", InferenceFact.RESPONSE_STATUS);
    /** The language that the audio was said to be in. */
    public static final Dimension<String> AUDIO_LANGUAGE = text("audio_language", InferenceFact.AUDIO_LANGUAGE);
    /** The language that was heard. */
    public static final Dimension<String> DETECTED_LANGUAGE =
            text("detected_language", InferenceFact.AUDIO_DETECTED_LANGUAGE);
    /** The voice that speaks. */
    public static final Dimension<String> VOICE = text("voice", InferenceFact.AUDIO_VOICE);
    /** The size of the images. */
    public static final Dimension<String> IMAGE_SIZE = text("image_size", InferenceFact.IMAGE_SIZE);
    /** The quality of the images. */
    public static final Dimension<String> IMAGE_QUALITY = text("image_quality", InferenceFact.IMAGE_QUALITY);

    /** The hundred that the HTTP status is of: <code>2xx</code>, <code>4xx</code>, <code>5xx</code>. */
    public static final Dimension<String> STATUS_CLASS = new Dimension<>(
            InferenceFact.STATUS_CODE,
            DimensionSql.ofClasses(
                    "status_class",
                    InferenceFact.STATUS_CODE.name(),
                    SizeClasses.index(
                            Expr.name(InferenceFact.STATUS_CODE.name()),
                            LongStream.range(1, 7).mapToObj(n -> 100 * n).toList()),
                    List.of("<100", "1xx", "2xx", "3xx", "4xx", "5xx", ">=600")));
    /** Classes of {@link Quantity#LATENCY} with edges at 1, 3, 10 and 30 seconds. */
    public static final Dimension<String> LATENCY_CLASS = SizeClasses.LATENCY.dimension(
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(30)));
    /** Classes of {@link Quantity#TOTAL_TOKENS} with edges at 100, 1,000, 10,000 and 100,000 tokens. */
    public static final Dimension<String> TOKEN_SIZE =
            SizeClasses.TOKENS.dimension(List.of(100L, 1_000L, 10_000L, 100_000L));

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
            PATH,
            COUNTRY_NAME,
            TIMEZONE,
            ASN,
            BROWSER_VERSION,
            OS_VERSION,
            PROTOCOL,
            RULE_TYPE,
            RULE_PRIORITY,
            ACTION,
            RESPONSE_STATUS,
            AUDIO_LANGUAGE,
            DETECTED_LANGUAGE,
            VOICE,
            IMAGE_SIZE,
            IMAGE_QUALITY,
            STATUS_CLASS,
            LATENCY_CLASS,
            TOKEN_SIZE);

    private final Column column;

    private Dimension(String name, Column column, ValueType<T> type) {
        this(column, DimensionSql.ofColumn(name, column.name(), column.nullable(), type));
    }

    Dimension(Column column, DimensionSql<T> sql) {
        super(sql);
        this.column = column;
    }

    private static Dimension<String> text(String name, Column column) {
        return new Dimension<>(name, column, ValueType.TEXT);
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
        return find(name).orElseThrow(() -> {
            String nearest =
                    Spelling.nearest(name, ALL.stream().map(Dimension::name).toList());
            return BudMetricsException.invalidQuery("dimension: unknown name; "
                    + (nearest.isEmpty() ? "" : "did you mean " + nearest + "? ") + "give one of " + ALL);
        });
    }

    /**
     * The dimension of a name; also classes of a quantity, whose name holds their edges.
     *
     * @param name such as <code>model</code> or <code>latency_class_500ms_2s</code>
     * @return the dimension; empty when there is none of this name
     */
    public static Optional<Dimension<?>> find(String name) {
        for (Dimension<?> dimension : ALL) {
            if (dimension.name().equals(name)) {
                return Optional.of(dimension);
            }
        }
        return SizeClasses.find(name);
    }

    /**
     * Classes of a quantity: below the first edge, from each edge to below the next, and from the last edge on. A request of
     * which the quantity was not measured is in none. Named after the quantity and the edges, such as
     * <code>queue_time_class_100ms_1s</code>.
     *
     * @param quantity a duration or a count
     * @param edges 1 to 8 above zero, ascending: whole microseconds up to a day, or counts up to 10^12
     * @param <Q> the type of the edges
     * @return a dimension whose values are texts such as <code>&lt;100ms</code>, <code>100ms-1s</code> and
     *     <code>&gt;=1s</code>, or <code>100-999</code> of counts; groups of equal rank stand in the order of the classes
     * @throws BudMetricsException INVALID_QUERY for another quantity, and for edges that are not so
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <Q> Dimension<String> classes(Quantity<Q> quantity, Q... edges) {
        return SizeClasses.of(quantity).dimension(Arrays.asList(Objects.requireNonNull(edges, "edges is null")));
    }

    /**
     * Classes of {@link Quantity#LATENCY}, such as <code>latency_class_500ms_2s</code>.
     *
     * @param edges 1 to 8 above zero, ascending, in whole microseconds up to a day
     * @return a dimension; see {@link #classes}
     * @throws BudMetricsException INVALID_QUERY for edges that are not so
     */
    public static Dimension<String> latencyClass(Duration... edges) {
        return SizeClasses.LATENCY.dimension(Arrays.asList(Objects.requireNonNull(edges, "edges is null")));
    }

    /**
     * Classes of {@link Quantity#TOTAL_TOKENS}, such as <code>token_size_500_4000</code>.
     *
     * @param edges 1 to 8 above zero, ascending, up to 10^12
     * @return a dimension; see {@link #classes}
     * @throws BudMetricsException INVALID_QUERY for edges that are not so
     */
    public static Dimension<String> tokenSize(long... edges) {
        Objects.requireNonNull(edges, "edges is null");
        return SizeClasses.TOKENS.dimension(Arrays.stream(edges).boxed().toList());
    }

    /**
     * The name in JSON, and of its parameters in statements.
     *
     * @return such as <code>model</code>
     */
    public String name() {
        return Internals.of(this).name();
    }

    /**
     * The logical column that holds it; of classes, a column that their quantity is of.
     *
     * @return the column
     */
    public Column column() {
        return column;
    }

    /**
     * The values in their order, if there are only these.
     *
     * @return the classes of a quantity; empty for every other dimension
     */
    public List<T> classes() {
        return Internals.of(this).classes();
    }

    /**
     * The type of its values.
     *
     * @return {@link UUID}, {@link String}, {@link Integer}, {@link Long} or {@link Boolean}
     */
    public Class<T> type() {
        return Internals.of(this).type().javaType();
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
     * Requests where the dimension has this value: the same as {@link #is}, under a name that is no keyword of Kotlin.
     *
     * @param value the value; not null, not empty
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY when the value is null or empty
     */
    public Filter eq(T value) {
        return is(value);
    }

    /**
     * Requests where the dimension has one of these values: the same as {@link #in(Object[])}, under a name that is no keyword
     * of Kotlin.
     *
     * @param values one or more; none null or empty
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY when there is no value, or one is null or empty
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Filter anyOf(T... values) {
        return in(values);
    }

    /**
     * Requests where the dimension has one of these values: the same as {@link #in(Collection)}, under a name that is no
     * keyword of Kotlin.
     *
     * @param values 1 to 10,000; none null or empty
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY when there is no value or too many, or one is null or empty
     */
    public Filter anyOf(Collection<? extends T> values) {
        return in(values);
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
        return Internals.of(this).parse(text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Dimension<?> that && name().equals(that.name());
    }

    @Override
    public int hashCode() {
        return name().hashCode();
    }

    @Override
    public String toString() {
        return name();
    }
}
