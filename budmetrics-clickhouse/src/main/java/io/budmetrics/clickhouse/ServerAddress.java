package io.budmetrics.clickhouse;

import io.budmetrics.error.BudMetricsException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a URL says about a server.
 *
 * @param secure whether it is reached by TLS
 * @param host without brackets
 * @param port 0 when the URL has none
 * @param database empty when the URL has none
 */
record ServerAddress(boolean secure, String host, int port, String database) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|[0-9A-Fa-f:.]{2,45}");
    private static final Pattern BRACKETED = Pattern.compile("\\[([0-9A-Fa-f:.]{2,45})]");
    private static final Pattern WITH_PORT = Pattern.compile("(?:[^:/]+|\\[[^\\]]*]):[0-9]+/?");
    private static final Pattern URL = Pattern.compile(
            "(?<scheme>https?)://(?<host>\\[[^\\]/]*]|[^/?#@:\\[]+)(?::(?<port>[0-9]{1,5}))?(?:/(?<database>[^/?#]*))?",
            Pattern.CASE_INSENSITIVE);

    /** A host name or an address, also an IPv6 address in brackets as URLs write it. */
    static String host(String text) {
        Matcher bracketed = BRACKETED.matcher(text);
        String host = bracketed.matches() ? bracketed.group(1) : text;
        // an IPv4 address and a port has only characters that an IPv6 address may have too
        if (HOST.matcher(host).matches() && !WITH_PORT.matcher(text).matches()) {
            return host;
        }
        if (text.contains("://")) {
            throw refused("host is a URL; give the host name alone, or the whole URL to url(...)");
        }
        if (WITH_PORT.matcher(text).matches()) {
            throw refused("host has a port; give the host name alone, and the port by itself");
        }
        if (text.indexOf('_') >= 0) {
            throw refused(
                    "host has an underscore, which host names cannot have and the driver does not accept; give another"
                            + " name, such as a network alias with a hyphen");
        }
        throw refused("host is not a host name; give it without scheme, port and path");
    }

    /** Also a URL of the driver, whose scheme may be left out. */
    static ServerAddress ofUrl(String text) {
        String url = text.strip();
        String lower = url.toLowerCase(Locale.ROOT);
        for (String prefix : new String[] {"jdbc:clickhouse:", "jdbc:ch:"}) {
            if (lower.startsWith(prefix)) {
                url = url.substring(prefix.length());
                url = url.startsWith("//") ? "http:" + url : url;
            }
        }
        Matcher parts = URL.matcher(url);
        if (parts.matches()) {
            String port = parts.group("port");
            String database = parts.group("database");
            return new ServerAddress(
                    parts.group("scheme").equalsIgnoreCase("https"),
                    host(parts.group("host")),
                    port == null ? 0 : Integer.parseInt(port),
                    database == null ? "" : database);
        }
        if (url.indexOf('@') >= 0) {
            throw refused("url has credentials; give them to user(...) and password(...)");
        }
        if (url.indexOf('?') >= 0) {
            throw refused("url has parameters; give them to the methods of the builder");
        }
        throw refused("url is not one of ClickHouse's HTTP interface; give http://host:8123/database or"
                + " https://host:8443/database");
    }

    private static BudMetricsException refused(String why) {
        return BudMetricsException.invalidConfiguration(why);
    }
}
