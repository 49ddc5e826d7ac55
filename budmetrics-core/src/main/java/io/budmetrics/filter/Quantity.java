package io.budmetrics.filter;

import static io.budmetrics.internal.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.internal.expr.Expr.Operator.OR;
import static io.budmetrics.internal.expr.Expr.Operator.PLUS;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF_NULL;
import static io.budmetrics.internal.expr.SqlFunction.IS_NOT_NULL;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.internal.access.HasInternals;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.QuantitySql;
import io.budmetrics.internal.expr.ValueType;
import io.budmetrics.internal.layout.LayoutSql;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A number of each request, such as its latency or its cost, which requests can be filtered by. It is missing where the metric
 * about it has no sample: a negative duration was not measured, and a request marked as not streamed has no first token.
 * Immutable; the constants are all there are.
 *
 * <p>A quantity has the Java name of the metric about it, so write it qualified: <code>Quantity.LATENCY</code> beside
 * <code>LATENCY</code>.
 *
 * @param <T> the type of its bounds: {@link Duration}, {@link Long}, {@link BigDecimal} or {@link Double}
 */
public final class Quantity<T> extends HasInternals<QuantitySql<T>> {
    /** End-to-end latency, from arrival to the last byte. */
    public static final Quantity<Duration> LATENCY = duration("response_time", InferenceFact.RESPONSE_TIME_US);
    /** Time to first token, from arrival; missing for what is marked as not streamed. */
    public static final Quantity<Duration> TTFT = timeToFirstToken();
    /** Mean time between two output tokens; missing below two of them. */
    public static final Quantity<Duration> TPOT = new Quantity<>(
            "time_per_output_token", ValueType.DURATION, "ms", Expr.name(LayoutSql.TPOT_US), Optional.empty());
    /** Arrival to forwarding. */
    public static final Quantity<Duration> QUEUING_TIME = duration("queue_time", Expr.name(LayoutSql.QUEUE_TIME_US));
    /** Time spent in the function, model calls included. */
    public static final Quantity<Duration> PROCESSING_TIME =
            duration("processing_time", InferenceFact.PROCESSING_TIME_US);
    /** Time the gateway itself took. */
    public static final Quantity<Duration> GATEWAY_TIME = duration("gateway_time", InferenceFact.GATEWAY_PROCESSING_US);
    /** Time from reading the request to the end of the response, at the gateway. */
    public static final Quantity<Duration> TOTAL_DURATION = duration("total_duration", InferenceFact.TOTAL_DURATION_US);
    /** Length of the audio. */
    public static final Quantity<Duration> AUDIO_DURATION = duration("audio_duration", InferenceFact.AUDIO_DURATION_US);

    /** Input tokens. */
    public static final Quantity<Long> INPUT_TOKENS = count("input_tokens", "tokens", InferenceFact.INPUT_TOKENS);
    /** Output tokens. */
    public static final Quantity<Long> OUTPUT_TOKENS = count("output_tokens", "tokens", InferenceFact.OUTPUT_TOKENS);
    /** Input and output tokens; missing where neither was measured. */
    public static final Quantity<Long> TOTAL_TOKENS = totalTokens();
    /** Tokens spent on reasoning. */
    public static final Quantity<Long> REASONING_TOKENS =
            count("reasoning_tokens", "tokens", InferenceFact.REASONING_TOKENS);
    /** Input tokens read from the prompt cache. */
    public static final Quantity<Long> CACHE_READ_TOKENS =
            count("cache_read_tokens", "tokens", InferenceFact.CACHE_READ_TOKENS);
    /** Input tokens written to the prompt cache. */
    public static final Quantity<Long> CACHE_WRITE_TOKENS =
            count("cache_write_tokens", "tokens", InferenceFact.CACHE_WRITE_TOKENS);
    /** Size of the request body, in bytes. */
    public static final Quantity<Long> BODY_SIZE = count("body_size", "bytes", InferenceFact.BODY_SIZE);
    /** Size of the response body, in bytes. */
    public static final Quantity<Long> RESPONSE_SIZE = count("response_size", "bytes", InferenceFact.RESPONSE_SIZE);
    /** Characters spoken. */
    public static final Quantity<Long> SPOKEN_CHARACTERS =
            count("spoken_characters", "characters", InferenceFact.TTS_CHARACTER_COUNT);
    /** Images in the answer. */
    public static final Quantity<Long> IMAGES = count("images", "images", InferenceFact.IMAGES_GENERATED);
    /** Texts that were embedded. */
    public static final Quantity<Long> EMBEDDED_TEXTS =
            count("embedded_texts", "texts", InferenceFact.EMBEDDING_INPUT_COUNT);
    /** Dimensions of each embedding. */
    public static final Quantity<Long> EMBEDDING_DIMENSIONS =
            count("embedding_dimensions", "dimensions", InferenceFact.EMBEDDING_DIMENSIONS);
    /** Pages of the document. */
    public static final Quantity<Long> PAGES = count("pages", "pages", InferenceFact.DOCUMENT_PAGE_COUNT);

