package io.budmetrics.clickhouse.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a statement before the engine sees it. Reads tokens only: words, quoted texts, signs; comments
 * are skipped. Positions are those of the text given, so that a text decoded as ISO-8859-1 yields byte offsets.
 */
final class StatementText {
    private static final Set<String> ROWS_FROM_A_QUERY = Set.of("SELECT", "WITH", "FROM", "WATCH");

    private final String text;
    private final List<Token> tokens;

    private StatementText(String text, List<Token> tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    /** An INSERT whose rows follow its text: the statement without its format, the format, where the rows begin. */
    record InsertHead(int statementEnd, String format, int dataStart) {}

    private record Token(int start, int end, Kind kind) {}

    private enum Kind {
        WORD,
        QUOTED,
        SIGN
    }

    /** The tokens of a whole statement. */
    static StatementText of(String text) {
        return new StatementText(text, tokens(text, text.length()));
    }

    boolean startsWith(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (!isWord(i, words[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether two words follow each other anywhere in the statement. */
    boolean contains(String first, String second) {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (isWord(i, first) && isWord(i + 1, second)) {
                return true;
            }
        }
        return false;
    }

    boolean mentions(String word) {
        for (int i = 0; i < tokens.size(); i++) {
            if (isWord(i, word)) {
                return true;
            }
        }
        return false;
    }

    /** The format that the statement itself names, or null. */
    @Nullable
    String outputFormat() {
        for (int i = tokens.size() - 2; i >= 0; i--) {
            if (isWord(i, "FORMAT") && tokens.get(i + 1).kind() == Kind.WORD) {
                boolean last = i + 2 >= tokens.size() || isSign(i + 2, ';') || isWord(i + 2, "SETTINGS");
                return last ? word(i + 1) : null;
            }
        }
        return null;
    }

    /** Where the rows of an INSERT begin in the first bytes of a request, or null when it carries none. */
    @Nullable
    static InsertHead insertHead(String prefix) {
        int position = 0;
        int depth = 0;
        int index = 0;
        boolean nameExpected = false;
        while (true) {
            Token token = next(prefix, position);
            if (token == null) {
                return null;
            }
            position = token.end();
            String word = token.kind() == Kind.WORD
                    ? prefix.substring(token.start(), token.end()).toUpperCase(Locale.ROOT)
                    : "";
            if (index++ == 0 && !word.equals("INSERT")) {
                return null;
            }
            if (token.kind() == Kind.SIGN) {
                char sign = prefix.charAt(token.start());
                depth += sign == '(' ? 1 : sign == ')' ? -1 : 0;
                nameExpected = sign == '.';
                continue;
            }
            if (depth > 0 || token.kind() == Kind.QUOTED) {
                nameExpected = false;
                continue;
            }
            if (nameExpected && !word.equals("TABLE") && !word.equals("FUNCTION")) {
                nameExpected = false;
                continue;
            }
            if (word.equals("INTO") || word.equals("TABLE")) {
                nameExpected = true;
            } else if (ROWS_FROM_A_QUERY.contains(word)) {
                return null;
            } else if (word.equals("VALUES")) {
                return new InsertHead(token.start(), "Values", token.end());
            } else if (word.equals("FORMAT")) {
                Token format = next(prefix, position);
                if (format == null || format.kind() != Kind.WORD) {
                    return null;
                }
                String name = prefix.substring(format.start(), format.end());
                if (name.equalsIgnoreCase("Values")) {
                    return new InsertHead(token.start(), "Values", format.end());
                }
                return new InsertHead(token.start(), name, afterLineEnd(prefix, format.end()));
            }
        }
    }

    /** The statement with every use of the word {@code query_id} replaced, and without its mode (SYNC, ASYNC) and format. */
    String killWith(String replacement) {
        StringBuilder sql = new StringBuilder();
        int from = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean mode = i > 2 && (isWord(i, "SYNC") || isWord(i, "ASYNC") || isSign(i, ';'));
            if (isWord(i, "FORMAT")) {
                return sql.append(text, from, token.start()).toString();
            }
            if (mode || isWord(i, "query_id") || isQuoted(i, "`query_id`") || isQuoted(i, "\"query_id\"")) {
                sql.append(text, from, token.start()).append(mode ? " " : replacement);
                from = token.end();
            }
        }
        return sql.append(text, from, text.length()).toString();
    }

    /** The one query id that a KILL names as a literal, or null when it asks for something else. */
    @Nullable
    String killedQueryId() {
        for (int i = 0; i + 2 < tokens.size(); i++) {
            if (isWord(i, "query_id") && isSign(i + 1, '=') && tokens.get(i + 2).kind() == Kind.QUOTED) {
                Token literal = tokens.get(i + 2);
                return text.substring(literal.start() + 1, literal.end() - 1)
                        .replace("\\'", "'")
                        .replace("''", "'")
                        .replace("\\\\", "\\");
            }
        }
        return null;
    }

    private boolean isWord(int index, String word) {
        return index < tokens.size()
                && tokens.get(index).kind() == Kind.WORD
                && word(index).equalsIgnoreCase(word);
    }

    private boolean isQuoted(int index, String quoted) {
        return tokens.get(index).kind() == Kind.QUOTED && word(index).equals(quoted);
    }

    private boolean isSign(int index, char sign) {
        return index < tokens.size()
                && tokens.get(index).kind() == Kind.SIGN
                && text.charAt(tokens.get(index).start()) == sign;
    }

    private String word(int index) {
        Token token = tokens.get(index);
        return text.substring(token.start(), token.end());
    }

    private static List<Token> tokens(String text, int end) {
        List<Token> tokens = new ArrayList<>();
        for (Token token = next(text, 0); token != null && token.end() <= end; token = next(text, token.end())) {
            tokens.add(token);
        }
        return tokens;
    }

    private static @Nullable Token next(String text, int from) {
        int i = from;
        int length = text.length();
        while (i < length) {
            char c = text.charAt(i);
            if (c <= ' ') {
                i++;
            } else if (text.startsWith("--", i) || text.startsWith("#!", i) || text.startsWith("# ", i)) {
                int line = text.indexOf('\n', i);
                i = line < 0 ? length : line + 1;
            } else if (text.startsWith("/*", i)) {
                int comment = text.indexOf("*/", i + 2);
                i = comment < 0 ? length : comment + 2;
            } else if (c == '\'' || c == '"' || c == '`') {
                return new Token(i, quotedEnd(text, i), Kind.QUOTED);
            } else if (isWordChar(c)) {
                int end = i + 1;
                while (end < length && isWordChar(text.charAt(end))) {
                    end++;
                }
                return new Token(i, end, Kind.WORD);
            } else {
                return new Token(i, i + 1, Kind.SIGN);
            }
        }
        return null;
    }

    private static int quotedEnd(String text, int start) {
        char quote = text.charAt(start);
        int i = start + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\\') {
                i += 2;
            } else if (c == quote) {
                if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    i += 2;
                } else {
                    return i + 1;
                }
            } else {
                i++;
            }
        }
        return text.length();
    }

    private static boolean isWordChar(char c) {
        return c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static int afterLineEnd(String text, int from) {
        int i = from;
        while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t' || text.charAt(i) == '\f')) {
            i++;
        }
        if (i < text.length() && text.charAt(i) == '\r') {
            i++;
        }
        if (i < text.length() && text.charAt(i) == '\n') {
            i++;
        }
        return i;
    }
}
