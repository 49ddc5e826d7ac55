package io.budmetrics.internal.sql;

/** How lines of a statement begin: four blanks a level. */
public final class Lines {
    private static final int DEEPEST = 16;
    private static final String[] NEXT = new String[DEEPEST];
    private static final String[] NEXT_ITEM = new String[DEEPEST];

    static {
        for (int depth = 0; depth < DEEPEST; depth++) {
            NEXT[depth] = "\n" + "    ".repeat(depth);
            NEXT_ITEM[depth] = ",\n" + "    ".repeat(depth);
        }
    }

    private Lines() {}

    /**
     * The end of a line and the blanks of the next.
     *
     * @param depth how deep the next line stands
     * @return to append
     */
    public static String next(int depth) {
        return NEXT[depth];
    }

    /** The same behind a comma. */
    static String nextItem(int depth) {
        return NEXT_ITEM[depth];
    }

    /** Text of several lines, moved to a depth. */
    static String at(int depth, String text) {
        return depth == 0 ? text : text.replace("\n", NEXT[depth]);
    }
}
