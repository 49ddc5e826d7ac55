package io.budmetrics.internal.expr;

import io.budmetrics.error.BudMetricsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * An SQL expression over logical columns. Immutable; its text never holds a value of a caller.
 *
 * <p>An expression is a tree of records. Each node names its {@link #parts()} and can be made again {@link #withParts of
 * others}; {@link #forEach}, {@link #transform}, {@link #names} and {@link #subjects} need no more of it, so a new kind of node
 * is understood by all of them as soon as it compiles. Only what writes SQL knows the kinds apart.
 */
public sealed interface Expr {
    /** An expression without parts. */
    sealed interface Leaf extends Expr {
        @Override
        default List<Expr> parts() {
            return List.of();
        }

        @Override
        default Expr withParts(List<Expr> parts) {
            return this;
        }
    }

    /**
     * A logical column.
     *
     * @param name an identifier
     */
    record Name(String name) implements Leaf {
        private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

        public Name {
            if (!IDENTIFIER.matcher(name).matches()) {
                throw BudMetricsException.invalidQuery("column name '" + name
                        + "' is not an identifier; give letters, digits and underscores, at most 128");
            }
        }
    }

    /**
     * A whole number of our own.
     *
     * @param value the number
     */
    record Whole(long value) implements Leaf {}

    /**
     * A floating-point number of our own.
     *
     * @param value the number, finite
     */
    record Real(double value) implements Leaf {}

    /** No value. */
    record Nothing() implements Leaf {}

    /**
     * A column as it lies at the server, in one of the tables that a layout reads.
     *
     * @param source what the layout calls the table
     * @param column its name there
     */
    record Stored(String source, Identifier column) implements Leaf {
        /** Refuses null. */
        public Stored {
            Objects.requireNonNull(source, "source is null");
            Objects.requireNonNull(column, "column is null");
        }
    }

    /**
     * A short text of our own, such as the name of a state.
     *
     * @param value 0 to 128 of letters, digits, spaces and <code>_ . , : / + -</code>
     */
    record Text(String value) implements Leaf {
        private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_ .,:/+-]{0,128}");

        /** Refuses any other text. */
        public Text {
            if (!ALLOWED.matcher(value).matches()) {
                throw BudMetricsException.invalidConfiguration("a text in a layout has " + value.length()
                        + " characters and is not 0 to 128 of letters, digits, spaces and _ . , : / + -");
            }
        }
    }

    /**
     * A value as another type.
     *
     * @param value the value
     * @param type a ClickHouse type of our own
     * @param exact whether a number that the type cannot hold is null, instead of another number; for Nullable types
     */
    record Cast(Expr value, String type, boolean exact) implements Expr {
        /** Refuses null. */
        public Cast {
            Objects.requireNonNull(value, "value is null");
            Objects.requireNonNull(type, "type is null");
        }

        @Override
        public List<Expr> parts() {
            return List.of(value);
        }

        @Override
        public Expr withParts(List<Expr> parts) {
            return new Cast(parts.get(0), type, exact);
        }
    }

    /**
     * A value of a caller, which travels beside the text and never in it.
     *
     * @param field what it is compared with, an identifier
     * @param type the type of the value
     * @param value in the plain form of its type, or a list of several such
     */
    record Value(String field, ValueType<?> type, Object value) implements Leaf {
        /** Refuses null. */
        public Value {
            Objects.requireNonNull(field, "field is null");
            Objects.requireNonNull(type, "type is null");
            Objects.requireNonNull(value, "value is null");
        }

        /** Without the value. */
        @Override
        public String toString() {
            return "a value of " + field;
        }
    }

    /**
     * A call of a function from the closed set.
     *
     * @param function the function
     * @param levels the parameters in the first pair of parentheses, such as quantile levels; mostly empty
     * @param arguments the arguments
     */
    record Call(SqlFunction function, List<Double> levels, List<Expr> arguments) implements Expr {
        public Call {
            Objects.requireNonNull(function, "function is null");
            levels = List.copyOf(levels);
            arguments = List.copyOf(arguments);
        }

        @Override
        public List<Expr> parts() {
            return arguments;
        }

        @Override
        public Expr withParts(List<Expr> parts) {
            return new Call(function, levels, parts);
        }
    }

    /**
     * Two operands with an operator between them.
     *
     * @param operator any but {@link Operator#AND} and {@link Operator#OR}, which {@link Logical} joins
     * @param left the left operand
     * @param right the right operand
     */
    record Binary(Operator operator, Expr left, Expr right) implements Expr {
        public Binary {
            if (operator.isLogical()) {
                throw new IllegalArgumentException(operator + " joins conditions as Logical, not as Binary");
            }
            Objects.requireNonNull(left, "left is null");
            Objects.requireNonNull(right, "right is null");
        }

        @Override
        public List<Expr> parts() {
            return List.of(left, right);
        }

        @Override
        public Expr withParts(List<Expr> parts) {
            return new Binary(operator, parts.get(0), parts.get(1));
        }
    }

    /**
     * Conditions that must all hold, or of which at least one must. Those of an operand of the same kind stand beside the rest,
     * so that an operand is never joined by the same operator.
     *
     * @param operator {@link Operator#AND} or {@link Operator#OR}
     * @param operands two or more
     */
    record Logical(Operator operator, List<Expr> operands) implements Expr {
        public Logical {
            if (!operator.isLogical()) {
                throw new IllegalArgumentException(operator + " joins two numbers or values, not conditions");
            }
            operands = List.copyOf(flat(operator, operands));
            if (operands.size() < 2) {
                throw new IllegalArgumentException(operator + " needs two operands");
            }
        }

        private static List<Expr> flat(Operator operator, List<Expr> operands) {
            boolean nested = false;
            for (Expr operand : operands) {
                nested |= isJoinedBy(operator, operand);
            }
            if (!nested) {
                return operands;
            }
            List<Expr> flat = new ArrayList<>(2 * operands.size());
            for (Expr operand : operands) {
                if (isJoinedBy(operator, operand)) {
                    flat.addAll(operand.parts());
                } else {
                    flat.add(operand);
                }
            }
            return flat;
        }

        private static boolean isJoinedBy(Operator operator, Expr operand) {
            return operand instanceof Logical logical && logical.operator == operator;
        }

        @Override
        public List<Expr> parts() {
            return operands;
        }

        @Override
        public Expr withParts(List<Expr> parts) {
            return new Logical(operator, parts);
        }
    }

    /** The operators in use, tightest first. */
    enum Operator {
        /** Multiplication. */
        MULTIPLY("*", 1),
        /** Division, as a floating-point number. */
        DIVIDE("/", 1),
        /** Addition. */
        PLUS("+", 2),
        /** Subtraction. */
        MINUS("-", 2),
        /** Equality. */
        EQUAL("=", 3),
        /** Inequality. */
        NOT_EQUAL("!=", 3),
        /** Equality with an element of an array. */
        IN("IN", 3),
        /** Equality with no element of an array. */
        NOT_IN("NOT IN", 3),
        /** Greater or equal. */
        AT_LEAST(">=", 3),
        /** Less or equal. */
        AT_MOST("<=", 3),
        /** Greater. */
        ABOVE(">", 3),
        /** Less. */
        BELOW("<", 3),
        /** Both. */
        AND("AND", 4),
        /** At least one. */
        OR("OR", 5);

        private final String sql;
        private final int looseness;

        Operator(String sql, int looseness) {
            this.sql = sql;
            this.looseness = looseness;
        }

        /**
         * How it is written.
         *
         * @return the operator's text
         */
        public String sql() {
            return sql;
        }

        /**
         * Whether it joins conditions.
         *
         * @return true for AND and OR
         */
        public boolean isLogical() {
            return this == AND || this == OR;
        }

        /**
         * How loosely it binds.
         *
         * @return greater for a looser one
         */
        public int looseness() {
            return looseness;
        }
    }

    /**
     * The expressions it is directly made of.
     *
     * @return in the order of the text; empty for a leaf
     */
    List<Expr> parts();

    /**
     * The same node made of other parts.
     *
     * @param parts as many as {@link #parts()} has
     * @return the expression
     */
    Expr withParts(List<Expr> parts);

    /**
     * Shows the expression and all those within it, each before its parts.
     *
     * @param visitor called for each
     */
    default void forEach(Consumer<Expr> visitor) {
        visitor.accept(this);
        List<Expr> parts = parts();
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).forEach(visitor);
        }
    }

    /**
     * Substitutes from the leaves upwards: each node is made of its substituted parts and then substituted itself.
     *
     * @param substitution gives another expression, or the same one
     * @return the expression; this object where nothing was substituted
     */
    default Expr transform(UnaryOperator<Expr> substitution) {
        List<Expr> parts = parts();
        if (parts.isEmpty()) {
            return substitution.apply(this);
        }
        List<Expr> substituted = new ArrayList<>(parts.size());
        boolean changed = false;
        for (Expr part : parts) {
            Expr other = part.transform(substitution);
            changed |= !other.equals(part);
            substituted.add(other);
        }
        return substitution.apply(changed ? withParts(substituted) : this);
    }

    /**
     * The logical columns that it names.
     *
     * @return their names, in alphabetical order
     */
    default SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        forEach(expr -> {
            if (expr instanceof Name name) {
                names.add(name.name());
            }
        });
        return names;
    }

    /**
     * The logical columns that must exist for it to mean anything: all but those that stand only as the first argument of
     * <code>ifNull</code>, which says what their absence means.
     *
     * @return their names, in alphabetical order
     */
    default SortedSet<String> subjects() {
        SortedSet<String> names = new TreeSet<>();
        addSubjects(this, names);
        return names;
    }

    private static void addSubjects(Expr expr, SortedSet<String> names) {
        if (expr instanceof Name name) {
            names.add(name.name());
            return;
        }
        List<Expr> parts = expr.parts();
        boolean optional =
                expr instanceof Call call && call.function() == SqlFunction.IF_NULL && parts.get(0) instanceof Name;
        for (int i = optional ? 1 : 0; i < parts.size(); i++) {
            addSubjects(parts.get(i), names);
        }
    }

    /**
     * A logical column.
     *
     * @param name an identifier
     * @return the expression
     */
    static Expr name(String name) {
        return new Name(name);
    }

    /**
     * A whole number.
     *
     * @param value the number
     * @return the expression
     */
    static Expr number(long value) {
        return new Whole(value);
    }

    /**
     * A call.
     *
     * @param function the function
     * @param arguments its arguments
     * @return the expression
     */
    static Expr call(SqlFunction function, Expr... arguments) {
        return new Call(function, List.of(), List.of(arguments));
    }

    /**
     * Two operands joined.
     *
     * @param left the left operand
     * @param operator the operator
     * @param right the right operand
     * @return the expression
     */
    static Expr binary(Expr left, Operator operator, Expr right) {
        return operator.isLogical() ? new Logical(operator, List.of(left, right)) : new Binary(operator, left, right);
    }

    /**
     * No value.
     *
     * @return NULL
     */
    static Expr nothing() {
        return new Nothing();
    }

    /**
     * Several conditions joined.
     *
     * @param operator {@link Operator#AND} or {@link Operator#OR}
     * @param conditions one or more
     * @return the expression
     */
    static Expr join(Operator operator, List<Expr> conditions) {
        return conditions.size() == 1 ? conditions.get(0) : new Logical(operator, conditions);
    }

    /**
     * Conditions that must all hold.
     *
     * @param conditions one or more
     * @return the expression
     */
    static Expr all(Expr... conditions) {
        return join(Operator.AND, List.of(conditions));
    }
}
