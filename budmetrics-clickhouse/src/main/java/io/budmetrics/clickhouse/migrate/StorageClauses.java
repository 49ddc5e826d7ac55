package io.budmetrics.clickhouse.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The engine, TTL and settings of a table, taken from the server's one text for all of it, which has no columns of their
 * own in the catalogue.
 *
 * @param engine the engine with its arguments; a replicated or shared engine reads like its plain form
 * @param ttl the TTL expression; empty for none
 * @param settings by name, in the server's order
 */
record StorageClauses(String engine, String ttl, Map<String, String> settings) {
    private static final List<String> KEYWORDS =
            List.of("PARTITION BY", "PRIMARY KEY", "ORDER BY", "SAMPLE BY", "TTL", "SETTINGS");

    private static final Pattern REPLICATED =
            Pattern.compile("(?:Replicated|Shared)(\\w*MergeTree)(?:\\('[^']*', '[^']*'(?:, (.+))?\\))?");

    static StorageClauses parse(String engineFull) {
        Map<String, String> clauses = new LinkedHashMap<>();
        String keyword = "ENGINE";
        int begin = 0;
        for (int at : outerSpaces(engineFull)) {
            for (String next : KEYWORDS) {
                if (engineFull.startsWith(next + " ", at + 1)) {
                    clauses.put(keyword, engineFull.substring(begin, at));
                    keyword = next;
                    begin = at + 1 + next.length() + 1;
                }
            }
        }
        clauses.put(keyword, engineFull.substring(begin));
        return new StorageClauses(
                plainEngine(clauses.getOrDefault("ENGINE", "")),
                clauses.getOrDefault("TTL", ""),
                settings(clauses.getOrDefault("SETTINGS", "")));
    }

    private static Map<String, String> settings(String text) {
        Map<String, String> settings = new LinkedHashMap<>();
        int begin = 0;
        List<Integer> ends = new ArrayList<>(outerSpaces(text));
        ends.add(text.length() + 1);
        for (int end : ends) {
            // a setting ends where a comma stands before a space
            boolean last = end > text.length();
            if (last || text.charAt(end - 1) == ',') {
                String one = last ? text.substring(begin) : text.substring(begin, end - 1);
                int equals = one.indexOf(" = ");
                if (equals > 0) {
                    settings.put(one.substring(0, equals), one.substring(equals + 3));
                }
                begin = end + 1;
            }
        }
        return settings;
    }

    /** Where spaces stand outside of parentheses and quotes. */
    private static List<Integer> outerSpaces(String text) {
        List<Integer> spaces = new ArrayList<>();
        int depth = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '\'' || c == '`' || c == '"') {
                quote = c;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ' ' && depth == 0) {
                spaces.add(i);
            }
        }
        return spaces;
    }

    private static String plainEngine(String engine) {
        Matcher replicated = REPLICATED.matcher(engine);
        if (!replicated.matches()) {
            return engine;
        }
        String arguments = replicated.group(2);
        return arguments == null ? replicated.group(1) : replicated.group(1) + "(" + arguments + ")";
    }
}
