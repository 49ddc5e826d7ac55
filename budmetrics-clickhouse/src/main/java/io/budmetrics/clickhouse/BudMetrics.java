package io.budmetrics.clickhouse;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.DriverClient;
import io.budmetrics.clickhouse.internal.StatementOptions;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.result.AnalyticsAnswer;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlCompiler;
import io.budmetrics.sql.SqlStatement;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks a ClickHouse server. Safe for use by many threads; make one and keep it. Every statement is sent once, has a total
 * time limit and is told to the server as read-only; {@link BudMetricsException#retryable()} says where trying again may
 * help. A caller whose thread is interrupted gets QUERY_CANCELLED and stays interrupted; what is cancelled or late is also
 * stopped at the server.
 *
 * <p>The user needs the rights to read the tables, and a profile with <code>readonly</code> 0 or 2: under 1 the server
 * takes no limits. Statements are logged by SLF4J at debug with query id, duration and rows, slow ones at warn, and never
 * with values.
 */
public interface BudMetrics extends AutoCloseable {
    /**
     * Over the caller's DataSource, pooled or not. It stays open when this client is closed. A pool should hold as many
     * connections as statements run at once.
     *
     * @param dataSource its connections must unwrap to the official driver, clickhouse-jdbc
     * @return the client
     * @throws BudMetricsException INVALID_QUERY when the connections are of another driver
     */
    static BudMetrics over(DataSource dataSource) {
        return builder().dataSource(dataSource).build();
    }

    /**
     * Over a small set of connections of its own.
     *
     * @param config where the server is and who asks
     * @return the client; nothing is sent yet
     * @throws BudMetricsException INVALID_QUERY when the driver does not take the configuration
     */
    static BudMetrics connect(ClickHouseConfig config) {
        return builder().config(config).build();
    }

    /**
     * Over a small set of connections of its own, to where the environment points.
     *
     * @return the client; nothing is sent yet
     * @throws BudMetricsException INVALID_QUERY naming the variable whose value cannot be used
     * @see ClickHouseConfig#fromEnvironment(java.util.Map)
     */
    static BudMetrics fromEnvironment() {
        return connect(ClickHouseConfig.fromEnvironment(System.getenv()));
    }

    /**
     * Starts a client with settings of its own.
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
     * @param question what is asked
     * @return the answer
     * @throws BudMetricsException with the code of what failed; its message shows no values
     */
    AnalyticsAnswer execute(AnalyticsQuestion question);

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
     * Cancels what is under way and closes connections of its own. A statement after it is refused with INVALID_QUERY.
     */
    @Override
    void close();

    /** Collects a {@link BudMetrics}. Every method changes this builder and returns it; not thread-safe. */
    final class Builder {
        private @Nullable DataSource dataSource;
        private @Nullable ClickHouseConfig config;
        private Layout layout = Layout.inferenceFact();
        private Clock clock = Clock.systemUTC();
        private @Nullable QueryLimits limits;
        private @Nullable Duration queryCache;
        private Duration slowStatementThreshold = Duration.ofSeconds(2);

        private Builder() {}

        /**
         * Uses the caller's DataSource, and no configuration.
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
         * Uses connections of its own, and no DataSource.
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
         * Where the data of the questions lies.
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
         * What time it is: the end of questions that name none.
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
         * What one statement may cost.
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
         * Lets the server answer the same statement with the same values from its query cache, off by default. Only
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
         * From which duration on a statement is logged as slow.
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
         * Finishes.
         *
         * @return the client
         * @throws BudMetricsException INVALID_QUERY when there is neither a DataSource nor a configuration, or a setting
         *     cannot be used
         */
        public BudMetrics build() {
            QueryLimits effective = limits;
            if (effective == null) {
                effective = config == null ? QueryLimits.defaults() : config.limits();
            }
            StatementOptions options = new StatementOptions(
                    effective.timeout(),
                    effective.maxResultRows(),
                    effective.maxRowsToRead(),
                    effective.maxMemoryBytes(),
                    effective.maxThreads(),
                    true,
                    queryCache,
                    slowStatementThreshold);
            DriverClient client;
            if (dataSource != null) {
                client = DriverClient.over(dataSource, options);
            } else if (config != null) {
                client = DriverClient.connect(
                        config.jdbcUrl(), config.driverProperties(), config.maxConnections(), options);
            } else {
                throw BudMetricsException.invalidQuery("give a DataSource or a configuration");
            }
            return new DefaultBudMetrics(client, options, SqlCompiler.forLayout(layout), clock);
        }
    }
}
