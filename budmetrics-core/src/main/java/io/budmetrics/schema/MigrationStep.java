package io.budmetrics.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of the schema's history: a version, and the statements that lead to it from the version before. A step that
 * was released never changes. A step never gives a column another meaning: what means something else has another name,
 * so that an older library reads either what it always read or nothing. Immutable.
 *
 * @param version its place in the history, from 1, without gaps
 * @param name what it does, in a few plain words
 * @param tables the tables that it creates or changes; when one of them is gone, the step is run again
 * @param templates the SQL to run in order, where a table of the step stands as its name in braces; each may be run
 *     again when it was run before, also at the same time
 */
public record MigrationStep(int version, String name, List<String> tables, List<String> templates) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException when a placeholder stands for a table that the step does not list
     */
    public MigrationStep {
        Objects.requireNonNull(name, "name is null");
        tables = List.copyOf(tables);
        templates = List.copyOf(templates);
        for (String template : templates) {
            Matcher placeholder = PLACEHOLDER.matcher(template);
            while (placeholder.find()) {
                if (!tables.contains(placeholder.group(1))) {
                    throw new IllegalArgumentException(
                            "step " + version + " does not list the table " + placeholder.group(1));
                }
            }
        }
    }

    /**
     * The statements for the tables of one database.
     *
     * @param database a plain identifier; empty for the database of the connection
     * @return SQL without placeholders, in order
     */
    public List<String> statements(String database) {
        String prefix = database.isEmpty() ? "" : database + ".";
        return templates.stream()
                .map(template -> PLACEHOLDER
                        .matcher(template)
                        .replaceAll(placeholder -> Matcher.quoteReplacement(prefix + placeholder.group(1))))
                .toList();
    }

    /**
     * A fingerprint of the name and the templates, which tells a changed step from the one that was applied.
     *
     * @return SHA-256 in 64 lower-case hexadecimal digits
     */
    public String checksum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            for (String template : templates) {
                digest.update((byte) 0);
                digest.update(template.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
