package io.budmetrics.examples.support;

import java.io.PrintStream;
import java.util.Locale;

/** Tells a person who waits what is going on: one line that is rewritten on a terminal, a line a step elsewhere. */
public final class Progress implements AutoCloseable {
    private final PrintStream out;
    private final boolean terminal;
    private String what = "";
    private long started;
    private long lastShown;
    private boolean open;

    /**
     * Progress that has nothing to tell yet.
     *
     * @param out where to; not the stream of the answers
     */
    public Progress(PrintStream out) {
        this.out = out;
        // examples/run knows; System.console() says different things on different JDKs
        this.terminal = Boolean.getBoolean("budmetrics.terminal");
    }

    /**
     * A step begins.
     *
     * @param step what is being done
     */
    public void start(String step) {
        what = step;
        started = System.nanoTime();
        lastShown = started;
        open = true;
        out.print(terminal ? step + " ..." : step + " ...\n");
        out.flush();
    }

    /**
     * The step goes on.
     *
     * @param done how much is done
     * @param all of how much
     */
    public void at(long done, long all) {
        long now = System.nanoTime();
        // twice a second on a terminal, every five seconds in a log
        if (now - lastShown < (terminal ? 500_000_000L : 5_000_000_000L)) {
            return;
        }
        lastShown = now;
        String line = String.format(
                Locale.ROOT,
                "%s ... %,d of %,d (%d %%)%s",
                what,
                done,
                all,
                all == 0 ? 100 : 100 * done / all,
                left(done, all, now - started));
        out.print(terminal ? "\r" + line + "        " : line + "\n");
        out.flush();
    }

    /** At the pace so far. */
    private static String left(long done, long all, long tookNanos) {
        if (done == 0 || done >= all) {
            return "";
        }
        long seconds = (long) (tookNanos / 1e9 * (all - done) / done);
        return seconds < 60
                ? String.format(Locale.ROOT, ", %d s left", seconds)
                : String.format(Locale.ROOT, ", %d min %02d s left", seconds / 60, seconds % 60);
    }

    /**
     * The step is over.
     *
     * @param result what came of it
     */
    public void done(String result) {
        open = false;
        double seconds = (System.nanoTime() - started) / 1e9;
        String line = String.format(Locale.ROOT, "%s: %s (%.1f s)", what, result, seconds);
        out.print((terminal ? "\r" : "") + line + (terminal ? "        \n" : "\n"));
        out.flush();
    }

    /** Ends the line of a step that failed, so that the complaint does not stand behind it. */
    @Override
    public void close() {
        if (open && terminal) {
            out.println();
        }
    }
}
