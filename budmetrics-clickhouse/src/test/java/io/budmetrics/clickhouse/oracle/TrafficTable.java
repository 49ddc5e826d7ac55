package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.fail;

import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import com.clickhouse.jdbc.ConnectionImpl;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The fact table of a database, filled with rows as they are, and asked through the client. */
final class TrafficTable implements AutoCloseable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final SqlContext COMPILER = SqlContext.of(Layout.inferenceFact());

    /** What rows have beside their fields. */
    private static final List<String> MORE = Stream.of(
                    RandomTraffic.TEXTS.keySet(),
                    RandomTraffic.DURATIONS,
                    RandomTraffic.COUNTS,
                    List.of("status_code", "rule_priority", "asn", "is_bot", "inference_cost", "latitude", "longitude"))
            .flatMap(Collection::stream)
            .toList();

    private static final List<String> COLUMNS = Stream.concat(
                    Stream.of(
                                    InferenceFact.INFERENCE_ID,
                                    InferenceFact.PROJECT_ID,
                                    InferenceFact.ENDPOINT_ID,
                                    InferenceFact.MODEL_ID,
                                    InferenceFact.API_KEY_ID,
                                    InferenceFact.API_KEY_PROJECT_ID,
                                    InferenceFact.PROMPT_ID,
                                    InferenceFact.REQUEST_ARRIVAL_TIME,
                                    InferenceFact.REQUEST_FORWARD_TIME,
                                    InferenceFact.IS_SUCCESS,
                                    InferenceFact.CACHED,
                                    InferenceFact.STREAMED,
                                    InferenceFact.INPUT_TOKENS,
                                    InferenceFact.OUTPUT_TOKENS,
                                    InferenceFact.RESPONSE_TIME_US,
                                    InferenceFact.TTFT_US,
                                    InferenceFact.COST,
                                    InferenceFact.USER_ID,
                                    InferenceFact.IS_BLOCKED,
                                    InferenceFact.CACHE_READ_TOKENS,
                                    InferenceFact.CACHE_WRITE_TOKENS,
                                    InferenceFact.REASONING_TOKENS,
                                    InferenceFact.INGESTED_AT)
                            .map(Column::name),
                    MORE.stream())
            .toList();

    private final HikariDataSource dataSource;
    private final BudMetrics budMetrics;
    private List<OracleRow> rows = List.of();

    private TrafficTable(DataSource dataSource) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(0);
        this.dataSource = new HikariDataSource(config);
        this.budMetrics = BudMetrics.over(this.dataSource);
    }

    /** Creates the table in the database of the connections. */
    static TrafficTable in(DataSource dataSource) {
        TrafficTable table = new TrafficTable(dataSource);
        table.execute(InferenceFact.table().createStatement());
        return table;
    }

    BudMetrics budMetrics() {
        return budMetrics;
    }

    void execute(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the table hold these deliveries and no others, delivered in three batches. */
    TrafficTable hold(List<OracleRow> deliveries) {
        execute("TRUNCATE TABLE " + InferenceFact.table().name());
        rows = List.copyOf(deliveries);
        int third = (deliveries.size() + 2) / 3;
        for (int from = 0; from < deliveries.size(); from += third) {
            insert(deliveries.subList(from, Math.min(deliveries.size(), from + third)));
        }
        return this;
    }

    private void insert(List<OracleRow> batch) {
        StringBuilder text = new StringBuilder();
        for (OracleRow row : batch) {
            List<String> fields = new ArrayList<>();
            fields.add(row.inferenceId().toString());
            fields.add(field(row.project()));
            fields.add(field(row.endpoint()));
            fields.add(field(row.model()));
            fields.add(field(row.apiKey()));
            fields.add(field(row.apiKeyProject()));
            fields.add(field(row.prompt()));
            fields.add(TIME.format(OracleRow.moment(row.arrival())));
            fields.add(row.forward() == null ? "\\N" : TIME.format(OracleRow.moment(row.forward())));
            fields.add(field(row.success()));
            fields.add(field(row.cached()));
            fields.add(field(row.streamed()));
            fields.add(field(row.inputTokens()));
            fields.add(field(row.outputTokens()));
            fields.add(field(row.responseUs()));
            fields.add(field(row.ttftUs()));
            fields.add(row.cost() == null ? "\\N" : row.cost().toPlainString());
            fields.add(field(row.user()));
            fields.add(field(row.blocked()));
            fields.add(field(row.cacheRead()));
            fields.add(field(row.cacheWrite()));
            fields.add(field(row.reasoning()));
            fields.add(TIME.format(OracleRow.moment(row.ingested())));
            MORE.forEach(column -> fields.add(field(row.more().get(column))));
            text.append(String.join("\t", fields)).append('\n');
        }
        byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
        try (Connection connection = dataSource.getConnection();
                InsertResponse response = connection
                        .unwrap(ConnectionImpl.class)
                        .getClient()
                        .insert(
                                InferenceFact.table().name(),
                                COLUMNS,
                                new ByteArrayInputStream(body),
                                ClickHouseFormat.TabSeparated,
                                new InsertSettings().serverSetting("max_partitions_per_insert_block", "0"))
                        .get(60, TimeUnit.SECONDS)) {
            if (response.getQueryId().isEmpty()) {
                throw new IllegalStateException("an insert without a query id");
            }
        } catch (Exception e) {
            throw new IllegalStateException("could not insert " + batch.size() + " rows", e);
        }
    }

    private static String field(@Nullable Object value) {
        if (value == null) {
            return "\\N";
        }
        return value.toString()
                .replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\0", "\\0");
    }

    /** The answer of the engine. */
    AnalyticsAnswer ask(AnalyticsQuestion question) {
        return budMetrics.execute(question);
    }

    /** The answer of the engine, after comparing every cell of it with the oracle's. */
    AnalyticsAnswer verified(AnalyticsQuestion question) {
        return verified("", question);
    }

    AnalyticsAnswer verified(String seed, AnalyticsQuestion asked) {
        // the client's clock is the moment when none is pinned, and all of these tests lie before it
        AnalyticsQuestion question = asked.range().asOf().isPresent() ? asked : asked.asOf(Instant.now());
        OracleAnswer expected = Oracle.answer(Translation.ask(question), rows);
        AnalyticsAnswer answer;
        OracleAnswer actual;
        try {
            answer = ask(question);
            actual = Translation.answer(question, answer);
        } catch (RuntimeException e) {
            throw new AssertionError(report(seed, question, List.of(e.toString()), expected, "none"), e);
        }
        List<String> differences = Difference.between(expected, actual, question.withDelta());
        if (!differences.isEmpty()) {
            fail(report(seed, question, differences, expected, actual.toString()));
        }
        return answer;
    }

    private String report(
            String seed, AnalyticsQuestion question, List<String> differences, OracleAnswer expected, String actual) {
        return """
                %s
                %d rows

                AnalyticsQuestion question = new ObjectMapper().readValue(
                        \"""
                        %s\""",
                        AnalyticsQuestion.class);

                %s

                SQL:
                %s

                %d differences, the first:
                %s

                oracle: %s
                engine: %s""".formatted(
                        seed,
                        rows.size(),
                        Translation.json(question).replace("\\", "\\\\"),
                        Translation.ask(question),
                        question.statement(COMPILER).inlined(),
                        differences.size(),
                        String.join("\n", differences.subList(0, Math.min(12, differences.size()))),
                        cut(expected.toString()),
                        cut(actual));
    }

    private static String cut(String text) {
        return text.length() <= 6000 ? text : text.substring(0, 6000) + " ...";
    }

    @Override
    public void close() {
        budMetrics.close();
        dataSource.close();
    }
}
