package io.budmetrics.internal.record;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.schema.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of one type have in common: how a value is checked, written, and told in JSON. In JSON, ids, times,
 * addresses and decimals are texts, so that they come back exactly as they were through any JSON library.
 *
 * @param <V> the type of the values
 */
public abstract class ValueKind<V> {
    /** The years of which the engine's time functions are sure. */
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2105-12-31T23:59:59.999999Z");

    private static final int SCALE = 12;
    private static final BigDecimal MONEY_LIMIT = new BigDecimal(1_000_000);
    private static final int SHOWN_DIGITS = 40;

    /** Of UTF-8 no more than the server takes in one text, which is 1 GiB. */
    private static final int MAX_CHARACTERS = 1 << 28;

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** UUIDs. */
    public static final ValueKind<UUID> ID = new ValueKind<>() {
        @Override
        void append(UUID value, ColumnSink out) {
            out.id(value);
        }

        @Override
        Object json(UUID value) {
            return value.toString();
        }

        @Override
        UUID read(String name, Object json) {
            String text = string(name, json);
            if (!UUID_TEXT.matcher(text).matches()) {
                throw BudMetricsException.invalidRecord(name + " is not a UUID; give one with hyphens");
            }
            return UUID.fromString(text);
        }
    };

    /** Instants, to the microsecond. */
    public static final ValueKind<Instant> TIME = new ValueKind<>() {
        @Override
        void check(Column column, Instant value) {
            if (value.isBefore(EARLIEST) || value.truncatedTo(ChronoUnit.MICROS).isAfter(LATEST)) {
                throw refused(column, value.toString(), "a time in the years 1970 to 2105");
            }
        }

        @Override
        void append(Instant value, ColumnSink out) {
            out.time(value);
        }

        @Override
        Object json(Instant value) {
            return value.toString();
        }

        @Override
        Instant read(String name, Object json) {
            String text = string(name, json).replaceFirst(" ", "T");
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException withoutOffset) {
                try {
                    return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
                } catch (DateTimeException e) {
                    throw BudMetricsException.invalidRecord(name
                            + " is not a date and time; give one of ISO 8601, such as 2026-03-04T05:06:07.123456Z");
                }
            }
        }
    };

    /** True and false. */
    public static final ValueKind<Boolean> FLAG = new ValueKind<>() {
        @Override
        void append(Boolean value, ColumnSink out) {
            out.flag(value);
        }

        @Override
        Boolean read(String name, Object json) {
            if (json instanceof Boolean flag) {
                return flag;
            }
            throw BudMetricsException.invalidRecord(name + " is not a flag; give true or false");
        }
    };

    /** Amounts from 0 to below 1,000,000, with at most 12 decimals. */
    public static final ValueKind<BigDecimal> MONEY = new ValueKind<>() {
        @Override
        void check(Column column, BigDecimal value) {
            // the comparison comes first: it is cheap for any exponent, where setting a scale is not
            if (value.signum() < 0
                    || value.compareTo(MONEY_LIMIT) >= 0
                    || (value.scale() > SCALE && value.stripTrailingZeros().scale() > SCALE)) {
                String given = value.toString();
                throw refused(
                        column,
                        given.length() <= SHOWN_DIGITS ? given : given.substring(0, SHOWN_DIGITS) + "...",
                        "0 or more and below 1000000, with at most 12 decimals");
            }
        }

        @Override
        void append(BigDecimal value, ColumnSink out) {
            out.whole(value.setScale(SCALE).unscaledValue().longValueExact());
        }

        @Override
        Object json(BigDecimal value) {
            return value.toPlainString();
        }

        @Override
        BigDecimal read(String name, Object json) {
            return money(name, json);
        }
    };

    /** Texts of any length that have a UTF-8 form. */
    public static final ValueKind<String> TEXT = new ValueKind<>() {
        @Override
        void check(Column column, String value) {
            checkText(column, value);
        }

        @Override
        void append(String value, ColumnSink out) {
            out.text(value);
        }

        @Override
        long length(String value) {
            return value.length();
        }

        @Override
        String read(String name, Object json) {
            return string(name, json);
        }
    };

    /** Addresses of IPv4 and IPv6. */
    public static final ValueKind<InetAddress> ADDRESS = new ValueKind<>() {
        @Override
        void append(InetAddress value, ColumnSink out) {
            out.address(value);
        }

        @Override
        Object json(InetAddress value) {
            return Addresses.text(value);
        }

        @Override
        InetAddress read(String name, Object json) {
            InetAddress address = Addresses.parse(string(name, json));
            if (address == null) {
                throw BudMetricsException.invalidRecord(name + " is not an address; give one of IPv4 or IPv6");
            }
            return address;
        }
    };

    private ValueKind() {}

    /** Throws when no record can have the value. */
    void check(Column column, V value) {}

    abstract void append(V value, ColumnSink out);

    /** Characters of a text. */
    long length(V value) {
        return 0;
    }

    /** The value as a text, number or boolean. */
    Object json(V value) {
        return value;
    }

    /** The value of which a JSON library has made a text, a number of any type, or a boolean. */
    abstract V read(String name, Object json);

    /**
     * The error for a value that no record can have.
     *
     * @param column the column of the value
     * @param given the value, never a text of a tenant
     * @param instead what to give
     * @return the exception, to be thrown
     */
    public static BudMetricsException refused(Column column, String given, String instead) {
        return BudMetricsException.invalidRecord(column.name() + " is " + given + "; give " + instead);
    }

    /** The number without its fraction of zeros; refused when it has another fraction, or does not fit into 64 bits. */
    static long whole(String name, Object json) {
        BigDecimal number = decimal(json);
        // the scale first: what is as long as its exponent says must not be written out
        if (number != null && number.precision() - (long) number.scale() <= 19) {
            try {
                return number.longValueExact();
            } catch (ArithmeticException e) {
                throw BudMetricsException.invalidRecord(name + " is not a whole number; give one without a fraction");
            }
        }
        throw BudMetricsException.invalidRecord(name + " is not a whole number; give one without a fraction");
    }

    static double real(String name, Object json) {
        if (json instanceof Number number) {
            return number.doubleValue();
        }
        throw BudMetricsException.invalidRecord(name + " is not a number; give one");
    }

    /** The number; null when it is none, or is not finite. */
    private static @Nullable BigDecimal decimal(Object json) {
        if (json instanceof BigDecimal number) {
            return number;
        }
        if (json instanceof BigInteger number) {
            return new BigDecimal(number);
        }
        if (json instanceof Double || json instanceof Float) {
            double number = ((Number) json).doubleValue();
            // a float's shortest text, which it was read from
            return Double.isFinite(number) ? new BigDecimal(json.toString()) : null;
        }
        return json instanceof Number number ? BigDecimal.valueOf(number.longValue()) : null;
    }

    /**
     * A JSON number was a binary fraction on its way, whatever the JSON library reads it as, and is rounded; a text is taken
     * exactly.
     */
    private static BigDecimal money(String name, Object json) {
        if (json instanceof String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException e) {
                throw BudMetricsException.invalidRecord(
                        name + " is not a number; give a JSON number or a decimal text");
            }
        }
        BigDecimal number = decimal(json);
        if (number == null) {
            throw BudMetricsException.invalidRecord(name + " is not a number; give a JSON number or a decimal text");
        }
        if (number.scale() <= SCALE) {
            return number;
        }
        // below half of the last decimal; setting the scale of 1E-2000000000 would take all memory
        return number.precision() - (long) number.scale() < -SCALE
                ? BigDecimal.ZERO.setScale(SCALE)
                : number.setScale(SCALE, RoundingMode.HALF_EVEN);
    }

    private static String string(String name, Object json) {
        if (json instanceof String text) {
            return text;
        }
        throw BudMetricsException.invalidRecord(name + " is not a text; give a JSON string");
    }

    private static void checkText(Column column, String value) {
        int length = value.length();
        if (length > MAX_CHARACTERS) {
            throw BudMetricsException.invalidRecord(
                    column.name() + " has " + length + " characters; give at most " + MAX_CHARACTERS);
        }
        for (int i = 0; i < length; i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                if (!Character.isHighSurrogate(value.charAt(i))
                        || i + 1 == length
                        || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    throw BudMetricsException.invalidRecord(column.name() + " has an unpaired surrogate at position "
                            + i + ", which cannot be encoded as UTF-8; give valid Unicode");
                }
                i++;
            }
        }
    }
}
