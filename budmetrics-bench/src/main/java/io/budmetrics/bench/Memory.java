package io.budmetrics.bench;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ClickHouseConfig;
import io.budmetrics.clickhouse.internal.decode.NativeDecoder;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** What stays on the heap: of a client that has been used, and of an answer for each million of its cells. */
public final class Memory {
    private static final int CLIENTS = 50;
    private static final int ANSWERS = 10;

    private Memory() {}

    /**
     * Measures and prints.
     *
     * @param arguments none
     * @throws IOException when a body cannot be captured
     * @throws InterruptedException when interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Bodies.capture(Bodies.ROWS);
        byte[] body = Bodies.ofWidth(8);
        try (BodyServer server = BodyServer.serving(body, body)) {
            SqlStatement<AnalyticsAnswer> statement =
                    Questions.ofWidth(8).statement(SqlContext.of(Layout.inferenceFact()));
            List<BudMetrics> clients = new ArrayList<>();
            long each = held(CLIENTS, i -> {
                BudMetrics client = BudMetrics.connect(ClickHouseConfig.builder()
                        .host("127.0.0.1")
                        .port(server.port())
                        .user("default")
                        .password("unused")
                        .compressed(false)
                        .build());
                if (client.execute(statement).rows().size() != Bodies.ROWS) {
                    throw new IllegalStateException("another answer than the one that was captured");
                }
                clients.add(client);
                return client;
            });
            System.out.printf("a client that was used: %,d bytes%n", each);
            clients.forEach(BudMetrics::close);
        }
        for (int columns : Bodies.WIDTHS) {
            byte[] bytes = Bodies.ofWidth(columns);
            SqlStatement<AnalyticsAnswer> statement =
                    Questions.ofWidth(columns).statement(SqlContext.of(Layout.inferenceFact()));
            long each = held(ANSWERS, i -> {
                try {
                    return statement.read(NativeDecoder.decode(new ByteArrayInputStream(bytes), Bodies::unexpected));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            System.out.printf(
                    "an answer of %d columns: %,d bytes, %,d for a million cells%n",
                    columns, each, (long) (1e6 * each / columns / Bodies.ROWS));
        }
    }

    /** What each of so many holds, beyond the first. */
    private static long held(int count, IntFunction<Object> made) throws InterruptedException {
        List<Object> kept = new ArrayList<>();
        kept.add(made.apply(0));
        try {
            long before = used();
            for (int i = 1; i <= count; i++) {
                kept.add(made.apply(i));
            }
            return (used() - before) / count;
        } finally {
            Reference.reachabilityFence(kept);
        }
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
