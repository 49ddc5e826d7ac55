package io.budmetrics.clickhouse.internal;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import com.clickhouse.jdbc.DataSourceImpl;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.result.Columns;
import io.budmetrics.sql.SqlParameter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs statements through the official driver: one connection a statement, a total deadline, every failure as a
 * {@link BudMetricsException}. Nothing is sent twice: whether to try again is the caller's choice, who has
 * {@link BudMetricsException#retryable()} for it. Safe for use by many threads. An interrupted caller gets
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

    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);

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
        ConnectionSource source = new CallersConnections(dataSource);
        try {
            source.lease(System.nanoTime()).release(false);
        } catch (SQLException e) {
            // a server that is down at the start is told with the first statement; a wrong driver is told now
            LOG.debug(
                    "the data source has no connection to give yet: {}",
                    e.getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new DriverClient(source, options);
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
        T outcome = run(what, timeout, queryId, names, lease -> call.run(lease.client()));
        long took = System.nanoTime() - start;
        if (took >= options.slowStatement().toNanos()) {
            LOG.warn("slow {} took {} ms, query id {}", what, took / 1_000_000, queryId);
        } else {
            LOG.debug("{} took {} us, query id {}", what, took / 1_000, queryId);
        }
        return outcome;
    }

    /**
     * Runs a statement that yields nothing, such as DDL. It is never sent read-only.
     *
     * @param sql the text; no values
     * @throws BudMetricsException with the code of what failed
     */
    public void execute(String sql) {
        Objects.requireNonNull(sql, "sql is null");
        Columns none = statement("command", sql, List.of(), options, false, false);
        LOG.trace("a command answered with {}", none);
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
        return query("statement", sql, parameters, options);
    }

    /**
     * Runs a statement with options of its own and decodes its result.
     *
     * @param what names the statement in logs, errors and the server's log; no values
     * @param sql the text, with <code>{name:type}</code> where a parameter stands; no FORMAT clause
     * @param parameters the values
     * @param ownOptions instead of those of the client
     * @return the result
     * @throws BudMetricsException with the code of what failed
     */
    public Columns query(String what, String sql, List<SqlParameter> parameters, StatementOptions ownOptions) {
        Objects.requireNonNull(sql, "sql is null");
        return statement(what, sql, parameters, ownOptions, ownOptions.readOnly(), true);
    }

    private Columns statement(
            String what,
            String sql,
            List<SqlParameter> parameters,
            StatementOptions ownOptions,
            boolean readOnly,
            boolean yieldsRows) {
        String queryId = UUID.randomUUID().toString();
        QuerySettings settings = settings(what, queryId, parameters, ownOptions, readOnly);
        long start = System.nanoTime();
        long[] scanned = {0};
        Columns columns = run(what, ownOptions.timeout(), queryId, sql, lease -> {
            QueryResponse response = lease.client().query(sql, settings).join();
            boolean complete = false;
            try {
                Columns decoded = NativeDecoder.decode(response.getInputStream());
                requireOrigin(decoded, response, yieldsRows);
                scanned[0] = response.getReadRows();
                complete = true;
                return decoded;
            } finally {
                if (!complete) {
                    // closing a response reads it to its end; without its socket there is nothing to read
                    lease.abort();
                }
                closeQuietly(response);
            }
        });
        long took = System.nanoTime() - start;
        if (took >= ownOptions.slowStatement().toNanos()) {
            LOG.warn(
                    "slow {} took {} ms, rows {}, rows scanned {}, query id {}",
                    what,
                    took / 1_000_000,
                    columns.rowCount(),
                    scanned[0],
                    queryId);
        } else if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "{} took {} us, rows {}, rows scanned {}, query id {}",
                    what,
                    took / 1_000,
                    columns.rowCount(),
                    scanned[0],
                    queryId);
        }
        return columns;
    }

    /**
     * The format says nothing at all about an empty result, so what came with the empty body has to; a command such as an
     * INSERT reports the rows it wrote as its result.
     */
    private static void requireOrigin(Columns columns, QueryResponse response, boolean yieldsRows) {
        if (columns.rowCount() > 0) {
            return;
        }
        if (yieldsRows && response.getResultRows() > 0) {
            throw BudMetricsException.of(ErrorCode.DATABASE_UNAVAILABLE, "the answer came without its rows");
        }
        requireClickHouse(response.getResponseHeaders());
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

    private static QuerySettings settings(
            String what, String queryId, List<SqlParameter> parameters, StatementOptions options, boolean readOnly) {
        QuerySettings settings = sentOnce()
                .setFormat(ClickHouseFormat.Native)
                // where the driver asks for compression by HTTP it cannot read an answer that came without
                .setOption("client.use_http_compression", false)
                .setQueryId(queryId)
                .logComment("budmetrics " + what)
                .waitEndOfQuery(true)
                .serverSetting("max_execution_time", Long.toString(roundedUp(options.timeout())));
        if (readOnly) {
            settings.serverSetting("readonly", "2");
        }
        limit(settings, "max_result_rows", options.maxResultRows());
        if (options.maxResultRows() > 0) {
            settings.serverSetting("result_overflow_mode", "throw");
        }
        limit(settings, "max_rows_to_read", options.maxRowsToRead());
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
        return duration.plusNanos(999_999_999).toSeconds();
    }

    private static void limit(QuerySettings settings, String name, long value) {
        if (value > 0) {
            settings.serverSetting(name, Long.toString(value));
        }
    }

    private <T> T run(String what, Duration timeout, @Nullable String queryId, String sql, LeasedCall<T> call) {
        if (closed) {
            throw BudMetricsException.of(ErrorCode.INVALID_QUERY, "the client is closed; " + what + " was not sent");
        }
        String shownId = queryId == null ? "" : queryId;
        Thread caller = Thread.currentThread();
        if (caller.isInterrupted()) {
            throw cancelled("the thread was interrupted; " + what + " was not sent");
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        InFlight inFlight = new InFlight(caller, deadline, queryId);
        Lease lease = null;
        T outcome = null;
        BudMetricsException failure = null;
        boolean used = false;
        boolean broken = true;
        ErrorCode abortedFor;
        try {
            watchdog.watch(inFlight);
            if (closed) {
                // closed between the look and the start: close() may not have seen this call
                watchdog.abortAll();
            }
            lease = connections.lease(deadline);
            used = inFlight.borrowed(lease);
            if (used) {
                outcome = call.run(lease);
            }
            broken = false;
        } catch (Exception e) {
            failure = lease == null ? noConnection(e, shownId) : mapped(e, what, shownId, sql);
            // an error that the server answered in full leaves the connection as good as it was
            broken = failure.serverCode().isEmpty();
        } finally {
            watchdog.forget(inFlight);
            abortedFor = inFlight.finish();
            if (lease != null) {
                lease.release(broken || (used && abortedFor != null));
            }
        }
        if (abortedFor == ErrorCode.QUERY_TIMEOUT) {
            throw lease == null
                    ? connections.noneInTime(timeout.toMillis())
                    : withId(
                            BudMetricsException.of(
                                    ErrorCode.QUERY_TIMEOUT,
                                    what + " did not end within " + timeout.toMillis() + " ms"),
                            shownId);
        }
        if (abortedFor != null) {
            throw withId(
                    cancelled(
                            closed
                                    ? what + " was cancelled: the client was closed"
                                    : what + " was cancelled: its thread was interrupted"),
                    shownId);
        }
        if (failure != null) {
            LOG.debug("{} failed with {}, query id {}", what, failure.code(), shownId);
            throw failure;
        }
        return Objects.requireNonNull(outcome, "the call gave null");
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

    private static BudMetricsException withId(BudMetricsException exception, String queryId) {
        return queryId.isEmpty() ? exception : exception.forStatement(queryId, 0, false);
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

    /** Best effort: the server would otherwise work on for an answer that nobody reads. */
    private void kill(String queryId) {
        try {
            Lease lease = connections.lease(System.nanoTime() + KILL_TIMEOUT.toNanos());
            boolean broken = true;
            try {
                QuerySettings settings =
                        sentOnce().setQueryId(UUID.randomUUID().toString()).logComment("budmetrics kill");
                Client client = lease.client();
                // the id is a UUID made here
                QueryResponse response = client.query("KILL QUERY WHERE query_id = '" + queryId + "' ASYNC", settings)
                        .join();
                closeQuietly(response);
                broken = false;
            } finally {
                lease.release(broken);
            }
            LOG.debug("told the server to stop query id {}", queryId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.debug(
                    "could not tell the server to stop query id {}: {}",
                    queryId,
                    e.getClass().getName());
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

    @FunctionalInterface
    private interface LeasedCall<T> {
        T run(Lease lease) throws Exception;
    }
}
