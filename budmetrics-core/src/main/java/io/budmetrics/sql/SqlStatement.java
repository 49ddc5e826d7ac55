package io.budmetrics.sql;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.access.HasInternals;
import io.budmetrics.internal.access.Internals;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One ClickHouse statement: its text, its typed server-side parameters, and how the columns of its result become an
 * answer. Immutable; two statements are equal when text and parameters are.
 *
 * @param <R> the answer
 */
public final class SqlStatement<R> extends HasInternals<Function<Columns, R>> {
    private final String sql;
    private final List<SqlParameter> parameters;

    private SqlStatement(String sql, List<SqlParameter> parameters, Function<Columns, R> reader) {
        super(reader);
        this.sql = sql;
        this.parameters = parameters;
    }

    /**
     * Creates a statement that the caller wrote.
     *
     * @param sql the text, with <code>{name:type}</code> in the place of each parameter, as the parameter's own text has it;
     *     without a FORMAT clause
     * @param parameters the values, each under the name that the text uses
     * @param reader turns the columns into the answer; pure, called at most once a run
     * @param <R> the answer
     * @return the statement
     * @throws BudMetricsException INVALID_QUERY when two parameters have one name
     */
    public static <R> SqlStatement<R> of(String sql, List<SqlParameter> parameters, Function<Columns, R> reader) {
        Objects.requireNonNull(parameters, "parameters is null");
        for (int i = 1; i < parameters.size(); i++) {
            for (int k = 0; k < i; k++) {
                if (parameters.get(i).name().equals(parameters.get(k).name())) {
                    throw BudMetricsException.invalidQuery(
                            "two parameters are named " + parameters.get(i).name() + "; give each a different name");
                }
            }
        }
        return new SqlStatement<>(
                Objects.requireNonNull(sql, "sql is null"),
                List.copyOf(parameters),
                Objects.requireNonNull(reader, "reader is null"));
    }

    /**
     * Returns the text that is sent.
     *
     * @return SQL with placeholders; it holds no value of the caller
     */
    public String sql() {
        return sql;
    }

    /**
     * Returns the values that are sent beside the text.
     *
     * @return the parameters in the order of their first use
     */
    public List<SqlParameter> parameters() {
        return parameters;
    }

    /**
     * Converts the result into the answer.
     *
     * @param columns the columns this statement's text yields
     * @return the answer
     */
    public R read(Columns columns) {
        return Internals.of(this).apply(Objects.requireNonNull(columns, "columns is null"));
    }

    /**
     * Returns the statement with its values written into the text, for reading, explaining or pasting. It shows data and is
     * never executed by the library.
     *
     * @return SQL without placeholders
     */
    public String inlined() {
        StringBuilder text = new StringBuilder(sql.length() * 2);
        int copied = 0;
        // one pass over the text, so that a value that looks like a placeholder stays a value
        for (int open = sql.indexOf('{'); open >= 0; open = sql.indexOf('{', open + 1)) {
            for (SqlParameter parameter : parameters) {
                String placeholder = parameter.toString();
                if (sql.startsWith(placeholder, open)) {
                    text.append(sql, copied, open).append(parameter.literal());
                    copied = open + placeholder.length();
                    break;
                }
            }
        }
        return text.append(sql, copied, sql.length()).toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SqlStatement<?> that && sql.equals(that.sql) && parameters.equals(that.parameters);
    }

    @Override
    public int hashCode() {
        return 31 * sql.hashCode() + parameters.hashCode();
    }

    @Override
    public String toString() {
        return sql;
    }
}
