package io.budmetrics.clickhouse.internal.call;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What was thrown below us, with its class and stack trace but without its text: HTTP client and decoder quote the
 * server's bytes in theirs, and those may be data. Only what the platform says about sockets and certificates keeps it.
 */
final class ShownCause extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_DEPTH = 20;

    private ShownCause(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static ShownCause of(Throwable thrown) {
        return of(thrown, 0);
    }

    private static ShownCause of(Throwable thrown, int depth) {
        Throwable below = thrown.getCause();
        ShownCause shown =
                new ShownCause(text(thrown), below == null || depth == MAX_DEPTH ? null : of(below, depth + 1));
        shown.setStackTrace(thrown.getStackTrace());
        return shown;
    }

    private static String text(Throwable thrown) {
        boolean harmless = thrown instanceof SocketException
                || thrown instanceof UnknownHostException
                || thrown instanceof SSLException
                || thrown instanceof GeneralSecurityException;
        String name = thrown.getClass().getName();
        return harmless && !answeredByProxy(thrown) ? name + ": " + thrown.getMessage() : name;
    }

    /** The driver reports a 502 and a 503 as if no connection had come about. */
    static boolean answeredByProxy(Throwable thrown) {
        return thrown.getClass() == ConnectException.class
                && thrown.getMessage() != null
                && thrown.getMessage().startsWith("Server returned '");
    }
}
