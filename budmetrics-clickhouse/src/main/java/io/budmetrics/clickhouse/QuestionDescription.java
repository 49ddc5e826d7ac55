package io.budmetrics.clickhouse;

import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.TopN;
import io.budmetrics.internal.time.Micros;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import io.budmetrics.time.BucketAxis;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a question comes to, without asking a server. Immutable.
 *
 * @param table the table it reads
 * @param columns the columns it reads, in the order of the table
 * @param from start of the range, inclusive
 * @param to end of the range, exclusive; the moment of asking where the question has no end
 * @param buckets how many buckets each group has
 * @param maxCells how many values the answer has at most: groups by buckets by metrics, with totals those too, and with a
 *     comparison those of both ranges; empty when nothing limits the number of groups
 * @param limits what the statement may cost
 */
public record QuestionDescription(
        String table,
        List<String> columns,
        Instant from,
        Instant to,
        int buckets,
        OptionalLong maxCells,
        QueryLimits limits) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    public QuestionDescription {
        columns = List.copyOf(columns);
    }

    static QuestionDescription of(AnalyticsQuestion question, String sql, Layout layout, QueryLimits limits) {
        BucketAxis axis = BucketAxis.of(question.range(), question.frequency());
        Set<String> words = new HashSet<>();
        for (Matcher word = WORD.matcher(sql); word.find(); ) {
            words.add(word.group());
        }
        return new QuestionDescription(
                layout.table(),
                InferenceFact.columns().stream()
                        .map(Column::name)
                        .filter(words::contains)
                        .toList(),
                Micros.instant(axis.from()),
                Micros.instant(axis.to()),
                axis.count(),
                maxCells(question, axis.count(), compared(question)),
                limits);
    }

    /** How many buckets the range has that this one is compared with. */
    private static int compared(AnalyticsQuestion question) {
        return question.compared()
                .map(other -> BucketAxis.of(other.range(), other.frequency()).count())
                .orElse(0);
    }

    private static OptionalLong maxCells(AnalyticsQuestion question, int buckets, int compared) {
        int total = question.withTotals() ? 1 : 0;
        long perGroup = ((long) buckets + total + (compared > 0 ? compared + total : 0))
                * question.metrics().size();
        if (question.groupBy().isEmpty()) {
            return OptionalLong.of(perGroup);
        }
        // the others are one group more, and so are all together
        return question.top()
                .map(TopN::size)
                .map(size -> OptionalLong.of((size + 1L + total) * perGroup))
                .orElse(OptionalLong.empty());
    }
}
