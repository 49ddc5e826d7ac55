package io.budmetrics.clickhouse.faults;

import io.budmetrics.clickhouse.internal.call.StubServer;
import io.budmetrics.error.ErrorCode;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the server does to one request, and what the caller may see of it.
 *
 * @param name shown to humans
 * @param handler what is done
 * @param codes what may be thrown; empty when the answer is whole
 * @param serverCode the code of ClickHouse that must be told, 0 for none
 * @param sentAgain whether it must, may or must not be sent again when there are tries left
 * @param perhapsWhole whether all rows may have come before it
 * @param stalls whether only the deadline or the caller ends it
 * @param readAtMost how much of the request is read before this is done
 */
record Fault(
        String name,
        StubServer.Handler handler,
        Set<ErrorCode> codes,
        int serverCode,
        SentAgain sentAgain,
        boolean perhapsWhole,
        boolean stalls,
        int readAtMost) {
    enum SentAgain {
        NEVER,
        PERHAPS,
        ALWAYS
    }

    private static Fault of(
            String name, StubServer.Handler handler, SentAgain sentAgain, ErrorCode first, ErrorCode... others) {
        return new Fault(name, handler, EnumSet.of(first, others), 0, sentAgain, false, false, Integer.MAX_VALUE);
    }

    /** The answer comes whole. */
    static Fault none(String name, StubServer.Handler handler) {
        return new Fault(
                name, handler, EnumSet.noneOf(ErrorCode.class), 0, SentAgain.NEVER, true, false, Integer.MAX_VALUE);
    }

    /** Has nothing to do with the statement. */
    static Fault passing(String name, StubServer.Handler handler) {
        return of(name, handler, SentAgain.ALWAYS, ErrorCode.DATABASE_UNAVAILABLE);
    }

    /** Is told as it is. */
    static Fault lasting(String name, StubServer.Handler handler, ErrorCode code) {
        return of(name, handler, SentAgain.NEVER, code);
    }

    /** Looks different from time to time, but never like an answer. */
    static Fault anyOf(String name, StubServer.Handler handler, ErrorCode first, ErrorCode... others) {
        return of(name, handler, SentAgain.PERHAPS, first, others);
    }

    /** Does not end by itself. */
    static Fault stall(String name, StubServer.Handler handler) {
        return new Fault(
                name, handler, EnumSet.of(ErrorCode.QUERY_TIMEOUT), 0, SentAgain.NEVER, false, true, Integer.MAX_VALUE);
    }

    /** The server tells one of its codes. */
    static Fault told(String name, StubServer.Handler handler, ServerCode code) {
        return new Fault(
                name,
                handler,
                EnumSet.of(code.expected()),
                code.number(),
                code.passing() ? SentAgain.ALWAYS : SentAgain.NEVER,
                false,
                false,
                Integer.MAX_VALUE);
    }

    /** The same when so much of the request has been read. */
    Fault afterReading(int bytes) {
        return new Fault(name, handler, codes, serverCode, sentAgain, perhapsWhole, stalls, bytes);
    }

    /** The same where all rows may have come before it. */
    Fault orWhole() {
        return new Fault(name, handler, codes, serverCode, sentAgain, true, stalls, readAtMost);
    }

    /** What ClickHouse says and what we make of it. */
    record ServerCode(int status, int number, ErrorCode expected, boolean passing) {}
}
