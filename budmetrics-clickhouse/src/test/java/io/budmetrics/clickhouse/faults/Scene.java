package io.budmetrics.clickhouse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.clickhouse.jdbc.DataSourceImpl;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ClickHouseConfig;
import io.budmetrics.clickhouse.QueryLimits;
import io.budmetrics.clickhouse.StatementListener;
import io.budmetrics.clickhouse.StatementStats;
import io.budmetrics.clickhouse.internal.call.StubServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlStatement;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server, a client and a row of faults, one after the other in each of a few threads; after each fault the client must
 * answer the next call as if nothing had been.
 */
final class Scene {
    /** What a busy machine may add to a deadline. */
    static final Duration SLACK = Duration.ofSeconds(10);

    private static final Duration AMPLE = Duration.ofSeconds(60);
    private static final Pattern CALL = Pattern.compile("call_(\\d+)");
    private static final String REFUSED = "connection refused";
    private static final String CLOSED_BEHIND = "closed behind a whole answer";
    private static final int CALLS = 10_000;
    private static final int LONG_REQUEST = 2_000_000;

    private final SplittableRandom random;
    private final long seed;
    private final Size size;
    private final Kind kind;
    private final boolean compressed;
    private final int connections;
    private final int retries;
    private final Map<Long, Plan> plans = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final Told told = new Told();
    private final Tally tally;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private @Nullable StubServer server;
    private @Nullable HikariDataSource pool;
    private @Nullable BudMetrics client;

    /** How many faults, by how many threads, over how many connections. */
    record Size(int faults, int threads, int connections) {}

    /** Where connections come from. */
    private enum Kind {
        OWN,
        DRIVER,
        POOL
    }

    /** What the caller does meanwhile. */
    private enum Act {
        WAIT,
        INTERRUPT,
        CANCEL,
        CLOSE
    }

    /** What came of a call; exactly one of the three. */
    private record Outcome(
            @Nullable Columns columns, @Nullable BudMetricsException failure, boolean cancelled, Duration took) {}

    /** What the server does with one call. */
    private static final class Plan {
        private final KnownRows rows;
        private final StubServer.Handler answer;
        private final Fault fault;
        private final int failures;
        private final List<String> queryIds = new CopyOnWriteArrayList<>();

        Plan(KnownRows rows, StubServer.Handler answer, Fault fault, int failures) {
            this.rows = rows;
            this.answer = answer;
            this.fault = fault;
            this.failures = failures;
        }
    }

    Scene(long seed, Size size, Tally tally) {
        this.seed = seed;
        this.size = size;
        this.tally = tally;
        random = new SplittableRandom(seed);
        Kind[] kinds = Kind.values();
        kind = kinds[random.nextInt(kinds.length)];
        // a pool's probes are answered in the clear
        compressed = kind != Kind.POOL && random.nextBoolean();
        connections = size.connections() > 0 ? size.connections() : 1 + random.nextInt(2);
        retries = random.nextInt(3);
    }

