package io.budmetrics.internal.sql;

import java.util.List;

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

    /** How long a line is, with its blanks and what separates it from the next. */
    static int length(CharSequence text, int depth) {
        return text.length() + 4 * depth + 2;
    }

    /** The same of several lines. */
    static int length(List<String> lines, int depth) {
        int length = 0;
        for (int i = 0; i < lines.size(); i++) {
            length += length(lines.get(i), depth);
        }
        return length;
    }

    /** Appends text of several lines, moved to a depth. */
    static void append(StringBuilder out, String text, int depth) {
        int copied = 0;
        for (int end = depth == 0 ? -1 : text.indexOf('\n'); end >= 0; end = text.indexOf('\n', copied)) {
            out.append(text, copied, end).append(NEXT[depth]);
            copied = end + 1;
        }
        out.append(text, copied, text.length());
    }
}
