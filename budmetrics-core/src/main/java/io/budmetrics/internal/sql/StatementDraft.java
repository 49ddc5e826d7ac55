package io.budmetrics.internal.sql;

import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import io.budmetrics.sql.SqlStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A statement while it is written: its parameters so far, and the renderer that adds the values of callers to them. Used by
 * one thread.
 */
public final class StatementDraft {
    private static final String PROMPT = InferenceFact.PROMPT_ID.name();
    private static final String WITHOUT_PROMPT = "\n    AND (" + PROMPT + " IS NULL OR " + PROMPT + " = '')";
    private static final String WITH_PROMPT = "\n    AND " + PROMPT + " != ''";
    private static final String INSTANT_TYPE = ":DateTime64(6, 'UTC')}";

    private final StatementContext context;
    private final List<SqlParameter> parameters = new ArrayList<>(4);
    private final ExprRenderer renderer;

    /**
     * Begins a statement.
     *
     * @param context the layout and the scope
     */
    public StatementDraft(StatementContext context) {
        this.context = context;
        this.renderer = context.renderer().with(new PlacedValues(parameters));
    }

    /**
     * The context.
     *
     * @return the layout and the scope
     */
    public StatementContext context() {
        return context;
    }

    /**
     * Writes expressions of this statement.
     *
     * @return a renderer that makes values parameters
     */
    public ExprRenderer renderer() {
        return renderer;
    }

    /**
     * Adds a parameter.
     *
     * @param parameter of a name that the statement does not have yet
     */
    public void add(SqlParameter parameter) {
        parameters.add(parameter);
    }

    /**
     * How a moment is referred to.
     *
     * @param name the name of its parameter
     * @return the reference
     */
    public static String instant(String name) {
        return "{" + name + INSTANT_TYPE;
    }

    /**
     * The conditions on requests: the filters, the scope of the context, and last the kind of traffic, which nearly every
     * request meets.
     *
     * @param filters of the question
     * @param traffic which requests
     * @return conditions for the scans of this statement
     */
    public Conditions conditions(List<Filter> filters, TrafficSource traffic) {
        List<Filter> scope = context.scope();
        String last =
                switch (traffic) {
                    case INFERENCE -> WITHOUT_PROMPT;
                    case PROMPT -> WITH_PROMPT;
                    case ALL -> "";
                };
        if (filters.isEmpty() && scope.isEmpty()) {
            return new Conditions(scope, last);
        }
        StringBuilder out = new StringBuilder(last.length() + 80 * (filters.size() + scope.size()));
        ConditionSql conditions = new ConditionSql(renderer);
        conditions.append(out, filters);
        conditions.append(out, scope);
        return new Conditions(scope, out.append(last).toString());
    }

    /**
     * The statement. Every scan in it must have the scope of the context.
     *
     * @param select what it consists of
     * @param reader turns the columns into the answer
     * @param <R> the answer
     * @return text, parameters and reader
     */
    public <R> SqlStatement<R> statement(Select select, Function<Columns, R> reader) {
        select.forEachScan(scan -> {
            if (scan.conditions().scope() != context.scope()) {
                throw new IllegalStateException("a scan of " + context.layout().table()
                        + " lacks the scope of its statement; make its conditions"
                        + " with the draft of that statement");
            }
        });
        StringBuilder sql = new StringBuilder(select.length(0));
        select.append(sql, 0);
        return SqlStatement.of(sql.toString(), parameters, new ScopedReader<>(context.scope(), reader));
    }
}
