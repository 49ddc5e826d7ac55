package io.budmetrics.clickhouse;

import com.clickhouse.jdbc.DataSourceImpl;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.error.BudMetricsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The address of a ClickHouse server, the user, and the settings of connections. Immutable, compared by value; no text of
 * it shows the password.
 */
public final class ClickHouseConfig {
    private static final int PLAIN_PORT = 8123;
    private static final int TLS_PORT = 8443;
    private static final int MAX_CONNECTIONS = 1000;
    private static final Pattern HEADER = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]*[\\x21-\\x7e])?");

    private final String host;
    private final int port;
    private final boolean secure;
    private final @Nullable Path caCertificate;
    private final String user;
    private final String password;
    private final String database;
    private final int maxConnections;
    private final Duration connectTimeout;
    private final boolean compressed;
    private final QueryLimits limits;

    private ClickHouseConfig(Builder builder, String host) {
        this.host = host;
        this.secure = builder.secure;
        this.port = builder.port == 0 ? (secure ? TLS_PORT : PLAIN_PORT) : builder.port;
        this.caCertificate = builder.caCertificate;
        this.user = builder.user;
        this.password = builder.password;
        this.database = builder.database;
        this.maxConnections = builder.maxConnections;
        this.connectTimeout = builder.connectTimeout;
        this.compressed = builder.compressed;
        this.limits = builder.limits;
    }

    /**
     * Starts a configuration: port 8123 (8443 with TLS), user <code>default</code> without a password, database
     * <code>bud</code>.
     *
     * @return a builder that needs a host
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads <code>CLICKHOUSE_HOST</code> (required), <code>CLICKHOUSE_HTTP_PORT</code>, <code>CLICKHOUSE_SECURE</code>,
     * <code>CLICKHOUSE_DB_NAME</code>, <code>CLICKHOUSE_USER</code> and <code>CLICKHOUSE_PASSWORD</code>; for those that
     * are absent or blank the older <code>PSQL_HOST</code>, <code>PSQL_DB_NAME</code>, <code>PSQL_USER</code> and
     * <code>PSQL_PASSWORD</code>. <code>CLICKHOUSE_PORT</code>, then <code>PSQL_PORT</code>, count only without
     * <code>CLICKHOUSE_HTTP_PORT</code>. The host may be a whole URL. A port such as <code>tcp://10.0.0.1:8123</code> is passed
     * over: Kubernetes sets <code>CLICKHOUSE_PORT</code> like that beside a service named clickhouse.
     *
     * @param environment such as {@link System#getenv()}
     * @return the configuration
     * @throws BudMetricsException INVALID_CONFIGURATION naming the variable whose value cannot be used
     */
    public static ClickHouseConfig fromEnvironment(Map<String, String> environment) {
        return ClickHouseEnvironment.read(environment);
    }

    /**
     * The host.
     *
     * @return a name or an address
     */
    public String host() {
        return host;
    }

    /**
     * The HTTP port.
     *
     * @return 1 to 65535
     */
    public int port() {
        return port;
    }

    /**
     * Whether TLS is used; the server's certificate is then always checked.
     *
     * @return true for https
     */
    public boolean secure() {
        return secure;
    }

    /**
     * The certificate authority that is trusted instead of the JVM's own.
     *
     * @return a PEM file; empty for the JVM's own
     */
    public Optional<Path> caCertificate() {
        return Optional.ofNullable(caCertificate);
    }

    /**
     * The user.
     *
     * @return a name
     */
    public String user() {
        return user;
    }

    /**
     * The database in which unqualified tables are looked up.
     *
     * @return a name
     */
    public String database() {
        return database;
    }

    /**
     * Returns how many statements a client made from this may run at once; others wait for their turn.
     *
     * @return 1 to 1000
     */
    public int maxConnections() {
        return maxConnections;
    }

    /**
     * How long connecting may take.
     *
     * @return more than 0
     */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /**
     * Returns whether answers are compressed (LZ4) on the wire.
     *
     * @return true unless switched off
     */
    public boolean compressed() {
        return compressed;
    }

    /**
     * Returns what one question may cost.
     *
     * @return the limits
     */
    public QueryLimits limits() {
        return limits;
    }

    /**
     * The driver's URL of this server; it holds no credentials.
     *
     * @return a URL that starts with <code>jdbc:clickhouse:</code>
     */
    public String jdbcUrl() {
        String shownHost = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "jdbc:clickhouse:" + (secure ? "https" : "http") + "://" + shownHost + ":" + port;
    }

    /**
     * A DataSource of the driver, without a pool: each connection is a new one. For the migrator, the writer, or as what
     * a pool wraps.
     *
     * @return a new DataSource
     * @throws BudMetricsException INVALID_CONFIGURATION when the driver does not take the configuration
     */
    public DataSource toDataSource() {
        Properties properties = driverProperties();
        try {
            return new DataSourceImpl(jdbcUrl(), properties);
        } catch (RuntimeException e) {
            throw BudMetricsException.invalidConfiguration("the driver does not accept the configuration ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    Properties driverProperties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("database", database);
        properties.setProperty("client_name", "budmetrics");
        // for whoever uses the DataSource without this library: the driver's own retries send the same query id again,
        // after out-of-memory too, and without a limit it waits for ever
        properties.setProperty("retry", "0");
        properties.setProperty("connection_timeout", Long.toString(connectTimeout.toMillis()));
        properties.setProperty(
                "socket_timeout", Long.toString(limits.timeout().plusSeconds(5).toMillis()));
        // one statement a connection, and one socket to spare for a keep-alive that ended
        properties.setProperty("max_open_connections", "2");
        properties.setProperty("compress", Boolean.toString(compressed));
        if (caCertificate != null) {
            if (!Files.isReadable(caCertificate)) {
                throw BudMetricsException.invalidConfiguration(
                        "caCertificate cannot be read; give a PEM file that exists");
            }
            properties.setProperty("sslrootcert", caCertificate.toAbsolutePath().toString());
        }
        return properties;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClickHouseConfig that
                && host.equals(that.host)
                && port == that.port
                && secure == that.secure
                && Objects.equals(caCertificate, that.caCertificate)
                && user.equals(that.user)
                && password.equals(that.password)
                && database.equals(that.database)
                && maxConnections == that.maxConnections
                && connectTimeout.equals(that.connectTimeout)
                && compressed == that.compressed
                && limits.equals(that.limits);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                host,
                port,
                secure,
                caCertificate,
                user,
                password,
                database,
                maxConnections,
                connectTimeout,
                compressed,
                limits);
    }

    /** Shows everything but the password. */
    @Override
    public String toString() {
        return "ClickHouseConfig[" + (secure ? "https" : "http") + "://" + host + ":" + port + ", database=" + database
                + ", user=" + user + ", caCertificate=" + caCertificate + ", maxConnections=" + maxConnections
                + ", connectTimeout=" + connectTimeout + ", compressed=" + compressed + ", limits=" + limits + "]";
    }

    /** Builder for {@link ClickHouseConfig}. Every method changes this builder and returns it; not thread-safe. */
    public static final class Builder {
        private @Nullable String host;
        private int port;
        private boolean secure;
        private @Nullable Path caCertificate;
        private String user = "default";
        private String password = "";
        private String database = "bud";
        private int maxConnections = 8;
        private Duration connectTimeout = Duration.ofSeconds(3);
        private boolean compressed = true;
        private QueryLimits limits = QueryLimits.defaults();

        private Builder() {}

        /**
         * Sets the host.
         *
         * @param newHost a host name or an address, an IPv6 address with or without brackets; without scheme, port and path
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is something else
         */
        @CanIgnoreReturnValue
        public Builder host(String newHost) {
            host = ServerAddress.host(Objects.requireNonNull(newHost, "host is null"));
            return this;
        }

        /**
         * Sets scheme, host, port and database from one URL. What the URL leaves out is as if it was not set, except the
         * database, which stays.
         *
         * @param url such as <code>https://clickhouse.example:8443/bud</code>, without credentials and parameters; also with
         *     <code>jdbc:clickhouse:</code> before it
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is something else
         */
        @CanIgnoreReturnValue
        public Builder url(String url) {
            ServerAddress address = ServerAddress.ofUrl(Objects.requireNonNull(url, "url is null"));
            secure = address.secure();
            host = address.host();
            port = 0;
            if (address.port() > 0) {
                port(address.port());
            }
            if (!address.database().isEmpty()) {
                database(address.database());
            }
            return this;
        }

        /**
         * Sets the HTTP port, not the port of the native protocol.
         *
         * @param newPort 1 to 65535
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
         */
        @CanIgnoreReturnValue
        public Builder port(int newPort) {
            if (newPort < 1 || newPort > 65535) {
                throw BudMetricsException.invalidConfiguration("port is " + newPort + "; give 1 to 65535");
            }
            port = newPort;
            return this;
        }

        /**
         * Whether to use TLS.
         *
         * @param newSecure true for https
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder secure(boolean newSecure) {
            secure = newSecure;
            return this;
        }

        /**
         * Trusts this certificate authority instead of the JVM's own, and uses TLS. The server's certificate must also name
         * the host it is asked under.
         *
         * @param pem a PEM file, read when a client or a DataSource is made
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder caCertificate(Path pem) {
            caCertificate = Objects.requireNonNull(pem, "pem is null");
            secure = true;
            return this;
        }

        /**
         * Sets the user.
         *
         * @param newUser a name without a colon, which HTTP takes for its end; not blank
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is something else
         */
        @CanIgnoreReturnValue
        public Builder user(String newUser) {
            user = notBlank("user", newUser);
            if (newUser.indexOf(':') >= 0) {
                throw BudMetricsException.invalidConfiguration(
                        "user contains a colon, which ends the name in HTTP authentication; give another name");
            }
            return this;
        }

        /**
         * The user's password.
         *
         * @param newPassword empty for none
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder password(String newPassword) {
            password = Objects.requireNonNull(newPassword, "password is null");
            return this;
        }

        /**
         * The database in which unqualified tables are looked up.
         *
         * @param newDatabase a name in printable ASCII, since the driver sends it as an HTTP header; not blank
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is something else
         */
        @CanIgnoreReturnValue
        public Builder database(String newDatabase) {
            database = notBlank("database", newDatabase);
            if (!HEADER.matcher(newDatabase).matches()) {
                throw BudMetricsException.invalidConfiguration(
                        "database is not printable ASCII, and the driver sends it in an HTTP header; give another name");
            }
            return this;
        }

        /**
         * Sets how many statements may run at once.
         *
         * @param connections 1 to 1000
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
         */
        @CanIgnoreReturnValue
        public Builder maxConnections(int connections) {
            if (connections < 1 || connections > MAX_CONNECTIONS) {
                throw BudMetricsException.invalidConfiguration(
                        "maxConnections is " + connections + "; give 1 to " + MAX_CONNECTIONS);
            }
            maxConnections = connections;
            return this;
        }

        /**
         * How long connecting may take.
         *
         * @param timeout more than 0, at most an hour
         * @return this builder
         * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
         */
        @CanIgnoreReturnValue
        public Builder connectTimeout(Duration timeout) {
            Objects.requireNonNull(timeout, "connectTimeout is null");
            if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofHours(1)) > 0) {
                throw BudMetricsException.invalidConfiguration(
                        "connectTimeout is " + timeout + "; give a millisecond to an hour");
            }
            connectTimeout = timeout;
            return this;
        }

        /**
         * Sets whether answers are compressed on the wire; on the same machine they are faster without compression.
         *
         * @param newCompressed true by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder compressed(boolean newCompressed) {
            compressed = newCompressed;
            return this;
        }

        /**
         * Sets what one question may cost.
         *
         * @param newLimits the limits
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder limits(QueryLimits newLimits) {
            limits = Objects.requireNonNull(newLimits, "limits is null");
            return this;
        }

        /**
         * Builds the configuration.
         *
         * @return the configuration
         * @throws BudMetricsException INVALID_CONFIGURATION when there is no host
         */
        public ClickHouseConfig build() {
            if (host == null) {
                throw BudMetricsException.invalidConfiguration("host is not set; give the host name of the server");
            }
            return new ClickHouseConfig(this, host);
        }

        private static String notBlank(String name, String value) {
            Objects.requireNonNull(value, () -> name + " is null");
            if (value.isBlank()) {
                throw BudMetricsException.invalidConfiguration(name + " is blank; give a name");
            }
            return value;
        }

        /** Never shows the password. */
        @Override
        public String toString() {
            return "ClickHouseConfig.Builder";
        }
    }
}
