package io.budmetrics.examples;

import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.examples.support.Progress;
import io.budmetrics.examples.support.Report;
import io.budmetrics.examples.support.Terminal;
import io.budmetrics.examples.support.UsageException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Frequency;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** From nothing to answers: an engine, a table, synthetic traffic, five questions and a page of plots. */
@Command(
        name = "quickstart",
        sortOptions = false,
        description = "Start ClickHouse, write 200,000 synthetic inferences, answer five questions, plot report.html.",
        footer = {
            "",
            "A second run with the same --data and without --until asks about the traffic that is already there.",
            "",
            "Example: examples/run quickstart --data traffic"
        })
final class Quickstart implements Callable<Integer> {
    private static final int DAYS = 30;
    private static final int BATCH = 20_000;
    private static final long MOST_RECORDS = 50_000_000;
    /** How far back an earlier run in the same folder is looked for. */
    private static final int DAYS_BACK = 365;

    private final PrintStream out;
    private final PrintStream err;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Where the page of plots is written; default: ./report.html")
    private Path report = Path.of("report.html");

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description =
                    "Where the data is kept, for 'examples/run engine'; default: a temporary folder, deleted at the"
                            + " end")
    private @Nullable Path data;

    @Option(names = "--records", paramLabel = "N", description = "How many inferences to write; default: 200000")
    private long records = 200_000;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The random seed: the same seed and end give the same traffic; default: 1")
    private long seed = 1;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Where the 30 days end, such as 2026-11-24T20:00:00Z; default: the last full hour")
    private @Nullable String until;

    Quickstart(Terminal terminal) {
        this.out = terminal.out();
        this.err = terminal.err();
    }

    @Override
    public Integer call() throws IOException {
        if (records < 1 || records > MOST_RECORDS) {
            throw new UsageException("--records is " + records + "; give 1 to " + MOST_RECORDS);
        }
        Report.checkPlace(report);
        // a full hour, so that the last day is an incomplete one, as in life
        Instant end = (until == null ? Instant.now() : parsed(until)).truncatedTo(ChronoUnit.HOURS);
        try (Progress progress = new Progress(err);
                EmbeddedClickHouse engine = start(progress)) {
            progress.done("version " + engine.version());
            DataSource dataSource = engine.dataSource();

            progress.start("Creating the table");
            progress.done(SchemaMigrator.over(dataSource).migrate().size() + " statements");

            try (BudMetrics budMetrics = BudMetrics.over(dataSource)) {
                SyntheticTraffic traffic =
                        traffic(until == null ? earlierEnd(budMetrics, end).orElse(end) : end);
                progress.start("Writing inferences");
                try (InferenceWriter writer = InferenceWriter.over(dataSource)) {
                    long written = traffic.writeTo(writer, done -> progress.at(done, records));
                    progress.done(
                            String.format(Locale.ROOT, "%,d, from %s to %s", written, traffic.from(), traffic.until()));
                }
                answer(budMetrics, traffic, engine.version(), progress);
            }
            if (data != null) {
                err.println("The data is kept: 'examples/run engine --data " + data + "' serves it.");
            }
        }
        return 0;
    }

    /** Thirty days, the last of which is not complete. */
    private SyntheticTraffic traffic(Instant end) {
        Instant lastDay = end.minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.DAYS);
        return SyntheticTraffic.builder()
                .records(records)
                .between(lastDay.minus(Duration.ofDays(DAYS - 1)), end)
                .batchSize(BATCH)
                .seed(seed)
                .build();
    }

    /**
     * Where the traffic of an earlier run ended that is kept in the same folder. The same end makes the same traffic, which
     * is not stored twice; a later end would lay other traffic over it.
     */
    private Optional<Instant> earlierEnd(BudMetrics budMetrics, Instant end) {
        if (data == null) {
            return Optional.empty();
        }
        return StoredTraffic.latestArrival(budMetrics, traffic(end), end.minus(Duration.ofDays(DAYS_BACK)), end)
                .map(hour -> hour.plus(Duration.ofHours(1)));
    }

    private void answer(BudMetrics budMetrics, SyntheticTraffic traffic, String version, Progress progress)
            throws IOException {
        BiFunction<Dimension<?>, Object, String> names =
                (dimension, value) -> String.valueOf(traffic.names().getOrDefault(value, value.toString()));
        Instant to = traffic.until();
        FiveQuestions questions = new FiveQuestions(
                traffic.from(),
                to,
                Frequency.DAY,
                Frequency.HOUR,
                to.minus(Duration.ofDays(1)),
                Dimension.MODEL,
                Metrics.COST,
                Dimension.PROJECT,
                List.of());
        questions.print(budMetrics, names, out);
        out.println();
        progress.start("Drawing");
        // what is there, which is more than was written when the folder holds other traffic too
        long counted = StoredTraffic.count(budMetrics, traffic.from(), to);
        String footer = String.format(
                Locale.ROOT,
                "%,d inferences of synthetic traffic (seed %d), answered by budmetrics on ClickHouse %s.",
                counted,
                seed,
                version);
        // a week of hours shows the rhythm better than the table's single day
        FiveQuestions week = questions.rhythmFrom(to.minus(Duration.ofDays(7)));
        new Pictures(budMetrics, week, names).report("LLM traffic", footer).write(report);
        progress.done("open " + report.toAbsolutePath().normalize() + " in a browser");
    }

    private EmbeddedClickHouse start(Progress progress) {
        progress.start("Starting ClickHouse");
        EmbeddedClickHouse.Builder builder = EmbeddedClickHouse.builder();
        return data == null ? builder.start() : builder.dataDirectory(data).start();
    }

    private static Instant parsed(String time) {
        try {
            return Instant.parse(time);
        } catch (DateTimeException e) {
            throw new UsageException("--until is '" + time + "'; give a time such as 2026-11-24T20:00:00Z");
        }
    }
}
