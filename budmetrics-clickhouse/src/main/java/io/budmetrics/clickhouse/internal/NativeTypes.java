package io.budmetrics.clickhouse.internal;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From the name of a type to an empty column of it. */
final class NativeTypes {
    private static final Pattern NAME = Pattern.compile("([A-Z][A-Za-z0-9]{0,63})(?:\\((.*)\\))?", Pattern.DOTALL);
    private static final Pattern ENUM_ITEM =
            Pattern.compile("\\s*'((?:[^'\\\\]|\\\\.|'')*)'\\s*=\\s*(-?\\d{1,5})\\s*(,|$)", Pattern.DOTALL);
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)|''", Pattern.DOTALL);

    private NativeTypes() {}

    static NativeColumn column(String name, String type) {
        return parse(name, type).as(type);
    }

    private static NativeColumn parse(String column, String type) {
        Matcher matcher = NAME.matcher(type);
        if (!matcher.matches()) {
            throw BudMetricsException.of(ErrorCode.DATABASE_ERROR, "the answer is not in the Native format");
        }
        String base = matcher.group(1);
        String inner = matcher.group(2);
        if (inner == null) {
            NativeColumn simple = simple(base);
            if (simple == null) {
                throw refused(column, base);
            }
            return simple;
        }
        return switch (base) {
            case "Nullable" -> {
                NativeColumn values = column(column, inner);
                if (values instanceof NativeColumn.Arrayed
                        || values instanceof NativeColumn.NullableColumn
                        || values instanceof NativeColumn.LowCardinality) {
                    throw refused(column, "Nullable");
                }
                yield new NativeColumn.NullableColumn(values);
            }
            case "LowCardinality" -> {
                boolean nullable = inner.startsWith("Nullable(") && inner.endsWith(")");
                String key = nullable ? inner.substring("Nullable(".length(), inner.length() - 1) : inner;
                NativeColumn keys = column(column, key);
                if (!(keys instanceof NativeColumn.Texts
                        || keys instanceof NativeColumn.Longs
                        || keys instanceof NativeColumn.Doubles
                        || keys instanceof NativeColumn.Uuids)) {
                    throw refused(column, "LowCardinality");
                }
                yield new NativeColumn.LowCardinality(keys, nullable);
            }
            case "Array" -> {
                // only what a double holds exactly
                if (!List.of("Float64", "Float32", "Int8", "Int16", "Int32", "UInt8", "UInt16", "UInt32")
                        .contains(inner)) {
                    throw refused(column, "Array of another type than Float64");
                }
                yield new NativeColumn.Arrayed(column(column, inner));
            }
            case "SimpleAggregateFunction" -> parse(column, lastArgument(inner));
            case "FixedString" -> new NativeColumn.Texts(number(column, base, inner, 1 << 24));
            case "DateTime" -> new NativeColumn.Longs(4, false);
            case "DateTime64" -> new NativeColumn.Longs(8, true);
            case "Decimal" -> {
                int comma = inner.indexOf(',');
                if (comma < 0) {
                    throw refused(column, base);
                }
                int precision = number(column, base, inner.substring(0, comma), 76);
                int scale = number(column, base, inner.substring(comma + 1), 76);
                yield decimal(column, precision, scale);
            }
            case "Decimal32" -> decimal(column, 9, number(column, base, inner, 9));
            case "Decimal64" -> decimal(column, 18, number(column, base, inner, 18));
            case "Decimal128" -> decimal(column, 38, number(column, base, inner, 38));
            case "Enum8" -> enums(column, base, 1, inner);
            case "Enum16" -> enums(column, base, 2, inner);
            default -> throw refused(column, base);
        };
    }

    private static @Nullable NativeColumn simple(String type) {
        return switch (type) {
            case "Int8" -> new NativeColumn.Longs(1, true);
            case "Int16" -> new NativeColumn.Longs(2, true);
            case "Int32", "Date32" -> new NativeColumn.Longs(4, true);
            case "Int64" -> new NativeColumn.Longs(8, true);
            case "UInt8", "Bool" -> new NativeColumn.Longs(1, false);
            case "UInt16", "Date" -> new NativeColumn.Longs(2, false);
            case "UInt32", "DateTime" -> new NativeColumn.Longs(4, false);
            case "UInt64" -> new NativeColumn.UnsignedLongs();
            case "Float32" -> new NativeColumn.Doubles(false);
            case "Float64" -> new NativeColumn.Doubles(true);
            case "UUID" -> new NativeColumn.Uuids();
            case "String" -> new NativeColumn.Texts(-1);
            default -> null;
        };
    }

    private static NativeColumn decimal(String column, int precision, int scale) {
        if (precision < 1 || precision > 38 || scale > precision) {
            throw refused(column, "Decimal of " + precision + " digits");
        }
        if (precision > 18) {
            return new NativeColumn.WideDecimals(scale);
        }
        return new NativeColumn.Decimals(precision > 9 ? 8 : 4, scale);
    }

    private static NativeColumn enums(String column, String base, int width, String items) {
        Map<Integer, String> names = new TreeMap<>();
        Matcher item = ENUM_ITEM.matcher(items);
        int at = 0;
        while (at < items.length()) {
            if (!item.find(at) || item.start() != at) {
                throw refused(column, base);
            }
            String name = ESCAPED.matcher(item.group(1))
                    .replaceAll(m -> Matcher.quoteReplacement(m.group(1) == null ? "'" : unescaped(m.group(1))));
            names.put(Integer.parseInt(item.group(2)), name);
            at = item.end();
        }
        List<Integer> values = new ArrayList<>(names.keySet());
        if (values.isEmpty() || values.get(0) < Short.MIN_VALUE || values.get(values.size() - 1) > Short.MAX_VALUE) {
            throw refused(column, base);
        }
        int least = values.get(0);
        @Nullable String[] byValue = new @Nullable String[values.get(values.size() - 1) - least + 1];
        names.forEach((value, name) -> byValue[value - least] = name);
        return new NativeColumn.Enums(width, least, byValue);
    }

    private static String unescaped(String letter) {
        return switch (letter) {
            case "n" -> "\n";
            case "t" -> "\t";
            case "r" -> "\r";
            case "0" -> "\0";
            case "b" -> "\b";
            case "f" -> "\f";
            default -> letter;
        };
    }

    /** What stands after the first comma outside parentheses and quotes. */
    private static String lastArgument(String arguments) {
        int depth = 0;
        for (int i = 0; i < arguments.length(); i++) {
            char letter = arguments.charAt(i);
            if (letter == '(') {
                depth++;
            } else if (letter == ')') {
                depth--;
            } else if (letter == ',' && depth == 0) {
                return arguments.substring(i + 1).strip();
            }
        }
        return arguments;
    }

    private static int number(String column, String base, String text, int atMost) {
        String digits = text.strip();
        if (!digits.matches("\\d{1,8}") || Integer.parseInt(digits) > atMost) {
            throw refused(column, base);
        }
        return Integer.parseInt(digits);
    }

    private static BudMetricsException refused(String column, String type) {
        String shown = column.matches("[A-Za-z_][A-Za-z0-9_.]{0,63}") ? "column " + column : "a column";
        return BudMetricsException.of(
                ErrorCode.SCHEMA_MISMATCH,
                shown + " has the type " + type + ", which this client does not read; convert it in the statement");
    }
}
