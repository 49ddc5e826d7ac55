package io.budmetrics.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a column of a table must be, so that a layout can read it. */
public enum ColumnKind {
    /** Of the kind of the logical column. */
    SAME("", ""),
    /** A moment. */
    TIME("DateTime or DateTime64", "DateTime(?:64)?(?:\\(.*\\))?"),
    /** A number. */
    NUMBER("a number", "U?Int(?:8|16|32|64|128|256)|Float(?:32|64)|BFloat16|Decimal(?:32|64|128|256)?\\(.*\\)"),
    /** A flag, or a number that is one. */
    FLAG("Bool or UInt8", "Bool|UInt8"),
    /** A text. */
    TEXT("String", "(?:Fixed)?String(?:\\([0-9]+\\))?"),
    /** A text, or a name of an Enum. */
    NAME("String or Enum", "(?:Fixed)?String(?:\\([0-9]+\\))?|Enum(?:8|16)\\(.*\\)"),
    /** What can be written as a text. */
    NAME_OR_NUMBER(
            "String, Enum, UUID or a number",
            "(?:Fixed)?String(?:\\([0-9]+\\))?|Enum(?:8|16)\\(.*\\)|U?Int[0-9]+|Float(?:32|64)|Decimal\\(.*\\)|UUID|Bool"),
    /** A UUID. */
    UUID("UUID", "UUID"),
    /** A network address. */
    ADDRESS("IPv4 or IPv6", "IPv[46]");

    private static final Pattern WRAPPED = Pattern.compile("(?s)(?:LowCardinality|Nullable)\\((.*)\\)");

    private final String words;
    private final Pattern types;

    ColumnKind(String words, String types) {
        this.words = words;
        this.types = Pattern.compile(types, Pattern.DOTALL);
    }

    /**
     * What is expected, for people.
     *
     * @return such as <code>DateTime or DateTime64</code>
     */
    public String words() {
        return words;
    }

    /**
     * Whether a type is of this kind.
     *
     * @param type a ClickHouse type, with or without Nullable and LowCardinality
     * @return whether a layout can read it
     */
    public boolean admits(String type) {
        return types.matcher(plain(type)).matches();
    }

    private static String plain(String type) {
        Matcher wrapped = WRAPPED.matcher(type);
        return wrapped.matches() ? plain(wrapped.group(1)) : type;
    }

    /** The kind of a logical column. */
    static ColumnKind of(Column column) {
        String type = plain(column.type());
        if (type.equals("Bool")) {
            return FLAG;
        }
        for (ColumnKind kind : new ColumnKind[] {TIME, NUMBER, TEXT, UUID, ADDRESS}) {
            if (kind.types.matcher(type).matches()) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind of " + column.name());
    }
}
