package io.budmetrics.examples;

import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.ingest.SyntheticTraffic;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.examples.support.Cli;
import io.budmetrics.examples.support.Progress;
import io.budmetrics.examples.support.Report;
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
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** From nothing to answers: an engine, a table, made-up traffic, five questions and a page of pictures. */
@Command(
        name = "examples/run quickstart",
        description =
                "Starts a temporary ClickHouse, fills it with made-up traffic and answers five questions about it.")
final class Quickstart implements Callable<Integer> {
    private static final int DAYS = 30;
    private static final int BATCH = 20_000;
    private static final long MOST_RECORDS = 50_000_000;

    private final PrintStream out;
    private final PrintStream err;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Where the page of pictures goes; default: ./report.html")
    private Path report = Path.of("report.html");

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Keeps the data there, for examples/run engine; default: a temporary folder")
    private @Nullable Path data;

    @Option(names = "--records", paramLabel = "N", description = "How many inferences are made up; default: 200000")
    private long records = 200_000;

    @Option(names = "--seed", paramLabel = "N", description = "The same seed and end make the same traffic; default: 1")
    private long seed = 1;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Where the 30 days end, such as 2026-11-24T20:00:00Z; default: the last full hour")
    private @Nullable String until;

    @Spec
    private @Nullable CommandSpec spec;

    private Quickstart(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        return Cli.run(new Quickstart(out, err), arguments, out, err);
    }

    @Override
    public Integer call() throws IOException {
        if (records < 1 || records > MOST_RECORDS) {
            throw wrong("--records is " + records + "; use 1 to " + MOST_RECORDS);
        }
        Report.checkPlace(report);
        // a full hour, so that the last day is an incomplete one, as in life
        Instant to = until().truncatedTo(ChronoUnit.HOURS);
        Instant from =
                to.minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(DAYS - 1));
        SyntheticTraffic traffic = SyntheticTraffic.builder()
                .records(records)
                .between(from, to)
                .batchSize(BATCH)
                .seed(seed)
                .build();

        try (Progress progress = new Progress(err);
                EmbeddedClickHouse engine = start(progress)) {
            progress.done("version " + engine.version());
            DataSource dataSource = engine.dataSource();

            progress.start("Creating the table");
            progress.done(SchemaMigrator.over(dataSource).migrate().size() + " statements");

            progress.start("Writing inferences");
            try (InferenceWriter writer = InferenceWriter.over(dataSource)) {
                long written = traffic.writeTo(writer, done -> progress.at(done, records));
                progress.done(String.format(Locale.ROOT, "%,d, from %s to %s", written, from, to));
            }

            BiFunction<Dimension<?>, Object, String> names =
                    (dimension, value) -> String.valueOf(traffic.names().getOrDefault(value, value.toString()));
            int hours = Math.toIntExact(Duration.between(from, to).toHours());
            FiveQuestions questions = new FiveQuestions(
                    from,
                    to,
                    Frequency.every(hours, Frequency.Unit.HOUR),
                    Frequency.DAY,
                    Frequency.HOUR,
                    to.minus(Duration.ofDays(1)),
                    Dimension.MODEL,
                    Metrics.COST,
                    Dimension.PROJECT,
                    List.of());
            try (BudMetrics budMetrics = BudMetrics.over(dataSource)) {
                questions.print(budMetrics, names, out);
                out.println();
                progress.start("Drawing");
                // a week of hours shows the rhythm better than the table's single day
                FiveQuestions week = questions.rhythmFrom(to.minus(Duration.ofDays(7)));
                new Pictures(budMetrics, week, names)
                        .report(
                                "LLM traffic",
                                String.format(
                                        Locale.ROOT,
                                        "%,d made-up inferences (seed %d), answered by budmetrics on ClickHouse %s.",
                                        records,
                                        seed,
                                        engine.version()))
                        .write(report);
                progress.done("open " + report.toAbsolutePath().normalize() + " in a browser");
            }
            if (data != null) {
                err.println("The data is kept: examples/run engine --data " + data + " serves it.");
            }
        }
        return 0;
    }

    private EmbeddedClickHouse start(Progress progress) {
        progress.start("Starting ClickHouse");
        EmbeddedClickHouse.Builder builder = EmbeddedClickHouse.builder();
        return data == null ? builder.start() : builder.dataDirectory(data).start();
    }

    private Instant until() {
        try {
            return until == null ? Instant.now() : Instant.parse(until);
        } catch (DateTimeException e) {
            throw wrong("--until " + until + ": expected a time such as 2026-11-24T20:00:00Z");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec == null ? new CommandLine(this) : spec.commandLine(), message);
    }
}
