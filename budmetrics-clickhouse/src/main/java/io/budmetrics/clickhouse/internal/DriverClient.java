package io.budmetrics.clickhouse.internal;

import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import com.clickhouse.jdbc.DataSourceImpl;
import io.budmetrics.clickhouse.internal.decode.NativeDecoder;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs statements through the official driver: one connection a statement, a total deadline, every failure as a
 * {@link BudMetricsException}. A statement that reads is sent again, under a new id, after a failure of the connection or of
 * a busy server, as often as its options say; all else is sent once. Safe for use by many threads. An interrupted caller gets
 * QUERY_CANCELLED and stays interrupted.
 */
public final class DriverClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverClient.class);

    /** Above this the parameters go as a form, since proxies and servers limit the length of a URL. */
    private static final int MAX_URL_PARAMETERS = 4096;

    /** The driver sends these verbatim; its other way, a Map, would escape them a second time. */
    private static final String STATEMENT_PARAMETERS = "statement_params";

    private static final String FORM_REQUEST = "client.http.use_form_request_for_query";

    /**
     * With these nothing is sent twice, and only the watchdog ends what takes too long. What may be retried is listed as
     * nothing too, else the driver quarantines the server for half a minute. The socket has no limit: the HTTP client
     * below the driver sends again after a 503 or a 429, an hour later when the answer says so, unless the pause is longer
     * than the socket's limit, and none is the shortest.
     */
    private static final Map<String, Object> ONCE_ONLY = Map.of(
            "retry",
            0,
            "client_retry_on_failures",
            List.of(ClientFaultCause.None),
            "socket_timeout",
            0,
            "connection_request_timeout",
            Duration.ofDays(1).toMillis());

    private static final Pattern END_OF_HEAD = Pattern.compile("\\s*[(\n]");
    private static final String SUMMARY = "X-ClickHouse-Summary";
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);

    /** Too many statements, no free connection, and two failures of the server's own network. */
    private static final Set<Integer> SENT_AGAIN = Set.of(202, 203, 209, 210);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final ConnectionSource connections;
    private final StatementOptions options;
    private final Watchdog watchdog = new Watchdog(this::kill);
    private volatile boolean closed;

    private DriverClient(ConnectionSource connections, StatementOptions options) {
        this.connections = connections;
        this.options = options;
    }

    /**
     * Over the caller's connections, with {@link StatementOptions#defaults()}.
     *
     * @param dataSource gives connections that unwrap to the official driver; it is not closed here
     * @return the client
     * @throws BudMetricsException INVALID_QUERY when the connections are of another driver
     */
    public static DriverClient over(DataSource dataSource) {
        return over(dataSource, StatementOptions.defaults());
    }

    /**
     * Over the caller's connections.
     *
     * @param dataSource gives connections that unwrap to the official driver; it is not closed here
     * @param options sent with every statement
     * @return the client
     * @throws BudMetricsException INVALID_QUERY when the connections are of another driver
     */
    public static DriverClient over(DataSource dataSource, StatementOptions options) {
        Objects.requireNonNull(dataSource, "dataSource is null");
        Objects.requireNonNull(options, "options is null");
        DriverClient client = new DriverClient(new CallersConnections(dataSource), options);
        try {
            boolean official =
                    client.run(withoutId("taking a first connection", options.timeout()), (lease, id) -> true);
            LOG.trace("the data source gives connections of the official driver: {}", official);
        } catch (BudMetricsException e) {
            if (e.code() == ErrorCode.INVALID_QUERY) {
                client.close();
                throw e;
            }
            // a server that is down at the start is told with the first statement; a wrong driver is told now
            LOG.debug("the data source has no connection to give yet: {}", e.code());
        }
        return client;
    }

    /**
     * Over connections of its own.
     *
     * @param url the driver's URL
     * @param properties the driver's properties
     * @param connections how many statements may run at once, from 1
     * @param options sent with every statement
     * @return the client; it owns its connections
     * @throws BudMetricsException INVALID_QUERY when the driver does not take the URL or the properties
     */
    public static DriverClient connect(String url, Properties properties, int connections, StatementOptions options) {
        Objects.requireNonNull(options, "options is null");
        try {
            DataSource driver = new DataSourceImpl(url, properties);
            ConnectionSource source = new OwnConnections(driver, connections);
            source.lease(System.nanoTime() + 1_000_000_000L).release(false);
            return new DriverClient(source, options);
        } catch (SQLException | RuntimeException e) {
            // the driver's text may show a property's value
            throw BudMetricsException.of(
                    ErrorCode.INVALID_QUERY,
                    "the driver does not take the configuration ("
                            + e.getClass().getSimpleName() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BudMetricsException.of(ErrorCode.QUERY_CANCELLED, "the thread was interrupted");
        }
    }

    /**
     * The options with which the driver sends an operation once, without a limit on the time of its own. The connection's
     * own settings may say otherwise.
     *
     * @return option names and values
     */
    public static Map<String, Object> onceOnly() {
        return ONCE_ONLY;
    }

    /**
     * Works with the client of a borrowed connection, whose operations need the options of {@link #onceOnly()}.
     *
     * @param what names the work in logs and errors; no values
     * @param names a text with the names of tables and columns that an error may show; no values
     * @param timeout the total time it may take
     * @param queryId the id that the operation is sent with; the server is told to stop it when it is aborted
     * @param call the work
     * @param <T> what it yields
     * @return what the work yields
     * @throws BudMetricsException with the code of what failed
     */
    public <T> T call(String what, String names, Duration timeout, String queryId, ClientCall<T> call) {
        Objects.requireNonNull(call, "call is null");
        long start = System.nanoTime();
        Call limits = new Call(what, names, timeout, start, 0, () -> queryId, new Cancellation());
        T outcome = run(limits, (lease, id) -> call.run(lease.client()));
        long took = System.nanoTime() - start;
        if (took >= options.slowStatement().toNanos()) {
            LOG.warn("slow {} took {} ms, query id {}", what, took / 1_000_000, queryId);
        } else {
            LOG.debug("{} took {} us, query id {}", what, took / 1_000, queryId);
        }
        return outcome;
    }

    /**
     * Runs a statement that yields nothing, such as DDL. It is never sent read-only, and once. Logs name it by its first
     * line as far as a parenthesis, and so do errors when it is cut off.
     *
     * @param sql the text; no values
     * @throws BudMetricsException with the code of what failed
     */
    public void execute(String sql) {
        String what = END_OF_HEAD.split(sql, 2)[0];
        StatementResult none = statement(StatementRequest.of(what, sql, List.of(), options), false);
        LOG.trace("{} answered with {}", what, none);
    }

    /**
     * Runs a statement and decodes its result.
     *
     * @param sql the text, with <code>{name:type}</code> where a parameter stands; no FORMAT clause
     * @param parameters the values
     * @return the result
     * @throws BudMetricsException with the code of what failed
     */
    public Columns query(String sql, List<SqlParameter> parameters) {
        return query(StatementRequest.of("statement", sql, parameters, options)).columns();
    }

    /**
     * Runs a statement and decodes its result.
     *
     * @param request the statement
     * @return the result and what it took
     * @throws BudMetricsException with the code of what failed
     */
    public StatementResult query(StatementRequest request) {
        return statement(request, true);
    }

    private StatementResult statement(StatementRequest request, boolean yieldsRows) {
        StatementOptions own = request.options();
        boolean readOnly = yieldsRows && own.readOnly();
        Call call = new Call(
                request.what(),
                request.sql(),
                own.timeout(),
                request.startNanos(),
                readOnly ? own.retries() : 0,
                () -> UUID.randomUUID().toString(),
                request.cancellation());
        StatementResult result = run(call, (lease, queryId) -> {
            QuerySettings settings = settings(request, queryId, call.leftNanos(), readOnly);
            QueryResponse response =
                    lease.client().query(request.sql(), settings).join();
            if (lease.isAborted()) {
                // not even closed: that would read to the end
                throw cancelled(call.what() + " was cancelled");
            }
            long answered = System.nanoTime();
            boolean complete = false;
            try {
                Columns decoded = NativeDecoder.decode(
                        response.getInputStream(), code -> ErrorMapping.ofServerCode(code, "", ""));
                requireOrigin(decoded, response, yieldsRows);
                complete = true;
                return new StatementResult(
                        decoded,
                        queryId,
                        answered - request.startNanos(),
                        System.nanoTime() - answered,
                        response.getReadRows(),
                        response.getReadBytes());
            } finally {
                if (!complete) {
                    // closing a response reads it to its end; without its socket there is nothing to read
                    lease.abort();
                }
                closeQuietly(response);
            }
        });
        log(request.what(), result, own.slowStatement());
        return result;
    }

    private static void log(String what, StatementResult result, Duration slowStatement) {
        long took = result.waitNanos() + result.transferNanos();
        if (took >= slowStatement.toNanos()) {
            LOG.warn(
                    "slow {} took {} ms, rows {}, rows scanned {}, query id {}",
                    what,
                    took / 1_000_000,
                    result.columns().rowCount(),
                    result.rowsRead(),
                    result.queryId());
        } else if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "{} took {} us, rows {}, rows scanned {}, query id {}",
                    what,
                    took / 1_000,
                    result.columns().rowCount(),
                    result.rowsRead(),
                    result.queryId());
        }
    }

    /**
     * A body that something in between has shortened at the edge of a block looks whole, so the server's own count decides.
     * The format says nothing at all about an empty result, so what came with the empty body has to; a command such as an
     * INSERT reports the rows it wrote as its result.
     */
    private static void requireOrigin(Columns columns, QueryResponse response, boolean yieldsRows) {
        if (yieldsRows && response.getResultRows() > columns.rowCount()) {
            throw BudMetricsException.of(ErrorCode.DATABASE_UNAVAILABLE, "the answer came without all of its rows");
        }
        if (columns.rowCount() > 0) {
            return;
        }
        Map<String, String> headers = response.getResponseHeaders();
        requireClickHouse(headers);
        if (yieldsRows && !headers.getOrDefault(SUMMARY, "").endsWith("}")) {
            // the HTTP client takes half a head for a whole one; with its summary the server has said how many rows
            // there are
            throw BudMetricsException.of(ErrorCode.DATABASE_UNAVAILABLE, "the answer ends in its head");
        }
    }

    /**
     * Throws when an answer without rows does not come from ClickHouse.
     *
     * @param headers those of the answer
     * @throws BudMetricsException DATABASE_ERROR
     */
    public static void requireClickHouse(Map<String, String> headers) {
        if (headers.keySet().stream().noneMatch(name -> name.regionMatches(true, 0, "X-ClickHouse-", 0, 13))) {
            throw BudMetricsException.of(
                    ErrorCode.DATABASE_ERROR,
                    "an empty answer that does not come from ClickHouse; is this its HTTP port?");
        }
    }

    private static void closeQuietly(QueryResponse response) {
        try {
            response.close();
        } catch (Exception e) {
            LOG.debug("a response could not be closed: {}", e.getClass().getName());
        }
    }

    private static QuerySettings settings(StatementRequest request, String queryId, long leftNanos, boolean readOnly) {
        StatementOptions options = request.options();
        List<SqlParameter> parameters = request.parameters();
        QuerySettings settings = sentOnce()
                .setFormat(ClickHouseFormat.Native)
                // where the driver asks for compression by HTTP it cannot read an answer that came without
                .setOption("client.use_http_compression", false)
                .setQueryId(queryId)
                .logComment(request.comment())
                .waitEndOfQuery(true);
        options.stated().applyTo(settings);
        settings.serverSetting("max_execution_time", Long.toString(roundedUp(Duration.ofNanos(leftNanos))));
        if (readOnly) {
            settings.serverSetting("readonly", "2");
        }
        limit(settings, "max_result_rows", options.maxResultRows());
        if (options.maxResultRows() > 0) {
            settings.serverSetting("result_overflow_mode", "throw");
        }
        limit(settings, "max_rows_to_read", options.maxRowsToRead());
        limit(settings, "max_bytes_to_read", options.maxBytesToRead());
        limit(settings, "max_memory_usage", options.maxMemoryBytes());
        limit(settings, "max_threads", options.maxThreads());
        Duration cacheTtl = options.queryCacheTtl();
        if (cacheTtl != null) {
            settings.serverSetting("use_query_cache", "1")
                    .serverSetting("query_cache_ttl", Long.toString(roundedUp(cacheTtl)));
        }
        if (!parameters.isEmpty()) {
            Map<String, String> values = new HashMap<>();
            long length = 0;
            for (SqlParameter parameter : parameters) {
                String encoded = parameter.encoded();
                String before = values.put(parameter.name(), encoded);
                if (before != null && !before.equals(encoded)) {
                    throw BudMetricsException.invalidQuery(
                            "two parameters of one statement are named " + parameter.name());
                }
                length += encoded.length();
            }
            settings.setOption(STATEMENT_PARAMETERS, values);
            settings.setOption(FORM_REQUEST, length > MAX_URL_PARAMETERS);
        }
        return settings;
    }

    private static QuerySettings sentOnce() {
        QuerySettings settings = new QuerySettings();
        onceOnly().forEach(settings::setOption);
        return settings;
    }

    private static long roundedUp(Duration duration) {
        return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
    }

    private static void limit(QuerySettings settings, String name, long value) {
        if (value > 0) {
            settings.serverSetting(name, Long.toString(value));
        }
    }

    private <T> T run(Call call, LeasedCall<T> work) {
        String what = call.what();
        if (closed) {
            throw BudMetricsException.of(ErrorCode.INVALID_QUERY, "the client is closed; " + what + " was not sent");
        }
        Thread caller = Thread.currentThread();
        if (caller.isInterrupted()) {
            throw cancelled("the thread was interrupted; " + what + " was not sent");
        }
        if (call.cancellation().isCancelled()) {
            throw cancelled(what + " was cancelled by the caller before it was sent");
        }
        if (call.leftNanos() <= 0) {
            throw BudMetricsException.of(
                    ErrorCode.QUERY_TIMEOUT,
                    what + " got no thread within " + call.timeout().toMillis() + " ms and was not sent");
        }
        InFlight inFlight = new InFlight(caller, call.deadlineNanos(), call.cancellation());
        T outcome = null;
        BudMetricsException failure = null;
        ErrorCode abortedFor;
        try {
            watchdog.watch(inFlight);
            if (closed) {
                // closed between the look and the start: close() may not have seen this call
                watchdog.abortAll();
            }
            outcome = tried(call, inFlight, work);
        } catch (BudMetricsException e) {
            failure = e;
        } finally {
            watchdog.forget(inFlight);
            abortedFor = inFlight.finish();
        }
        if (abortedFor != null) {
            throw aborted(call, inFlight, abortedFor);
        }
        if (failure != null) {
            LOG.debug("{} failed with {}, query id {}", what, failure.code(), inFlight.queryId());
            throw failure;
        }
        return Objects.requireNonNull(outcome, "the call gave null");
    }

    /** Sends until there is an answer, or a failure after which sending again is not safe, not wanted or too late. */
    private <T> T tried(Call call, InFlight inFlight, LeasedCall<T> work) {
        for (int again = 0; ; again++) {
            try {
                return attempt(call, inFlight, work);
            } catch (BudMetricsException e) {
                long pause = pauseNanos(again);
                if (again >= call.retries() || !sentAgain(e) || inFlight.isAborted() || pause >= call.leftNanos()) {
                    throw e;
                }
                LOG.debug(
                        "{} failed with {}, query id {}, and is sent again in {} ms",
                        call.what(),
                        e.code(),
                        inFlight.queryId(),
                        pause / 1_000_000);
                try {
                    TimeUnit.NANOSECONDS.sleep(pause);
                } catch (InterruptedException interrupt) {
                    Thread.currentThread().interrupt();
                    throw cancelled(call.what() + " was cancelled: its thread was interrupted");
                }
            }
        }
    }

    /** What has to do with the connection or with how busy the server is, and not with the statement. */
    private static boolean sentAgain(BudMetricsException failure) {
        return failure.serverCode().isPresent()
                ? SENT_AGAIN.contains(failure.serverCode().getAsInt())
                : failure.code() == ErrorCode.DATABASE_UNAVAILABLE && failure.retryable();
    }

    /** Twice as long each time, and never the same, so that those who failed together do not come back together. */
    private static long pauseNanos(int again) {
        long longest = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << again);
        return ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    }

    private <T> T attempt(Call call, InFlight inFlight, LeasedCall<T> work) {
        String queryId = call.queryIds().get();
        Lease lease = null;
        boolean broken = true;
        try {
            lease = connections.lease(call.deadlineNanos());
            if (!inFlight.borrowed(lease, queryId)) {
                broken = false;
                throw cancelled(call.what() + " was not sent");
            }
            lease.sends(queryId);
            T outcome = work.run(lease, queryId);
            broken = false;
            return outcome;
        } catch (Exception e) {
            BudMetricsException failure =
                    lease == null ? noConnection(e, queryId) : mapped(e, call.what(), queryId, call.sql());
            // an error that the server answered in full leaves the connection as good as it was
            broken = broken && failure.serverCode().isEmpty();
            throw failure;
        } catch (OutOfMemoryError e) {
            throw BudMetricsException.of(
                            ErrorCode.RESOURCE_EXHAUSTED,
                            "the answer to " + call.what() + " is larger than the memory that is left")
                    .forStatement(queryId, 0, false);
        } finally {
            boolean closedByAbort = inFlight.returned();
            if (lease != null) {
                lease.release(broken || closedByAbort);
            }
        }
    }

    private BudMetricsException aborted(Call call, InFlight inFlight, ErrorCode reason) {
        String what = call.what();
        long millis = call.timeout().toMillis();
        if (reason == ErrorCode.QUERY_TIMEOUT && !inFlight.hadConnection()) {
            return connections.noneInTime(millis);
        }
        String message;
        if (reason == ErrorCode.QUERY_TIMEOUT) {
            message = what + " did not end within " + millis + " ms";
        } else if (closed) {
            message = what + " was cancelled: the client was closed";
        } else if (call.cancellation().isCancelled()) {
            message = what + " was cancelled by the caller";
        } else {
            message = what + " was cancelled: its thread was interrupted";
        }
        BudMetricsException exception = BudMetricsException.of(reason, message);
        String queryId = inFlight.queryId();
        return queryId.isEmpty() ? exception : exception.forStatement(queryId, 0, false);
    }

    private static BudMetricsException mapped(Throwable failure, String what, String queryId, String sql) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return cancelled(what + " was cancelled: its thread was interrupted");
        }
        return ErrorMapping.of(failure, queryId, sql);
    }

    private static BudMetricsException cancelled(String message) {
        return BudMetricsException.of(ErrorCode.QUERY_CANCELLED, message);
    }

    private static BudMetricsException noConnection(Exception thrown, String queryId) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (Thread.currentThread().isInterrupted()) {
            return cancelled("the thread was interrupted while it waited for a connection");
        }
        return thrown instanceof BudMetricsException ours ? ours : ErrorMapping.ofNoConnection(thrown, queryId);
    }

    /** A call without a statement that the server could be told to stop. */
    private static Call withoutId(String what, Duration timeout) {
        return new Call(what, "", timeout, System.nanoTime(), 0, () -> "", new Cancellation());
    }

    /** Best effort: the server would otherwise work on for an answer that nobody reads. Also when closed just now. */
    private void kill(String queryId) {
        Call call = withoutId("kill", KILL_TIMEOUT);
        InFlight inFlight = new InFlight(Thread.currentThread(), call.deadlineNanos(), call.cancellation());
        watchdog.watch(inFlight);
        try {
            String told = attempt(call, inFlight, (lease, none) -> {
                String killId = UUID.randomUUID().toString();
                lease.sends(killId);
                QuerySettings settings = sentOnce().setQueryId(killId).logComment("budmetrics kill");
                // the id is a UUID made here
                QueryResponse response = lease.client()
                        .query("KILL QUERY WHERE query_id = '" + queryId + "' ASYNC", settings)
                        .join();
                closeQuietly(response);
                return queryId;
            });
            LOG.debug("told the server to stop query id {}", told);
        } catch (BudMetricsException e) {
            LOG.debug("could not tell the server to stop query id {}: {}", queryId, e.code());
        } finally {
            watchdog.forget(inFlight);
            ErrorCode ignored = inFlight.finish();
        }
    }

    /** Cancels what is under way and closes connections of its own; a caller's DataSource stays open. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watchdog.abortAll();
        connections.close();
    }

    /** Never an address, a user or a password. */
    @Override
    public String toString() {
        return closed ? "DriverClient[closed]" : "DriverClient";
    }

    /** What the tries of one call share; its time counts from a start that may lie before them. */
    private record Call(
            String what,
            String sql,
            Duration timeout,
            long startNanos,
            int retries,
            Supplier<String> queryIds,
            Cancellation cancellation) {
        long deadlineNanos() {
            return startNanos + timeout.toNanos();
        }

        long leftNanos() {
            return deadlineNanos() - System.nanoTime();
        }
    }

    @FunctionalInterface
    private interface LeasedCall<T> {
        T run(Lease lease, String queryId) throws Exception;
    }
}
