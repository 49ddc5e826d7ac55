package io.budmetrics.clickhouse.internal.decode;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** A cursor over the text of a type, as the server writes it. A text of another form is {@link BadAnswer}. */
final class TypeText {
    private static final char END = '\0';

    private final String text;
    private int position;

    TypeText(String text) {
        this.text = text;
    }

    private char peek() {
        return position < text.length() ? text.charAt(position) : END;
    }

    private void skipSpaces() {
        while (peek() == ' ' || peek() == '\n') {
            position++;
        }
    }

    boolean atEnd() {
        skipSpaces();
        return position == text.length();
    }

    boolean isNext(char wanted) {
        skipSpaces();
        return position < text.length() && text.charAt(position) == wanted;
    }

    /** Whether a letter comes next, which is then consumed. */
    boolean take(char wanted) {
        if (!isNext(wanted)) {
            return false;
        }
        position++;
        return true;
    }

    void expect(char wanted) throws BadAnswer {
        if (!take(wanted)) {
            throw malformed();
        }
    }

    /** A name of letters, digits and underscores. */
    @CanIgnoreReturnValue
    String word() throws BadAnswer {
        skipSpaces();
        int start = position;
        while (isWordLetter(peek())) {
            position++;
        }
        if (start == position) {
            throw malformed();
        }
        return text.substring(start, position);
    }

    private static boolean isWordLetter(char letter) {
        return (letter >= 'a' && letter <= 'z')
                || (letter >= 'A' && letter <= 'Z')
                || (letter >= '0' && letter <= '9')
                || letter == '_';
    }

    /** A whole number of at most eight digits. */
    int number() throws BadAnswer {
        boolean negative = take('-');
        String digits = word();
        if (digits.length() > 8 || !digits.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
            throw malformed();
        }
        int number = Integer.parseInt(digits);
        return negative ? -number : number;
    }

    /** A text in single quotes. */
    @CanIgnoreReturnValue
    String quoted() throws BadAnswer {
        skipSpaces();
        return delimited('\'');
    }

    @CanIgnoreReturnValue
    private String delimited(char quote) throws BadAnswer {
        if (peek() != quote) {
            throw malformed();
        }
        position++;
        StringBuilder content = new StringBuilder();
        while (position < text.length()) {
            char letter = text.charAt(position++);
            if (letter == quote) {
                if (peek() != quote) {
                    return content.toString();
                }
                position++; // a quote that is doubled stands for itself
                content.append(quote);
            } else if (letter == '\\' && position < text.length()) {
                content.append(unescaped(text.charAt(position++)));
            } else {
                content.append(letter);
            }
        }
        throw malformed();
    }

    private static char unescaped(char letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '0' -> '\0';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> letter;
        };
    }

    /** Passes over the name of a tuple's element, where it has one: a word or a text in backticks before the type. */
    void skipElementName() throws BadAnswer {
        skipSpaces();
        if (peek() == '`') {
            delimited('`');
            return;
        }
        int start = position;
        word();
        if (isNext('(') || isNext(')') || isNext(',')) {
            position = start; // it was the type already
        }
    }

    /** Skips a name and the parentheses that may follow it. */
    void skipFunction() throws BadAnswer {
        word();
        int depth = take('(') ? 1 : 0;
        while (depth > 0) {
            char letter = peek();
            if (position == text.length()) {
                throw malformed();
            }
            if (letter == '\'') {
                delimited('\'');
            } else {
                depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
                position++;
            }
        }
    }

    BadAnswer malformed() {
        return BadAnswer.malformed("the type of a column cannot be parsed");
    }
}
