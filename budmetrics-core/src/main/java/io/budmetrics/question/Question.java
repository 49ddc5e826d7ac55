package io.budmetrics.question;

import io.budmetrics.sql.SqlStatement;
import java.time.Instant;

/**
 * A question that one statement answers. A question is immutable, compared by value, and knows nothing of servers: given a
 * layout and a scope, it says which statement answers it and how the result becomes the answer. A client runs any kind of
 * question; to add one, implement this interface and build the statement with {@link SqlContext#requests}.
 *
 * @param <A> the answer
 */
public interface Question<A> {
    /**
     * Returns the same question with a fixed end: an open end becomes the given moment. The client calls it with its clock
     * before everything else.
     *
     * @param moment the moment of asking
     * @return a question that can be made a statement; this one when it is pinned to a moment already
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when the whole range lies after the moment
     */
    Question<A> asOf(Instant moment);

    /**
     * Returns the statement that answers this question. Pure: the same question and context always give the same text.
     *
     * @param context where the columns lie, and which requests may be read
     * @return one SELECT, its parameters, and how its result becomes the answer
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when the question has no end or needs a column that the
     *     layout lacks
     */
    SqlStatement<A> statement(SqlContext context);

    /**
     * Describes what the statement reads, without asking a server.
     *
     * @param context where the columns lie, and which requests may be read
     * @return tables, columns, range, and how often the range is scanned
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY as {@link #statement}
     */
    Facts facts(SqlContext context);
}
