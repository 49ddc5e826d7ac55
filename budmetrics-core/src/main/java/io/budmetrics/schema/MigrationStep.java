package io.budmetrics.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * One step of the schema's history: a version, and the statements that lead to it from the version before. A step that
 * was released never changes. Immutable.
 *
 * @param version its place in the history, from 1, without gaps
 * @param name what it does, in a few plain words
 * @param creates the tables that exist from this step on, and not before
 * @param statements the SQL to run in order; each may be run again when it was run before
 */
public record MigrationStep(int version, String name, List<String> creates, List<String> statements) {
    private static final List<MigrationStep> ALL = List.of(new MigrationStep(
            1,
            "create InferenceFact",
            List.of(InferenceFact.table().name()),
            List.of(InferenceFact.table().createStatement())));

    private static final Table HISTORY = new Table(
            "BudMetricsMigration",
            List.of(
                    new Column("version", "UInt32"),
                    new Column("name", "String"),
                    new Column("checksum", "String"),
                    new Column("applied_at", "DateTime64(6, 'UTC')", "", "now64(6, 'UTC')")),
            "ReplacingMergeTree",
            "",
            List.of("version", "checksum"),
            List.of());

    /** Copies the lists. */
    public MigrationStep {
        Objects.requireNonNull(name, "name is null");
        creates = List.copyOf(creates);
        statements = List.copyOf(statements);
    }

    /**
     * The whole history.
     *
     * @return every step, version 1 first
     */
    public static List<MigrationStep> all() {
        return ALL;
    }

    /**
     * The table that records which steps were applied: version, name, checksum and when.
     *
     * @return the table as data
     */
    public static Table history() {
        return HISTORY;
    }

    /**
     * A fingerprint of the name and the statements, which tells a changed step from the one that was applied.
     *
     * @return SHA-256 in 64 lower-case hexadecimal digits
     */
    public String checksum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            for (String statement : statements) {
                digest.update((byte) 0);
                digest.update(statement.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
