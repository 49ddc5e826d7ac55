package io.budmetrics.examples;

import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.ingest.LayoutWriter;
import io.budmetrics.clickhouse.migrate.LayoutTables;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic.Profile;
import io.budmetrics.examples.support.Progress;
import io.budmetrics.examples.support.ServerOptions;
import io.budmetrics.examples.support.Terminal;
import io.budmetrics.examples.support.UsageException;
import io.budmetrics.schema.Layout;
import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fills the tables of any server with synthetic traffic. */
@Command(
        name = "seed",
        sortOptions = false,
        description = {
            "Fill a table on any server with synthetic traffic.",
            "The tables are the library's own or those of TensorZero or an OpenTelemetry collector; they are created when"
                    + " they are missing."
        },
        footer = {
            "",
            ServerOptions.FOOTER,
            "",
            "The same options give the same inferences, and inferences that are already stored are not stored twice. To"
                    + " finish a run that was cut off, run the same command with --resume.",
            "",
            "Example: examples/run seed --url http://localhost:8123 --records 20000000 --days 90 --until 2026-11-01"
        })
final class Seed implements Callable<Integer> {
    private static final int BATCH = 50_000;
    private static final long MOST_RECORDS = 1_000_000_000L;

    private final PrintStream out;
    private final PrintStream err;

    @Mixin
    private final ServerOptions server;

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
                    "Whose tables to fill: ${COMPLETION-CANDIDATES}. The table of OTEL, an OpenTelemetry collector,"
                            + " has the same name as the library's own and needs another database; default: OWN")
    private Tables tables = Tables.OWN;

    @Option(names = "--records", paramLabel = "N", description = "How many inferences; default: 1000000")
    private long records = 1_000_000;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The random seed: the same seed gives the same traffic; default: 1")
    private long seed = 1;

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "The number of days over which the inferences are spread; default: 30")
    private int days = 30;

    @Option(
            names = "--until",
            paramLabel = "DATE",
            description = "The day at whose beginning (UTC) the traffic ends; default: today")
    private @Nullable String until;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "The shape of the traffic: ${COMPLETION-CANDIDATES}; default: MIXED")
    private Profile profile = Profile.MIXED;

    @Option(
            names = "--duplicates",
            paramLabel = "SHARE",
            description = "The share of inferences that are delivered twice, 0 to 0.5; default: 0")
    private double duplicates;

    @Option(
            names = "--nulls",
            paramLabel = "SHARE",
            description = "The share of values that are missing in addition to the usual ones, 0 to 1; default: 0")
    private double nulls;

    @Option(
            names = "--clock-skew",
            paramLabel = "SHARE",
            description = "The share of inferences with a timestamp from a wrong clock, 0 to 1; default: 0")
    private double clockSkew;

    @Option(names = "--resume", description = "Continue where a run with the same options was cut off")
    private boolean resume;

    Seed(Terminal terminal) {
        this.out = terminal.out();
        this.err = terminal.err();
        this.server = new ServerOptions(terminal.environment());
    }

    @Override
    public Integer call() {
        if (records < 1 || records > MOST_RECORDS) {
            throw new UsageException(
                    String.format(Locale.ROOT, "--records is %d; give 1 to %,d", records, MOST_RECORDS));
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
        DataSource dataSource = server.config().toDataSource();
        try (Progress progress = new Progress(err)) {
            progress.start("Creating the tables");
            progress.done(created(dataSource) + " statements");

            Optional<Instant> after = Optional.empty();
            if (resume) {
                progress.start("Looking for traffic that is stored already");
                after = latestArrival(dataSource, traffic);
                progress.done(after.map(hour -> "up to about " + hour).orElse("none"));
            }

            progress.start("Writing inferences");
            long start = System.nanoTime();
            long written = write(dataSource, traffic, after.orElse(Instant.MIN), done -> progress.at(done, records));
            double seconds = (System.nanoTime() - start) / 1e9;
            String pace = resume ? "" : String.format(Locale.ROOT, ", %,.0f a second", written / seconds);
            progress.done(
                    String.format(Locale.ROOT, "%,d, from %s to %s%s", written, traffic.from(), traffic.until(), pace));
        }
        report(dataSource, traffic);
        return 0;
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

    private Instant end() {
        if (until == null) {
            return Instant.now().truncatedTo(ChronoUnit.DAYS);
        }
        try {
            return LocalDate.parse(until).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw new UsageException("--until is '" + until + "'; give a date such as 2026-11-01");
        }
    }

    /** All that arrived before it is stored. */
    private Optional<Instant> latestArrival(DataSource dataSource, SyntheticTraffic traffic) {
        try (BudMetrics budMetrics = client(dataSource)) {
            return StoredTraffic.latestArrival(budMetrics, traffic, traffic.from(), traffic.until());
        }
    }

    /** Counts what a question sees, which is what the traffic is for. */
    private void report(DataSource dataSource, SyntheticTraffic traffic) {
        try (BudMetrics budMetrics = client(dataSource)) {
            long counted = StoredTraffic.count(budMetrics, traffic.from(), traffic.until());
            out.printf(Locale.ROOT, "%,d inferences between %s and %s%n", counted, traffic.from(), traffic.until());
        }
    }
}
