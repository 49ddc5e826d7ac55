package io.budmetrics.clickhouse;

import io.budmetrics.question.Facts;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * Describes what a question would read, without running it. Immutable.
 *
 * @param tables the tables it reads
 * @param columns the logical columns it reads, in the order of the table
 * @param from start of the range, inclusive
 * @param to end of the range, exclusive; the moment of asking where the question has no end
 * @param buckets how many buckets each group has
 * @param maxCells how many values the answer has at most: groups by buckets by metrics, with totals those too, and with a
 *     comparison those of both ranges; empty when nothing limits the number of groups
 * @param limits what the statement may cost
 */
public record QuestionDescription(
        List<String> tables,
        List<String> columns,
        Instant from,
        Instant to,
        int buckets,
        OptionalLong maxCells,
        QueryLimits limits) {
    /** Copies the lists. */
    public QuestionDescription {
        tables = List.copyOf(tables);
        columns = List.copyOf(columns);
    }

    static QuestionDescription of(Facts facts, QueryLimits limits) {
        return new QuestionDescription(
                facts.tables(),
                facts.columns(),
                facts.from(),
                facts.to(),
                facts.cells().buckets(),
                facts.cells().most(),
                limits);
    }
}
