package io.budmetrics.clickhouse.internal.call;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The pauses between the tries of one call: about 100 ms before the first repetition, twice as long each time, at most 2 s. The
 * length of each is drawn from its upper half, so that those who failed together do not come back together. No pause is begun
 * that would not end before the deadline, since nothing could be sent after it. For one thread.
 */
public final class Backoff {
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** From here on each is the longest; a larger shift would overflow after some more. */
    private static final int MOST_DOUBLINGS = 5;

    private final long deadlineNanos;
    private int pauses;

    private Backoff(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Starts without a pause behind it.
     *
     * @param deadlineNanos when the call has to be over, by System.nanoTime()
     * @return pauses that end before then
     */
    public static Backoff until(long deadlineNanos) {
        return new Backoff(deadlineNanos);
    }

    /**
     * How many pauses there were, which is how often the call has been repeated.
     *
     * @return 0 or more
     */
    public int pauses() {
        return pauses;
    }

    /**
     * Waits before the next try.
     *
     * @return whether there may be one; false, without waiting, when the deadline would come before it
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    public boolean pause() throws InterruptedException {
        long pause = drawn(pauses);
        if (pause >= deadlineNanos - System.nanoTime()) {
            return false;
        }
        TimeUnit.NANOSECONDS.sleep(pause);
        pauses++;
        return true;
    }

    static long drawn(int before) {
        long longest = Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(before, MOST_DOUBLINGS));
        return ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    }
}
