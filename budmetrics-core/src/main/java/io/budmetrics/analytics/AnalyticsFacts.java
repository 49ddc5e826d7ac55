package io.budmetrics.analytics;

import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.sql.StatementContext;
import io.budmetrics.internal.time.Micros;
import io.budmetrics.question.Facts;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.time.BucketAxis;
import java.util.OptionalLong;
import java.util.Set;

/** What an analytics question reads, and how large its answer can become. */
final class AnalyticsFacts {
    private AnalyticsFacts() {}

    static Facts of(AnalyticsQuestion question, SqlContext sql) {
        StatementContext context = Internals.of(sql);
        Set<String> needed = AnalyticsColumns.of(question, context);
        BucketAxis axis = BucketAxis.of(question.range(), question.frequency());
        AnalyticsSql written = new AnalyticsSql(context, question);
        int toChoose = written.scansToChooseGroups();
        // the server would run what chooses groups in order to plan the rest; each reads the range once more
        return new Facts(
                context.tables(needed),
                InferenceFact.columns().stream()
                        .map(Column::name)
                        .filter(needed::contains)
                        .toList(),
                Micros.instant(axis.from()),
                Micros.instant(axis.to()),
                new Facts.Cells(axis.count(), mostCells(question, axis.count())),
                1 + toChoose,
                (toChoose > 0 ? new AnalyticsSql(context, question.withoutChoosingGroups()) : written).statement());
    }

    /** Groups by buckets by metrics, with totals those too, and with a comparison those of both ranges. */
    private static OptionalLong mostCells(AnalyticsQuestion question, int buckets) {
        int compared = question.compared()
                .map(other -> BucketAxis.of(other.range(), other.frequency()).count())
                .orElse(0);
        int total = question.withTotals() ? 1 : 0;
        long perGroup = ((long) buckets + total + (compared > 0 ? compared + total : 0))
                * question.metrics().size();
        if (question.groupBy().isEmpty()) {
            return OptionalLong.of(perGroup);
        }
        // the others are one group more, and so are all together
        return question.top()
                .map(top -> OptionalLong.of((top.size() + 1L + total) * perGroup))
                .orElse(OptionalLong.empty());
    }
}
