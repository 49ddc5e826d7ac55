package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.jdbc.DataSourceImpl;
import io.budmetrics.clickhouse.internal.ServerCode;
import io.budmetrics.clickhouse.internal.decode.NativeDecoder;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Runs statements through the official driver: one connection a statement, a total deadline, every failure as a
 * {@link BudMetricsException}. A statement that reads is sent again, under a new id, after a failure of the connection or of
 * a busy server, as often as its options say; all else is sent once. Safe for use by many threads. An interrupted caller gets
 * QUERY_CANCELLED and stays interrupted; a call on a closed client is an {@link IllegalStateException}. {@code Calls} explains
 * how it works.
 */
public final class DriverClient implements AutoCloseable {
    private static final Pattern END_OF_HEAD = Pattern.compile("\\s*[(\n]");

    private final Calls calls;
    private final StatementOptions options;

    private DriverClient(ConnectionSource connections, StatementOptions options) {
        this.calls = new Calls(connections);
        this.options = options;
    }

    /**
     * Over the caller's connections, with {@link StatementOptions#defaults()}.
     *
     * @param dataSource gives connections that unwrap to the official driver; it is not closed here
     * @return the client
     * @throws BudMetricsException INVALID_CONFIGURATION when the connections are of another driver, or the driver does not
     *     accept its URL or its properties
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
     * @throws BudMetricsException INVALID_CONFIGURATION when the connections are of another driver, or the driver does not
     *     accept its URL or its properties
     */
    public static DriverClient over(DataSource dataSource, StatementOptions options) {
        Objects.requireNonNull(dataSource, "dataSource is null");
        Objects.requireNonNull(options, "options is null");
        DriverClient client = new DriverClient(new CallersConnections(dataSource), options);
        try {
            boolean official = client.calls.run(
                    Call.withoutId("taking a first connection", options.timeout()), (lease, id) -> true);
            CallLog.LOG.trace("the data source gives connections of the official driver: {}", official);
        } catch (BudMetricsException e) {
            if (e.code() == ErrorCode.INVALID_CONFIGURATION) {
                client.close();
                throw e;
            }
            // a server that is down at the start is told with the first statement; a wrong driver is told now
            CallLog.LOG.debug("the data source could not provide a connection yet: {}", e.code());
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
     * @throws BudMetricsException INVALID_CONFIGURATION when the driver does not take the URL or the properties
     */
    public static DriverClient connect(String url, Properties properties, int connections, StatementOptions options) {
        Objects.requireNonNull(options, "options is null");
        try {
            DataSource driver = new DataSourceImpl(url, properties);
            ConnectionSource source = new OwnConnections(driver, connections);
            source.lease(System.nanoTime() + 1_000_000_000L).release(false);
            return new DriverClient(source, options);
        } catch (SQLException | RuntimeException e) {
            BudMetricsException misconfigured = Misconfiguration.of(e);
            if (misconfigured != null) {
                throw misconfigured;
            }
            // the driver's text may show a property's value
            throw BudMetricsException.invalidConfiguration("the driver does not accept the configuration ("
                    + e.getClass().getSimpleName() + "); check its URL and properties");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BudMetricsException.of(ErrorCode.QUERY_CANCELLED, "the thread was interrupted");
        }
    }

    /**
     * Works with the client of a borrowed connection, whose operations need the options of
     * {@link OperationSettings#onceOnly()}.
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
        T outcome = calls.run(limits, (lease, id) -> call.run(lease.client()));
        long took = System.nanoTime() - start;
        if (took >= options.slowStatement().toNanos()) {
            CallLog.LOG.warn("slow {} took {} ms, query id {}", what, took / 1_000_000, queryId);
        } else {
            CallLog.LOG.debug("{} took {} us, query id {}", what, took / 1_000, queryId);
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
        CallLog.LOG.trace("{} answered with {}", what, none);
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
        StatementResult result = calls.run(call, (lease, queryId) -> {
            long left = call.leftNanos();
            QueryResponse response = lease.client()
                    .query(request.sql(), OperationSettings.statement(request, queryId, left, readOnly))
                    .join();
            if (lease.isAborted()) {
                // not even closed: that would read to the end
                throw Call.cancelled(call.what() + " was cancelled");
            }
            return read(response, lease, queryId, request.startNanos(), yieldsRows);
        });
        log(request.what(), result, own.slowStatement());
        return result;
    }

    private static StatementResult read(
            QueryResponse response, Lease lease, String queryId, long startNanos, boolean yieldsRows) throws Exception {
        long answered = System.nanoTime();
        boolean complete = false;
        try {
            Columns decoded = NativeDecoder.decode(response.getInputStream(), code -> ServerCode.failure(code, "", ""));
            AnswerCheck.requireWhole(decoded, response, yieldsRows);
            complete = true;
            return new StatementResult(
                    decoded,
                    queryId,
                    answered - startNanos,
                    System.nanoTime() - answered,
                    response.getReadRows(),
                    response.getReadBytes());
        } finally {
            if (!complete) {
                // closing a response reads it to its end; without its socket there is nothing to read
                lease.abort();
            }
            AnswerCheck.closeQuietly(response);
        }
    }

    private static void log(String what, StatementResult result, Duration slowStatement) {
        long took = result.waitNanos() + result.transferNanos();
        if (took >= slowStatement.toNanos()) {
            CallLog.LOG.warn(
                    "slow {} took {} ms, rows {}, rows scanned {}, query id {}",
                    what,
                    took / 1_000_000,
                    result.columns().rowCount(),
                    result.rowsRead(),
                    result.queryId());
        } else if (CallLog.LOG.isDebugEnabled()) {
            CallLog.LOG.debug(
                    "{} took {} us, rows {}, rows scanned {}, query id {}",
                    what,
                    took / 1_000,
                    result.columns().rowCount(),
                    result.rowsRead(),
                    result.queryId());
        }
    }

    /**
     * Throws when the client is closed.
     *
     * @param what names what would have been sent; no values
     * @throws IllegalStateException when it is closed
     */
    public void requireOpen(String what) {
        calls.requireOpen(what);
    }

    /** Cancels what is under way and closes connections of its own; a caller's DataSource stays open. */
    @Override
    public void close() {
        calls.close();
    }

    /** Never an address, a user or a password. */
    @Override
    public String toString() {
        return calls.isClosed() ? "DriverClient[closed]" : "DriverClient";
    }
}
