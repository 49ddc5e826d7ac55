package io.budmetrics.schema;

import static io.budmetrics.internal.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.internal.expr.Expr.Operator.BELOW;
import static io.budmetrics.internal.expr.Expr.Operator.EQUAL;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF_NULL;
import static io.budmetrics.internal.expr.SqlFunction.NULL_IF;
import static io.budmetrics.internal.expr.SqlFunction.TO_STRING;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.Identifier;
import io.budmetrics.internal.layout.ColumnKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A column of an existing table that a {@link Layout} reads, with the conversions that make its values those of a logical
 * column. Null stays null. Immutable.
 *
 * <p>Values are taken as they are, except for numbers: they are scaled ({@link #times}, {@link #dividedBy}) after
 * everything else, and rounded where the logical column holds whole numbers. A whole number that the logical column cannot
 * hold, such as a negative number of tokens, is not known, and never another number.
 */
public final class StoredColumn {
    private final List<Identifier> columns;
    private final ColumnKind expected;
    private final Expr value;
    private final long times;
    private final long over;

    private StoredColumn(List<Identifier> columns, ColumnKind expected, Expr value, long times, long over) {
        this.columns = columns;
        this.expected = expected;
        this.value = value;
        this.times = times;
        this.over = over;
    }

    /**
     * Returns a column that is read without a conversion.
     *
     * @param name its name in the table: 1 to 128 of letters, digits, spaces and <code>_ - $ @ : / .</code>
     * @return the column
     * @throws BudMetricsException INVALID_CONFIGURATION for any other name
     */
    public static StoredColumn of(String name) {
        Identifier column = new Identifier(name);
        return new StoredColumn(List.of(column), ColumnKind.SAME, new Expr.Stored(Layout.FIRST, column), 1, 1);
    }

    /** The same column of another table of the layout. */
    StoredColumn in(String source) {
        return new StoredColumn(columns, expected, in(source, value), times, over);
    }

    private static Expr in(String source, Expr expr) {
        return expr.transform(
                part -> part instanceof Expr.Stored stored ? new Expr.Stored(source, stored.column()) : part);
    }

    private StoredColumn with(ColumnKind newExpected, Expr newValue) {
        return new StoredColumn(columns, newExpected, newValue, times, over);
    }

    private ColumnKind firstly(ColumnKind kind) {
        return expected == ColumnKind.SAME ? kind : expected;
    }

    /**
     * Multiplies the values: milliseconds times 1000 are microseconds.
     *
     * @param factor 1 or more
     * @return a new column
     * @throws BudMetricsException INVALID_CONFIGURATION for any other factor
     */
    public StoredColumn times(long factor) {
        return new StoredColumn(columns, expected, value, requireFactor("times", factor), over);
    }

    /**
     * Divides the values: cents divided by 100 are dollars.
     *
     * @param divisor 1 or more
     * @return a new column
     * @throws BudMetricsException INVALID_CONFIGURATION for any other divisor
     */
    public StoredColumn dividedBy(long divisor) {
        return new StoredColumn(columns, expected, value, times, requireFactor("dividedBy", divisor));
    }

    private long requireFactor(String what, long factor) {
        if (factor < 1) {
            throw BudMetricsException.invalidConfiguration(
                    what + " of the column " + columns.get(0) + " is " + factor + "; give 1 or more");
        }
        return factor;
    }

    /**
     * Reads one number as null, where the table writes it for an unknown value.
     *
     * @param unknown the number that is read as null, such as 0 or -1
     * @return a new column
     */
    public StoredColumn nullIf(long unknown) {
        return with(firstly(ColumnKind.NUMBER), call(NULL_IF, value, number(unknown)));
    }

    /**
     * Reads the empty text as null, where the table writes it for an unknown value.
     *
     * @return a new column
     */
    public StoredColumn nullIfEmpty() {
        return with(firstly(ColumnKind.TEXT), call(NULL_IF, value, new Expr.Text("")));
    }

    /**
     * Takes the values of another column where those of this one are null.
     *
     * @param other a column of the same table and type, by its name
     * @return a new column
     * @throws BudMetricsException INVALID_CONFIGURATION for a name that {@link #of} refuses
     */
    public StoredColumn orElse(String other) {
        Identifier second = new Identifier(other);
        List<Identifier> both = new ArrayList<>(columns);
        both.add(second);
        Expr either = call(IF_NULL, value, new Expr.Stored(Layout.FIRST, second));
        return new StoredColumn(List.copyOf(both), expected, either, times, over);
    }

    /**
     * Makes a flag of a text or the name in an Enum: whether it equals the given one.
     *
     * @param text 0 to 128 of letters, digits, spaces and <code>_ . , : / + -</code>
     * @return a new column, for a logical column that is a flag
     * @throws BudMetricsException INVALID_CONFIGURATION for any other text
     */
    public StoredColumn is(String text) {
        return with(
                firstly(ColumnKind.NAME),
                binary(value, EQUAL, new Expr.Text(Objects.requireNonNull(text, "text is null"))));
    }

    /**
     * Makes a flag of a number: whether it is below a bound, such as a status below 400.
     *
     * @param bound the smallest number that is false
     * @return a new column, for a logical column that is a flag
     */
    public StoredColumn below(long bound) {
        return with(firstly(ColumnKind.NUMBER), binary(value, BELOW, number(bound)));
    }

    /**
     * Makes a flag of a number: whether it is a bound or more.
     *
     * @param bound the smallest number that is true
     * @return a new column, for a logical column that is a flag
     */
    public StoredColumn atLeast(long bound) {
        return with(firstly(ColumnKind.NUMBER), binary(value, AT_LEAST, number(bound)));
    }

    /**
     * Writes the name in an Enum, a number or a UUID as a text.
     *
     * @return a new column, for a logical column of texts
     */
    public StoredColumn asText() {
        return with(firstly(ColumnKind.NAME_OR_NUMBER), call(TO_STRING, value));
    }

    /**
     * Reads texts that are UUIDs in their canonical form. A question over any other text fails; {@link #nullIfEmpty}
     * reads empty ones as null.
     *
     * @return a new column, for a logical column of UUIDs
     */
    public StoredColumn asUuid() {
        return with(firstly(ColumnKind.TEXT), new Expr.Cast(value, "Nullable(UUID)", false));
    }

    List<Identifier> columns() {
        return columns;
    }

    Expr value() {
        return value;
    }

    long times() {
        return times;
    }

    long over() {
        return over;
    }

    /** What the table should have, for values of this kind. */
    ColumnKind expected(ColumnKind logical) {
        return firstly(logical);
    }
}
