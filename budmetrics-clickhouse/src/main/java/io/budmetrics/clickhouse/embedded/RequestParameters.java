package io.budmetrics.clickhouse.embedded;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, from its URL and from a multipart form, sorted by what they mean. */
final class RequestParameters {
    private static final Set<String> NOT_SETTINGS = Set.of(
            "query",
            "query_id",
            "database",
            "default_format",
            "user",
            "password",
            "quota_key",
            "compress",
            "decompress",
            "wait_end_of_query",
            "buffer_size",
            "stacktrace",
            "close_session",
            "client_protocol_version");
    private static final Set<String> REFUSED = Set.of("session_id", "session_check", "session_timeout", "role");
    private static final Pattern SETTING_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
    private static final Pattern PART_NAME = Pattern.compile("[;\\s]name=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, String> all = new LinkedHashMap<>();

    /** Reads the query part of a URL, decoding it as HTML forms are. */
    RequestParameters addUrl(@Nullable String rawQuery) throws ServerError {
        if (rawQuery == null || rawQuery.isEmpty()) {
            return this;
        }
        for (String pair : rawQuery.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                all.put(decode(name), decode(value));
            }
        }
        return this;
    }

    /** Reads a multipart form. */
    void addForm(byte[] body, String boundary) throws ServerError {
        // ISO-8859-1 keeps one char for each byte, so that positions are byte offsets
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String delimiter = "--" + boundary;
        int part = text.indexOf(delimiter);
        while (part >= 0) {
            int head = part + delimiter.length();
            if (text.startsWith("--", head)) {
                return;
            }
            int blank = text.indexOf("\r\n\r\n", head);
            int end = text.indexOf("\r\n" + delimiter, blank < 0 ? head : blank + 2);
            if (blank < 0 || end < 0) {
                break;
            }
            String headers = text.substring(head, blank);
            Matcher name = PART_NAME.matcher(headers);
            if (!name.find()) {
                throw badForm("a part has no name");
            }
            if (headers.toLowerCase(Locale.ROOT).contains("filename=")) {
                throw notImplemented("External tables (form parts with a file name)");
            }
            int start = Math.min(blank + 4, end);
            all.put(
                    new String(name.group(1).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8),
                    new String(body, start, end - start, StandardCharsets.UTF_8));
            part = end + 2;
        }
        throw badForm("its closing boundary is missing");
    }

    @Nullable
    String get(String name) {
        return all.get(name);
    }

    boolean flag(String name) {
        String value = all.getOrDefault(name, "0");
        return value.equals("1") || value.equalsIgnoreCase("true");
    }

    /** Values for placeholders in the statement, by the placeholder's name. */
    Map<String, String> queryParameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith("param_")) {
                parameters.put(name.substring("param_".length()), value);
            }
        });
        return parameters;
    }

    /** Everything that is left is a setting of the server. */
    Map<String, String> settings() throws ServerError {
        Map<String, String> settings = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : all.entrySet()) {
            String name = parameter.getKey();
            if (REFUSED.contains(name) && !parameter.getValue().isEmpty()) {
                throw notImplemented("The parameter '" + name + "'");
            }
            if (NOT_SETTINGS.contains(name) || REFUSED.contains(name) || name.startsWith("param_")) {
                continue;
            }
            if (!SETTING_NAME.matcher(name).matches()) {
                throw ServerError.of(115, "UNKNOWN_SETTING", "Unknown setting '" + name + "'.");
            }
            settings.put(name, parameter.getValue());
        }
        return settings;
    }

    /** The boundary of a multipart form, or null when the body is none. */
    static @Nullable String boundary(@Nullable String contentType) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            return null;
        }
        int at = contentType.toLowerCase(Locale.ROOT).indexOf("boundary=");
        if (at < 0) {
            return null;
        }
        String boundary = contentType.substring(at + "boundary=".length());
        int end = boundary.indexOf(';');
        boundary = (end < 0 ? boundary : boundary.substring(0, end)).trim();
        return boundary.startsWith("\"") && boundary.endsWith("\"") && boundary.length() > 1
                ? boundary.substring(1, boundary.length() - 1)
                : boundary;
    }

    private static String decode(String text) throws ServerError {
        try {
            return java.net.URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ServerError.of(
                    ServerError.BAD_ARGUMENTS,
                    "BAD_ARGUMENTS",
                    "The URL has a broken percent escape; encode its values.");
        }
    }

    private static ServerError badForm(String why) {
        return ServerError.of(
                ServerError.BAD_ARGUMENTS, "BAD_ARGUMENTS", "The multipart form cannot be read: " + why + ".");
    }

    private static ServerError notImplemented(String what) {
        return ServerError.of(
                ServerError.NOT_IMPLEMENTED,
                "NOT_IMPLEMENTED",
                what + " is not supported by the embedded engine; use a ClickHouse server.");
    }
}