    /** Price billed to the caller, in currency of the installation. */
    public static final Quantity<BigDecimal> COST = new Quantity<>(
            "price", ValueType.AMOUNT, "currency", Expr.name(InferenceFact.COST.name()), Optional.empty());
    /** What the provider charges, in currency of the installation. */
    public static final Quantity<BigDecimal> PROVIDER_COST = new Quantity<>(
            "provider_price",
            ValueType.AMOUNT,
            "currency",
            Expr.name(InferenceFact.INFERENCE_COST.name()),
            Optional.empty());

    /** Latitude of the caller, in degrees, -90 to 90. */
    public static final Quantity<Double> LATITUDE = new Quantity<>(
            "latitude", ValueType.REAL, "degrees", Expr.name(InferenceFact.LATITUDE.name()), Optional.empty());
    /** Longitude of the caller, in degrees, -180 to 180. */
    public static final Quantity<Double> LONGITUDE = new Quantity<>(
            "longitude", ValueType.REAL, "degrees", Expr.name(InferenceFact.LONGITUDE.name()), Optional.empty());

    private static final List<Quantity<?>> ALL = List.of(
            LATENCY,
            TTFT,
            TPOT,
            QUEUING_TIME,
            PROCESSING_TIME,
            GATEWAY_TIME,
            TOTAL_DURATION,
            AUDIO_DURATION,
            INPUT_TOKENS,
            OUTPUT_TOKENS,
            TOTAL_TOKENS,
            REASONING_TOKENS,
            CACHE_READ_TOKENS,
            CACHE_WRITE_TOKENS,
            BODY_SIZE,
            RESPONSE_SIZE,
            SPOKEN_CHARACTERS,
            IMAGES,
            EMBEDDED_TEXTS,
            EMBEDDING_DIMENSIONS,
            PAGES,
            COST,
            PROVIDER_COST,
            LATITUDE,
            LONGITUDE);

    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final int MONEY_SCALE = 12;
    private static final BigDecimal MOST_MONEY = BigDecimal.TEN.pow(12);

    private final String name;
    private final String unit;

    private Quantity(String name, ValueType<T> type, String unit, Expr value, Optional<Expr> condition) {
        super(new QuantitySql<>(type, value, condition));
        this.name = name;
        this.unit = unit;
    }

    private static Quantity<Duration> duration(String name, Column column) {
        return duration(name, Expr.name(column.name()));
    }

    private static Quantity<Duration> duration(String name, Expr value) {
        return new Quantity<>(name, ValueType.DURATION, "ms", value, Optional.of(binary(value, AT_LEAST, number(0))));
    }

    private static Quantity<Duration> timeToFirstToken() {
        Expr value = Expr.name(InferenceFact.TTFT_US.name());
        Expr streamed = call(IF_NULL, Expr.name(InferenceFact.STREAMED.name()), number(1));
        return new Quantity<>(
                "time_to_first_token",
                ValueType.DURATION,
                "ms",
                value,
                Optional.of(Expr.all(binary(value, AT_LEAST, number(0)), streamed)));
    }

    private static Quantity<Long> count(String name, String unit, Column column) {
        return new Quantity<>(name, ValueType.LONG, unit, Expr.name(column.name()), Optional.empty());
    }

    private static Quantity<Long> totalTokens() {
        Expr input = Expr.name(InferenceFact.INPUT_TOKENS.name());
        Expr output = Expr.name(InferenceFact.OUTPUT_TOKENS.name());
        return new Quantity<>(
                "total_tokens",
                ValueType.LONG,
                "tokens",
                binary(call(IF_NULL, input, number(0)), PLUS, call(IF_NULL, output, number(0))),
                Optional.of(binary(call(IS_NOT_NULL, input), OR, call(IS_NOT_NULL, output))));
    }

    /**
     * The quantity of a name, if there is one.
     *
     * @param name such as <code>response_time</code>
     * @return the quantity, or empty
     */
    public static Optional<Quantity<?>> find(String name) {
        Objects.requireNonNull(name, "name is null");
        return ALL.stream().filter(quantity -> quantity.name.equals(name)).findFirst();
    }

    /**
     * Every quantity.
     *
     * @return all of them
     */
    public static List<Quantity<?>> all() {
        return ALL;
    }

