package io.budmetrics.internal.expr;

import io.budmetrics.error.BudMetricsException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.UUID;

/**
 * The type of the values of a dimension or of the bounds of a quantity, and all that depends on it: how a value is read from
 * text, how statements hold it, and how they order it. The constants are the only instances.
 *
 * @param <T> the Java type of a value
 */
public final class ValueType<T> {
    /** An identity. */
    public static final ValueType<UUID> ID =
            new ValueType<>(Kind.ID, UUID.class, "toUUID('00000000-0000-0000-0000-000000000000')");
    /** A text. */
    public static final ValueType<String> TEXT = new ValueType<>(Kind.TEXT, String.class, "''");
    /** True or false. */
    public static final ValueType<Boolean> FLAG = new ValueType<>(Kind.FLAG, Boolean.class, "0");
    /** A whole number of at most 32 bits. */
    public static final ValueType<Integer> INTEGER = new ValueType<>(Kind.INTEGER, Integer.class, "0");
    /** A whole number of at most 64 bits. */
    public static final ValueType<Long> LONG = new ValueType<>(Kind.LONG, Long.class, "0");
    /** A length of time, which statements know in microseconds. */
    public static final ValueType<Duration> DURATION = new ValueType<>(Kind.DURATION, Duration.class, "0");
    /** An amount of money. */
    public static final ValueType<BigDecimal> AMOUNT = new ValueType<>(Kind.AMOUNT, BigDecimal.class, "0");
    /** A floating-point number. */
    public static final ValueType<Double> REAL = new ValueType<>(Kind.REAL, Double.class, "0");

    /** The types as an enum, so that a switch over them is complete or does not compile. */
    public enum Kind {
        ID,
        TEXT,
        FLAG,
        INTEGER,
        LONG,
        DURATION,
        AMOUNT,
        REAL
    }

    private final Kind kind;
    private final Class<T> javaType;
    private final String none;

    private ValueType(Kind kind, Class<T> javaType, String none) {
        this.kind = kind;
        this.javaType = javaType;
        this.none = none;
    }

    public Kind kind() {
        return kind;
    }

    public Class<T> javaType() {
        return javaType;
    }

    /** The SQL literal that replaces a null of this type where values are compared, since nothing equals null. */
    public String none() {
        return none;
    }

    /** Whether values are ordered by their texts, as ClickHouse orders UUIDs by their second half first. */
    public boolean orderedByText() {
        return kind == Kind.ID;
    }

    /** A value as statements know it: whole numbers as {@link Long}, durations in microseconds. */
    public Object plain(Object value) {
        return switch (kind) {
            case INTEGER -> (long) (Integer) value;
            case DURATION -> ((Duration) value).toNanos() / 1000;
            case ID, TEXT, FLAG, LONG, AMOUNT, REAL -> value;
        };
    }

    /** A flag or a whole number from what a result holds. */
    public T ofNumber(long number) {
        return javaType.cast(
                switch (kind) {
                    case FLAG -> (Object) (number != 0);
                    case INTEGER -> (Object) Math.toIntExact(number);
                    case LONG -> (Object) number;
                    case ID, TEXT, DURATION, AMOUNT, REAL -> throw new IllegalStateException(kind + " is no number");
                });
    }

    /**
     * A value of a dimension from its text.
     *
     * @param field what the value belongs to, for the error message
     * @param text a UUID, a text, a flag as true or false, or a whole number in digits
     * @return the value
     * @throws BudMetricsException INVALID_QUERY when the text is not one
     */
    public T parse(String field, String text) {
        try {
            return javaType.cast(
                    switch (kind) {
                        case ID -> uuid(text);
                        case TEXT -> text;
                        case FLAG -> flag(text);
                        case INTEGER -> (Object) Integer.valueOf(text);
                        case LONG -> (Object) Long.valueOf(text);
                        case DURATION, AMOUNT, REAL ->
                            throw new IllegalStateException(kind + " is the type of a bound");
                    });
        } catch (IllegalArgumentException malformed) {
            throw BudMetricsException.invalidQuery(
                    field + ": a value of " + text.length() + " characters is " + expected());
        }
    }

    private static UUID uuid(String text) {
        UUID uuid = UUID.fromString(text);
        // Java also reads shortened groups
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not in the canonical form");
        }
        return uuid;
    }

    private static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("no flag");
        }
        return text.equals("true");
    }

    private String expected() {
        return switch (kind) {
            case ID -> "not a UUID; give 8-4-4-4-12 hex digits";
            case FLAG -> "no flag; give true or false";
            case INTEGER, LONG -> "no whole number; give digits";
            case TEXT, DURATION, AMOUNT, REAL -> throw new IllegalStateException(kind + " is not parsed");
        };
    }

    @Override
    public String toString() {
        return kind.toString();
    }
}
