package io.budmetrics.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.question.SqlContext;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ClickHouseConfig;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.examples.support.AnswerTable;
import io.budmetrics.examples.support.Cli;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.Side;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.schema.Layout;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks one question of any server. */
@Command(
        name = "examples/run query",
        sortOptions = false,
        description = "Asks one question of a ClickHouse with the table InferenceFact, as flags or as JSON.",
        footer = {
            "",
            "Without --url the server is taken from CLICKHOUSE_HOST, CLICKHOUSE_HTTP_PORT, CLICKHOUSE_USER,"
                    + " CLICKHOUSE_PASSWORD, CLICKHOUSE_DB_NAME and CLICKHOUSE_SECURE.",
            "",
            "Example: examples/run query --url http://localhost:8123 --metrics request_count,latency"
                    + " --last 7d --every day --group-by model --top 5"
        })
final class Query implements Callable<Integer> {
    private static final Pattern URL =
            Pattern.compile("(?i)(?<scheme>https?)://(?<host>[^/?#@:]+)(:(?<port>\\d{1,5}))?(/(?<database>[^/?#]*))?");
    private static final Set<String> BESIDE_JSON =
            Set.of("--url", "--user", "--password", "--database", "--format", "--sql");
    private static final Pattern WHERE =
            Pattern.compile("(?<name>[A-Za-z0-9_-]+) ?(?<operator>=|!=|>=|<=|>|<)(?<value>.*)", Pattern.DOTALL);
    private static final Pattern DURATION = Pattern.compile("(?<number>\\d{1,9}(\\.\\d{1,9})?) ?(?<unit>us|ms|s|m|h)");
    private static final Pattern EVERY = Pattern.compile("(\\d{0,6})[ -]?([a-zA-Z]+?)s?");
    private static final Pattern EARLIER = Pattern.compile("(\\d{1,4}) ?(d|w|y|days?|weeks?|months?|years?)");
    private static final Pattern LAST = Pattern.compile("(\\d{1,6}) ?(m|h|d|w|minutes?|hours?|days?|weeks?)");

