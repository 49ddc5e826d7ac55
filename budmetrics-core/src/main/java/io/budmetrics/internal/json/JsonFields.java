package io.budmetrics.internal.json;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.expr.ValueType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, read by name and type. What does not fit is refused by the name of the field and never
 * with its text; null counts as absent.
 */
public final class JsonFields {
    private static final int LONGEST_NUMBER = 24;

    /** A date, maybe with a time, maybe with an offset. */
    private static final DateTimeFormatter DATE_TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT)
            .withChronology(IsoChronology.INSTANCE);

    /** Where a time begins after a date. */
    private static final int TIME = "2026-01-07".length();

    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,30}(?:\\.[0-9]{1,30})?");

    private final String prefix;
    private final Map<?, ?> fields;

    private JsonFields(String prefix, Map<?, ?> fields) {
        this.prefix = prefix;
        this.fields = fields;
    }

    /** An object that has no other fields than those named. */
    public static JsonFields of(String name, Object json, List<String> known) {
        return of(name, "", json, KnownFields.of(known));
    }

    /** An object whose fields stand below a place. */
    public static JsonFields of(String name, String prefix, @Nullable Object json, List<String> known) {
        return of(name, prefix, json, KnownFields.of(known));
    }

    private static JsonFields of(String name, String prefix, @Nullable Object json, KnownFields known) {
        if (!(json instanceof Map<?, ?> fields)) {
            throw BudMetricsException.invalidQuery(
                    name + " is " + kind(json) + "; give an object whose fields are of " + known.words());
        }
        int position = 0;
        for (Object field : fields.keySet()) {
            position++;
            if (!known.contains(field)) {
                throw BudMetricsException.invalidQuery(known.refusal(field, position, name));
            }
        }
        return new JsonFields(prefix, fields);
    }

    public List<String> names() {
        return fields.keySet().stream().map(Object::toString).toList();
    }

    public Optional<JsonFields> object(String name, List<String> known) {
        return object(name, KnownFields.of(known));
    }

    /** An object whose known names are the caller's own, so that they are described instead. */
    public Optional<JsonFields> object(String name, List<String> known, String knownWords) {
        return object(name, KnownFields.of(known, knownWords));
    }

    public Optional<JsonFields> object(String name, KnownFields known) {
        Object value = fields.get(name);
        String at = prefix + name;
        return value == null ? Optional.empty() : Optional.of(of(at, at + ".", value, known));
    }

    /** An object as it stands, whose reader says what is wrong. */
    public Optional<Map<String, Object>> map(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(prefix + name, value, "an object");
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, element) -> copy.put(key.toString(), element));
        return Optional.of(copy);
    }

    public Optional<String> text(String name) {
        Object value = fields.get(name);
        return value == null ? Optional.empty() : Optional.of(text(prefix + name, value, "a text"));
    }

    /** Where each text stands, and the text. */
    public Map<String, String> texts(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(prefix + name, value, "a list of texts");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < list.size(); i++) {
            String at = prefix + name + "[" + i + "]";
            texts.put(at, text(at, list.get(i), "a text"));
        }
        return texts;
    }

    /** Where each text or object stands, and itself. */
    public Map<String, Object> textsOrObjects(String name) {
        Object value = fields.get(name);
        if (!(value instanceof List<?> list)) {
            throw wrong(prefix + name, value, "a list of texts and objects");
        }
        Map<String, Object> elements = new LinkedHashMap<>();
        for (int i = 0; i < list.size(); i++) {
            String at = prefix + name + "[" + i + "]";
            Object element = list.get(i);
            if (!(element instanceof String) && !(element instanceof Map<?, ?>)) {
                throw wrong(at, element, "a text or an object");
            }
            elements.put(at, element);
        }
        return elements;
    }

    /** Where each value stands, and the value: of a type that the dimension's values have in JSON. */
    public Map<String, Object> valueOrValues(String name, ValueType<?> type) {
        Object value = fields.get(name);
        Map<String, Object> values = new LinkedHashMap<>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String at = prefix + name + "[" + i + "]";
                values.put(at, value(at, list.get(i), type, ""));
            }
            return values;
        }
        return Map.of(prefix + name, value(prefix + name, value, type, " or a list of them"));
    }

    private static Object value(String at, @Nullable Object value, ValueType<?> type, String orMore) {
        return switch (type.kind()) {
            case FLAG -> {
                if (value instanceof Boolean flag) {
                    yield flag;
                }
                throw wrong(at, value, "true or false" + orMore);
            }
            case INTEGER -> (Object) whole(at, value, "a whole number" + orMore);
            case LONG -> (Object) wholeLong(at, value, "a whole number" + orMore);
            case ID, TEXT -> text(at, value, orMore.isEmpty() ? "a text" : "a text or a list of texts");
            case DURATION, AMOUNT, REAL -> throw new IllegalStateException(type + " is the type of a bound");
        };
    }

    public boolean isObject(String name) {
        return fields.get(name) instanceof Map<?, ?>;
    }

    /** The objects of a list. */
    public List<JsonFields> objects(String name, KnownFields known) {
        Object value = fields.get(name);
        if (!(value instanceof List<?> list)) {
            throw wrong(prefix + name, value, "a list of objects");
        }
        List<JsonFields> objects = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = prefix + name + "[" + i + "]";
            objects.add(of(at, at + ".", list.get(i), known));
        }
        return objects;
    }

    /** Where this object stands. */
    public String place() {
        return prefix.isEmpty() ? "the question" : prefix.substring(0, prefix.length() - 1);
    }

    public String place(String name) {
        return prefix + name;
    }

    public String text(String name, String wanted) {
        return text(prefix + name, fields.get(name), wanted);
    }

    /** A number; as a text it keeps all its digits. */
    public BigDecimal number(String name) {
        Object value = fields.get(name);
        if (value instanceof String text && DECIMAL.matcher(text).matches()) {
            return new BigDecimal(text);
        }
        return number(prefix + name, value, "a number, or its digits as a text");
    }

    public Optional<Boolean> flag(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Boolean flag)) {
            throw wrong(prefix + name, value, "true or false");
        }
        return Optional.of(flag);
    }

    public Optional<Integer> whole(String name) {
        Object value = fields.get(name);
        return value == null ? Optional.empty() : Optional.of(whole(prefix + name, value, "a whole number"));
    }

    private static long wholeLong(String at, @Nullable Object value, String wanted) {
        try {
            return number(at, value, wanted).longValueExact();
        } catch (ArithmeticException notWhole) {
            throw BudMetricsException.invalidQuery(at + " is not a whole number, or too large; give a smaller one");
        }
    }

    private static int whole(String at, @Nullable Object value, String wanted) {
        BigDecimal number = number(at, value, wanted);
        try {
            return number.intValueExact();
        } catch (ArithmeticException notWhole) {
            String text = number.toString();
            boolean fraction = number.stripTrailingZeros().scale() > 0;
            throw BudMetricsException.invalidQuery(at + " is "
                    + (text.length() > LONGEST_NUMBER ? "a number of " + text.length() + " digits" : text)
                    + (fraction ? "; give a whole number" : "; give a smaller number"));
        }
    }

    public Optional<double[]> numbers(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(prefix + name, value, "a list of numbers");
        }
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(prefix + name + "[" + i + "]", list.get(i), "a number")
                    .doubleValue();
        }
        return Optional.of(numbers);
    }

    /** A moment. Clients of the compatible REST API send times without an offset and mean UTC; a day alone is its start. */
    public Optional<Instant> instant(String name) {
        Object value = fields.get(name);
        String at = prefix + name;
        return value == null ? Optional.empty() : Optional.of(instant(at, text(at, value, "an ISO date-time")));
    }

    private static Instant instant(String at, String text) {
        String iso = text.length() > TIME && text.charAt(TIME) == ' '
                ? text.substring(0, TIME) + 'T' + text.substring(TIME + 1)
                : text;
        try {
            TemporalAccessor parsed = DATE_TIME.parseBest(iso, Instant::from, LocalDateTime::from, LocalDate::from);
            if (parsed instanceof Instant instant) {
                return instant;
            }
            LocalDateTime time = parsed instanceof LocalDate date ? date.atStartOfDay() : LocalDateTime.from(parsed);
            return time.toInstant(ZoneOffset.UTC);
        } catch (DateTimeException malformed) {
            throw BudMetricsException.invalidQuery(at + " is not an ISO date-time; give 2026-01-07T00:00:00Z");
        }
    }

    /** What is refused inside is refused in the name of the field. */
    public static <T> T at(String name, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (BudMetricsException refusal) {
            throw BudMetricsException.of(refusal.code(), name + ": " + refusal.reason());
        }
    }

    private static String text(String at, @Nullable Object value, String wanted) {
        if (value instanceof String text) {
            return text;
        }
        throw wrong(at, value, wanted);
    }

    private static BigDecimal number(String at, @Nullable Object value, String wanted) {
        if (value instanceof Number number) {
            try {
                return new BigDecimal(number.toString());
            } catch (NumberFormatException notFinite) {
                throw BudMetricsException.invalidQuery(at + " is " + number + "; give " + wanted);
            }
        }
        throw wrong(at, value, wanted);
    }

    private static BudMetricsException wrong(String at, @Nullable Object value, String wanted) {
        return BudMetricsException.invalidQuery(at + " is " + kind(value) + "; give " + wanted);
    }

    private static String kind(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof String) {
            return "a text";
        }
        if (value instanceof Boolean) {
            return "true or false";
        }
        if (value instanceof Number) {
            return "a number";
        }
        return value instanceof List<?> ? "a list" : "an object";
    }
}
