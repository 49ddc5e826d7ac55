package io.budmetrics.internal.sql;

import io.budmetrics.filter.Filter;
import io.budmetrics.sql.Columns;
import java.util.List;
import java.util.function.Function;

/**
 * The reader of a statement that a context wrote. It tells statements that keep to a scope from all others, which a client
 * with a scope never runs.
 *
 * @param scope the conditions that are part of every scan of the statement
 * @param reader turns the columns into the answer
 * @param <R> the answer
 */
record ScopedReader<R>(List<Filter> scope, Function<Columns, R> reader) implements Function<Columns, R> {
    @Override
    public R apply(Columns columns) {
        return reader.apply(columns);
    }
}
