package io.budmetrics.internal.filter;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.filter.Quantity;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.json.JsonFields;
import io.budmetrics.internal.json.KnownFields;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Filters as JSON: an object all of whose fields hold. A field is a dimension with one value or a list, a quantity with its
 * bounds, either with <code>missing</code>, or <code>all</code>, <code>any</code> and <code>not</code> with such objects.
 */
public final class FilterJson {
    private static final String ALL = "all";
    private static final String ANY = "any";
    private static final String NOT = "not";
    private static final String MISSING = "missing";
    public static final List<String> SIDES =
            Arrays.stream(Side.values()).map(Side::jsonName).toList();
    private static final List<String> OF_QUANTITY =
            Stream.concat(SIDES.stream(), Stream.of(MISSING)).toList();

    /** Dimensions, also classes with edges in their name, quantities and what joins conditions. */
    public static final KnownFields NAMES = names();

    private FilterJson() {}

    private static KnownFields names() {
        List<String> names = Stream.of(
                        Dimension.all().stream().map(Dimension::name),
                        Quantity.all().stream().map(Quantity::name),
                        Stream.of(ALL, ANY, NOT))
                .flatMap(some -> some)
                .toList();
        return new KnownFields(
                names, names.toString(), name -> Dimension.find(name).isPresent());
    }

    /** What cannot stand beside what comes before it goes, with the rest, into <code>all</code>. */
    public static Map<String, Object> write(List<Filter> filters) {
        Map<String, Object> json = new LinkedHashMap<>();
        String last = "";
        for (int i = 0; i < filters.size(); i++) {
            Field field = filters.get(i).accept(WRITER);
            Map<Object, Object> both = field.name().equals(last) ? together(json.get(last), field.value()) : Map.of();
            if (!both.isEmpty()) {
                json.put(last, both);
            } else if (json.containsKey(field.name())) {
                json.put(ALL, objects(filters.subList(i, filters.size())));
                return json;
            } else {
                json.put(field.name(), field.value());
            }
            last = field.name();
        }
        return json;
    }

    /** The conditions on one quantity, where none is of the same kind as another; else nothing. */
    private static Map<Object, Object> together(@Nullable Object before, Object more) {
        Map<Object, Object> both = new LinkedHashMap<>();
        if (before instanceof Map<?, ?> first
                && more instanceof Map<?, ?> second
                && OF_QUANTITY.containsAll(first.keySet())
                && OF_QUANTITY.containsAll(second.keySet())
                && Collections.disjoint(first.keySet(), second.keySet())) {
            both.putAll(first);
            both.putAll(second);
        }
        return both;
    }

    /** A filter as one field of an object. */
    private record Field(String name, Object value) {}

    private static final Filter.Visitor<Field> WRITER = new Filter.Visitor<>() {
        @Override
        public Field visit(Filter.In filter) {
            return new Field(
                    filter.dimension().name(),
                    filter.values().stream().map(FilterJson::plain).toList());
        }

        @Override
        public Field visit(Filter.Missing filter) {
            return new Field(filter.dimension().name(), Map.of(MISSING, true));
        }

        @Override
        public Field visit(Filter.Bound filter) {
            return new Field(filter.quantity().name(), Map.of(filter.side().jsonName(), plain(filter.bound())));
        }

        @Override
        public Field visit(Filter.Unmeasured filter) {
            return new Field(filter.quantity().name(), Map.of(MISSING, true));
        }

        @Override
        public Field visit(Filter.Not filter) {
            // {"country": {"missing": false}} reads better than {"not": {"country": {"missing": true}}}
            return filter.filter() instanceof Filter.Missing || filter.filter() instanceof Filter.Unmeasured
                    ? new Field(filter.filter().accept(this).name(), Map.of(MISSING, false))
                    : new Field(NOT, object(filter.filter()));
        }

        @Override
        public Field visit(Filter.All filter) {
            return new Field(ALL, objects(filter.filters()));
        }

        @Override
        public Field visit(Filter.Any filter) {
            return new Field(ANY, objects(filter.filters()));
        }
    };

    private static List<Map<String, Object>> objects(List<Filter> filters) {
        return filters.stream().map(FilterJson::object).toList();
    }

    /** A filter as an object; those that must all match are its fields. */
    public static Map<String, Object> object(Filter filter) {
        return write(filter instanceof Filter.All all ? all.filters() : List.of(filter));
    }

    private static Object plain(Object value) {
        if (value instanceof BigDecimal amount) {
            return amount.stripTrailingZeros().toPlainString();
        }
        return value instanceof Long || value instanceof Integer || value instanceof Boolean || value instanceof Double
                ? value
                : value.toString();
    }

    public static List<Filter> read(JsonFields fields) {
        List<Filter> filters = new ArrayList<>();
        for (String name : fields.names()) {
            switch (name) {
                case ALL -> fields.objects(ALL, NAMES).forEach(object -> filters.add(all(object)));
                case ANY -> filters.add(any(fields));
                case NOT -> filters.add(not(fields));
                default -> field(fields, name, filters);
            }
        }
        return filters;
    }

