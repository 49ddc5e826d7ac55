package io.budmetrics.clickhouse.embedded;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a request asks for besides its statement. */
final class QueryRequest {
    /** A setting of libchdb without any effect on a statement; it carries the client's query id. */
    static final String QUERY_ID_SETTING = "chdb_client_name";

    private final HttpExchange exchange;
    private final RequestParameters parameters;
    private final boolean readOnly;
    private final String id;

    QueryRequest(HttpExchange exchange, RequestParameters parameters, boolean readOnly) {
        this.exchange = exchange;
        this.parameters = parameters;
        this.readOnly = readOnly;
        String given = firstOf(parameters.get("query_id"), header("X-ClickHouse-Query-Id"));
        this.id = given == null || given.isEmpty() ? UUID.randomUUID().toString() : given;
    }

    HttpExchange exchange() {
        return exchange;
    }

    RequestParameters parameters() {
        return parameters;
    }

    String id() {
        return id;
    }

    boolean compress() {
        return parameters.flag("compress");
    }

    boolean waitForEnd() {
        return parameters.flag("wait_end_of_query") || parameters.flag("http_wait_end_of_query");
    }

    /** The format of the answer, unless the statement names one. */
    String format() {
        String format = firstOf(header("X-ClickHouse-Format"), parameters.get("default_format"));
        return format == null || format.isEmpty() ? "TabSeparated" : format;
    }

    /** Whether the caller limits the size of the result, so that a limit of ours would meet theirs. */
    boolean limitsResult() {
        return parameters.get("max_result_bytes") != null
                || parameters.get("max_result_rows") != null
                || parameters.get("result_overflow_mode") != null
                || "1".equals(parameters.get("readonly"));
    }

    /** The statements that bring a fresh connection to what the request asks for. */
    String preparation() throws ServerError {
        Map<String, String> settings = new LinkedHashMap<>(parameters.settings());
        settings.put(QUERY_ID_SETTING, id);
        String readonly = settings.remove("readonly");
        if (readonly == null && readOnly) {
            // as on a server: what a GET asks must not change anything
            readonly = "2";
        }
        if (readonly != null) {
            // last, since it forbids the others
            settings.put("readonly", readonly);
        }
        StringBuilder sql = new StringBuilder();
        String database = firstOf(parameters.get("database"), header("X-ClickHouse-Database"));
        if (database != null && !database.isEmpty() && !database.equals("default")) {
            sql.append("USE ").append(quoted(database, '`')).append("; ");
        }
        String separator = "SET ";
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            sql.append(separator).append(setting.getKey()).append(" = ").append(quoted(setting.getValue(), '\''));
            separator = ", ";
        }
        return sql.toString();
    }

    /** Says in the answer's head which format follows. */
    void answerIn(String format) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("X-ClickHouse-Format", format);
        headers.set("Content-Type", contentType(format));
    }

    private @Nullable String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
        return first == null || first.isEmpty() ? second : first;
    }

    private static String quoted(String text, char quote) {
        StringBuilder quoted = new StringBuilder().append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\0' -> quoted.append("\\0");
                default -> {
                    if (c == quote || c == '\\') {
                        quoted.append('\\');
                    }
                    quoted.append(c);
                }
            }
        }
        return quoted.append(quote).toString();
    }

    private static String contentType(String format) {
        String lower = format.toLowerCase(Locale.ROOT);
        if (lower.startsWith("json")) {
            return lower.contains("eachrow")
                    ? "application/x-ndjson; charset=UTF-8"
                    : "application/json; charset=UTF-8";
        }
        if (lower.startsWith("csv")) {
            return "text/csv; charset=UTF-8";
        }
        if (lower.startsWith("tsv") || lower.startsWith("tabseparated")) {
            return "text/tab-separated-values; charset=UTF-8";
        }
        return switch (lower) {
            case "rowbinary", "rowbinarywithnames", "rowbinarywithnamesandtypes", "native", "arrow", "arrowstream" ->
                "application/octet-stream";
            case "parquet", "orc", "avro", "msgpack" -> "application/octet-stream";
            default -> "text/plain; charset=UTF-8";
        };
    }
}
