package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.client.api.ClientException;
import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.ServerException;
import io.budmetrics.clickhouse.internal.ServerCode;
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
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * From what the driver throws to the codes of the library. The server's own text may show SQL and data: it is neither
 * copied nor kept in a cause; it can be looked up at the server under the query id.
 */
final class ErrorMapping {
    private static final int MAX_DEPTH = 20;

    /** How the driver tells a status that it does not expect; the status is all it says. */
    private static final Pattern STATUS = Pattern.compile("Unexpected result status (\\d{3})");

    private static final Pattern QUOTED = Pattern.compile("[`'\"]([A-Za-z_][A-Za-z0-9_.]{0,63})[`'\"]");

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
                    ErrorCode.DATABASE_UNAVAILABLE,
                    "the data source could not provide a connection",
                    thrown,
                    queryId,
                    true);
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
                            ErrorCode.QUERY_TIMEOUT, "HTTP status " + status + " from a proxy in front of the server")
                    .forStatement(queryId, 0, false);
        }
        if (status == 429 || status == 502 || status == 503) {
            return BudMetricsException.of(
                            ErrorCode.DATABASE_UNAVAILABLE,
                            "HTTP status " + status + " from a proxy in front of the server")
                    .forStatement(queryId, 0, true);
        }
        if (status >= 300 && status < 400) {
            return BudMetricsException.of(
                            ErrorCode.DATABASE_ERROR,
                            "HTTP status " + status
                                    + ", a redirect, which is not followed; give the URL that it leads to,"
                                    + " https where that is all that differs")
                    .forStatement(queryId, 0, false);
        }
        return BudMetricsException.of(
                        ErrorCode.DATABASE_ERROR,
                        "HTTP status " + status + " without an error code of ClickHouse; check the HTTP port")
                .forStatement(queryId, 0, false);
    }

    /** No connection could be had from the caller's data source. */
    static BudMetricsException ofNoConnection(Throwable thrown, String queryId) {
        BudMetricsException misconfigured = Misconfiguration.of(thrown);
        if (misconfigured != null) {
            return misconfigured;
        }
        BudMetricsException mapped = of(thrown, queryId, "");
        return mapped.code() == ErrorCode.DATABASE_ERROR && mapped.serverCode().isEmpty()
                ? caused(
                        ErrorCode.DATABASE_UNAVAILABLE,
                        "the data source could not provide a connection",
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
        if (code == ServerCode.SYNTAX_ERROR.number() && text.contains("Max query size exceeded")) {
            // the server reads no further and takes what is left for wrong
            return BudMetricsException.of(
                            ErrorCode.RESOURCE_EXHAUSTED,
                            "the statement is longer than the server's max_query_size; ask for fewer metrics and filters, or"
                                    + " raise max_query_size in the user's profile")
                    .forStatement(queryId, code, false);
        }
        return ServerCode.failure(code, shownName(code, text, sql) + missingPrivileges(code, text), queryId);
    }

    /** What the server says the user lacks, in our words. */
    private static String missingPrivileges(int code, String serverText) {
        int grant = code == ServerCode.ACCESS_DENIED.number() ? serverText.indexOf("the grant ") : -1;
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

    /** The missing table or column: the first quoted name that is also in the text of our statement and so is not a value. */
    private static String shownName(int code, String serverText, String sql) {
        boolean missing = ServerCode.of(code)
                .filter(known -> known.reason() == ErrorCode.SCHEMA_MISMATCH)
                .isPresent();
        if (!missing) {
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