    /** What went wrong that was not meant to; empty when all is well. */
    List<String> run() {
        Queue<String> problems = new ConcurrentLinkedQueue<>();
        try (StubServer stub = StubServer.start(this::answer)) {
            server = stub;
            open();
            List<Future<?>> threads = new ArrayList<>();
            for (int i = 0; i < size.threads(); i++) {
                SplittableRandom own = random.split();
                threads.add(executor.submit(() -> faults(own, problems)));
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
            executor.shutdown();
            if (!executor.awaitTermination(SLACK.toMillis(), TimeUnit.MILLISECONDS)) {
                problems.add("a call that was cancelled holds its thread");
            }
            close();
            problems.addAll(told.differences());
            long start = System.nanoTime();
            while (stub.connections() > 0 && System.nanoTime() - start < SLACK.toNanos()) {
                Thread.sleep(5);
            }
            if (stub.connections() > 0) {
                problems.add("connections were left open, which were asked last: " + stub.lastAsked());
            }
        } catch (Exception | AssertionError e) {
            problems.add(stackTrace(e));
        } finally {
            executor.shutdownNow();
        }
        return problems.stream().map(problem -> this + ": " + problem).toList();
    }

    private void open() {
        String url = stub().url();
        Properties properties = StubServer.properties();
        properties.setProperty("compress", Boolean.toString(compressed));
        BudMetrics.Builder builder = BudMetrics.builder();
        switch (kind) {
            case OWN ->
                builder.config(ClickHouseConfig.builder()
                        .host("127.0.0.1")
                        .port(stub().port())
                        .user("u")
                        .password("p")
                        .compressed(compressed)
                        .maxConnections(connections)
                        .build());
            case DRIVER -> builder.dataSource(new DataSourceImpl(url, properties));
            case POOL -> {
                HikariConfig config = new HikariConfig();
                config.setJdbcUrl(url);
                config.setDriverClassName("com.clickhouse.jdbc.Driver");
                config.setDataSourceProperties(properties);
                config.setMaximumPoolSize(connections);
                HikariDataSource opened = new HikariDataSource(config);
                pool = opened;
                builder.dataSource(opened);
            }
        }
        client = builder.retries(retries).listener(told).build();
    }

    private void close() {
        client().close();
        HikariDataSource opened = pool;
        if (opened != null) {
            opened.close();
        }
    }

    private StubServer stub() {
        return Objects.requireNonNull(server);
    }

    private BudMetrics client() {
        return Objects.requireNonNull(client);
    }

    private void answer(StubServer.Request request, OutputStream out) throws Exception {
        Matcher call = CALL.matcher(request.body());
        if (!call.find()) {
            throw new IOException("nobody asked for this");
        }
        Plan plan = Objects.requireNonNull(plans.get(Long.parseLong(call.group(1))));
        plan.queryIds.add(request.url("query_id").get(0));
        boolean fails = plan.queryIds.size() <= plan.failures;
        (fails ? plan.fault.handler() : plan.answer).answer(request, out);
    }

    private void faults(SplittableRandom own, Queue<String> problems) {
        for (int i = 0; i < size.faults() / size.threads(); i++) {
            Fault fault = null;
            try {
                long call = seed * CALLS + calls.incrementAndGet();
                KnownRows rows = new KnownRows(call, own);
                RandomFault drawn = new RandomFault(own, rows, compressed, size.threads() == 1);
                Act act = act(own);
                Duration patience = Duration.ofMillis(60 + own.nextInt(200));
                fault = act == Act.WAIT ? drawn.draw(patience) : drawn.drawForACallerWhoEndsIt();
                if (act == Act.WAIT && size.threads() == 1 && own.nextInt(12) == 0) {
                    fault = kind != Kind.POOL && own.nextBoolean() ? refused() : closedBehind(drawn.answer());
                }
                tally.count(act == Act.WAIT ? fault.name() : act + " during " + fault.name());
                faulty(own, call, rows, drawn.answer(), fault, act, patience);
                if (act == Act.CLOSE) {
                    close();
                    open();
                }
                next(
                        own,
                        fault.perhapsWhole()
                                || fault.name().equals(REFUSED)
                                || fault.name().equals(CLOSED_BEHIND));
            } catch (Exception | AssertionError e) {
                problems.add("fault " + i + " (" + (fault == null ? "none" : fault.name()) + "): " + stackTrace(e));
            }
        }
    }

    private Act act(SplittableRandom own) {
        return switch (own.nextInt(10)) {
            case 0 -> Act.INTERRUPT;
            case 1 -> Act.CANCEL;
            case 2 -> size.threads() == 1 && own.nextInt(3) == 0 ? Act.CLOSE : Act.INTERRUPT;
            default -> Act.WAIT;
        };
    }

    private static Fault refused() {
        return Fault.passing(REFUSED, (request, out) -> {
            throw new IOException("it was not refused");
        });
    }

    /** A connection that is closed while nobody uses it: whoever uses it next has to find out. */
    private static Fault closedBehind(StubServer.Handler answer) {
        return Fault.none(CLOSED_BEHIND, (request, out) -> {
            answer.answer(request, out);
            throw new IOException("closed");
        });
    }

    /** One call that goes wrong, and whether it does so as it should. */
    private void faulty(
            SplittableRandom own,
            long call,
            KnownRows rows,
            StubServer.Handler answer,
            Fault fault,
            Act act,
            Duration patience)
            throws Exception {
        boolean partly = fault.readAtMost() < Integer.MAX_VALUE && size.threads() == 1;
        int failures;
        if (partly || fault.name().equals(REFUSED)) {
            failures = Integer.MAX_VALUE;
        } else if (fault.sentAgain() == Fault.SentAgain.NEVER) {
            failures = 1;
        } else {
            failures = 1 + own.nextInt(3);
        }
        Plan plan = new Plan(rows, answer, fault, failures);
        plans.put(call, plan);
        Duration timeout = fault.stalls() && act == Act.WAIT ? patience : AMPLE;
        String sql = "SELECT call_" + call + " FROM t" + (partly ? " /* " + "x".repeat(LONG_REQUEST) + " */" : "");
        stub().readAtMost(partly ? fault.readAtMost() : Integer.MAX_VALUE);
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        if (fault.name().equals(REFUSED)) {
            stub().refusing(() -> outcome.set(call(plan, sql, timeout, act, own)));
        } else {
            outcome.set(call(plan, sql, timeout, act, own));
        }
        stub().readAtMost(Integer.MAX_VALUE);
        verify(plan, Objects.requireNonNull(outcome.get()), timeout, act);
    }

    /** A call after a fault, with nothing wrong; a connection that was closed meanwhile may cost a try. */
    private void next(SplittableRandom own, boolean stale) {
        int mayFail = stale ? Math.max(0, connections - retries) : 0;
        for (int failed = 0; ; failed++) {
            long call = seed * CALLS + calls.incrementAndGet();
            KnownRows rows = new KnownRows(call, own);
            StubServer.Handler answer = new RandomFault(own, rows, compressed, true).answer();
            Plan plan = new Plan(rows, answer, Fault.none("the next call", answer), 0);
            plans.put(call, plan);
            Outcome outcome = call(plan, "SELECT call_" + call + " FROM t", AMPLE, Act.WAIT, own);
            BudMetricsException failure = outcome.failure();
            if (failure == null || failed >= mayFail || failure.code() != ErrorCode.DATABASE_UNAVAILABLE) {
                verify(plan, outcome, AMPLE, Act.WAIT);
                return;
            }
        }
    }

    private void verify(Plan plan, Outcome outcome, Duration timeout, Act act) {
        Fault fault = plan.fault;
        tally.overrun(outcome.took().minus(timeout));
        assertThat(outcome.took()).as("how long it took").isLessThan(timeout.plus(SLACK));
        boolean mended = fault.sentAgain() != Fault.SentAgain.NEVER && plan.failures <= retries;
        Columns columns = outcome.columns();
        BudMetricsException failure = outcome.failure();
        if (columns != null) {
            assertThat(plan.rows.difference(columns)).isEmpty();
            assertThat(fault.codes().isEmpty() || fault.perhapsWhole() || mended)
                    .as("may have an answer")
                    .isTrue();
        } else if (failure != null) {
            Set<ErrorCode> allowed = EnumSet.copyOf(allowed(fault, act, mended));
            assertThat(failure.code()).as(() -> stackTrace(failure)).isIn(allowed);
            assertThat(stackTrace(failure)).doesNotContain("SECRET");
            if (act == Act.WAIT && !fault.stalls()) {
                verifyDetails(plan, failure);
            } else if (fault.stalls() && failure.code() == ErrorCode.QUERY_TIMEOUT) {
                assertThat(outcome.took()).isGreaterThan(timeout.minusMillis(5));
            }
        }
    }

    private Set<ErrorCode> allowed(Fault fault, Act act, boolean mended) {
        Set<ErrorCode> allowed = EnumSet.noneOf(ErrorCode.class);
        if (act == Act.WAIT ? !mended || fault.sentAgain() == Fault.SentAgain.PERHAPS : !fault.stalls()) {
            allowed.addAll(fault.codes());
        }
        if (fault.stalls() && kind == Kind.OWN && act == Act.WAIT) {
            // another call, or the end of the one before, may have had the connection all the time
            allowed.add(ErrorCode.RESOURCE_EXHAUSTED);
        }
        if (act != Act.WAIT) {
            allowed.add(ErrorCode.QUERY_CANCELLED);
        }
        return allowed.isEmpty() ? EnumSet.allOf(ErrorCode.class) : allowed;
    }

    private void verifyDetails(Plan plan, BudMetricsException failure) {
        Fault fault = plan.fault;
        assertThat(fault.codes()).as("may fail").isNotEmpty();
        boolean again = fault.sentAgain() == Fault.SentAgain.ALWAYS;
        if (again) {
            assertThat(failure.retryable()).as("trying again may help").isTrue();
        }
        if (fault.serverCode() > 0) {
            assertThat(failure.serverCode()).hasValue(fault.serverCode());
        }
        if (!fault.name().equals(REFUSED) && fault.sentAgain() != Fault.SentAgain.PERHAPS && !fault.perhapsWhole()) {
            assertThat(plan.queryIds).hasSize(again ? retries + 1 : 1).doesNotHaveDuplicates();
            assertThat(failure.queryId()).hasValue(plan.queryIds.get(plan.queryIds.size() - 1));
        }
    }

    private Outcome call(Plan plan, String sql, Duration timeout, Act act, SplittableRandom own) {
        SqlStatement<Columns> statement = SqlStatement.of(sql, List.of(), columns -> columns);
        BudMetrics limited = client().withLimits(QueryLimits.defaults().withTimeout(timeout));
        long start = System.nanoTime();
        long pause = TimeUnit.MICROSECONDS.toNanos(own.nextInt(60_000));
        boolean whenSeen = own.nextBoolean();
        Runnable waiting = () -> {
            long limit = start + pause;
            while (whenSeen && plan.queryIds.isEmpty() && System.nanoTime() - limit < 0) {
                LockSupport.parkNanos(50_000);
            }
            LockSupport.parkNanos(whenSeen ? pause / 20 : Math.max(1, limit - System.nanoTime()));
        };
        switch (act) {
            case WAIT -> {
                return outcome(start, () -> limited.execute(statement));
            }
            case CANCEL -> {
                CompletableFuture<Columns> future = limited.executeAsync(statement, executor);
                waiting.run();
                future.cancel(true);
                return outcome(start, future::join);
            }
            default -> {
                Thread caller = Thread.currentThread();
                Thread other = new Thread(
                        () -> {
                            waiting.run();
                            if (act == Act.INTERRUPT) {
                                caller.interrupt();
                            } else {
                                close();
                            }
                        },
                        "faults-other");
                other.start();
                Outcome outcome = outcome(start, () -> limited.execute(statement));
                boolean interrupted = joined(other);
                assertThat(interrupted).as("the thread stays interrupted").isEqualTo(act == Act.INTERRUPT);
                return outcome;
            }
        }
    }

    /** Whether this thread was interrupted; it is not any more. */
    private static boolean joined(Thread other) {
        boolean interrupted = false;
        while (true) {
            try {
                other.join();
                return Thread.interrupted() || interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    /** A call that came too late for a client that was closed has failed like one that was cut off by closing it. */
    private static BudMetricsException refusedAsClosed(IllegalStateException refusal) {
        assertThat(refusal).hasMessageStartingWith("the client is closed");
        return BudMetricsException.of(ErrorCode.QUERY_CANCELLED, "refused: the client is closed");
    }

    private static Outcome outcome(long start, Supplier<Columns> call) {
        Columns columns = null;
        BudMetricsException failure = null;
        boolean cancelled = false;
        try {
            columns = call.get();
        } catch (BudMetricsException e) {
            failure = e;
        } catch (CancellationException e) {
            cancelled = true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof BudMetricsException ours) {
                failure = ours;
            } else if (e.getCause() instanceof IllegalStateException closed) {
                failure = refusedAsClosed(closed);
            } else {
                throw e;
            }
        } catch (IllegalStateException e) {
            failure = refusedAsClosed(e);
        }
        return new Outcome(columns, failure, cancelled, Duration.ofNanos(System.nanoTime() - start));
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter all = new StringWriter();
        thrown.printStackTrace(new PrintWriter(all, true));
        return all.toString();
    }

    @Override
    public String toString() {
        return "seed " + seed + " (" + kind + (compressed ? ", compressed" : "") + ", " + connections + " connections, "
                + size.threads() + " threads, " + retries + " retries)";
    }

    /** Counts what the listener hears. */
    private static final class Told implements StatementListener {
        private final AtomicInteger started = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();

        @Override
        public void started(Map<String, String> tags) {
            started.incrementAndGet();
        }

        @Override
        public void succeeded(StatementStats stats) {
            ended.incrementAndGet();
        }

        @Override
        public void failed(BudMetricsException failure, Duration took, Map<String, String> tags) {
            ended.incrementAndGet();
        }

        private List<String> differences() {
            return started.get() == ended.get()
                    ? List.of()
                    : List.of("the listener heard of " + started + " starts and " + ended + " ends");
        }
    }
}