    /** For the help text. */
    static final class MetricNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        MetricNames() {
            super(Metrics.all().stream().map(Metric::name).toList());
        }
    }

    /** For the help text. */
    static final class DimensionNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        DimensionNames() {
            super(Dimension.all().stream().map(Dimension::name).toList());
        }
    }

    /** How the answer is written. */
    enum Format {
        /** For people. */
        TABLE,
        /** For programs. */
        JSON
    }

    private final InputStream in;
    private final PrintStream out;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "-", arity = "0..1", description = "Read the question as JSON from standard input")
    private @Nullable String standardInput;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Such as http://localhost:8123 or https://host:8443/database")
    private @Nullable String url;

    @Option(names = "--user", paramLabel = "NAME", description = "With --url; default: default")
    private String user = "default";

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            description = "With --url; without it CLICKHOUSE_PASSWORD, which the process list does not show")
    private @Nullable String password;

    @Option(names = "--database", paramLabel = "NAME", description = "With --url, when that names none")
    private @Nullable String database;

    @Option(
            names = "--metrics",
            split = ",",
            paramLabel = "NAME",
            completionCandidates = MetricNames.class,
            description = "One or more, with commas: ${COMPLETION-CANDIDATES}")
    private List<String> metrics = List.of();

    @Option(
            names = "--percentiles",
            split = ",",
            paramLabel = "LEVEL",
            description = "Of every duration asked for, such as 0.5,0.99")
    private List<Double> percentiles = List.of();

    @Option(names = "--from", paramLabel = "TIME", description = "2026-11-01, 2026-11-01T08:30 or 2026-11-01T08:30:00Z")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Exclusive; without it, until now")
    private @Nullable String to;

    @Option(names = "--last", paramLabel = "TIME", description = "Instead of --from: 90m, 24h, 7d or 4w until now")
    private @Nullable String last;

    @Option(names = "--every", paramLabel = "PERIOD", description = "Such as day, hour or 15minutes; default: day")
    private String every = "day";

    @Option(names = "--zone", paramLabel = "ZONE", description = "Time zone of periods and times; default: UTC")
    private String zone = "UTC";

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description =
                    "Such as model=ID,ID, country!=DE or response_time>=2.5s; may be given several times, and then"
                            + " all must hold")
    private List<String> where = List.of();

    @Option(
            names = "--group-by",
            split = ",",
            paramLabel = "DIMENSION",
            completionCandidates = DimensionNames.class,
            description = "One or more, with commas: ${COMPLETION-CANDIDATES}")
    private List<String> groupBy = List.of();

    @Option(
            names = "--having",
            paramLabel = "CONDITION",
            description = "Only groups such as request_count>=100 or latency<2500, over the whole range; may be given"
                    + " several times")
    private List<String> having = List.of();

    @Option(names = "--top", paramLabel = "N", description = "Only the first N groups; the rest is added up as Others")
    private @Nullable Integer top;

    @Option(names = "--top-by", paramLabel = "NAME", description = "The metric that ranks; default: the first one")
    private @Nullable String topBy;

    @Option(names = "--delta", description = "With the change against the period before")
    private boolean delta;

    @Option(
            names = "--compared-with",
            paramLabel = "RANGE",
            description =
                    "With the change against an earlier range: previous, or how much earlier, such as 7d, 4w, 1month"
                            + " or 1y")
    private @Nullable String comparedWith;

    @Option(names = "--totals", description = "With totals of groups, of periods and of everything")
    private boolean totals;

    @Option(names = "--only-traffic", description = "Leaves out periods without a request")
    private boolean onlyTraffic;

    @Option(names = "--traffic", paramLabel = "SOURCE", description = "inference, prompt or all; default: inference")
    private TrafficSource traffic = TrafficSource.INFERENCE;

    @Option(names = "--as-of", paramLabel = "TIME", description = "The present, as the question sees it")
    private @Nullable String asOf;

    @Option(names = "--format", paramLabel = "FORMAT", description = "table or json; default: table")
    private Format format = Format.TABLE;

    @Option(names = "--sql", description = "Only writes the statement, with its parameters filled in; asks no server")
    private boolean sql;

    private Query(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.in, System.out, System.err));
    }

    static int run(String[] arguments, InputStream in, PrintStream out, PrintStream err) {
        return Cli.run(new Query(in, out), arguments, out, err);
    }

    @Override
    public Integer call() throws IOException {
        AnalyticsQuestion question = standardInput == null ? fromFlags() : fromJson();
        if (sql) {
            AnalyticsQuestion pinned =
                    question.range().asOf().isPresent() ? question : question.asOf(Instant.now());
            out.println(pinned.statement(SqlContext.of(Layout.inferenceFact()))
                    .inlined());
            return 0;
        }
        try (BudMetrics budMetrics = connect()) {
            AnalyticsAnswer answer = ask(budMetrics, question);
            if (format == Format.JSON) {
                out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(answer));
            } else {
                AnswerTable.print("Answer", answer, (dimension, value) -> value.toString(), out);
                out.println("  as of " + answer.asOf());
            }
        }
        return 0;
    }

    /** What the library cannot know: which flag or variable would help. */
    private AnalyticsAnswer ask(BudMetrics budMetrics, AnalyticsQuestion question) throws IOException {
        try {
            return budMetrics.execute(question);
        } catch (BudMetricsException e) {
            String server = url == null ? "the server of CLICKHOUSE_HOST" : url;
            String advice =
                    switch (e.code()) {
                        case DATABASE_UNAVAILABLE ->
                            server + " does not answer; is it running, and is that its HTTP port?";
                        case ACCESS_DENIED -> "check --user and --password, or CLICKHOUSE_USER and CLICKHOUSE_PASSWORD";
                        case SCHEMA_MISMATCH -> "is it the right --database? SchemaMigrator creates the table there";
                        case DATABASE_ERROR ->
                            e.serverCode().isEmpty() ? "is " + server + " the HTTP interface of a ClickHouse?" : "";
                        default -> "";
                    };
            if (advice.isEmpty()) {
                throw e;
            }
            throw new IOException(e.getMessage() + ": " + advice, e);
        }
    }

    private BudMetrics connect() {
        if (url == null) {
            if (Stream.of("CLICKHOUSE_HOST", "PSQL_HOST").allMatch(name -> System.getenv(name) == null)) {
                throw wrong("--url", "a URL such as http://localhost:8123, or CLICKHOUSE_HOST in the environment");
            }
            return BudMetrics.fromEnvironment();
        }
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw wrong(
                    "--url", "a URL such as http://localhost:8123 or https://host:8443/database, without credentials");
        }
        boolean secure = parts.group("scheme").equalsIgnoreCase("https");
        String port = parts.group("port");
        String path = parts.group("database");
        String secret = password == null ? System.getenv("CLICKHOUSE_PASSWORD") : password;
        ClickHouseConfig.Builder config = ClickHouseConfig.builder()
                .secure(secure)
                .host(parts.group("host"))
                .port(port == null ? (secure ? 8443 : 8123) : Integer.parseInt(port))
                .user(user)
                .password(secret == null ? "" : secret);
        String inUrl = path == null || path.isEmpty() ? "default" : path;
        return BudMetrics.connect(
                config.database(database == null ? inUrl : database).build());
    }

    private AnalyticsQuestion fromJson() throws IOException {
        if (!"-".equals(standardInput)) {
            throw wrong(standardInput, "flags, or - for a question on standard input");
        }
        if (spec != null) {
            spec.commandLine().getParseResult().matchedOptions().stream()
                    .map(OptionSpec::longestName)
                    .filter(flag -> !BESIDE_JSON.contains(flag))
                    .findFirst()
                    .ifPresent(flag -> {
                        throw wrong(flag, "nothing of the question in flags when it comes on standard input");
                    });
        }
        try {
            AnalyticsQuestion question = new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(in, AnalyticsQuestion.class);
            if (question == null) {
                throw wrong("standard input", "a question as JSON, found null");
            }
            return question;
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof BudMetricsException refused) {
                throw refused;
            }
            throw wrong("standard input", "a question as JSON: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw wrong("standard input", "a question as JSON: " + e.getOriginalMessage());
        }
    }

    private AnalyticsQuestion fromFlags() {
        if (metrics.isEmpty()) {
            throw wrong("--metrics", "one or more of " + names(Metrics.all(), Metric::name));
        }
        List<Metric<?>> asked = metrics.stream().<Metric<?>>map(this::metric).toList();
        if ((from == null) == (last == null)) {
            throw wrong("--from, --last", "one of the two");
        }
        Instant start = from == null ? Instant.now().minus(ago()) : time("--from", from);
        AnalyticsBuilder question = QueryBuilder.analytics()
                .metrics(asked.toArray(new Metric<?>[0]))
                .in(zone())
                .every(every())
                .traffic(traffic)
                .where(where.stream().map(this::filter).toArray(Filter[]::new))
                .groupBy(groupBy.stream().map(this::dimension).toArray(Dimension<?>[]::new))
                .having(having.stream().map(this::having).toArray(Having[]::new));
        question = to == null ? question.since(start) : question.between(start, time("--to", to));
        if (top != null) {
            question = question.top(top, topBy == null ? asked.get(0) : metric(topBy));
        } else if (topBy != null) {
            throw wrong("--top-by", "--top beside it");
        }
        if (delta) {
            question = question.withDelta();
        }
        if (comparedWith != null) {
            question = question.comparedWith(comparison(comparedWith));
        }
        if (totals) {
            question = question.withTotals();
        }
        if (onlyTraffic) {
            question = question.onlyBucketsWithTraffic();
        }
        if (asOf != null) {
            question = question.asOf(time("--as-of", asOf));
        }
        return question.build();
    }

    private Comparison comparison(String text) {
        if (text.strip().equals("previous")) {
            return Comparison.previousRange();
        }
        Matcher parts = EARLIER.matcher(text.strip());
        if (!parts.matches()) {
            throw wrong("--compared-with " + text, "previous, or such as 7d, 4w, 1month or 1y");
        }
        int number = Integer.parseInt(parts.group(1));
        return Comparison.shiftedBy(
                switch (parts.group(2).charAt(0)) {
                    case 'd' -> Period.ofDays(number);
                    case 'w' -> Period.ofWeeks(number);
                    case 'm' -> Period.ofMonths(number);
                    default -> Period.ofYears(number);
                });
    }

    private Metric<?> metric(String name) {
        Metric<?> found = byName("--metrics", name, Metrics.all(), Metric::name);
        return found instanceof DistributionMetric distribution && !percentiles.isEmpty()
                ? distribution.withPercentiles(
                        percentiles.stream().mapToDouble(Double::doubleValue).toArray())
                : found;
    }

    private Dimension<?> dimension(String name) {
        return byName("dimension", name, Dimension.all(), Dimension::name);
    }

    private <T> T byName(String flag, String name, List<T> all, Function<T, String> nameOf) {
        String normal = name.strip().toLowerCase(Locale.ROOT).replace('-', '_');
        return all.stream()
                .filter(one -> nameOf.apply(one).equals(normal))
                .findFirst()
                .orElseThrow(() -> wrong(flag + " " + name, "one of " + names(all, nameOf)));
    }

    private static <T> String names(List<T> all, Function<T, String> nameOf) {
        return all.stream().map(nameOf).collect(Collectors.joining(", "));
    }

    private Filter filter(String text) {
        Matcher parts = WHERE.matcher(text);
        if (!parts.matches()) {
            throw wrong("--where " + text, "DIMENSION=VALUE, DIMENSION!=VALUE or QUANTITY>=VALUE");
        }
        String name = parts.group("name");
        String operator = parts.group("operator");
        String value = parts.group("value").strip();
        if (operator.equals("=")) {
            return filter(dimension(name), value);
        }
        if (operator.equals("!=")) {
            return filter(dimension(name), value).not();
        }
        Quantity<?> quantity = byName("quantity", name, Quantity.all(), Quantity::name);
        return new Filter.Bound(quantity, side(operator), bound(quantity, value));
    }

    private Having having(String text) {
        Matcher parts = WHERE.matcher(text);
        if (!parts.matches() || List.of("=", "!=").contains(parts.group("operator"))) {
            throw wrong("--having " + text, "METRIC>=NUMBER, or with >, <= or <");
        }
        try {
            return new Having(
                    metric(parts.group("name")),
                    side(parts.group("operator")),
                    new BigDecimal(parts.group("value").strip()));
        } catch (NumberFormatException e) {
            throw wrong("--having " + text, "a number behind the sign");
        }
    }

    private static Side side(String operator) {
        return switch (operator) {
            case ">=" -> Side.AT_LEAST;
            case ">" -> Side.ABOVE;
            case "<=" -> Side.AT_MOST;
            default -> Side.BELOW;
        };
    }

    private Object bound(Quantity<?> quantity, String text) {
        if (quantity.type() == Duration.class) {
            return duration(text);
        }
        try {
            if (quantity.type() == Long.class) {
                return Long.valueOf(text);
            }
            return quantity.type() == Double.class ? (Object) Double.valueOf(text) : new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw wrong("--where " + quantity + " with " + text, "a number");
        }
    }

    private Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw wrong("--where with " + text, "a duration such as 500ms, 2.5s or 3m");
        }
        long nanos =
                switch (parts.group("unit")) {
                    case "us" -> 1_000;
                    case "ms" -> 1_000_000;
                    case "s" -> 1_000_000_000;
                    case "m" -> 60_000_000_000L;
                    default -> 3_600_000_000_000L;
                };
        return Duration.ofNanos(new BigDecimal(parts.group("number"))
                .multiply(BigDecimal.valueOf(nanos))
                .longValue());
    }

    private <T> Filter filter(Dimension<T> dimension, String texts) {
        List<T> values = new ArrayList<>();
        for (String text : texts.split(",", -1)) {
            try {
                values.add(dimension.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw wrong(
                        "--where " + dimension.name() + "=" + text,
                        "a " + dimension.type().getSimpleName());
            }
        }
        return dimension.in(values);
    }

    private Frequency every() {
        Matcher parts = EVERY.matcher(every.strip());
        if (parts.matches()) {
            String unit = parts.group(2).toUpperCase(Locale.ROOT);
            for (Frequency.Unit known : Frequency.Unit.values()) {
                if (known.name().equals(unit)) {
                    return Frequency.every(parts.group(1).isEmpty() ? 1 : Integer.parseInt(parts.group(1)), known);
                }
            }
        }
        throw wrong(
                "--every " + every,
                "a number and one of "
                        + Arrays.stream(Frequency.Unit.values())
                                .map(unit -> unit.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")));
    }

    private Duration ago() {
        Matcher parts = LAST.matcher(last == null ? "" : last.strip());
        if (!parts.matches()) {
            throw wrong("--last " + last, "a time such as 90m, 24h, 7d or 4w");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2).charAt(0)) {
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            case 'd' -> Duration.ofDays(number);
            default -> Duration.ofDays(7 * number);
        };
    }

    private ZoneId zone() {
        try {
            // the region's rules for UTC are the offset's, and some places know only the offset
            return zone.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw wrong("--zone " + zone, "a time zone such as UTC or Europe/Berlin");
        }
    }

    private Instant time(String flag, String text) {
        try {
            if (!text.contains("T")) {
                return LocalDate.parse(text).atStartOfDay(zone()).toInstant();
            }
            return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)$")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone()).toInstant();
        } catch (DateTimeException e) {
            throw wrong(flag + " " + text, "a time such as 2026-11-01, 2026-11-01T08:30 or 2026-11-01T08:30:00Z");
        }
    }

    private ParameterException wrong(@Nullable String what, String expected) {
        CommandLine line = spec == null ? new CommandLine(this) : spec.commandLine();
        return new ParameterException(line, what + ": expected " + expected);
    }
}
