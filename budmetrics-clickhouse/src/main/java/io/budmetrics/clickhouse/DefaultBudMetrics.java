package io.budmetrics.clickhouse;

import io.budmetrics.clickhouse.internal.call.Cancellation;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.internal.call.StatedSettings;
import io.budmetrics.clickhouse.internal.call.StatementLimits;
import io.budmetrics.clickhouse.internal.call.StatementOptions;
import io.budmetrics.clickhouse.internal.call.StatementRequest;
import io.budmetrics.clickhouse.internal.call.StatementResult;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Filter;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.question.Facts;
import io.budmetrics.question.Question;
import io.budmetrics.question.SqlContext;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlStatement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client: it knows no metric and no table. */
final class DefaultBudMetrics implements BudMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultBudMetrics.class);
    private static final String QUESTION = "question";
    private static final int MAX_TAGS = 16;
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_.:/-]{1,64}");

    /** For a statement that ends at its limit to say so itself. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final DriverClient client;
    private final Settings settings;
    private final StatementOptions options;
    private final boolean owner;

    /** What a client goes by. */
    record Settings(
            SqlContext context,
            Clock clock,
            QueryLimits limits,
            @Nullable Duration queryCache,
            Duration slowStatement,
            int retries,
            StatementListener listener,
            SortedMap<String, String> tags,
            boolean scopeRequired) {
        Settings withLimits(QueryLimits newLimits) {
            return new Settings(
                    context, clock, newLimits, queryCache, slowStatement, retries, listener, tags, scopeRequired);
        }

        Settings scopedTo(Filter scope) {
            return new Settings(
                    context.scopedTo(scope),
                    clock,
                    limits,
                    queryCache,
                    slowStatement,
                    retries,
                    listener,
                    tags,
                    scopeRequired);
        }

        Settings withTags(SortedMap<String, String> newTags) {
            return new Settings(
                    context, clock, limits, queryCache, slowStatement, retries, listener, newTags, scopeRequired);
        }

        StatementOptions options() {
            return new StatementOptions(
                    limits.timeout(),
                    new StatementLimits(
                            limits.maxResultRows(),
                            limits.maxRowsToRead(),
                            limits.maxBytesToRead(),
                            limits.maxMemoryBytes(),
                            limits.maxThreads()),
                    true,
                    queryCache,
                    slowStatement,
                    retries,
                    StatedSettings.ofReading());
        }

        /** As the server's log shows it: what it is, then the tags. */
        String comment(String what) {
            return tags.entrySet().stream()
                    .map(tag -> " " + tag.getKey() + "=" + tag.getValue())
                    .collect(Collectors.joining("", "budmetrics " + what, ""));
        }
    }

    /** A statement, what it is called and how long it took to write. */
    private record Asked<R>(String what, SqlStatement<R> statement, Duration build) {}

    DefaultBudMetrics(DriverClient client, Settings settings, boolean owner) {
        this.client = client;
        this.settings = settings;
        this.options = settings.options();
        this.owner = owner;
    }

    @Override
    public <A> A execute(Question<A> question) {
        return run(written(question, now()), options, System.nanoTime(), new Cancellation());
    }

    @Override
    public <R> R execute(SqlStatement<R> statement) {
        return run(written(statement), options, System.nanoTime(), new Cancellation());
    }

    @Override
    public <A> CompletableFuture<A> executeAsync(Question<A> question, Executor executor) {
        return runAsync(written(question, now()), executor);
    }

    @Override
    public <R> CompletableFuture<R> executeAsync(SqlStatement<R> statement, Executor executor) {
        return runAsync(written(statement), executor);
    }

    private <R> CompletableFuture<R> runAsync(Asked<R> asked, Executor executor) {
        Objects.requireNonNull(executor, "executor is null");
        long start = System.nanoTime();
        Cancellation cancellation = new Cancellation();
        CompletableFuture<R> future = new CompletableFuture<>();
        CompletableFuture<R> ignored = future.whenComplete((answer, failure) -> cancellation.cancel());
        Runnable work = () -> {
            try {
                future.complete(run(asked, options, start, cancellation));
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        };
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(BudMetricsException.of(
                    ErrorCode.RESOURCE_EXHAUSTED, "the executor rejected the call; nothing was sent", e));
        }
        return future;
    }

    @Override
    public <A> List<A> executeAll(List<? extends Question<A>> questions, Executor executor) {
        long start = System.nanoTime();
        Instant now = now();
        // all of them are compiled before the first is sent, so that nothing is sent when one cannot be asked
        List<Asked<A>> asked = new ArrayList<>(questions.size());
        for (Question<A> question : questions) {
            asked.add(written(question, now));
        }
        List<CompletableFuture<A>> futures =
                asked.stream().map(one -> runAsync(one, executor)).toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]));
        for (CompletableFuture<A> future : futures) {
            CompletableFuture<A> ignored = future.whenComplete((answer, failure) -> {
                if (failure != null) {
                    all.completeExceptionally(failure);
                }
            });
        }
        Duration timeout = settings.limits().timeout();
        try {
            // each ends by itself at its limit, unless the executor never comes to it
            long left = timeout.toNanos() - (System.nanoTime() - start);
            Void ignored = all.get(left + GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw BudMetricsException.of(
                    ErrorCode.QUERY_TIMEOUT,
                    "the executor did not run all " + futures.size() + " questions within " + timeout.toMillis()
                            + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BudMetricsException.of(
                    ErrorCode.QUERY_CANCELLED, "the thread was interrupted; its questions were cancelled");
        } finally {
            // those that are done do not mind
            futures.forEach(future -> future.cancel(true));
        }
        return futures.stream().map(CompletableFuture::join).toList();
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException exception
                ? exception
                : BudMetricsException.of(ErrorCode.DATABASE_ERROR, "a question failed");
    }

    @Override
    public QuestionDescription describe(Question<?> question) {
        return QuestionDescription.of(facts(question), settings.limits());
    }

    private Facts facts(Question<?> question) {
        requireScope();
        return pinned(question, now()).facts(settings.context());
    }

    @Override
    public QueryEstimate estimate(Question<?> question) {
        Facts facts = facts(question);
        SqlStatement<?> statement = scoped(facts.scan());
        SqlStatement<QueryEstimate> explain =
                SqlStatement.of("EXPLAIN ESTIMATE\n" + statement.sql(), statement.parameters(), QueryEstimate::of);
        // the server would refuse to plan what is above a limit on what is read
        QueryLimits limits = settings.limits().withMaxRowsToRead(0).withMaxBytesToRead(0);
        Asked<QueryEstimate> asked = new Asked<>("estimate", explain, Duration.ZERO);
        return run(asked, settings.withLimits(limits).options(), System.nanoTime(), new Cancellation())
                .times(facts.scans());
    }

    @Override
    public String explain(Question<?> question) {
        SqlStatement<?> statement = written(question, now()).statement();
        SqlStatement<String> explain = SqlStatement.of(
                "EXPLAIN indexes = 1\n" + statement.sql(), statement.parameters(), DefaultBudMetrics::lines);
        return run(new Asked<>("explain", explain, Duration.ZERO), options, System.nanoTime(), new Cancellation());
    }

    private static String lines(Columns columns) {
        int text = columns.indexOf("explain");
        return IntStream.range(0, columns.rowCount())
                .mapToObj(row -> columns.textAt(text, row))
                .collect(Collectors.joining("\n"));
    }

    private Instant now() {
        return settings.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static <A> Question<A> pinned(Question<A> question, Instant now) {
        Objects.requireNonNull(question, "question is null");
        return question.asOf(now);
    }

    private <A> Asked<A> written(Question<A> question, Instant now) {
        requireScope();
        long start = System.nanoTime();
        SqlStatement<A> statement = scoped(pinned(question, now).statement(settings.context()));
        return new Asked<>(QUESTION, statement, Duration.ofNanos(System.nanoTime() - start));
    }

    private void requireScope() {
        if (settings.scopeRequired() && !settings.context().isScoped()) {
            throw BudMetricsException.invalidConfiguration(
                    "this client requires a scope; give one with scopedTo(filter), such as"
                            + " scopedTo(PROJECT.in(id))");
        }
    }

    /** A kind of question that is not ours could make its statement from text, which no scope can be added to. */
    private <A> SqlStatement<A> scoped(SqlStatement<A> statement) {
        if (settings.context().isScoped() && !Internals.of(settings.context()).wrote(statement)) {
            throw BudMetricsException.invalidConfiguration(
                    "the question has a statement without the scope of this client; build it with the context it is"
                            + " given, such as context.requests(range)");
        }
        return statement;
    }

    private <R> Asked<R> written(SqlStatement<R> statement) {
        Objects.requireNonNull(statement, "statement is null");
        if (settings.scopeRequired() || settings.context().isScoped()) {
            throw BudMetricsException.invalidQuery(
                    "this client has a scope, which cannot be added to a statement that you wrote; ask a question, or run the"
                            + " statement on a client without a scope");
        }
        return new Asked<>(QUESTION, statement, Duration.ZERO);
    }

    private <R> R run(Asked<R> asked, StatementOptions own, long start, Cancellation cancellation) {
        SqlStatement<R> statement = asked.statement();
        client.requireOpen(asked.what());
        tell(listener -> listener.started(settings.tags()));
        StatementResult result = null;
        try {
            result = client.query(new StatementRequest(
                    asked.what(),
                    settings.comment(asked.what()),
                    statement.sql(),
                    statement.parameters(),
                    own,
                    start,
                    cancellation));
            long mapping = System.nanoTime();
            R answer = statement.read(result.columns());
            StatementStats stats = new StatementStats(
                    result.queryId(),
                    new StatementStats.Times(
                            asked.build(),
                            Duration.ofNanos(result.waitNanos()),
                            Duration.ofNanos(result.transferNanos()),
                            Duration.ofNanos(System.nanoTime() - mapping)),
                    result.columns().rowCount(),
                    result.rowsRead(),
                    result.bytesRead(),
                    settings.tags());
            tell(listener -> listener.succeeded(stats));
            return answer;
        } catch (RuntimeException | Error e) {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            BudMetricsException failure = failureOf(asked.what(), result != null, e);
            tell(listener -> listener.failed(failure, took, settings.tags()));
            throw e;
        }
    }

    /** What the listener is told, so that whatever was started also ends. */
    private static BudMetricsException failureOf(String what, boolean answered, Throwable thrown) {
        if (thrown instanceof BudMetricsException known) {
            return known;
        }
        if (!answered && thrown instanceof IllegalStateException) {
            return BudMetricsException.of(
                    ErrorCode.QUERY_CANCELLED, what + " was cancelled: the client was closed before it was sent");
        }
        // without the text, which may hold values of a tenant
        return BudMetricsException.invalidConfiguration(what + " failed in code of this application with "
                + thrown.getClass().getName());
    }

    private void tell(Consumer<StatementListener> call) {
        try {
            call.accept(settings.listener());
        } catch (RuntimeException e) {
            // its text may hold anything
            LOG.warn("a statement listener failed with {}", e.getClass().getName());
        }
    }

    @Override
    public BudMetrics withLimits(QueryLimits limits) {
        Objects.requireNonNull(limits, "limits is null");
        return new DefaultBudMetrics(client, settings.withLimits(limits), false);
    }

    @Override
    public BudMetrics withTags(Map<String, String> tags) {
        SortedMap<String, String> all = new TreeMap<>(settings.tags());
        all.putAll(tags);
        if (all.size() > MAX_TAGS) {
            throw BudMetricsException.invalidConfiguration("tags are " + all.size() + "; give at most " + MAX_TAGS);
        }
        all.forEach((name, value) -> {
            if (!TAG.matcher(name).matches() || !TAG.matcher(value).matches()) {
                throw BudMetricsException.invalidConfiguration(
                        "a tag's name or value is not valid; give 1 to 64 letters, digits and _ . : / -");
            }
        });
        return new DefaultBudMetrics(client, settings.withTags(Collections.unmodifiableSortedMap(all)), false);
    }

    @Override
    public BudMetrics scopedTo(Filter scope) {
        return new DefaultBudMetrics(client, settings.scopedTo(scope), false);
    }

    @Override
    public void close() {
        if (owner) {
            client.close();
        }
    }

    @Override
    public String toString() {
        return "BudMetrics[" + client + ", " + settings.clock().getZone() + "]";
    }
}
