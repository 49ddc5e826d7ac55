package io.budmetrics.schema;

import io.budmetrics.error.BudMetricsException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables that the library keeps at a server, and the migration steps that create them. A change of a table is a new
 * step, with its text as a resource, and the new description of the table: <code>InferenceFact</code> is described by
 * {@link InferenceFact#table()}, and the steps, run one after the other, must create exactly that. Immutable.
 *
 * @param steps every step, version 1 first
 * @param tables the tables as they are after the last step, without what an installation may choose: how long rows stay,
 *     how columns are compressed
 */
public record Schema(List<MigrationStep> steps, List<Table> tables) {
    private static final Schema CURRENT = new Schema(ReleasedSteps.read(), List.of(InferenceFact.table()));

    private static final Table HISTORY = Table.builder("BudMetricsMigration")
            .columns(List.of(
                    new Column("version", "UInt32"),
                    new Column("name", "String"),
                    new Column("checksum", "String"),
                    new Column("attempt", "UInt32"),
                    new Column("finished", "Bool"),
                    new Column("recorded_at", "DateTime64(6, 'UTC')", "", "now64(6, 'UTC')")))
            .engine("ReplacingMergeTree")
            .orderBy("version", "checksum", "attempt", "finished")
            .build();

    /**
     * Copies the lists.
     *
     * @throws BudMetricsException INVALID_CONFIGURATION when the versions are not 1, 2, 3 and so on, or a table is named
     *     by no step
     */
    public Schema {
        steps = List.copyOf(steps);
        tables = List.copyOf(tables);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).version() != i + 1) {
                throw BudMetricsException.invalidConfiguration("the version of migration step " + (i + 1) + " is "
                        + steps.get(i).version() + "; give 1, 2, 3 and so on without gaps");
            }
        }
        for (Table table : tables) {
            if (steps.stream().noneMatch(step -> step.tables().contains(table.name()))) {
                throw BudMetricsException.invalidConfiguration("the table " + table.name()
                        + " is not created by any migration step; give one that creates it");
            }
        }
    }

    /**
     * Returns the schema of this version of the library.
     *
     * @return the steps and the tables
     */
    public static Schema current() {
        return CURRENT;
    }

    /**
     * Returns the table that records which steps were begun and which were finished.
     *
     * @return the description of <code>BudMetricsMigration</code>
     */
    public static Table history() {
        return HISTORY;
    }

    /**
     * Returns the version of the last step.
     *
     * @return 0 when there is no step
     */
    public int version() {
        return steps.size();
    }

    /**
     * One step of the schema's history: a version, and the statements that lead to it from the previous version. A step that
     * was released never changes. A step never gives a column another meaning: what means something else has another name, so
     * that an older library reads either what it always read or nothing. Immutable.
     *
     * @param version its place in the history, from 1, without gaps
     * @param name what it does: 1 to 80 letters, digits, spaces and underscores
     * @param templates the SQL to run in order, at least one statement, where a table of the library is written as its name
     *     in braces; each may be run again when it was run before, also at the same time
     */
    public record MigrationStep(int version, String name, List<String> templates) {
        private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");
        private static final Pattern PLAIN_WORDS = Pattern.compile("[A-Za-z0-9_ ]{1,80}");

        /**
         * Copies the list.
         *
         * @throws BudMetricsException INVALID_CONFIGURATION when the name is no plain words, as it is written into the
         *     record's SQL, or there is no statement
         */
        public MigrationStep {
            Objects.requireNonNull(name, "name is null");
            templates = List.copyOf(templates);
            if (!PLAIN_WORDS.matcher(name).matches()) {
                throw BudMetricsException.invalidConfiguration("the name of migration step " + version + " is "
                        + name.length()
                        + " characters that are not plain words; give 1 to 80 letters, digits, spaces and"
                        + " underscores");
            }
            if (templates.isEmpty()) {
                throw BudMetricsException.invalidConfiguration(
                        "migration step " + version + " has no statement; give at least one");
            }
        }

        /**
         * Returns the tables that the step creates or changes, whose names are in braces. When one of them is gone although the
         * schema has it, the step is run again.
         *
         * @return their names, in the order in which the templates name them first
         */
        public List<String> tables() {
            return templates.stream()
                    .flatMap(template -> PLACEHOLDER.matcher(template).results())
                    .map((MatchResult placeholder) -> placeholder.group(1))
                    .distinct()
                    .toList();
        }

        /**
         * Returns the statements for the tables of one database.
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
         * Returns a fingerprint of the name and the templates, which distinguishes a changed step from the one that was
         * applied.
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
}
