package io.budmetrics.clickhouse.embedded;

import com.clickhouse.jdbc.DataSourceImpl;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A real ClickHouse engine for tests, examples and notebooks, without an installed server. A child process holds the engine
 * and answers ClickHouse's HTTP interface on loopback, so that the official driver talks to it unchanged:
 *
 * <pre>{@code
 * try (EmbeddedClickHouse engine = EmbeddedClickHouse.start();
 *         Connection connection = engine.dataSource().getConnection()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>The child process ends when it is closed or when this process ends, however it ends, and takes its temporary data
 * with it. It needs the native library, which {@link EngineInstaller} fetches once, and
 * {@code net.java.dev.jna:jna}, an optional dependency of this module. It is not meant for production: statements run
 * with the rights of this process, one user may do everything, and there is no {@code system.query_log}.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedClickHouse implements AutoCloseable {
    private final EngineProcess process;
    private final String user;
    private final String password;

    private EmbeddedClickHouse(EngineProcess process, String user, String password) {
        this.process = process;
        this.user = user;
        this.password = password;
    }

    /**
     * Starts an engine with temporary data, on a free port, with a random password.
     *
     * @return the running engine, to be closed
     * @throws BudMetricsException with {@code DATABASE_UNAVAILABLE} when it cannot start; the message says what to do
     */
    @CheckReturnValue
    public static EmbeddedClickHouse start() {
        return builder().start();
    }

    /**
     * Returns a builder for an engine.
     *
     * @return a new builder
     */
    @CheckReturnValue
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The JDBC URL of the default database, for the official driver; user and password are not part of it.
     *
     * @return a URL that starts with {@code jdbc:clickhouse:http://}
     */
    public String jdbcUrl() {
        return "jdbc:clickhouse:" + httpUrl() + "/default";
    }

    /**
     * The URL of the HTTP interface.
     *
     * @return a URL without a path
     */
    public String httpUrl() {
        return "http://127.0.0.1:" + process.port();
    }

    /**
     * The port of the HTTP interface.
     *
     * @return a port of the loopback interface
     */
    public int port() {
        return process.port();
    }

    /**
     * The user's name.
     *
     * @return the name, {@code default} unless the builder was given another
     */
    public String user() {
        return user;
    }

    /**
     * The user's password.
     *
     * @return the password, random unless the builder was given one
     */
    public String password() {
        return password;
    }

    /**
     * The version of ClickHouse.
     *
     * @return such as {@code 26.7.2.1}
     */
    public String version() {
        return process.version();
    }

    /**
     * A source of connections to the default database.
     *
     * @return a new data source of the official driver; each connection it gives must be closed
     */
    public DataSource dataSource() {
        return dataSource("default");
    }

    /**
     * A source of connections to one database.
     *
     * @param database the name of the database
     * @return a new data source of the official driver; each connection it gives must be closed
     */
    public DataSource dataSource(String database) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("database", database);
        return new DataSourceImpl("jdbc:clickhouse:" + httpUrl() + "/", properties);
    }

    /** Whether the child process is alive. */
    boolean isAlive() {
        return process.isAlive();
    }

    long processId() {
        return process.processId();
    }

    Path runDirectory() {
        return process.runDirectory();
    }

    /** Ends every statement, stops the child process and removes temporary data. Closing twice does nothing. */
    @Override
    public void close() {
        process.close();
    }

    /**
     * Shows the port, never the password.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "EmbeddedClickHouse[" + httpUrl() + ", version " + version() + "]";
    }

    /** Builder for {@link EmbeddedClickHouse}; mutable, for one thread. */
    public static final class Builder {
        private static final int PASSWORD_BYTES = 16;
        private static final long LEAST_MEMORY = 64L * 1024 * 1024;

        private @Nullable Path dataDirectory;
        private @Nullable Path library;
        private int port;
        private Duration startTimeout = Duration.ofSeconds(60);
        private long memoryLimit;
        private String user = "default";
        private @Nullable String password;

        private Builder() {}

        /**
         * Keeps the data in a directory of the caller, so that a later engine can use it. One engine at a time may use it.
         *
         * @param newDataDirectory is created when it is missing; temporary data by default
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder dataDirectory(Path newDataDirectory) {
            dataDirectory = newDataDirectory;
            return this;
        }

        /**
         * Sets the port of the HTTP interface.
         *
         * @param newPort 1 to 65535, or 0 for any free one, which is the default
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder port(int newPort) {
            if (newPort < 0 || newPort > 65_535) {
                throw BudMetricsException.invalidConfiguration(
                        "port is " + newPort + "; give one from 1 to 65535, or 0 for any that is free");
            }
            port = newPort;
            return this;
        }

        /**
         * Sets how long to wait until the engine answers.
         *
         * @param newStartTimeout longer than zero; 60 seconds by default
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder startTimeout(Duration newStartTimeout) {
            if (newStartTimeout.isNegative() || newStartTimeout.isZero()) {
                throw BudMetricsException.invalidConfiguration(
                        "startTimeout is " + newStartTimeout + "; give a duration longer than zero, such as PT60S");
            }
            startTimeout = newStartTimeout;
            return this;
        }

        /**
         * The most memory that the engine's statements may take together; more fails with ClickHouse's code 241.
         *
         * @param bytes at least 64 MiB; by default nine tenths of the machine's memory, as on a server
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder memoryLimit(long bytes) {
            if (bytes < LEAST_MEMORY) {
                throw BudMetricsException.invalidConfiguration(
                        "memoryLimit is " + bytes + " bytes; give at least " + LEAST_MEMORY + ", or leave it out");
            }
            memoryLimit = bytes;
            return this;
        }

        /**
         * Sets the native library, instead of searching for it.
         *
         * @param newLibrary a file such as {@code libchdb.so}
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder library(Path newLibrary) {
            library = newLibrary;
            return this;
        }

        /**
         * Sets the user name of clients.
         *
         * @param newUser not blank, without a colon; {@code default} by default
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder user(String newUser) {
            if (newUser.isBlank() || newUser.indexOf(':') >= 0) {
                throw BudMetricsException.invalidConfiguration(
                        "user is blank or contains a colon, which HTTP Basic cannot send; give a plain name");
            }
            user = newUser;
            return this;
        }

        /**
         * Sets the password of clients.
         *
         * @param newPassword not empty; random by default
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder password(String newPassword) {
            if (newPassword.isEmpty()) {
                throw BudMetricsException.invalidConfiguration(
                        "password is empty, and every process of this machine can reach the port; give one, or leave it"
                                + " out for a random one");
            }
            password = newPassword;
            return this;
        }

        /**
         * Starts the engine and waits until it answers.
         *
         * @return the running engine, to be closed
         * @throws BudMetricsException with {@code DATABASE_UNAVAILABLE} when it cannot start; the message says what to
         *     do
         */
        @CheckReturnValue
        public EmbeddedClickHouse start() {
            String secret = password;
            if (secret == null) {
                byte[] random = new byte[PASSWORD_BYTES];
                new SecureRandom().nextBytes(random);
                secret = HexFormat.of().formatHex(random);
            }
            Path found = EngineLibrary.ofThisProcess().locate(library);
            try {
                EngineProcess process = EngineProcess.start(
                        new EngineProcess.Configuration(found, dataDirectory, port, memoryLimit, user, secret),
                        startTimeout);
                return new EmbeddedClickHouse(process, user, secret);
            } catch (IOException e) {
                throw BudMetricsException.of(
                        ErrorCode.DATABASE_UNAVAILABLE,
                        "the embedded engine could not be started: " + e.getMessage(),
                        e);
            }
        }
    }
}
