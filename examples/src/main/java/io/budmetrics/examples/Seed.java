package io.budmetrics.examples;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.Row;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.ingest.LayoutWriter;
import io.budmetrics.clickhouse.ingest.SyntheticTraffic;
import io.budmetrics.clickhouse.ingest.SyntheticTraffic.Profile;
import io.budmetrics.clickhouse.migrate.LayoutTables;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.examples.support.Cli;
import io.budmetrics.examples.support.Progress;
import io.budmetrics.examples.support.ServerOptions;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metrics;
import io.budmetrics.schema.Layout;
import io.budmetrics.time.Frequency;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fills the tables of any server with made-up traffic. */
@Command(
        name = "examples/run seed",
        sortOptions = false,
        description =
                "Fills the tables of a ClickHouse, the library's own or those of others, with made-up traffic; creates them"
                        + " when they are missing.",
        footer = {
            "",
            ServerOptions.FOOTER,
            "",
            "The same options make the same inferences, and those that are stored already are not stored twice. So a run"
                    + " that was cut off goes on with the same command and --resume, which first asks how far it came.",
            "",
            "Example: examples/run seed --url http://localhost:8123 --records 20000000 --days 90 --until 2026-11-01"
        })
final class Seed implements Callable<Integer> {
    private static final int BATCH = 50_000;
    private static final int MOST_DAYS_BY_HOUR = 366;
    private static final long MOST_RECORDS = 1_000_000_000L;

    private final PrintStream out;
    private final PrintStream err;

    @Mixin
    private ServerOptions server = new ServerOptions();

