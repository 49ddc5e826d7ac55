package io.budmetrics.examples.support;

import java.util.Locale;
import java.util.Set;

/** Texts from data, files and servers, in a form that is safe to print and that can be told apart. */
public final class SafeText {
    /** How a row is labelled whose value of a dimension is missing. */
    public static final String MISSING = "(none)";

    /** How the row is labelled that adds up all groups beyond the top ones. */
    public static final String OTHERS = "Others";

    /** How a row over all values of a dimension is labelled. */
    public static final String ALL = "All";

    /** How the row of a total is labelled. */
    public static final String TOTAL = "Total";

    private static final Set<String> LABELS = Set.of(MISSING, OTHERS, ALL, TOTAL, "");

    private SafeText() {}

    /**
     * Replaces every character that could steer a terminal, reorder what it shows, or not be seen at all: control
     * characters (U+009B begins a command as ESC [ does), format characters (U+202E shows what follows backwards), line
     * separators, blanks other than the space, and what is no character.
     *
     * @param text any text
     * @return the text with such characters as <code>\\u202E</code>
     */
    public static String printable(String text) {
        if (text.codePoints().noneMatch(SafeText::isUnsafe)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isUnsafe(point)) {
                safe.append(String.format(Locale.ROOT, point > 0xFFFF ? "\\U%08X" : "\\u%04X", point));
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.toString();
    }

    /**
     * Shows a name from the data. A name that could be taken for no name, or for a label of the table itself, is shown in
     * double quotes: the empty text, blanks, outer blanks, <code>(none)</code>, <code>Others</code> and the like.
     *
     * @param name any text
     * @return the name, printable
     */
    public static String name(String name) {
        boolean quoted = LABELS.contains(name) || name.startsWith("\"") || !name.equals(name.strip());
        return quoted ? "\"" + printable(name) + "\"" : printable(name);
    }

    private static boolean isUnsafe(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            case Character.SPACE_SEPARATOR -> point != ' ';
            default -> false;
        };
    }
}
