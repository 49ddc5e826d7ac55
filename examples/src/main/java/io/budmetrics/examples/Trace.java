package io.budmetrics.examples;

import io.budmetrics.analytics.Row;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.examples.support.Progress;
import io.budmetrics.examples.support.Report;
import io.budmetrics.examples.support.Terminal;
import io.budmetrics.examples.support.TraceFile;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.Metrics;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.time.Frequency;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports public trace files and asks the questions that the quick start asks of its synthetic traffic. */
@Command(
        name = "trace",
        sortOptions = false,
        description = {
            "Import trace files (Azure LLM inference trace, CSV) and answer the same five questions.",
            "A file has the header TIMESTAMP,ContextTokens,GeneratedTokens and times in UTC; what it does not contain"
                    + " is reported as not measured. Each file becomes an endpoint of its name."
        },
        footer = {"", "Example: examples/run trace code.csv conv.csv --report trace.html"})
final class Trace implements Callable<Integer> {
    private static final int BATCH = 50_000;
    /** How finely a table and a picture show the rhythm. */
    private static final int TABLE_LINES = 16;

    private static final int PICTURE_POINTS = 80;
    private static final long DAY = 1440;
    /** Each divides the next, so that a window of whole long buckets has whole short ones. */
    private static final long[] MINUTES = {1, 5, 10, 30, 60, 180, 360, 720, DAY, 7 * DAY, 28 * DAY, 364 * DAY};

    private final PrintStream out;
    private final PrintStream err;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Trace files, such as code.csv conv.csv")
    private List<Path> paths = List.of();

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description =
                    "Where the data is kept; a file that is imported again counts once. Default: a temporary folder, deleted at"
                            + " the end")
    private @Nullable Path data;

    @Option(names = "--report", paramLabel = "FILE", description = "Also write a page of plots")
    private @Nullable Path report;

    Trace(Terminal terminal) {
        this.out = terminal.out();
        this.err = terminal.err();
    }

    @Override
    public Integer call() throws IOException {
        if (report != null) {
            Report.checkPlace(report);
        }
        try (Progress progress = new Progress(err)) {
            progress.start("Reading");
            Map<UUID, String> stems = new LinkedHashMap<>();
            List<InferenceRecord> requests = new ArrayList<>();
            for (Path path : paths) {
                TraceFile file = TraceFile.at(path);
                if (stems.put(file.endpoint(), file.stem()) != null) {
                    throw new IOException(
                            path + ": another file is called " + file.stem() + " too; rename one of them");
                }
                file.read(request -> requests.add(record(file, request)));
            }
            if (requests.isEmpty()) {
                throw new IOException("no requests in " + paths);
            }
            progress.done(String.format(
                    Locale.ROOT,
                    "%,d requests in %s",
                    requests.size(),
                    stems.size() == 1 ? "a file" : stems.size() + " files"));

            progress.start("Starting ClickHouse");
            EmbeddedClickHouse.Builder builder = EmbeddedClickHouse.builder();
            try (EmbeddedClickHouse engine =
                    data == null ? builder.start() : builder.dataDirectory(data).start()) {
                progress.done("version " + engine.version());
                answer(engine.dataSource(), requests, stems, progress);
            }
        }
        return 0;
    }

    private void answer(
            DataSource dataSource, List<InferenceRecord> requests, Map<UUID, String> stems, Progress progress)
            throws IOException {
        SchemaMigrator.over(dataSource).migrate();
        progress.start("Writing");
        try (InferenceWriter writer = InferenceWriter.over(dataSource)) {
            for (int start = 0; start < requests.size(); start += BATCH) {
                writer.write(requests.subList(start, Math.min(requests.size(), start + BATCH)));
                progress.at(start, requests.size());
            }
        }
        progress.done(String.format(Locale.ROOT, "%,d requests", requests.size()));

        FiveQuestions questions = questions(requests, List.copyOf(stems.keySet()), TABLE_LINES);
        BiFunction<Dimension<?>, Object, String> names = (dimension, value) ->
                value instanceof UUID id ? stems.getOrDefault(id, id.toString()) : value.toString();
        try (BudMetrics budMetrics = BudMetrics.over(dataSource)) {
            Row total = budMetrics.execute(questions.total()).rows().get(0);
            out.printf(
                    Locale.ROOT,
                    "%nTotal: %,d requests, %,d input tokens, %,d output tokens.%n",
                    total.get(Metrics.REQUEST_COUNT).count(),
                    total.get(Metrics.INPUT_TOKENS).total().orElse(0),
                    total.get(Metrics.OUTPUT_TOKENS).total().orElse(0));
            questions.print(budMetrics, names, out);
            if (report != null) {
                out.println();
                progress.start("Drawing");
                new Pictures(budMetrics, questions(requests, List.copyOf(stems.keySet()), PICTURE_POINTS), names)
                        .report(
                                "LLM traffic: " + String.join(", ", stems.values()),
                                String.format(
                                        Locale.ROOT,
                                        "%,d requests of imported trace files. What the files do not contain is"
                                                + " not measured.",
                                        requests.size()))
                        .write(report);
                progress.done("open " + report.toAbsolutePath().normalize() + " in a browser");
            }
        }
    }

    private static InferenceRecord record(TraceFile file, TraceFile.Request request) {
        return InferenceRecord.builder()
                .inferenceId(request.id())
                .endpointId(file.endpoint())
                .requestArrivalTime(request.arrival())
                .inputTokens(request.inputTokens())
                .outputTokens(request.outputTokens())
                .build();
    }

    /** A window of whole steps around the trace, so that no bucket is incomplete. */
    private static FiveQuestions questions(List<InferenceRecord> requests, List<UUID> endpoints, int rhythm) {
        Instant first = requests.stream()
                .map(InferenceRecord::requestArrivalTime)
                .min(Instant::compareTo)
                .orElseThrow();
        Instant last = requests.stream()
                .map(InferenceRecord::requestArrivalTime)
                .max(Instant::compareTo)
                .orElseThrow();
        Duration length = Duration.between(first, last);
        long coarse = step(length, 8);
        long fine = step(length, rhythm);
        long seconds = coarse * 60;
        Instant from = Instant.ofEpochSecond(Math.floorDiv(first.getEpochSecond(), seconds) * seconds);
        Instant to = Instant.ofEpochSecond((Math.floorDiv(last.getEpochSecond(), seconds) + 1) * seconds);
        return new FiveQuestions(
                from,
                to,
                frequency(coarse),
                frequency(fine),
                from,
                Dimension.ENDPOINT,
                Metrics.REQUEST_COUNT,
                Dimension.ENDPOINT,
                List.of(Dimension.ENDPOINT.in(endpoints)));
    }

    private static long step(Duration length, int buckets) {
        for (long minutes : MINUTES) {
            if (length.toMinutes() / minutes < buckets) {
                return minutes;
            }
        }
        return MINUTES[MINUTES.length - 1];
    }

    private static Frequency frequency(long minutes) {
        if (minutes % DAY == 0) {
            return Frequency.every(Math.toIntExact(minutes / DAY), Frequency.Unit.DAY);
        }
        return minutes % 60 == 0
                ? Frequency.every(Math.toIntExact(minutes / 60), Frequency.Unit.HOUR)
                : Frequency.every(Math.toIntExact(minutes), Frequency.Unit.MINUTE);
    }
}
