package io.budmetrics.examples;

import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.ingest.SyntheticTraffic;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.examples.support.Cli;
import io.budmetrics.examples.support.Progress;
import io.budmetrics.metric.Metrics;
import io.budmetrics.query.Dimension;
import io.budmetrics.query.Frequency;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** From nothing to answers: an engine, a table, made-up traffic, five questions and a page of pictures. */
@Command(
        name = "examples/run quickstart",
        mixinStandardHelpOptions = true,
        description =
                "Starts a temporary ClickHouse, fills it with made-up traffic and answers five questions about it.")
final class Quickstart implements Callable<Integer> {
    private static final int DAYS = 30;

    private final PrintStream out;
    private final PrintStream err;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Where the page of pictures goes; default: ./report.html")
    private Path report = Path.of("report.html");

    @Option(names = "--records", paramLabel = "N", description = "How many inferences are made up; default: 200000")
    private long records = 200_000;

    @Option(names = "--seed", paramLabel = "N", description = "The same seed makes the same traffic; default: 1")
    private long seed = 1;

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
        if (records < 1 || records > 50_000_000) {
            throw new IOException("--records is " + records + "; use 1 to 50,000,000");
        }
        Progress progress = new Progress(err);
        // up to the hour that runs, so that the last day is an incomplete one, as in life
        Instant to = Instant.now().truncatedTo(ChronoUnit.HOURS);
        Instant from = to.truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(DAYS - 1));
        SyntheticTraffic traffic = SyntheticTraffic.builder()
                .records(records)
                .between(from, to)
                .seed(seed)
                .build();

        progress.start("Starting ClickHouse");
        try (EmbeddedClickHouse engine = EmbeddedClickHouse.start()) {
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
        }
        return 0;
    }
}
