package io.budmetrics.clickhouse;

import io.budmetrics.error.BudMetricsException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link ClickHouseConfig} from environment variables. Each setting has a list of names, and the first that is set and
 * not blank counts. A value that cannot be used is refused under the name of its variable, since the reader of the error set that
 * variable and not a builder's field.
 */
final class ClickHouseEnvironment {
    /** What Kubernetes sets as NAME_PORT, beside each service NAME, for containers that start after it. */
    private static final Pattern OF_KUBERNETES = Pattern.compile("(?:tcp|udp|sctp)://");

    private ClickHouseEnvironment() {}

    static ClickHouseConfig read(Map<String, String> environment) {
        Objects.requireNonNull(environment, "environment is null");
        Found host = find(environment, "CLICKHOUSE_HOST", "PSQL_HOST");
        if (host == null) {
            throw BudMetricsException.invalidConfiguration(
                    "CLICKHOUSE_HOST is not set; give the host name of the server");
        }
        ClickHouseConfig.Builder builder = ClickHouseConfig.builder();
        builder = host.taken(host.value.contains("://") ? builder::url : builder::host);
        Found secure = find(environment, "CLICKHOUSE_SECURE");
        if (secure != null) {
            builder = switch (secure.value.toLowerCase(Locale.ROOT)) {
                case "true", "1" -> builder.secure(true);
                case "false", "0" -> builder.secure(false);
                default -> throw secure.refused("is " + secure.shown() + "; give true or false");
            };
        }
        Found port = find(environment, "CLICKHOUSE_HTTP_PORT", "CLICKHOUSE_PORT", "PSQL_PORT");
        if (port != null) {
            builder = builder.port(port(port));
        }
        Found database = find(environment, "CLICKHOUSE_DB_NAME", "PSQL_DB_NAME");
        if (database != null) {
            builder = database.taken(builder::database);
        }
        Found user = find(environment, "CLICKHOUSE_USER", "PSQL_USER");
        if (user != null) {
            builder = user.taken(builder::user);
        }
        String password = environment.get("CLICKHOUSE_PASSWORD");
        if (password == null || password.isEmpty()) {
            password = environment.get("PSQL_PASSWORD");
        }
        return builder.password(password == null ? "" : password).build();
    }

    private static int port(Found found) {
        if (!found.value.matches("[0-9]{1,5}")) {
            throw found.refused("is " + found.shown() + "; give a port from 1 to 65535");
        }
        int port = Integer.parseInt(found.value);
        if (port == 9000 || port == 9440) {
            throw found.refused(
                    "is " + port + ", a port of ClickHouse's native protocol, but the driver speaks HTTP; give"
                            + " CLICKHOUSE_HTTP_PORT the HTTP port, usually 8123, or 8443 with CLICKHOUSE_SECURE=true");
        }
        if (port < 1 || port > 65535) {
            throw found.refused("is " + port + "; give a port from 1 to 65535");
        }
        return port;
    }

    private static @Nullable Found find(Map<String, String> environment, String... names) {
        for (String name : names) {
            String value = environment.get(name);
            if (value != null
                    && !value.isBlank()
                    && !OF_KUBERNETES.matcher(value).lookingAt()) {
                return new Found(name, value.strip());
            }
        }
        return null;
    }

    /** A variable and its value. */
    private record Found(String name, String value) {
        ClickHouseConfig.Builder taken(Function<String, ClickHouseConfig.Builder> setting) {
            try {
                return setting.apply(value);
            } catch (BudMetricsException e) {
                throw refused("cannot be used: " + e.reason());
            }
        }

        BudMetricsException refused(String why) {
            return BudMetricsException.invalidConfiguration(name + " " + why);
        }

        /** A short value may be shown; a long one may be something else that was put in the wrong place. */
        String shown() {
            return value.length() <= 16 ? "'" + value + "'" : "a text of " + value.length() + " characters";
        }
    }
}
