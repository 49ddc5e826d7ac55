package io.budmetrics.sql;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.time.Micros;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A typed value that is sent beside a statement and is never part of its text. Made only from types whose text is known, so
 * nothing unencoded can be sent. Immutable, compared by value.
 */
public final class SqlParameter {
    private static final int LONGEST_NAME = 64;
    private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2300-01-01T00:00:00Z");
    private static final String DATE_TIME = "DateTime64(6, 'UTC')";
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final int DECIMALS = 12;
    private static final int DIGITS = 26;

    private final String name;
    private final String type;
    private final Object value;

    private SqlParameter(String name, String type, Object value) {
        this.name = Objects.requireNonNull(name, "name is null");
        this.type = type;
        this.value = Objects.requireNonNull(value, "value is null");
    }

    /**
     * Creates a parameter from an instant.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param instant what is finer than a microsecond is rounded up
     * @return a parameter of type <code>DateTime64(6, 'UTC')</code>
     */
    public static SqlParameter of(String name, Instant instant) {
        Objects.requireNonNull(instant, "instant is null");
        if (instant.isBefore(EARLIEST) || !instant.isBefore(LATEST)) {
            throw BudMetricsException.invalidQuery("parameter " + requireName(name) + " (" + instant
                    + ") is outside what " + DATE_TIME + " holds, " + EARLIEST + " to " + LATEST + ", exclusive");
        }
        return ofMicros(requireName(name), Micros.roundedUp(instant));
    }

    /**
     * Creates a parameter from an instant that is given in microseconds.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param micros microseconds since 1970
     * @return a parameter of type <code>DateTime64(6, 'UTC')</code>
     */
    public static SqlParameter ofMicros(String name, long micros) {
        return new SqlParameter(name, DATE_TIME, micros);
    }

    /**
     * Creates a parameter from an id.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param uuid the value
     * @return a parameter of type <code>UUID</code>
     */
    public static SqlParameter of(String name, UUID uuid) {
        return new SqlParameter(requireName(name), "UUID", uuid);
    }

    /**
     * Creates a parameter from a text.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param text the value, sent verbatim
     * @return a parameter of type <code>String</code>
     */
    public static SqlParameter of(String name, String text) {
        requireWhole(name, text);
        return new SqlParameter(requireName(name), "String", text);
    }

    /**
     * Creates a parameter from ids.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param uuids the values
     * @return a parameter of type <code>Array(UUID)</code>
     */
    public static SqlParameter ofUuids(String name, List<UUID> uuids) {
        return new SqlParameter(requireName(name), "Array(UUID)", copy("uuids", uuids));
    }

    /**
     * Creates a parameter from texts.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param texts the values, sent verbatim
     * @return a parameter of type <code>Array(String)</code>
     */
    public static SqlParameter ofTexts(String name, List<String> texts) {
        List<String> copy = copy("texts", texts);
        copy.forEach(text -> requireWhole(name, text));
        return new SqlParameter(requireName(name), "Array(String)", copy);
    }

    /**
     * Creates a parameter from a whole number.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param whole the value
     * @return a parameter of type <code>Int64</code>
     */
    public static SqlParameter of(String name, long whole) {
        return new SqlParameter(requireName(name), "Int64", whole);
    }

    /**
     * Creates a parameter from whole numbers.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param wholes the values
     * @return a parameter of type <code>Array(Int64)</code>
     */
    public static SqlParameter ofWholes(String name, List<Long> wholes) {
        return new SqlParameter(requireName(name), "Array(Int64)", copy("wholes", wholes));
    }

    /**
     * Creates a parameter from a flag.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param flag the value
     * @return a parameter of type <code>Bool</code>
     */
    public static SqlParameter of(String name, boolean flag) {
        return new SqlParameter(requireName(name), "Bool", flag);
    }

    /**
     * Creates a parameter from flags.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param flags the values
     * @return a parameter of type <code>Array(Bool)</code>
     */
    public static SqlParameter ofFlags(String name, List<Boolean> flags) {
        return new SqlParameter(requireName(name), "Array(Bool)", copy("flags", flags));
    }

    /**
     * Creates a parameter from an amount.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param amount the value, of at most 12 decimals and 26 digits before them
     * @return a parameter of type <code>Decimal(38, 12)</code>
     * @throws BudMetricsException INVALID_QUERY when the amount has more digits
     */
    public static SqlParameter of(String name, BigDecimal amount) {
        Objects.requireNonNull(amount, "amount is null");
        BigDecimal plain = amount.stripTrailingZeros();
        if (plain.scale() > DECIMALS || plain.precision() - plain.scale() > DIGITS) {
            throw BudMetricsException.invalidQuery("parameter " + requireName(name) + " has more than " + DECIMALS
                    + " decimals or " + DIGITS + " digits before them; round it");
        }
        return new SqlParameter(requireName(name), "Decimal(38, 12)", amount.setScale(DECIMALS));
    }