    /** Whose tables. */
    private enum Tables {
        OWN,
        TENSORZERO,
        OTEL
    }

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description =
                    "Whose tables: ${COMPLETION-CANDIDATES}; that of OTEL, a collector of traces, has the name of the"
                            + " library's own and needs another database; default: OWN")
    private Tables tables = Tables.OWN;

    @Option(names = "--records", paramLabel = "N", description = "How many inferences are made up; default: 1000000")
    private long records = 1_000_000;

    @Option(names = "--seed", paramLabel = "N", description = "The same seed makes the same traffic; default: 1")
    private long seed = 1;

    @Option(names = "--days", paramLabel = "N", description = "Over how many days they are spread; default: 30")
    private int days = 30;

    @Option(names = "--until", paramLabel = "DATE", description = "The day after the last, UTC; default: today")
    private @Nullable String until;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Who calls when: ${COMPLETION-CANDIDATES}; default: MIXED")
    private Profile profile = Profile.MIXED;

    @Option(
            names = "--duplicates",
            paramLabel = "SHARE",
            description = "How many of them are delivered a second time, 0 to 0.5; default: 0")
    private double duplicates;

    @Option(
            names = "--nulls",
            paramLabel = "SHARE",
            description = "How many values are missing besides those that usually are, 0 to 1; default: 0")
    private double nulls;

    @Option(
            names = "--clock-skew",
            paramLabel = "SHARE",
            description = "How many were stamped by a clock that is wrong, 0 to 1; default: 0")
    private double clockSkew;

    @Option(names = "--resume", description = "Goes on where a run with the same options was cut off")
    private boolean resume;

    private Seed(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        return Cli.run(new Seed(out, err), arguments, out, err);
    }

    @Override
    public Integer call() throws IOException {
        if (records < 1 || records > MOST_RECORDS) {
            throw new IOException(String.format(Locale.ROOT, "--records is %d; use 1 to %,d", records, MOST_RECORDS));
        }
        SyntheticTraffic traffic = SyntheticTraffic.builder()
                .records(records)
                .days(days)
                .until(end())
                .seed(seed)
                .batchSize(BATCH)
                .profile(profile)
                .duplicates(duplicates)
                .nulls(nulls)
                .clockSkew(clockSkew)
                .build();
        DataSource dataSource = server.dataSource();
        try (Progress progress = new Progress(err)) {
            progress.start("Creating the tables");
            progress.done(created(dataSource) + " statements");

            Instant after = Instant.MIN;
            if (resume) {
                progress.start("Looking for what is there");
                after = latestArrival(dataSource, traffic);
                progress.done(after.equals(Instant.MIN) ? "nothing yet" : "up to about " + after);
            }

            progress.start("Writing inferences");
            long start = System.nanoTime();
            long written = write(dataSource, traffic, after, done -> progress.at(done, records));
            double seconds = (System.nanoTime() - start) / 1e9;
            String pace = resume ? "" : String.format(Locale.ROOT, ", %,.0f a second", written / seconds);
            progress.done(
                    String.format(Locale.ROOT, "%,d, from %s to %s%s", written, traffic.from(), traffic.until(), pace));
        }
        return report(dataSource, traffic);
    }

    private Layout layout() {
        return switch (tables) {
            case OWN -> Layout.inferenceFact();
            case TENSORZERO -> Layout.tensorzero();
            case OTEL -> Layout.otelInferenceFact();
        };
    }

    private int created(DataSource dataSource) {
        LayoutTables others = LayoutTables.over(dataSource);
        return switch (tables) {
            case OWN -> SchemaMigrator.over(dataSource).migrate().size();
            case TENSORZERO -> others.createTensorZero().size();
            case OTEL -> others.createOtelInferenceFact().size();
        };
    }

    private long write(DataSource dataSource, SyntheticTraffic traffic, Instant after, LongConsumer progress) {
        if (tables == Tables.OWN) {
            try (InferenceWriter writer = InferenceWriter.over(dataSource)) {
                return traffic.writeTo(writer, after, progress);
            }
        }
        try (LayoutWriter writer = LayoutWriter.over(dataSource, layout())) {
            return traffic.writeTo(writer, after, progress);
        }
    }

    private BudMetrics client(DataSource dataSource) {
        return BudMetrics.builder().dataSource(dataSource).layout(layout()).build();
    }

    private Instant end() throws IOException {
        if (until == null) {
            return Instant.now().truncatedTo(ChronoUnit.DAYS);
        }
        try {
            return LocalDate.parse(until).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw new IOException("--until is '" + until + "'; use a date such as 2026-11-01", e);
        }
    }

    /** The start of the last hour, or day, in which something of this traffic arrived; all before it is stored. */
    private Instant latestArrival(DataSource dataSource, SyntheticTraffic traffic) {
        Frequency.Unit unit = days <= MOST_DAYS_BY_HOUR ? Frequency.Unit.HOUR : Frequency.Unit.DAY;
        try (BudMetrics budMetrics = client(dataSource)) {
            return budMetrics
                    .execute(QueryBuilder.analytics()
                            .metrics(Metrics.REQUEST_COUNT)
                            .between(traffic.from(), traffic.until())
                            .traffic(TrafficSource.ALL)
                            .where(Dimension.PROJECT.in(traffic.projects()))
                            .every(Frequency.every(1, unit))
                            .onlyBucketsWithTraffic()
                            .build())
                    .rows()
                    .stream()
                    .filter(Row::hasTraffic)
                    .map(row -> row.period().from())
                    .max(Instant::compareTo)
                    .orElse(Instant.MIN);
        }
    }

    /** What the questions see, which is the point of it. */
    private int report(DataSource dataSource, SyntheticTraffic traffic) {
        try (BudMetrics budMetrics = client(dataSource)) {
            long counted = budMetrics
                    .execute(QueryBuilder.analytics()
                            .metrics(Metrics.REQUEST_COUNT)
                            .between(traffic.from(), traffic.until())
                            .traffic(TrafficSource.ALL)
                            .every(Frequency.every(days, Frequency.Unit.DAY))
                            .build())
                    .rows()
                    .stream()
                    .mapToLong(row -> row.get(Metrics.REQUEST_COUNT).count())
                    .sum();
            out.printf(Locale.ROOT, "%,d inferences between %s and %s%n", counted, traffic.from(), traffic.until());
        }
        return 0;
    }
}
