package io.budmetrics.clickhouse.internal;

import com.clickhouse.client.api.ClientException;
import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.ServerException;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * From what the driver throws to the codes of the library. The server's own text may show SQL and data: it is neither
 * copied nor kept in a cause; whoever may see it finds it at the server under the query id.
 */
final class ErrorMapping {
    private static final int MAX_DEPTH = 20;

    /** How the driver tells a status that it does not expect; the status is all it says. */
    private static final Pattern STATUS = Pattern.compile("Unexpected result status (\\d{3})");

    private static final Pattern QUOTED = Pattern.compile("[`'\"]([A-Za-z_][A-Za-z0-9_.]{0,63})[`'\"]");

    /** ClickHouse's names of the codes we explain; its own text is not trusted to hold only a name. */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(10, "NOT_FOUND_COLUMN_IN_BLOCK"),
            Map.entry(16, "NO_SUCH_COLUMN_IN_TABLE"),
            Map.entry(36, "BAD_ARGUMENTS"),
            Map.entry(43, "ILLEGAL_TYPE_OF_ARGUMENT"),
            Map.entry(46, "UNKNOWN_FUNCTION"),
            Map.entry(47, "UNKNOWN_IDENTIFIER"),
            Map.entry(53, "TYPE_MISMATCH"),
            Map.entry(60, "UNKNOWN_TABLE"),
            Map.entry(62, "SYNTAX_ERROR"),
            Map.entry(81, "UNKNOWN_DATABASE"),
            Map.entry(115, "UNKNOWN_SETTING"),
            Map.entry(158, "TOO_MANY_ROWS"),
            Map.entry(159, "TIMEOUT_EXCEEDED"),
            Map.entry(160, "TOO_SLOW"),
            Map.entry(164, "READONLY"),
            Map.entry(173, "CANNOT_ALLOCATE_MEMORY"),
            Map.entry(192, "UNKNOWN_USER"),
            Map.entry(193, "WRONG_PASSWORD"),
            Map.entry(194, "REQUIRED_PASSWORD"),
            Map.entry(195, "IP_ADDRESS_NOT_ALLOWED"),
            Map.entry(201, "QUOTA_EXCEEDED"),
            Map.entry(202, "TOO_MANY_SIMULTANEOUS_QUERIES"),
            Map.entry(203, "NO_FREE_CONNECTION"),
            Map.entry(209, "SOCKET_TIMEOUT"),
            Map.entry(210, "NETWORK_ERROR"),
            Map.entry(241, "MEMORY_LIMIT_EXCEEDED"),
            Map.entry(242, "TABLE_IS_READ_ONLY"),
            Map.entry(243, "NOT_ENOUGH_SPACE"),
            Map.entry(252, "TOO_MANY_PARTS"),
            Map.entry(279, "ALL_CONNECTION_TRIES_FAILED"),
            Map.entry(291, "DATABASE_ACCESS_DENIED"),
            Map.entry(307, "TOO_MANY_BYTES"),
            Map.entry(373, "SESSION_IS_LOCKED"),
            Map.entry(394, "QUERY_WAS_CANCELLED"),
            Map.entry(396, "TOO_MANY_ROWS_OR_BYTES"),
            Map.entry(439, "CANNOT_SCHEDULE_TASK"),
            Map.entry(452, "SETTING_CONSTRAINT_VIOLATION"),
            Map.entry(456, "UNKNOWN_QUERY_PARAMETER"),
            Map.entry(457, "BAD_QUERY_PARAMETER"),
            Map.entry(497, "ACCESS_DENIED"),
            Map.entry(516, "AUTHENTICATION_FAILED"),
            Map.entry(735, "QUERY_WAS_CANCELLED_BY_CLIENT"),
            Map.entry(745, "SERVER_OVERLOADED"),
            Map.entry(999, "KEEPER_EXCEPTION"));

    private static final Set<Integer> TIMEOUT = Set.of(159, 160, 209);
    private static final Set<Integer> CANCELLED = Set.of(394, 735);
    private static final Set<Integer> EXHAUSTED =
            Set.of(158, 161, 162, 167, 168, 173, 191, 201, 202, 241, 243, 252, 290, 307, 396, 439, 745);
    private static final Set<Integer> DENIED = Set.of(164, 192, 193, 194, 195, 291, 392, 452, 497, 511, 516);
    private static final Set<Integer> SCHEMA = Set.of(8, 10, 16, 47, 60, 81);
    private static final Set<Integer> UNAVAILABLE = Set.of(203, 210, 242, 279, 999);

    /** Busy for the moment: the same statement may pass a little later. */
    private static final Set<Integer> PASSING = Set.of(202, 203, 209, 210, 242, 252, 279, 373, 439, 745, 999);

    /** What a user can be granted; the server's text is searched for these and not shown. */
    private static final List<String> PRIVILEGES = List.of(
            "SELECT",
            "INSERT",
            "CREATE DATABASE",
            "CREATE TABLE",
            "ALTER",
            "DROP TABLE",
            "TRUNCATE",
            "KILL QUERY",
            "SHOW");

    private ErrorMapping() {}

    /** Maps anything that was thrown; the SQL text, which holds no values, decides which names may be shown. */
    static BudMetricsException of(Throwable thrown, String queryId, String sql) {
        boolean unreachable = false;
        boolean timeout = false;
        boolean broken = false;
        boolean passing = false;
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++, at = at.getCause()) {
            if (at instanceof BudMetricsException ours) {
                return withStatement(ours, queryId);
            }
            if (at instanceof ServerException server) {
                return ofServer(server, queryId, sql);
            }
            if (at instanceof SSLException tls && isHandshake(tls)) {
                return ofHandshake(tls, queryId);
            }
            int status = status(at);
            if (status > 0) {
                return ofStatus(status, queryId);
            }
            unreachable |= at instanceof ConnectionInitiationException;
            timeout |= at instanceof SocketTimeoutException || at instanceof SQLTimeoutException;
            broken |= at instanceof IOException;
            passing |= at instanceof SQLTransientException;
        }
        if (timeout && !unreachable) {
            return caused(ErrorCode.QUERY_TIMEOUT, "the server did not answer in time", thrown, queryId, false);
        }
        if (unreachable) {
            return caused(ErrorCode.DATABASE_UNAVAILABLE, "the server cannot be reached", thrown, queryId, true);
        }
        if (broken) {
            return caused(
                    ErrorCode.DATABASE_UNAVAILABLE,
                    "the connection to the server broke before the whole answer came",
                    thrown,
                    queryId,
                    true);
        }
        if (passing) {
            return caused(
                    ErrorCode.DATABASE_UNAVAILABLE, "the data source has no connection to give", thrown, queryId, true);
        }
        return caused(
                ErrorCode.DATABASE_ERROR,
                "the driver failed with " + thrown.getClass().getSimpleName(),
                thrown,
                queryId,
                false);
    }

    private static BudMetricsException caused(
            ErrorCode code, String message, Throwable thrown, String queryId, boolean retryable) {
        return BudMetricsException.of(code, message, ShownCause.of(thrown)).forStatement(queryId, 0, retryable);
    }

    /** Others are failures of a connection that had come about. */
    private static boolean isHandshake(SSLException tls) {
        return tls instanceof SSLHandshakeException
                || tls instanceof SSLPeerUnverifiedException
                || Objects.requireNonNullElse(tls.getMessage(), "")
                        .startsWith("Unsupported or unrecognized SSL message");
    }

    private static BudMetricsException ofHandshake(SSLException tls, String queryId) {
        boolean untrusted = false;
        boolean otherName = tls instanceof SSLPeerUnverifiedException;
        boolean otherTime = false;
        boolean left = false;
        Throwable at = tls;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++, at = at.getCause()) {
            otherTime |= at instanceof CertificateExpiredException || at instanceof CertificateNotYetValidException;
            untrusted |= at instanceof CertPathValidatorException || at instanceof CertPathBuilderException;
            otherName |= at.getClass() == CertificateException.class;
            left |= at instanceof EOFException;
        }
        String message;
        if (otherTime) {
            message = "the server's certificate is expired or not valid yet";
        } else if (untrusted) {
            message = "the server's certificate is of no authority that is trusted: name the authority with"
                    + " ClickHouseConfig's caCertificate, or with sslrootcert in the driver's properties";
        } else if (otherName) {
            message = "the server's certificate is for another host name than the one it was asked under";
        } else {
            message = "the TLS handshake failed; is this the server's HTTPS port, usually 8443?";
        }
        return caused(ErrorCode.DATABASE_UNAVAILABLE, message, tls, queryId, left);
    }

    /** The HTTP status of an answer without an error code of ClickHouse, 0 when there is none. */
    private static int status(Throwable thrown) {
        if (ShownCause.answeredByProxy(thrown)) {
            return String.valueOf(thrown.getMessage()).contains("503") ? 503 : 502;
        }
        if (thrown instanceof ClientException) {
            Matcher status = STATUS.matcher(Objects.requireNonNullElse(thrown.getMessage(), ""));
            return status.matches() ? Integer.parseInt(status.group(1)) : 0;
        }
        return 0;
    }

    private static BudMetricsException ofStatus(int status, String queryId) {
        if (status == 401 || status == 403) {
            return BudMetricsException.of(ErrorCode.ACCESS_DENIED, "HTTP status " + status)
                    .forStatement(queryId, 0, false);
        }
        if (status == 408 || status == 504) {
            return BudMetricsException.of(
                            ErrorCode.QUERY_TIMEOUT, "HTTP status " + status + " from what stands before the server")
                    .forStatement(queryId, 0, false);
        }
        if (status == 429 || status == 502 || status == 503) {
            return BudMetricsException.of(
                            ErrorCode.DATABASE_UNAVAILABLE,
                            "HTTP status " + status + " from what stands before the server")
                    .forStatement(queryId, 0, true);
        }
        return BudMetricsException.of(
                        ErrorCode.DATABASE_ERROR,
                        "HTTP status " + status + " without an error code of ClickHouse; is this its HTTP port?")
                .forStatement(queryId, 0, false);
    }

    /** No connection could be had from the caller's data source. */
    static BudMetricsException ofNoConnection(Throwable thrown, String queryId) {
        BudMetricsException mapped = of(thrown, queryId, "");
        return mapped.code() == ErrorCode.DATABASE_ERROR && mapped.serverCode().isEmpty()
                ? caused(
                        ErrorCode.DATABASE_UNAVAILABLE,
                        "the data source has no connection to give",
                        thrown,
                        queryId,
                        true)
                : mapped;
    }

    private static BudMetricsException withStatement(BudMetricsException exception, String queryId) {
        if (exception.queryId().isPresent() && !exception.queryId().get().isEmpty()) {
            return exception;
        }
        boolean retryable = exception.retryable() || exception.code() == ErrorCode.DATABASE_UNAVAILABLE;
        return exception.forStatement(queryId, exception.serverCode().orElse(0), retryable);
    }

    private static BudMetricsException ofServer(ServerException server, String queryId, String sql) {
        int code = server.getCode();
        if (code <= 0) {
            return ofStatus(server.getTransportProtocolCode(), queryId);
        }
        String text = Objects.requireNonNullElse(server.getMessage(), "");
        return ofServerCode(code, shownName(code, text, sql) + missingPrivileges(code, text), queryId);
    }

    /** What the server says the user lacks, in our words. */
    private static String missingPrivileges(int code, String serverText) {
        int grant = code == 497 ? serverText.indexOf("the grant ") : -1;
        if (grant < 0) {
            return "";
        }
        String wanted = serverText.substring(grant, Math.min(serverText.length(), grant + 200));
        return PRIVILEGES.stream()
                .filter(privilege -> wanted.contains(" " + privilege))
                .findFirst()
                .map(privilege -> "grant it " + privilege + " on what the statement names")
                .orElse("");
    }

    static BudMetricsException ofServerCode(int code, String name, String queryId) {
        ErrorCode reason;
        String message;
        if (TIMEOUT.contains(code)) {
            reason = ErrorCode.QUERY_TIMEOUT;
            message = "the server stopped the statement at its time limit";
        } else if (CANCELLED.contains(code)) {
            reason = ErrorCode.QUERY_CANCELLED;
            message = "the statement was cancelled at the server";
        } else if (EXHAUSTED.contains(code)) {
            reason = ErrorCode.RESOURCE_EXHAUSTED;
            message = exhausted(code);
        } else if (DENIED.contains(code)) {
            reason = ErrorCode.ACCESS_DENIED;
            message = switch (code) {
                case 164 ->
                    "the user may not write, or its profile forbids settings; questions send limits along, so give it"
                            + " SETTINGS readonly = 2 (ALTER USER or ALTER SETTINGS PROFILE) instead of 1";
                case 452 ->
                    "a limit of ours is outside what the user's profile allows; set QueryLimits within its constraints";
                default -> "the server refuses the user or what the user asked";
            };
        } else if (SCHEMA.contains(code)) {
            reason = ErrorCode.SCHEMA_MISMATCH;
            message = "a table or column the statement needs is not there";
        } else if (UNAVAILABLE.contains(code)) {
            reason = ErrorCode.DATABASE_UNAVAILABLE;
            message = "the server cannot do it at the moment";
        } else {
            reason = ErrorCode.DATABASE_ERROR;
            message = "the server reported an error";
        }
        StringBuilder text = new StringBuilder(message);
        if (!name.isEmpty()) {
            text.append(": ").append(name);
        }
        String known = NAMES.get(code);
        if (known != null) {
            text.append(" (").append(known).append(')');
        }
        return BudMetricsException.of(reason, text.toString()).forStatement(queryId, code, PASSING.contains(code));
    }

    private static String exhausted(int code) {
        return switch (code) {
            case 396 ->
                "the result is larger than the limit; choose a coarser frequency, fewer dimensions or top(n), or raise"
                        + " maxResultRows in QueryLimits";
            case 158, 307 ->
                "the statement would read more than the limit; choose a shorter range or narrower filters, or raise"
                        + " maxRowsToRead in QueryLimits";
            case 241 ->
                "the statement needs more memory than the limit; choose a shorter range or fewer dimensions, or raise"
                        + " maxMemoryBytes in QueryLimits";
            case 202 -> "the server runs as many statements as it may; ask again a little later";
            default -> "the statement reached a limit of the server";
        };
    }

    /** The missing table or column: the first quoted name that also stands in our text and so is no value. */
    private static String shownName(int code, String serverText, String sql) {
        if (!SCHEMA.contains(code)) {
            return "";
        }
        Matcher quoted = QUOTED.matcher(serverText);
        while (quoted.find()) {
            String name = quoted.group(1);
            if (Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(name) + "(?![A-Za-z0-9_])")
                    .matcher(sql)
                    .find()) {
                return name;
            }
        }
        return "";
    }
}
