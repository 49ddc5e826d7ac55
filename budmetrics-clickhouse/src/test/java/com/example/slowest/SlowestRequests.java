package com.example.slowest;

import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.question.Facts;
import io.budmetrics.question.Question;
import io.budmetrics.question.RequestRows;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The slowest requests of a range, slowest first.
 *
 * @param range when they arrived
 * @param filters conditions that must all hold
 * @param count how many
 */
record SlowestRequests(TimeRange range, List<Filter> filters, int count)
        implements Question<List<SlowestRequests.Slow>> {
    /** A request and how long it took. */
    record Slow(UUID inference, Duration latency) {}

    @Override
    public SlowestRequests asOf(Instant moment) {
        return range.asOf().isPresent() ? this : new SlowestRequests(range.withAsOf(moment), filters, count);
    }

    @Override
    public SqlStatement<List<Slow>> statement(SqlContext context) {
        return rows(context).statement(SlowestRequests::read);
    }

    @Override
    public Facts facts(SqlContext context) {
        return rows(context).facts();
    }

    private RequestRows rows(SqlContext context) {
        return context.requests(range)
                .traffic(TrafficSource.ALL)
                .where(filters)
                .columns(InferenceFact.INFERENCE_ID, InferenceFact.RESPONSE_TIME_US)
                .largestFirst(InferenceFact.RESPONSE_TIME_US)
                .smallestFirst(InferenceFact.INFERENCE_ID)
                .limit(count);
    }

    private static List<Slow> read(Columns columns) {
        int id = columns.indexOf(InferenceFact.INFERENCE_ID.name());
        int time = columns.indexOf(InferenceFact.RESPONSE_TIME_US.name());
        return IntStream.range(0, columns.rowCount())
                .mapToObj(row ->
                        new Slow(columns.uuidAt(id, row), Duration.of(columns.longAt(time, row), ChronoUnit.MICROS)))
                .toList();
    }
}
