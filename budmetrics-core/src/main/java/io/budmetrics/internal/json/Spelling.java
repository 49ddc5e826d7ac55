package io.budmetrics.internal.json;

import java.util.Collection;
import java.util.Locale;

/**
 * Finds the name that a misspelt one was meant to be: the one with the fewest letters to insert, delete, replace or swap
 * with their neighbour (the optimal string alignment distance), if those are at most about a third of its letters.
 */
public final class Spelling {
    private static final int LONGEST = 64;

    private Spelling() {}

    /**
     * The nearest of the known names.
     *
     * @param given what was written
     * @param known the names that there are
     * @return a known name, so that a message may show it; empty when none is near
     */
    public static String nearest(String given, Collection<String> known) {
        if (given.length() > LONGEST) {
            return "";
        }
        String word = given.toLowerCase(Locale.ROOT);
        String nearest = "";
        int fewest = Math.max(1, (word.length() + 1) / 3) + 1;
        for (String name : known) {
            int distance = distance(word, name);
            if (distance < fewest) {
                fewest = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    /** Row by row of the table whose cell (i, j) is the distance of the first i letters of one to the first j of the other. */
    private static int distance(String one, String other) {
        int[] aboveThat = new int[0];
        int[] above = new int[other.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                char letter = one.charAt(i - 1);
                int replaced = above[j - 1] + (letter == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && letter == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1)) {
                    row[j] = Math.min(row[j], aboveThat[j - 2] + 1);
                }
            }
            aboveThat = above;
            above = row;
        }
        return above[other.length()];
    }
}
