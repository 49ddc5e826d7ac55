package io.budmetrics.examples.support;

import io.budmetrics.clickhouse.ClickHouseConfig;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is, as options of a program or from the environment. */
public final class ServerOptions {
    /** For the help text. */
    public static final String FOOTER =
            "Without --url the server is taken from CLICKHOUSE_HOST, CLICKHOUSE_HTTP_PORT, CLICKHOUSE_USER,"
                    + " CLICKHOUSE_PASSWORD, CLICKHOUSE_DB_NAME and CLICKHOUSE_SECURE.";

    private static final Pattern URL =
            Pattern.compile("(?i)(?<scheme>https?)://(?<host>[^/?#@:]+)(:(?<port>\\d{1,5}))?(/(?<database>[^/?#]*))?");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Such as http://localhost:8123 or https://host:8443/database")
    private @Nullable String url;

    @Option(names = "--user", paramLabel = "NAME", description = "With --url; default: default")
    private String user = "default";

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            description = "With --url; without it CLICKHOUSE_PASSWORD, which the process list does not show")
    private @Nullable String password;

    /** For picocli. */
    public ServerOptions() {}

    /**
     * Connections to the server.
     *
     * @return a source of the driver's own connections
     * @throws IOException when the URL is none
     */
    public DataSource dataSource() throws IOException {
        if (url == null) {
            return ClickHouseConfig.fromEnvironment(System.getenv()).toDataSource();
        }
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IOException("--url is not a URL such as http://localhost:8123 or https://host:8443/database,"
                    + " without credentials");
        }
        boolean secure = parts.group("scheme").equalsIgnoreCase("https");
        String port = parts.group("port");
        String database = parts.group("database");
        String secret = password == null ? System.getenv("CLICKHOUSE_PASSWORD") : password;
        return ClickHouseConfig.builder()
                .secure(secure)
                .host(parts.group("host"))
                .port(port == null ? (secure ? 8443 : 8123) : Integer.parseInt(port))
                .user(user)
                .password(secret == null ? "" : secret)
                .database(database == null || database.isEmpty() ? "default" : database)
                .build()
                .toDataSource();
    }
}
