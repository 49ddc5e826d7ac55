package io.budmetrics.examples.support;

import io.budmetrics.clickhouse.ClickHouseConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where the server is and who connects, from options and from the environment. <code>--url</code> replaces the variables
 * of host, port and TLS; each other option replaces its own variable, with <code>--url</code> and without.
 */
public final class ServerOptions {
    /** Explains the variables, for the end of a help text. */
    public static final String FOOTER =
            "Without --url the server is taken from CLICKHOUSE_HOST, CLICKHOUSE_HTTP_PORT and CLICKHOUSE_SECURE. Without"
                    + " --user, --password or --database, CLICKHOUSE_USER, CLICKHOUSE_PASSWORD or CLICKHOUSE_DB_NAME counts.";

    private static final String HOST = "CLICKHOUSE_HOST";
    private static final String DATABASE = "CLICKHOUSE_DB_NAME";
    private static final String USER = "CLICKHOUSE_USER";
    private static final String PASSWORD = "CLICKHOUSE_PASSWORD";
    private static final Pattern URL = Pattern.compile(
            "(?i)(?<scheme>https?)://(?<host>[^/?#@:\\[\\]]+|\\[[0-9a-f:.]+])(:(?<port>\\d{1,5}))?(/(?<database>[^/?#]*))?");

    private final Map<String, String> environment;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The server's HTTP interface, such as http://localhost:8123 or https://host:8443/database")
    private @Nullable String url;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "The user; default: CLICKHOUSE_USER, or else 'default'")
    private @Nullable String user;

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            description = "The password; default: CLICKHOUSE_PASSWORD, which other users of this machine cannot see in"
                    + " the process list")
    private @Nullable String password;

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description =
                    "The database, unless --url names it; default: CLICKHOUSE_DB_NAME, or else 'default' with --url"
                            + " and 'bud' without")
    private @Nullable String database;

    /**
     * Options that are not read yet.
     *
     * @param environment the variables that count where an option is not given
     */
    public ServerOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * The server that the options and the environment name.
     *
     * @return its configuration
     * @throws UsageException when they name none, or an option cannot be used
     */
    public ClickHouseConfig config() {
        refuseBlank("--user", user);
        refuseBlank("--database", database);
        if (url != null) {
            return configOf(url);
        }
        if (Stream.of(HOST, "PSQL_HOST").allMatch(name -> value(name).isBlank())) {
            throw new UsageException(
                    "the server is not named; give --url, such as http://localhost:8123, or set " + HOST);
        }
        Map<String, String> replaced = new HashMap<>(environment);
        replace(replaced, USER, user);
        replace(replaced, DATABASE, database);
        if (password != null) {
            replaced.put(PASSWORD, password);
            // an empty password is meant, too
            replaced.remove("PSQL_PASSWORD");
        }
        return ClickHouseConfig.fromEnvironment(replaced);
    }

    /**
     * The server as the user named it.
     *
     * @return the URL, or the variable
     */
    public String shown() {
        return url == null ? "the server of " + HOST : url;
    }

    private ClickHouseConfig configOf(String text) {
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            // not shown: it may hold a password
            throw new UsageException(
                    "--url is not a URL such as http://localhost:8123 or https://host:8443/database; give"
                            + " the user and the password with --user and --password");
        }
        boolean secure = parts.group("scheme").equalsIgnoreCase("https");
        String port = Objects.requireNonNullElse(parts.group("port"), secure ? "8443" : "8123");
        if (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw new UsageException("the port of --url is " + port + "; give 1 to 65535");
        }
        String inUrl = Objects.requireNonNullElse(parts.group("database"), "");
        if (!inUrl.isEmpty() && database != null && !database.equals(inUrl)) {
            throw new UsageException("--database is another one than --url names; give one of the two");
        }
        return ClickHouseConfig.builder()
                .secure(secure)
                .host(parts.group("host").replaceAll("[\\[\\]]", ""))
                .port(Integer.parseInt(port))
                .user(firstOf(user, value(USER), "default"))
                .password(password == null ? value(PASSWORD) : password)
                .database(firstOf(inUrl, database, value(DATABASE), "default"))
                .build();
    }

    private String value(String variable) {
        return environment.getOrDefault(variable, "");
    }

    private static String firstOf(@Nullable String... values) {
        for (String value : values) {
            if (value != null && !value.isBlank()) {
                return value.strip();
            }
        }
        throw new IllegalArgumentException("the last value is never blank");
    }

    private static void replace(Map<String, String> environment, String variable, @Nullable String value) {
        if (value != null) {
            environment.put(variable, value);
        }
    }

    private static void refuseBlank(String option, @Nullable String value) {
        if (value != null && value.isBlank()) {
            throw new UsageException(option + " is blank; give a name");
        }
    }
}
