package io.budmetrics.internal.json;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The names that the fields of an object may have.
 *
 * @param names those that can be listed
 * @param words how a message describes them
 * @param more whether a name that is not listed is known too
 */
public record KnownFields(List<String> names, String words, Predicate<String> more) {
    /** A name that is written like ours and so cannot be the text of a tenant. */
    private static final Pattern HARMLESS = Pattern.compile("[a-z0-9_]{1,64}");

    public KnownFields {
        names = List.copyOf(names);
    }

    /** These names and no others. */
    public static KnownFields of(List<String> names) {
        return of(names, names.toString());
    }

    /** These names and no others, described in words. */
    public static KnownFields of(List<String> names, String words) {
        return new KnownFields(names, words, name -> false);
    }

    boolean contains(Object field) {
        return field instanceof String name && (names.contains(name) || more.test(name));
    }

    /** Says that a field is unknown: by its name where that reveals nothing of a tenant, else by its position. */
    String refusal(Object field, int position, String object) {
        String name = field.toString();
        String shown = HARMLESS.matcher(name).matches() ? "field " + name : "field " + position;
        String nearest = Spelling.nearest(name, names);
        return shown + " of " + object + " is unknown; "
                + (nearest.isEmpty() ? "" : "did you mean " + nearest + "? ")
                + "give one of " + words;
    }
}
