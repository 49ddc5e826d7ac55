package io.budmetrics.internal.layout;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of types that a layout can read a column as. */
public enum ColumnKind {
    /** The kind of the logical column itself. */
    SAME("", ""),
    /** A time: DateTime or DateTime64. */
    TIME("DateTime or DateTime64", "DateTime(?:64)?(?:\\(.*\\))?"),
    /** An integer, a floating-point number or a decimal. */
    NUMBER("a number", "U?Int(?:8|16|32|64|128|256)|Float(?:32|64)|BFloat16|Decimal(?:32|64|128|256)?\\(.*\\)"),
    /** A flag: Bool, or UInt8 with 0 and 1. */
    FLAG("Bool or UInt8", "Bool|UInt8"),
    /** A text: String or FixedString. */
    TEXT("String", "(?:Fixed)?String(?:\\([0-9]+\\))?"),
    /** A text, or the name in an Enum. */
    NAME("String or Enum", "(?:Fixed)?String(?:\\([0-9]+\\))?|Enum(?:8|16)\\(.*\\)"),
    /** Anything that can be written as a text: a text, an Enum, a number, a flag or a UUID. */
    NAME_OR_NUMBER(
            "String, Enum, UUID or a number",
            "(?:Fixed)?String(?:\\([0-9]+\\))?|Enum(?:8|16)\\(.*\\)|U?Int[0-9]+|Float(?:32|64)|Decimal\\(.*\\)|UUID|Bool"),
    /** An identity: UUID. */
    UUID("UUID", "UUID"),
    /** A network address: IPv4 or IPv6. */
    ADDRESS("IPv4 or IPv6", "IPv[46]");

    private static final Pattern WRAPPED = Pattern.compile("(?s)(?:LowCardinality|Nullable)\\((.*)\\)");

    private final String words;
    private final Pattern types;

    ColumnKind(String words, String types) {
        this.words = words;
        this.types = Pattern.compile(types, Pattern.DOTALL);
    }

    /**
     * Returns a human-readable description of the types.
     *
     * @return such as <code>DateTime or DateTime64</code>
     */
    public String words() {
        return words;
    }

    /**
     * Tells whether a type is of this kind.
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

    /**
     * Returns the kind of a logical column.
     *
     * @param column its name, for an error
     * @param columnType its ClickHouse type
     * @return the kind
     */
    public static ColumnKind of(String column, String columnType) {
        String type = plain(columnType);
        if (type.equals("Bool")) {
            return FLAG;
        }
        for (ColumnKind kind : new ColumnKind[] {TIME, NUMBER, TEXT, UUID, ADDRESS}) {
            if (kind.types.matcher(type).matches()) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind of " + column);
    }
}