    /** One filter, of all the fields of an object. */
    public static Filter all(JsonFields object) {
        List<Filter> filters = read(object);
        if (filters.isEmpty()) {
            throw BudMetricsException.invalidQuery(
                    object.place() + " has no condition; name a dimension or a quantity, or leave it out");
        }
        return JsonFields.at(object.place(), () -> filters.size() == 1 ? filters.get(0) : new Filter.All(filters));
    }

    private static Filter any(JsonFields fields) {
        List<Filter> filters = new ArrayList<>();
        fields.objects(ANY, NAMES).forEach(object -> filters.add(all(object)));
        if (filters.isEmpty()) {
            throw BudMetricsException.invalidQuery(
                    fields.place(ANY) + " has no conditions; give at least one object, or leave it out");
        }
        return JsonFields.at(fields.place(ANY), () -> filters.size() == 1 ? filters.get(0) : new Filter.Any(filters));
    }

    private static Filter not(JsonFields fields) {
        JsonFields object = fields.object(NOT, NAMES)
                .orElseThrow(() -> BudMetricsException.invalidQuery(fields.place(NOT)
                        + " is null; give an object with the conditions that must not hold, or leave it out"));
        Filter negated = all(object);
        return JsonFields.at(object.place(), negated::not);
    }

    private static void field(JsonFields fields, String name, List<Filter> filters) {
        Optional<Dimension<?>> dimension = Dimension.find(name);
        if (dimension.isPresent()) {
            filters.add(condition(dimension.get(), fields));
            return;
        }
        for (Quantity<?> quantity : Quantity.all()) {
            if (quantity.name().equals(name)) {
                bounds(quantity, fields, filters);
                return;
            }
        }
    }

    private static <T> Filter condition(Dimension<T> dimension, JsonFields fields) {
        if (fields.isObject(dimension.name())) {
            JsonFields given = fields.object(dimension.name(), List.of(MISSING)).orElseThrow();
            return missing(given, dimension.isMissing());
        }
        List<T> values = new ArrayList<>();
        fields.valueOrValues(dimension.name(), Internals.of(dimension).type())
                .forEach((at, value) -> values.add(JsonFields.at(
                        at,
                        () -> value instanceof String text
                                ? dimension.parse(text)
                                : dimension.type().cast(value))));
        return JsonFields.at(fields.place(dimension.name()), () -> dimension.in(values));
    }

    private static Filter missing(JsonFields given, Filter isMissing) {
        boolean missing = given.flag(MISSING)
                .orElseThrow(() -> BudMetricsException.invalidQuery(
                        given.place() + " is empty; give " + MISSING + " as true or false, or values"));
        return missing ? isMissing : isMissing.not();
    }

    private static void bounds(Quantity<?> quantity, JsonFields fields, List<Filter> filters) {
        JsonFields given = fields.object(quantity.name(), OF_QUANTITY)
                .orElseThrow(() -> BudMetricsException.invalidQuery(
                        fields.place(quantity.name()) + " is null; give an object with one or more of " + OF_QUANTITY));
        if (given.names().isEmpty()) {
            throw BudMetricsException.invalidQuery(given.place() + " has no bound; give one or more of " + OF_QUANTITY);
        }
        for (String name : given.names()) {
            if (name.equals(MISSING)) {
                filters.add(missing(given, quantity.isMissing()));
            } else {
                Object bound = bound(quantity, given, name);
                Side side = Side.valueOf(name.toUpperCase(Locale.ROOT));
                filters.add(JsonFields.at(given.place(name), () -> new Filter.Bound(quantity, side, bound)));
            }
        }
    }

    private static Object bound(Quantity<?> quantity, JsonFields given, String side) {
        return switch (Internals.of(quantity).type().kind()) {
            case DURATION -> duration(given, side);
            case AMOUNT -> given.number(side);
            case REAL -> given.number(side).doubleValue();
            case LONG -> whole(given, side);
            case ID, TEXT, FLAG, INTEGER -> throw new IllegalStateException(quantity + " has no such bounds");
        };
    }

    private static Duration duration(JsonFields given, String side) {
        try {
            return Duration.parse(given.text(side, "an ISO duration such as PT2.5S"));
        } catch (DateTimeException malformed) {
            throw BudMetricsException.invalidQuery(
                    given.place(side) + " is not an ISO duration; give PT2.5S for two and a half seconds");
        }
    }

    private static long whole(JsonFields given, String side) {
        BigDecimal number = given.number(side);
        try {
            return number.longValueExact();
        } catch (ArithmeticException notWhole) {
            throw BudMetricsException.invalidQuery(
                    given.place(side) + " is not a whole number, or too large; give one from 0 to " + Long.MAX_VALUE);
        }
    }
}
