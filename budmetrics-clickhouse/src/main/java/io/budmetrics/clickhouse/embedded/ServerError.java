package io.budmetrics.clickhouse.embedded;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An error with ClickHouse's own code, answered to the client as the server would answer it. */
final class ServerError extends Exception {
    private static final long serialVersionUID = 1L;

    static final int BAD_ARGUMENTS = 36;
    static final int NOT_IMPLEMENTED = 48;
    static final int SYNTAX_ERROR = 62;
    static final int QUERY_IS_TOO_LARGE = 229;
    static final int QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING = 216;
    static final int INTO_OUTFILE_NOT_ALLOWED = 358;
    static final int QUERY_WAS_CANCELLED = 394;
    static final int TOO_MANY_ROWS_OR_BYTES = 396;
    static final int AUTHENTICATION_FAILED = 516;
    static final int UNKNOWN_EXCEPTION = 1002;

    private static final Pattern CODE = Pattern.compile("Code: (\\d{1,6})\\.");

    private final int code;

    private ServerError(int code, String message) {
        super(message);
        this.code = code;
    }

    /** An error of our own, in the server's words: {@code Code: 62. DB::Exception: what. (NAME)}. */
    static ServerError of(int code, String name, String what) {
        return new ServerError(code, "Code: " + code + ". DB::Exception: " + what + " (" + name + ")");
    }

    static ServerError cancelled() {
        return of(QUERY_WAS_CANCELLED, "QUERY_WAS_CANCELLED", "Query was cancelled.");
    }

    /** What the engine said; its text starts with the code. */
    static ServerError fromEngine(String text) {
        Matcher matcher = CODE.matcher(text);
        if (matcher.lookingAt()) {
            return new ServerError(Integer.parseInt(matcher.group(1)), text);
        }
        return of(UNKNOWN_EXCEPTION, "UNKNOWN_EXCEPTION", text);
    }

    int code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /** The HTTP status that ClickHouse gives to an error code. */
    int httpStatus() {
        return switch (code) {
            case 194 -> 401;
            case 192, 193, 497, 512, AUTHENTICATION_FAILED -> 403;
            case 6, 8, 15, 25, 26, 27, BAD_ARGUMENTS, 37, 38, 41, 44, 53, SYNTAX_ERROR, 72, 117, 123 -> 400;
            case 167, 168, 223, 321, 376, 427, 441, 675, 676 -> 400;
            case 46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511 -> 404;
            case 159 -> 408;
            case 381 -> 411;
            case QUERY_IS_TOO_LARGE -> 413;
            case 779 -> 415;
            case NOT_IMPLEMENTED -> 501;
            case 76, 209, 439 -> 503;
            default -> 500;
        };
    }
}