    /**
     * The name in JSON and in statements.
     *
     * @return such as <code>response_time</code>
     */
    public String name() {
        return name;
    }

    /**
     * The type of its bounds.
     *
     * @return {@link Duration}, {@link Long}, {@link BigDecimal} or {@link Double}
     */
    public Class<T> type() {
        return Internals.of(this).type().javaType();
    }

    /**
     * The unit of metrics over it.
     *
     * @return such as <code>bytes</code>; durations are <code>ms</code>
     */
    public String unit() {
        return unit;
    }

    /**
     * Requests where it is this much or more.
     *
     * @param bound durations in whole microseconds from 0 to 36,500 days, counts from 0, amounts of at most 12 decimals
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY for a bound outside its range
     */
    public Filter atLeast(T bound) {
        return new Filter.Bound(this, Side.AT_LEAST, bound);
    }

    /**
     * Requests where it is more than this.
     *
     * @param bound durations in whole microseconds from 0 to 36,500 days, counts from 0, amounts of at most 12 decimals
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY for a bound outside its range
     */
    public Filter above(T bound) {
        return new Filter.Bound(this, Side.ABOVE, bound);
    }

    /**
     * Requests where it is this much or less.
     *
     * @param bound durations in whole microseconds from 0 to 36,500 days, counts from 0, amounts of at most 12 decimals
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY for a bound outside its range
     */
    public Filter atMost(T bound) {
        return new Filter.Bound(this, Side.AT_MOST, bound);
    }

    /**
     * Requests where it is less than this.
     *
     * @param bound durations in whole microseconds from 0 to 36,500 days, counts from 0, amounts of at most 12 decimals
     * @return the filter
     * @throws BudMetricsException INVALID_QUERY for a bound outside its range
     */
    public Filter below(T bound) {
        return new Filter.Bound(this, Side.BELOW, bound);
    }

    /**
     * Requests where it was not measured.
     *
     * @return the filter
     */
    public Filter isMissing() {
        return new Filter.Unmeasured(this);
    }

    /**
     * Requests where it was measured.
     *
     * @return the filter
     */
    public Filter isPresent() {
        return isMissing().not();
    }

    /**
     * Checks a bound.
     *
     * @param bound of the type of the quantity
     * @return the bound; an amount with the decimals that every price has, so that equal amounts are equal
     * @throws BudMetricsException INVALID_QUERY when it is outside its range
     */
    Object requireBound(Object bound) {
        return switch (Internals.of(this).type().kind()) {
            case DURATION -> requireDuration((Duration) bound);
            case AMOUNT -> requireMoney((BigDecimal) bound);
            case LONG -> requireCount((Long) bound);
            case REAL -> requireFinite((Double) bound);
            case ID, TEXT, FLAG, INTEGER -> throw new IllegalStateException(name + " has no such bounds");
        };
    }

    private Duration requireDuration(Duration bound) {
        if (bound.isNegative() || bound.compareTo(LONGEST) > 0) {
            throw BudMetricsException.invalidQuery(
                    "filter on " + name + " has the bound " + bound + "; give a duration from PT0S to " + LONGEST);
        }
        if (bound.toNanos() % 1000 != 0) {
            throw BudMetricsException.invalidQuery("filter on " + name + " has the bound " + bound
                    + "; durations are whole microseconds, so leave out what is finer");
        }
        return bound;
    }

    private BigDecimal requireMoney(BigDecimal bound) {
        if (bound.compareTo(MOST_MONEY) > 0 || bound.compareTo(MOST_MONEY.negate()) < 0) {
            throw BudMetricsException.invalidQuery("filter on " + name + " has a bound outside -" + MOST_MONEY + " to "
                    + MOST_MONEY + "; choose one inside");
        }
        if (bound.stripTrailingZeros().scale() > MONEY_SCALE) {
            throw BudMetricsException.invalidQuery("filter on " + name + " has a bound of more than " + MONEY_SCALE
                    + " decimals; prices have " + MONEY_SCALE + ", so round it");
        }
        return bound.setScale(MONEY_SCALE);
    }

    private Long requireCount(Long bound) {
        if (bound < 0) {
            throw BudMetricsException.invalidQuery(
                    "filter on " + name + " has the bound " + bound + "; give 0 or more");
        }
        return bound;
    }

    private Double requireFinite(Double bound) {
        if (!Double.isFinite(bound)) {
            throw BudMetricsException.invalidQuery(
                    "filter on " + name + " has the bound " + bound + "; use a finite number");
        }
        return bound;
    }

    @Override
    public String toString() {
        return name;
    }
}
