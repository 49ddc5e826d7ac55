package io.budmetrics.internal.expr;

import io.budmetrics.error.BudMetricsException;
import java.util.List;
import java.util.Objects;

/**
 * What writes statements and reads results needs to know of a dimension. Most dimensions are a column. Classes of a quantity
 * are computed: a statement knows each by its position, and defines the position under a name, since no column holds it.
 *
 * @param name of the dimension
 * @param alias what its column is called in the result of a statement: never like a column of the table, which a statement
 *     could take for it
 * @param key what the value is called where a statement uses it: the name of the column; of classes, a name that the
 *     statement has to define
 * @param type of its values
 * @param value where it is read from, over logical columns
 * @param nullable whether a request may have no value
 * @param classes the values in their order, where a statement knows them by their positions; empty for a column
 * @param <T> the Java type of its values
 */
public record DimensionSql<T>(
        String name, String alias, String key, ValueType<T> type, Expr value, boolean nullable, List<T> classes) {
    /** Refuses null. */
    public DimensionSql {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(alias, "alias is null");
        Objects.requireNonNull(key, "key is null");
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(value, "value is null");
        classes = List.copyOf(classes);
    }

    /** A dimension that is a logical column. */
    public static <T> DimensionSql<T> ofColumn(String name, String column, boolean nullable, ValueType<T> type) {
        return new DimensionSql<>(name, alias(name, column), column, type, Expr.name(column), nullable, List.of());
    }

    /** A dimension of classes, each of which is known by its position from 0. */
    public static DimensionSql<String> ofClasses(String name, String column, Expr position, List<String> classes) {
        return new DimensionSql<>(name, alias(name, column), name + "_index", ValueType.TEXT, position, true, classes);
    }

    private static String alias(String name, String column) {
        return name.equals(column) ? name + "_key" : name;
    }

    public boolean hasClasses() {
        return !classes.isEmpty();
    }

    /** The type of its values in statements, where classes are whole numbers. */
    public ValueType<?> storedType() {
        return hasClasses() ? ValueType.INTEGER : type;
    }

    /**
     * A value as statements know it: a class is the number of its position.
     *
     * @param value a value of the dimension
     * @return what parameters hold
     * @throws BudMetricsException INVALID_QUERY when the value is none of the classes
     */
    public Object stored(Object value) {
        Objects.requireNonNull(value, "value is null");
        if (!hasClasses()) {
            return type.plain(value);
        }
        requireKnown(value);
        return (long) classes.indexOf(value);
    }

    /**
     * Rejects a value that is none of the classes.
     *
     * @param value a value of the dimension
     * @throws BudMetricsException INVALID_QUERY when the value is none of the classes
     */
    public void requireKnown(Object value) {
        if (hasClasses() && !classes.contains(value)) {
            throw BudMetricsException.invalidQuery(name + ": a value of "
                    + value.toString().length() + " characters is none of its classes; give one of " + classes);
        }
    }

    /** A value from the number that a statement gives: a whole number, 0 or 1 of a flag, or the position of a class. */
    public T ofNumber(long number) {
        return hasClasses() ? classes.get(Math.toIntExact(number)) : type.ofNumber(number);
    }

    /**
     * A value from its text.
     *
     * @param text as JSON has it
     * @return the value
     * @throws BudMetricsException INVALID_QUERY when the text is not one
     */
    public T parse(String text) {
        T value = type.parse(name, text);
        requireKnown(value);
        return value;
    }
}
