package io.budmetrics.clickhouse;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.internal.call.StatementOptions;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter;
import io.budmetrics.question.Question;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks questions of a ClickHouse server. Safe for use by many threads; make one and keep it. Every statement
 * has a total time limit and is told to the server as read-only; after a failure of the connection or of a busy server it
 * is sent again, under a new query id ({@link Builder#retries}), and {@link BudMetricsException#retryable()} says where
 * trying again later may help. A caller whose thread is interrupted gets QUERY_CANCELLED and stays interrupted; what is
 * cancelled or late is also stopped at the server.
 *
 * <p>The user needs the rights to read the tables, and a profile with <code>readonly</code> 0 or 2: under 1 the server
 * takes no limits. Statements are logged by SLF4J at debug with query id, duration and rows, slow ones at warn, and never
 * with values.
 */
public interface BudMetrics extends AutoCloseable {
    /**
     * Creates a client over the caller's DataSource, pooled or not. It stays open when this client is closed. A pool should
     * hold as many connections as statements run at once.
     *
     * @param dataSource its connections must unwrap to the official driver, clickhouse-jdbc
     * @return the client
     * @throws BudMetricsException INVALID_CONFIGURATION when the connections are of another driver
     */
    static BudMetrics over(DataSource dataSource) {
        return builder().dataSource(dataSource).build();
    }

    /**
     * Creates a client with its own small set of connections.
     *
     * @param config where the server is and who asks
     * @return the client; nothing is sent yet
     * @throws BudMetricsException INVALID_CONFIGURATION when the driver does not take the configuration
     */
    static BudMetrics connect(ClickHouseConfig config) {
        return builder().config(config).build();
    }

    /**
     * Creates a client with its own small set of connections, configured by environment variables.
     *
     * @return the client; nothing is sent yet
     * @throws BudMetricsException INVALID_CONFIGURATION naming the variable whose value cannot be used
     * @see ClickHouseConfig#fromEnvironment(java.util.Map)
     */
    static BudMetrics fromEnvironment() {
        return connect(ClickHouseConfig.fromEnvironment(System.getenv()));
    }

    /**
     * Returns a builder for a client with other settings.
     *
     * @return a builder that needs a DataSource or a configuration
     */
    static Builder builder() {
        return new Builder();
    }

    /**
     * Answers a question. One without an end is asked as of now, by the client's clock, cut to the microsecond; the
     * answer says so.
     *
     * @param question of any kind, such as an <code>AnalyticsQuestion</code>
     * @param <A> the answer
     * @return the answer
     * @throws BudMetricsException with the code of what failed; its message shows no values
     */
    @CanIgnoreReturnValue
    <A> A execute(Question<A> question);

    /**
     * Runs a statement and reads its answer.
     *
     * @param statement the text, the values and how the columns become the answer
     * @param <R> the answer
     * @return what the statement's reader made of the columns
     * @throws BudMetricsException with the code of what failed; its message shows no values
     */
    @CanIgnoreReturnValue
    <R> R execute(SqlStatement<R> statement);

    /**
     * Answers a question on another thread. The time limit counts from now, so waiting for the thread is part of it.
     * Whatever completes the future before its answer comes, such as <code>cancel</code> or <code>orTimeout</code>, also
     * stops the statement, at the server too.
     *
     * @param question one without an end is asked as of now, not of when it runs
     * @param executor runs it, one thread a question until it is answered
     * @param <A> the answer
     * @return the answer to be; fails with a {@link BudMetricsException}, RESOURCE_EXHAUSTED when the executor takes nothing
     * @throws BudMetricsException INVALID_QUERY when the question cannot be asked
     */
    <A> CompletableFuture<A> executeAsync(Question<A> question, Executor executor);

    /**
     * Runs a statement on another thread; see {@link #executeAsync(Question, Executor)}.
     *
     * @param statement the text, the values and how the columns become the answer
     * @param executor runs it, one thread a statement until it is answered
     * @param <R> the answer
     * @return the answer to be; fails with a {@link BudMetricsException}
     */
    <R> CompletableFuture<R> executeAsync(SqlStatement<R> statement, Executor executor);

    /**
     * Answers several questions at once; those without a moment are all asked as of the same moment. The first failure
     * fails all and stops the others; so does an interrupt of the caller. The time limit counts from now for all of them.
     *
     * @param questions of one kind of answer
     * @param executor runs them; not the one the caller runs on, unless it has a thread to spare
     * @param <A> the answer
     * @return the answers, in the order of the questions
     * @throws BudMetricsException with the code of the first that failed
     */
    <A> List<A> executeAll(List<? extends Question<A>> questions, Executor executor);

    /**
     * Describes what a question would read, without running it. Nothing is sent.
     *
     * @param question what would be asked
     * @return its table, columns, range, buckets and limits
     * @throws BudMetricsException INVALID_QUERY when the question cannot be asked
     */
    QuestionDescription describe(Question<?> question);

    /**
     * Estimates what a question would read, by the server's index (<code>EXPLAIN ESTIMATE</code>); this reads no rows.
     * Where a ranking or a condition on groups reads the range once more, that is counted. Limits on what is read do not
     * apply to the estimate.
     *
     * @param question what would be asked
     * @return rows, parts and marks; {@link QueryEstimate#requireAtMostRows} refuses what is above a budget
     * @throws BudMetricsException with the code of what failed
     */
    QueryEstimate estimate(Question<?> question);

    /**
     * Returns the server's plan for a question (<code>EXPLAIN indexes = 1</code>). For people: it shows data, such as the
     * ids that the question filters by. A ranking is run, since the server plans the rest with its outcome.
     *
     * @param question what would be asked
     * @return the server's plan, several lines
     * @throws BudMetricsException with the code of what failed
     */
    String explain(Question<?> question);

    /**
     * Returns the same client with other limits, for statements that may cost more or less.
     *
     * @param limits instead of those of this client
     * @return a client over the same connections; closing it does nothing, and it is closed with this one
     */
    BudMetrics withLimits(QueryLimits limits);

    /**
     * Returns the same client with tags, which appear in the server's query log as <code>log_comment</code>, such as
     * <code>budmetrics question dashboard=home</code>, and are passed to the listener. They are not secret: no values of a
     * tenant.
     *
     * @param tags added to those of this client, replacing those of the same name; at most 16 in all, each name and value
     *     1 to 64 letters, digits and <code>_ . : / -</code>
     * @return a client over the same connections; closing it does nothing, and it is closed with this one
     * @throws BudMetricsException INVALID_CONFIGURATION when a tag is something else
     */
    BudMetrics withTags(Map<String, String> tags);

    /**
     * Returns the same client for a part of the traffic, such as that of one tenant: no statement reads a request outside
     * the scope, whether for a ranking, its others or requests that were already running. A question's own filters can
     * narrow the scope and never leave it. The answer's question stays as it was asked, without the scope. Statements of
     * the caller's own are refused, since nothing can be added to them.
     *
     * @param scope such as <code>PROJECT.in(id)</code>; beside the scope that this client may have already
     * @return a client over the same connections; closing it does nothing, and it is closed with this one
     * @throws BudMetricsException INVALID_QUERY when the scopes have more conditions than a question may
     */
    BudMetrics scopedTo(Filter scope);

    /**
     * Cancels all running calls, and closes the connections that the client created. A statement after it is refused with
     * an {@link IllegalStateException}.
     */
    @Override
    void close();

    /** Builder for {@link BudMetrics}. Every method changes this builder and returns it; not thread-safe. */
    final class Builder {
        private @Nullable DataSource dataSource;
        private @Nullable ClickHouseConfig config;
        private Layout layout = Layout.inferenceFact();
        private Clock clock = Clock.systemUTC();
        private @Nullable QueryLimits limits;
        private @Nullable Duration queryCache;
        private Duration slowStatementThreshold = Duration.ofSeconds(2);
        private int retries = 2;
        private StatementListener listener = new StatementListener() {};
        private boolean scopeRequired = false;

        private Builder() {}

        /**
         * Uses the caller's DataSource instead of a configuration.
         *
         * @param newDataSource its connections must unwrap to the official driver
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder dataSource(DataSource newDataSource) {
            dataSource = Objects.requireNonNull(newDataSource, "dataSource is null");
            config = null;
            return this;
        }

        /**
         * Uses connections that the client creates, instead of a DataSource.
         *
         * @param newConfig where the server is and who asks
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder config(ClickHouseConfig newConfig) {
            config = Objects.requireNonNull(newConfig, "config is null");
            dataSource = null;
            return this;
        }

        /**
         * Sets the layout, which describes where the data of questions is stored.
         *
         * @param newLayout {@link Layout#inferenceFact()} by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder layout(Layout newLayout) {
            layout = Objects.requireNonNull(newLayout, "layout is null");
            return this;
        }

        /**
         * Sets the clock, which gives the end of questions that name none.
         *
         * @param newClock the system's by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder clock(Clock newClock) {
            clock = Objects.requireNonNull(newClock, "clock is null");
            return this;
        }

        /**
         * Sets what one statement may cost.
         *
         * @param newLimits those of the configuration by default, or {@link QueryLimits#defaults()}
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder limits(QueryLimits newLimits) {
            limits = Objects.requireNonNull(newLimits, "limits is null");
            return this;
        }

        /**
         * Lets the server answer a repeated statement with the same values from its query cache; off by default. Only
         * questions whose end is given, not "now", are ever the same again.
         *
         * @param timeToLive how old such an answer may be, in whole seconds, rounded up; more than 0, at most a day
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder queryCache(Duration timeToLive) {
            queryCache = Objects.requireNonNull(timeToLive, "timeToLive is null");
            return this;
        }

        /**
         * Sets the duration from which a statement is logged as slow.
         *
         * @param threshold more than 0, at most a day; 2 s by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder slowStatementThreshold(Duration threshold) {
            slowStatementThreshold = Objects.requireNonNull(threshold, "threshold is null");
            return this;
        }

        /**
         * Sets how often a statement is repeated within its time limit, each time under a new query id and after a pause of
         * 0.05 to 2 s that doubles and varies. Only what has nothing to do with the statement is sent again: no connection
         * or a broken one, a proxy's 429, 502 or 503, and ClickHouse's codes 202, 203, 209 and 210.
         *
         * @param most 0 to 10; 2 by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder retries(int most) {
            retries = most;
            return this;
        }

        /**
         * Sets the listener that is notified of every statement.
         *
         * @param newListener such as {@link StatementSummary}; nobody by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder listener(StatementListener newListener) {
            listener = Objects.requireNonNull(newListener, "listener is null");
            return this;
        }

        /**
         * Refuses every question and every statement until {@link BudMetrics#scopedTo} has set a scope, so that it cannot
         * be forgotten.
         *
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder requireScope() {
            scopeRequired = true;
            return this;
        }

        /**
         * Builds the client.
         *
         * @return the client
         * @throws BudMetricsException INVALID_CONFIGURATION when there is neither a DataSource nor a configuration, or a setting
         *     cannot be used
         */
        public BudMetrics build() {
            QueryLimits effective = limits;
            if (effective == null) {
                effective = config == null ? QueryLimits.defaults() : config.limits();
            }
            DefaultBudMetrics.Settings settings = new DefaultBudMetrics.Settings(
                    SqlContext.of(layout),
                    clock,
                    effective,
                    queryCache,
                    slowStatementThreshold,
                    retries,
                    listener,
                    Collections.emptySortedMap(),
                    scopeRequired);
            StatementOptions options = settings.options();
            DriverClient client;
            if (dataSource != null) {
                client = DriverClient.over(dataSource, options);
            } else if (config != null) {
                client = DriverClient.connect(
                        config.jdbcUrl(), config.driverProperties(), config.maxConnections(), options);
            } else {
                throw BudMetricsException.invalidConfiguration("give a DataSource or a configuration");
            }
            return new DefaultBudMetrics(client, settings, true);
        }
    }
}
