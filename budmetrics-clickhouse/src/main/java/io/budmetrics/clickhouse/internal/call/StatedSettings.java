package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.client.api.query.QuerySettings;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Settings of the server that are sent along with a statement because its outcome rests on them. The profile of a user may
 * set each of them to something else: it may cut an answer off and call that success, change what a type in a CREATE TABLE
 * means, or answer from a cache. What is sent with a statement wins over a profile; a server that does not let the user
 * change a setting answers with an error. Only settings that older servers know too are listed, since a server refuses a
 * statement with one that it does not know. Immutable.
 *
 * @param database the current database of the statement; empty for that of the connection
 * @param settings the value of each setting by its name
 */
public record StatedSettings(String database, Map<String, String> settings) {
    /** What is left to the profile. */
    public static final StatedSettings NONE = new StatedSettings("", Map.of());

    /** What a limit of the profile cuts is an error and not a shorter answer, and nothing else is left out or added. */
    private static final Map<String, String> WHOLE_ANSWERS = Map.ofEntries(
            Map.entry("limit", "0"),
            Map.entry("offset", "0"),
            Map.entry("read_overflow_mode", "throw"),
            Map.entry("read_overflow_mode_leaf", "throw"),
            Map.entry("result_overflow_mode", "throw"),
            Map.entry("group_by_overflow_mode", "throw"),
            Map.entry("sort_overflow_mode", "throw"),
            Map.entry("distinct_overflow_mode", "throw"),
            Map.entry("set_overflow_mode", "throw"),
            Map.entry("timeout_overflow_mode", "throw"),
            // without a row, or with null, where nothing is counted
            Map.entry("empty_result_for_aggregation_by_empty_set", "0"),
            Map.entry("aggregate_functions_null_for_empty", "0"),
            // refuse a statement that does not filter by the key of a table
            Map.entry("force_primary_key", "0"),
            Map.entry("force_index_by_date", "0"));

    /** What is read is what the server has at this moment; a cache also refuses the catalogue and functions of time. */
    private static final Map<String, String> NOT_CACHED = Map.of("use_query_cache", "0");

    /** A table is created as its statement says. */
    private static final Map<String, String> PLAIN_DDL = Map.of(
            // a type that does not say Nullable would become so
            "data_type_default_nullable", "0",
            // a record that is written is there for the next statement
            "async_insert", "0");

    /** Refuses null and copies the map. */
    public StatedSettings {
        Objects.requireNonNull(database, "database is null");
        settings = Map.copyOf(settings);
    }

    /**
     * Returns what an answer rests on.
     *
     * @return settings for a statement that reads
     */
    public static StatedSettings ofReading() {
        Map<String, String> all = new TreeMap<>(WHOLE_ANSWERS);
        all.putAll(NOT_CACHED);
        return new StatedSettings("", all);
    }

    /**
     * Returns what a change of the schema, and the comparison of it with what is expected, rest on.
     *
     * @return settings for DDL, for the record of migrations and for reading the catalogue
     */
    public static StatedSettings ofSchema() {
        Map<String, String> all = new TreeMap<>(WHOLE_ANSWERS);
        all.putAll(NOT_CACHED);
        all.putAll(PLAIN_DDL);
        return new StatedSettings("", all);
    }

    /**
     * The same settings with another current database.
     *
     * @param newDatabase one that exists; empty for that of the connection
     * @return new settings
     */
    public StatedSettings in(String newDatabase) {
        return new StatedSettings(newDatabase, settings);
    }

    void applyTo(QuerySettings statement) {
        settings.forEach(statement::serverSetting);
        if (!database.isEmpty()) {
            statement.setDatabase(database);
        }
    }
}
