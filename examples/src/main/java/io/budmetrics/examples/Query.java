package io.budmetrics.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.examples.support.AnswerTable;
import io.budmetrics.examples.support.ServerOptions;
import io.budmetrics.examples.support.Terminal;
import io.budmetrics.examples.support.UsageException;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks any server one question, given as options or as JSON. */
@Command(
        name = "query",
        sortOptions = false,
        description = {
            "Ask any server one question, given as options or as JSON on standard input.",
            "The server is a ClickHouse with the table InferenceFact."
        },
        footer = {
            "",
            ServerOptions.FOOTER,
            "",
            "Example: examples/run query --url http://localhost:8123 --metrics request_count,latency"
                    + " --last 7d --every day --group-by model --top 5"
        })
final class Query implements Callable<Integer> {
    /** The options that do not belong to the question. */
    private static final Set<String> BESIDE_JSON =
            Set.of("--url", "--user", "--password", "--database", "--format", "--sql");

    /** How the answer is written. */
    enum Format {
        TABLE,
        JSON
    }

    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "-", arity = "0..1", description = "Read the question as JSON from standard input")
    private @Nullable String standardInput;

    @Mixin
    private final ServerOptions server;

    @Mixin
    private final QuestionOptions flags = new QuestionOptions();

    @Option(names = "--format", paramLabel = "FORMAT", description = "table or json; default: table")
    private Format format = Format.TABLE;

    @Option(names = "--sql", description = "Only print the SQL, with the parameters filled in, without asking a server")
    private boolean sql;

    Query(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal.environment());
    }

    @Override
    public Integer call() throws IOException {
        AnalyticsQuestion question = standardInput == null ? flags.question() : fromJson();
        if (sql) {
            AnalyticsQuestion pinned = question.range().asOf().isPresent() ? question : question.asOf(Instant.now());
            terminal.out()
                    .println(pinned.statement(SqlContext.of(Layout.inferenceFact()))
                            .inlined());
            return 0;
        }
        try (BudMetrics budMetrics = BudMetrics.connect(server.config())) {
            AnalyticsAnswer answer = ask(budMetrics, question);
            if (format == Format.JSON) {
                terminal.out()
                        .println(new ObjectMapper()
                                .writerWithDefaultPrettyPrinter()
                                .writeValueAsString(answer));
            } else {
                AnswerTable.print("Answer", answer, (dimension, value) -> value.toString(), terminal.out());
                terminal.out().println("  as of " + answer.asOf());
            }
        }
        return 0;
    }

    /** Adds what the library cannot know: which option or variable would help. */
    private AnalyticsAnswer ask(BudMetrics budMetrics, AnalyticsQuestion question) throws IOException {
        try {
            return budMetrics.execute(question);
        } catch (BudMetricsException e) {
            String advice =
                    switch (e.code()) {
                        case DATABASE_UNAVAILABLE ->
                            server.shown()
                                    + " does not answer; check that it is running and that this is its HTTP port";
                        case ACCESS_DENIED -> "check --user and --password, or CLICKHOUSE_USER and CLICKHOUSE_PASSWORD";
                        case SCHEMA_MISMATCH -> "is it the right --database? SchemaMigrator creates the table there";
                        case DATABASE_ERROR ->
                            e.serverCode().isEmpty()
                                    ? "is " + server.shown() + " the HTTP interface of a ClickHouse?"
                                    : "";
                        default -> "";
                    };
            if (advice.isEmpty()) {
                throw e;
            }
            throw new IOException(e.getMessage() + ": " + advice, e);
        }
    }

    private AnalyticsQuestion fromJson() throws IOException {
        if (!"-".equals(standardInput)) {
            throw new UsageException(
                    "'" + standardInput + "' is not an option; give options, or - for a question on standard input");
        }
        refuseFlags();
        try {
            AnalyticsQuestion question = new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(terminal.in(), AnalyticsQuestion.class);
            if (question == null) {
                throw new UsageException("standard input is null; give a question as JSON");
            }
            return question;
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof BudMetricsException refused) {
                throw refused;
            }
            throw notAQuestion(e);
        } catch (JsonProcessingException e) {
            throw notAQuestion(e);
        }
    }

    private static UsageException notAQuestion(JsonProcessingException e) {
        return new UsageException(
                "standard input is not a question; give one as JSON (" + e.getOriginalMessage() + ")");
    }

    /** A question on standard input is whole: an option that belongs to it would be ignored. */
    private void refuseFlags() {
        if (spec == null) {
            return;
        }
        spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(flag -> !BESIDE_JSON.contains(flag))
                .findFirst()
                .ifPresent(flag -> {
                    throw new UsageException(
                            flag + " is given beside a question on standard input; give it in the JSON");
                });
    }
}
