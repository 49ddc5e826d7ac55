package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.sql.SqlParameter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an operation is sent with: options of the driver, settings of the server and the values of parameters. */
public final class OperationSettings {
    /**
     * Above this many characters in the URL the parameters go as a form, since proxies and servers limit the length of a
     * request line, the strictest of the usual ones to 8,192. The rest of the line is settings.
     */
    private static final int MAX_URL_PARAMETERS = 4096;

    /** The driver sends these verbatim; its other way, a Map, would escape them a second time. */
    private static final String STATEMENT_PARAMETERS = "statement_params";

    private static final String FORM_REQUEST = "client.http.use_form_request_for_query";

    /**
     * With these nothing is sent twice, and only the watchdog ends what takes too long. What may be retried is listed as
     * nothing too, else the driver quarantines the server for half a minute. The socket has no limit: the HTTP client
     * below the driver sends again after a 503 or a 429, an hour later when the answer says so, unless the pause is longer
     * than the socket's limit, and none is the shortest. See docs/decisions/0009-the-watchdog-alone-ends-calls.md.
     */
    private static final Map<String, Object> ONCE_ONLY = Map.of(
            "retry",
            0,
            "client_retry_on_failures",
            List.of(ClientFaultCause.None),
            "socket_timeout",
            0,
            "connection_request_timeout",
            Duration.ofDays(1).toMillis());

    private OperationSettings() {}

    /**
     * The options with which the driver sends an operation once, without a limit on the time of its own. The connection's
     * own settings may say otherwise.
     *
     * @return option names and values
     */
    public static Map<String, Object> onceOnly() {
        return ONCE_ONLY;
    }

    /** For KILL, which names what it stops in its text. */
    static QuerySettings kill(String queryId) {
        return sentOnce().setQueryId(queryId).logComment("budmetrics kill");
    }

    /** For a statement, whose time is limited at the server to what is left. */
    static QuerySettings statement(StatementRequest request, String queryId, long leftNanos, boolean readOnly) {
        StatementOptions options = request.options();
        QuerySettings settings = sentOnce()
                .setFormat(ClickHouseFormat.Native)
                // where the driver asks for compression by HTTP it cannot read an answer that came without
                .setOption("client.use_http_compression", false)
                .setQueryId(queryId)
                .logComment(request.comment())
                .waitEndOfQuery(true);
        options.stated().applyTo(settings);
        settings.serverSetting("max_execution_time", Long.toString(roundedUp(Duration.ofNanos(leftNanos))));
        if (readOnly) {
            settings.serverSetting("readonly", "2");
        }
        limit(settings, options.limits());
        Duration cacheTtl = options.queryCacheTtl();
        if (cacheTtl != null) {
            settings.serverSetting("use_query_cache", "1")
                    .serverSetting("query_cache_ttl", Long.toString(roundedUp(cacheTtl)))
                    // what the server will not keep is answered all the same
                    .serverSetting("query_cache_nondeterministic_function_handling", "ignore")
                    .serverSetting("query_cache_system_table_handling", "ignore");
        }
        parameters(settings, request.parameters());
        return settings;
    }

    private static QuerySettings sentOnce() {
        QuerySettings settings = new QuerySettings();
        onceOnly().forEach(settings::setOption);
        return settings;
    }

    private static void limit(QuerySettings settings, StatementLimits limits) {
        limit(settings, "max_result_rows", limits.maxResultRows());
        if (limits.maxResultRows() > 0) {
            settings.serverSetting("result_overflow_mode", "throw");
        }
        limit(settings, "max_rows_to_read", limits.maxRowsToRead());
        limit(settings, "max_bytes_to_read", limits.maxBytesToRead());
        limit(settings, "max_memory_usage", limits.maxMemoryBytes());
        limit(settings, "max_threads", limits.maxThreads());
    }

    private static void limit(QuerySettings settings, String name, long value) {
        if (value > 0) {
            settings.serverSetting(name, Long.toString(value));
        }
    }

    private static void parameters(QuerySettings settings, List<SqlParameter> parameters) {
        if (parameters.isEmpty()) {
            return;
        }
        Map<String, String> values = new HashMap<>();
        long length = 0;
        for (SqlParameter parameter : parameters) {
            String encoded = parameter.encoded();
            String before = values.put(parameter.name(), encoded);
            if (before != null && !before.equals(encoded)) {
                throw BudMetricsException.invalidQuery("two parameters of one statement are named " + parameter.name());
            }
            length += "&param_=".length() + parameter.name().length() + urlLength(encoded);
        }
        settings.setOption(STATEMENT_PARAMETERS, values);
        settings.setOption(FORM_REQUEST, length > MAX_URL_PARAMETERS);
    }

    /** How long a text is in a URL, where each byte of UTF-8 that is not a letter, a digit or one of a few signs takes three. */
    private static long urlLength(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-_.*".indexOf(c) >= 0) {
                length++;
            } else if (c < 0x80) {
                length += 3;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                // half of a pair, which takes four bytes
                length += 6;
            } else {
                length += 9;
            }
        }
        return length;
    }

    private static long roundedUp(Duration duration) {
        return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
    }
}