    /**
     * Creates a parameter from an amount with as many decimals as a quotient has.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param amount of at most 24 decimals
     * @return a parameter of type <code>Decimal(76, 24)</code>
     */
    public static SqlParameter ofQuotient(String name, BigDecimal amount) {
        return new SqlParameter(name, "Decimal(76, 24)", amount.setScale(2 * DECIMALS));
    }

    /**
     * Creates a parameter from a floating-point number.
     *
     * @param name the name the text refers to: at most 64 letters, digits and underscores
     * @param real the value, finite
     * @return a parameter of type <code>Float64</code>
     * @throws BudMetricsException INVALID_QUERY when the number is not finite
     */
    public static SqlParameter of(String name, double real) {
        if (!Double.isFinite(real)) {
            throw BudMetricsException.invalidQuery(
                    "parameter " + requireName(name) + " is " + real + "; give a finite number");
        }
        return new SqlParameter(requireName(name), "Float64", real);
    }

    private static <T> List<T> copy(String field, List<T> values) {
        Objects.requireNonNull(values, () -> field + " is null");
        for (T value : values) {
            Objects.requireNonNull(value, () -> "a value of " + field + " is null");
        }
        return List.copyOf(values);
    }

    private static String requireName(String name) {
        Objects.requireNonNull(name, "name is null");
        boolean identifier = !name.isEmpty() && name.length() <= LONGEST_NAME && name.charAt(0) > '9';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            char lower = (char) (c | 0x20);
            identifier &= (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_';
        }
        if (!identifier) {
            throw BudMetricsException.invalidQuery("a parameter's name of " + name.length()
                    + " characters is not an identifier; give at most "
                    + LONGEST_NAME + " letters, digits and underscores, no digit first");
        }
        return name;
    }

    /** Half a character would arrive as another one. */
    private static void requireWhole(String name, String text) {
        Objects.requireNonNull(text, "text is null");
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw BudMetricsException.invalidQuery("parameter " + name
                    + " contains an unpaired surrogate, which cannot be encoded as UTF-8; leave it out");
        }
    }

    /**
     * Returns the name of the parameter.
     *
     * @return the name of the placeholder <code>{name:type}</code> in the text
     */
    public String name() {
        return name;
    }

    /**
     * Returns the ClickHouse type of the parameter.
     *
     * @return such as <code>Array(UUID)</code>
     */
    public String type() {
        return type;
    }

    /**
     * Returns the value in the form in which the server reads it from <code>param_name</code>.
     *
     * @return escaped as a tab-separated field
     */
    public String encoded() {
        if (value instanceof String text) {
            return escaped(new StringBuilder(text.length() + 8), text).toString();
        }
        if (value instanceof List<?> list) {
            return array(list, element -> bare(element) ? element.toString() : quoted(element));
        }
        return scalar();
    }

    /**
     * Returns the value as an SQL literal, for human readers; the library never sends it.
     *
     * @return the literal
     */
    public String literal() {
        if (value instanceof List<?> list) {
            return array(list, SqlParameter::literal);
        }
        return type.equals(DATE_TIME) ? "toDateTime64('" + scalar() + "', 6, 'UTC')" : literal(value);
    }

    private static String literal(Object value) {
        if (value instanceof BigDecimal amount) {
            return (amount.scale() > DECIMALS ? "toDecimal256('" : "toDecimal128('") + amount.toPlainString() + "', "
                    + amount.scale() + ")";
        }
        if (bare(value)) {
            return value.toString();
        }
        return value instanceof UUID ? "toUUID(" + quoted(value) + ")" : quoted(value);
    }

    private static boolean bare(Object value) {
        return value instanceof Long || value instanceof Boolean || value instanceof Double;
    }

    private String scalar() {
        if (value instanceof BigDecimal amount) {
            return amount.toPlainString();
        }
        return value instanceof Long micros && type.equals(DATE_TIME) ? dateTime(micros) : value.toString();
    }

    private static String array(List<?> values, Function<Object, String> element) {
        return values.stream().map(element).collect(Collectors.joining(",", "[", "]"));
    }

    private static String quoted(Object value) {
        String text = value.toString();
        return escaped(new StringBuilder(text.length() + 10).append('\''), text)
                .append('\'')
                .toString();
    }

    private static StringBuilder escaped(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\', '\'' -> out.append('\\').append(c);
                case '\0' -> out.append("\\0");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        return out;
    }

    /** Text, since the server misreads negative epoch decimals. */
    private static String dateTime(long micros) {
        long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY));
        int second = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
        StringBuilder out = new StringBuilder(26).append(day).append(' ');
        digits(out, second / 3600, 10).append(':');
        digits(out, second / 60 % 60, 10).append(':');
        digits(out, second % 60, 10).append('.');
        return digits(out, (int) Math.floorMod(micros, MICROS_PER_SECOND), 100_000)
                .toString();
    }

    private static StringBuilder digits(StringBuilder out, int value, int greatest) {
        for (int power = greatest; power > 0; power /= 10) {
            out.append((char) ('0' + value / power % 10));
        }
        return out;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SqlParameter that
                && name.equals(that.name)
                && type.equals(that.type)
                && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + value.hashCode();
    }

    @Override
    public String toString() {
        return "{" + name + ":" + type + "}";
    }
}
