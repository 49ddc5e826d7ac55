package io.budmetrics.clickhouse.internal;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The error codes of ClickHouse that the library explains or acts on, each under the name that ClickHouse gives it. A code
 * that is not here is a DATABASE_ERROR after which nothing is sent again and a block is known not to be stored.
 *
 * <p>Three questions are answered for each code: whether a statement that only reads is sent again ({@link #retried()}),
 * whether a block of rows is ({@link #blockSentAgain()}), and whether that block may be stored although the server reported an
 * error ({@link #blockMayBeStored()}). A block is sent again more readily than a statement: it is written without haste, and
 * sending it twice is safe, since rows with the same key are one row.
 */
public enum ServerCode {
    /** A column is missing. */
    THERE_IS_NO_COLUMN(8, ErrorCode.SCHEMA_MISMATCH),
    /** A column is missing in a block. */
    NOT_FOUND_COLUMN_IN_BLOCK(10, ErrorCode.SCHEMA_MISMATCH),
    /** The table has no such column. */
    NO_SUCH_COLUMN_IN_TABLE(16, ErrorCode.SCHEMA_MISMATCH),
    /** An argument is out of range. */
    BAD_ARGUMENTS(36, ErrorCode.DATABASE_ERROR),
    /** A function is given a type that it does not take. */
    ILLEGAL_TYPE_OF_ARGUMENT(43, ErrorCode.DATABASE_ERROR),
    /** A column has a type that it cannot have there. */
    ILLEGAL_COLUMN(
            44,
            ErrorCode.DATABASE_ERROR,
            "a column has a type that the server does not allow there; a profile with data_type_default_nullable = 1 changes"
                    + " the types of new tables, so set it to 0 for this user"),
    /** The server has no such function. */
    UNKNOWN_FUNCTION(46, ErrorCode.DATABASE_ERROR),
    /** A name means nothing where it stands, mostly a missing column. */
    UNKNOWN_IDENTIFIER(47, ErrorCode.SCHEMA_MISMATCH),
    /** Two types do not fit together. */
    TYPE_MISMATCH(53, ErrorCode.DATABASE_ERROR),
    /** The database has no such table. */
    UNKNOWN_TABLE(60, ErrorCode.SCHEMA_MISMATCH),
    /** The server cannot parse the statement. */
    SYNTAX_ERROR(62, ErrorCode.DATABASE_ERROR),
    /** The server has no such database. */
    UNKNOWN_DATABASE(81, ErrorCode.SCHEMA_MISMATCH),
    /** The server has no such setting. */
    UNKNOWN_SETTING(115, ErrorCode.DATABASE_ERROR),
    /** A subquery that has to give one row gave another number. */
    INCORRECT_RESULT_OF_SCALAR_SUBQUERY(
            125,
            ErrorCode.DATABASE_ERROR,
            "a subquery did not return exactly one row; remove settings that cut results, such as limit, offset and"
                    + " empty_result_for_aggregation_by_empty_set, from the user's profile"),
    /** More rows would be read than the limit. */
    TOO_MANY_ROWS(158, ErrorCode.RESOURCE_EXHAUSTED, Words.READS_TOO_MUCH),
    /** The time limit is over. */
    TIMEOUT_EXCEEDED(159, ErrorCode.QUERY_TIMEOUT),
    /** The statement would not end within the time limit. */
    TOO_SLOW(160, ErrorCode.QUERY_TIMEOUT),
    /** More columns would be read than the limit. */
    TOO_MANY_COLUMNS(161, ErrorCode.RESOURCE_EXHAUSTED),
    /** The subqueries are nested too deeply. */
    TOO_DEEP_SUBQUERIES(162, ErrorCode.RESOURCE_EXHAUSTED),
    /** The user may only read, or may not change settings. */
    READONLY(
            164,
            ErrorCode.ACCESS_DENIED,
            "the user may not write, or its profile forbids settings; questions send their limits as settings, so give it"
                    + " SETTINGS readonly = 2 (ALTER USER or ALTER SETTINGS PROFILE) instead of 1"),
    /** The statement is nested too deeply. */
    TOO_DEEP_AST(167, ErrorCode.RESOURCE_EXHAUSTED),
    /** The statement has too many parts. */
    TOO_BIG_AST(168, ErrorCode.RESOURCE_EXHAUSTED),
    /** The machine has no memory left. */
    CANNOT_ALLOCATE_MEMORY(173, ErrorCode.RESOURCE_EXHAUSTED),
    /** The list behind an IN is larger than the limit. */
    SET_SIZE_LIMIT_EXCEEDED(191, ErrorCode.RESOURCE_EXHAUSTED),
    /** The server has no such user. */
    UNKNOWN_USER(192, ErrorCode.ACCESS_DENIED),
    /** The password is another one. */
    WRONG_PASSWORD(193, ErrorCode.ACCESS_DENIED),
    /** The user needs a password. */
    REQUIRED_PASSWORD(194, ErrorCode.ACCESS_DENIED),
    /** The user may not come from this address. */
    IP_ADDRESS_NOT_ALLOWED(195, ErrorCode.ACCESS_DENIED),
    /** The user's quota is used up. */
    QUOTA_EXCEEDED(201, ErrorCode.RESOURCE_EXHAUSTED),
    /** As many statements run as may. */
    TOO_MANY_SIMULTANEOUS_QUERIES(
            202,
            ErrorCode.RESOURCE_EXHAUSTED,
            "the server runs as many statements as it may; ask again a little later",
            Trait.RETRIED),
    /** The server has no connection to another server to spare. */
    NO_FREE_CONNECTION(203, ErrorCode.DATABASE_UNAVAILABLE, Trait.RETRIED),
    /** Another server did not answer this one in time. */
    SOCKET_TIMEOUT(209, ErrorCode.QUERY_TIMEOUT, Trait.RETRIED),
    /** The connection between two servers broke. */
    NETWORK_ERROR(210, ErrorCode.DATABASE_UNAVAILABLE, Trait.RETRIED, Trait.UNSURE),
    /** The server of a replicated table has no coordinator. */
    NO_ZOOKEEPER(225, ErrorCode.DATABASE_ERROR, Trait.UNSURE),
    /** The statement needs more memory than the limit. */
    MEMORY_LIMIT_EXCEEDED(
            241,
            ErrorCode.RESOURCE_EXHAUSTED,
            "the statement needs more memory than the limit; choose a shorter range or fewer dimensions, or raise"
                    + " maxMemoryBytes in QueryLimits"),
    /** The table takes no rows for the moment. */
    TABLE_IS_READ_ONLY(242, ErrorCode.DATABASE_UNAVAILABLE, Trait.TRANSIENT),
    /** The disk is full. */
    NOT_ENOUGH_SPACE(243, ErrorCode.RESOURCE_EXHAUSTED),
    /** The table has more parts than merging keeps up with. */
    TOO_MANY_PARTS(252, ErrorCode.RESOURCE_EXHAUSTED, Trait.TRANSIENT),
    /** The profile demands an index that the statement does not use. */
    INDEX_NOT_USED(
            277,
            ErrorCode.DATABASE_ERROR,
            "the user's profile demands an index that the statement does not use; set force_index_by_date and"
                    + " force_primary_key to 0 for this user, or give the question a shorter range"),
    /** The server reaches none of the others. */
    ALL_CONNECTION_TRIES_FAILED(279, ErrorCode.DATABASE_UNAVAILABLE, Trait.TRANSIENT),
    /** An earlier insert has not reached its quorum. */
    UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE(286, ErrorCode.DATABASE_ERROR, Trait.UNSURE),
    /** Another limit is reached. */
    LIMIT_EXCEEDED(290, ErrorCode.RESOURCE_EXHAUSTED),
    /** The user may not use the database. */
    DATABASE_ACCESS_DENIED(291, ErrorCode.ACCESS_DENIED),
    /** More bytes would be read than the limit. */
    TOO_MANY_BYTES(307, ErrorCode.RESOURCE_EXHAUSTED, Words.READS_TOO_MUCH),
    /** The coordinator was lost in the middle of an insert. */
    UNKNOWN_STATUS_OF_INSERT(319, ErrorCode.DATABASE_ERROR, Trait.UNSURE),
    /** The session is used by another statement. */
    SESSION_IS_LOCKED(373, ErrorCode.DATABASE_ERROR, Trait.TRANSIENT),
    /** Statements of this kind are switched off. */
    QUERY_IS_PROHIBITED(392, ErrorCode.ACCESS_DENIED),
    /** The statement was killed. */
    QUERY_WAS_CANCELLED(394, ErrorCode.QUERY_CANCELLED),
    /** The result is larger than the limit. */
    TOO_MANY_ROWS_OR_BYTES(
            396,
            ErrorCode.RESOURCE_EXHAUSTED,
            "the result is larger than the limit; choose a coarser frequency, fewer dimensions or top(n), or raise"
                    + " maxResultRows in QueryLimits"),
    /** The server has no thread left. */
    CANNOT_SCHEDULE_TASK(439, ErrorCode.RESOURCE_EXHAUSTED, Trait.TRANSIENT),
    /** A setting is outside what the user's profile allows. */
    SETTING_CONSTRAINT_VIOLATION(
            452,
            ErrorCode.ACCESS_DENIED,
            "a limit of QueryLimits is outside what the user's profile allows; give one within its constraints"),
    /** A parameter was not sent along. */
    UNKNOWN_QUERY_PARAMETER(456, ErrorCode.DATABASE_ERROR),
    /** A parameter does not have the type it is declared with. */
    BAD_QUERY_PARAMETER(457, ErrorCode.DATABASE_ERROR),
    /** The user lacks a privilege. */
    ACCESS_DENIED(497, ErrorCode.ACCESS_DENIED),
    /** The server has no such role. */
    UNKNOWN_ROLE(511, ErrorCode.ACCESS_DENIED),
    /** The user is not known or the password is another one. */
    AUTHENTICATION_FAILED(516, ErrorCode.ACCESS_DENIED),
    /** More partitions would be read than the limit. */
    TOO_MANY_PARTITIONS(
            565,
            ErrorCode.RESOURCE_EXHAUSTED,
            "the statement would read more partitions than max_partitions_to_read allows; choose a shorter range, or raise it in"
                    + " the user's profile"),
    /** The query cache does not take what may differ each time. */
    QUERY_CACHE_USED_WITH_NONDETERMINISTIC_FUNCTIONS(
            704,
            ErrorCode.DATABASE_ERROR,
            "the query cache does not take a statement whose answer may differ each time; use a client without queryCache, and"
                    + " set use_query_cache to 0 in the user's profile"),
    /** The query cache does not take what reads a system table. */
    QUERY_CACHE_USED_WITH_SYSTEM_TABLE(
            719,
            ErrorCode.DATABASE_ERROR,
            "the query cache does not take a statement that reads a system table; use a client without queryCache, and set"
                    + " use_query_cache to 0 in the user's profile"),
    /** The connection was closed while the statement ran. */
    QUERY_WAS_CANCELLED_BY_CLIENT(735, ErrorCode.QUERY_CANCELLED),
    /** The server has more to do than it can. */
    SERVER_OVERLOADED(745, ErrorCode.RESOURCE_EXHAUSTED, Trait.TRANSIENT),
    /** The coordinator of a replicated table failed. */
    KEEPER_EXCEPTION(999, ErrorCode.DATABASE_UNAVAILABLE, Trait.TRANSIENT, Trait.UNSURE),
    /** The server could not read the request. */
    POCO_EXCEPTION(
            1000,
            ErrorCode.DATABASE_ERROR,
            "the server could not read the request; where a filter has a long list or a long text, it may be above"
                    + " http_max_field_value_size, so give fewer or shorter values, or raise that in the server's profile");

    private static final Map<Integer, ServerCode> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ServerCode::number, Function.identity()));

    /** How a code differs from one that is final. */
    private enum Trait {
        /** The server is busy or not ready for the moment: the same may pass a little later. */
        TRANSIENT,
        /** The same, and so cheap to find out that a statement that only reads is sent again at once. */
        RETRIED,
        /** The server does not know itself whether a block is stored. */
        UNSURE
    }

    /** Messages that several codes share; a constant cannot refer to a field of its own enum. */
    private static final class Words {
        static final String READS_TOO_MUCH =
                "the statement would read more than the limit; choose a shorter range or narrower filters, or raise"
                        + " maxRowsToRead in QueryLimits";

        private Words() {}

        static String of(ErrorCode reason) {
            return switch (reason) {
                case QUERY_TIMEOUT -> "the server stopped the statement at its time limit";
                case QUERY_CANCELLED -> "the statement was cancelled at the server";
                case RESOURCE_EXHAUSTED -> "the statement reached a limit of the server";
                case ACCESS_DENIED -> "the server refuses the user or what the user asked";
                case SCHEMA_MISMATCH -> "a table or column the statement needs is not there";
                case DATABASE_UNAVAILABLE -> "the server is temporarily unable to run the statement";
                default -> "the server reported an error";
            };
        }
    }

    private final int number;
    private final ErrorCode reason;
    private final String message;
    private final boolean passes;
    private final boolean retried;
    private final boolean unsure;

    ServerCode(int number, ErrorCode reason, Trait... traits) {
        this(number, reason, Words.of(reason), traits);
    }

    ServerCode(int number, ErrorCode reason, String message, Trait... traits) {
        this.number = number;
        this.reason = reason;
        this.message = message;
        List<Trait> all = Arrays.asList(traits);
        this.retried = all.contains(Trait.RETRIED);
        this.passes = retried || all.contains(Trait.TRANSIENT);
        this.unsure = all.contains(Trait.UNSURE);
    }

    /**
     * Finds a code by its number.
     *
     * @param number ClickHouse's
     * @return the code; empty when the library has nothing to say about it
     */
    public static Optional<ServerCode> of(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    /**
     * Explains a code in the library's own words; the server's text is not used, since it may show SQL and data.
     *
     * @param number ClickHouse's
     * @param detail what else may be shown, such as the name of a missing table; empty for nothing
     * @param queryId the id that the statement was sent with
     * @return the exception, to be thrown
     */
    public static BudMetricsException failure(int number, String detail, String queryId) {
        ServerCode known = BY_NUMBER.get(number);
        ErrorCode reason = known == null ? ErrorCode.DATABASE_ERROR : known.reason;
        StringBuilder text = new StringBuilder(known == null ? Words.of(reason) : known.message);
        if (!detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        if (known != null) {
            text.append(" (").append(known.name()).append(')');
        }
        boolean retryable = known != null && known.passes;
        return BudMetricsException.of(reason, text.toString()).forStatement(queryId, number, retryable);
    }

    /**
     * Whether a statement that failed with this code may be sent again by the library itself.
     *
     * @param number ClickHouse's
     * @return true for what has nothing to do with the statement
     */
    public static boolean retried(int number) {
        return of(number).filter(ServerCode::retried).isPresent();
    }

    /**
     * The number that ClickHouse sends.
     *
     * @return 1 or more
     */
    public int number() {
        return number;
    }

    /**
     * What the code means to a caller.
     *
     * @return the code of the exception
     */
    public ErrorCode reason() {
        return reason;
    }

    /**
     * Whether a statement that only reads is sent again after it.
     *
     * @return true for a server that is too busy and for failures of its own network
     */
    public boolean retried() {
        return retried;
    }

    /**
     * Whether a block of rows is sent again after it.
     *
     * @return true for all that may pass, and for a time limit of the server
     */
    public boolean blockSentAgain() {
        return passes || reason == ErrorCode.QUERY_TIMEOUT;
    }

    /**
     * Whether a block of rows may be stored although the server answered with this code.
     *
     * @return true for what ended the insert in the middle, and for errors of replication
     */
    public boolean blockMayBeStored() {
        return unsure || reason == ErrorCode.QUERY_TIMEOUT || reason == ErrorCode.QUERY_CANCELLED;
    }
}
