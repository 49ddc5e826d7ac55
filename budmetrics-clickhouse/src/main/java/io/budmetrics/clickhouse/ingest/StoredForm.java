package io.budmetrics.clickhouse.ingest;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.SqlFunction;
import io.budmetrics.internal.layout.LayoutSource;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How values of a logical column are written to a column of a table, as text, so that a layout reads them back: what is done
 * to a value when it is read is undone, from the last step to the first. Immutable.
 */
final class StoredForm {
    private static final Pattern TYPE = Pattern.compile("(?s)([A-Za-z]+)([0-9]*)(?:\\((.*)\\))?");
    private static final Pattern WRAPPED = Pattern.compile("(?s)(LowCardinality|Nullable)\\((.*)\\)");
    private static final Pattern ENUM_NAME = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)' = -?[0-9]+");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,30}(?:\\.[0-9]{1,30})?");
    private static final int SECOND_DIGITS = 10;
    private static final int MICRO_DIGITS = 6;
    private static final int TIME_LENGTH = SECOND_DIGITS + 1 + MICRO_DIGITS;
    private static final int UUID_LENGTH = 36;
    private static final String NULL = "\\N";

    private enum Family {
        TIME,
        WHOLE,
        DECIMAL,
        FLOAT,
        FLAG,
        TEXT,
        NAME,
        UUID,
        IPV4,
        IPV6
    }

    private final Expr value;
    private final BigDecimal times;
    private final BigDecimal over;
    private final boolean scaled;
    private final boolean nullable;
    private final Family family;

    /** Digits behind the point. */
    private final int scale;

    private final BigDecimal least;
    private final BigDecimal greatest;
    private final List<String> names;

    private StoredForm(LayoutSource.Fill fill, String shown, String type) {
        value = fill.value();
        times = BigDecimal.valueOf(fill.times());
        over = BigDecimal.valueOf(fill.over());
        scaled = fill.times() != 1 || fill.over() != 1;
        nullable = type.contains("Nullable(");
        Matcher parts = TYPE.matcher(unwrapped(type));
        String name = parts.matches() ? parts.group(1) : "";
        String arguments = parts.matches() ? Objects.requireNonNullElse(parts.group(3), "") : "";
        int bits = parts.matches() && !parts.group(2).isEmpty() ? Integer.parseInt(parts.group(2)) : 0;
        family = switch (name) {
            case "DateTime" -> Family.TIME;
            case "Int", "UInt" -> Family.WHOLE;
            case "Decimal" -> Family.DECIMAL;
            case "Float", "BFloat" -> Family.FLOAT;
            case "Bool" -> Family.FLAG;
            case "String", "FixedString" -> Family.TEXT;
            case "Enum" -> Family.NAME;
            case "UUID" -> Family.UUID;
            case "IPv" -> bits == 4 ? Family.IPV4 : Family.IPV6;
            default -> throw refused(shown, "is " + type + ", to which nothing is written");
        };
        String[] digits = arguments.split(",", -1);
        scale = switch (family) {
            case TIME -> bits == 0 ? 0 : Integer.parseInt(digits[0].trim());
            case DECIMAL -> Integer.parseInt(digits[1].trim());
            default -> 0;
        };
        BigInteger beyond = family == Family.DECIMAL
                ? BigInteger.TEN.pow(Integer.parseInt(digits[0].trim()) - scale)
                : BigInteger.TWO.pow(name.equals("UInt") ? bits : Math.max(0, bits - 1));
        greatest = family == Family.DECIMAL
                ? new BigDecimal(beyond).subtract(BigDecimal.ONE.movePointLeft(scale))
                : new BigDecimal(beyond.subtract(BigInteger.ONE));
        least = name.equals("UInt")
                ? BigDecimal.ZERO
                : family == Family.DECIMAL ? greatest.negate() : new BigDecimal(beyond.negate());
        List<String> found = new ArrayList<>();
        if (family == Family.NAME) {
            Matcher each = ENUM_NAME.matcher(arguments);
            while (each.find()) {
                found.add(each.group(1).replace("\\'", "'").replace("\\\\", "\\"));
            }
        }
        names = List.copyOf(found);
        requireInvertible(value, shown);
    }

    /**
     * The form.
     *
     * @param fill what is written where
     * @param table the name of the table
     * @param type the type of the column
     * @throws BudMetricsException INVALID_CONFIGURATION when a value cannot be written so that it is read back
     */
    static StoredForm of(LayoutSource.Fill fill, String table, String type) {
        return new StoredForm(fill, "column " + fill.column() + " of " + table, type);
    }

    private static String unwrapped(String type) {
        Matcher wrapped = WRAPPED.matcher(type);
        return wrapped.matches() ? unwrapped(wrapped.group(2)) : type;
    }

    private static BudMetricsException refused(String shown, String why) {
        return BudMetricsException.invalidConfiguration(
                shown + " " + why + "; leave it out of the layout that is written by");
    }

    private void requireInvertible(Expr expr, String shown) {
        if (expr instanceof Expr.Binary binary) {
            if (binary.right() instanceof Expr.Text text && family == Family.NAME) {
                if (!names.contains(text.value()) || names.size() < 2) {
                    throw refused(shown, "has no name for " + (names.size() < 2 ? "false" : "true"));
                }
            }
            requireInvertible(binary.left(), shown);
        } else if (expr instanceof Expr.Call call) {
            requireInvertible(call.arguments().get(0), shown);
        } else if (expr instanceof Expr.Cast cast) {
            requireInvertible(cast.value(), shown);
        }
    }

    /**
     * Appends a value in the format TabSeparated.
     *
     * @param logical as <code>RecordColumn.value</code> gives it
     * @param arrival what stands for a time that is not known where there must be one
     */
    void append(@Nullable Object logical, Instant arrival, StringBuilder out) {
        String text = encoded(undone(value, unscaled(logical)));
        if (text == null && logical != null) {
            // what the column cannot hold is not known
            text = encoded(undone(value, null));
        }
        if (text == null && !nullable) {
            text = standIn(arrival);
        }
        if (text == null) {
            out.append(NULL);
        } else {
            escape(text, out);
        }
    }

    private @Nullable Object unscaled(@Nullable Object logical) {
        return scaled && logical instanceof BigDecimal number
                ? number.multiply(over).divide(times, MathContext.DECIMAL128)
                : logical;
    }

    private @Nullable Object undone(Expr expr, @Nullable Object read) {
        if (expr instanceof Expr.Binary binary) {
            return undone(binary.left(), compared(binary, read));
        }
        if (expr instanceof Expr.Cast cast) {
            return undone(cast.value(), read == null ? null : read.toString());
        }
        if (!(expr instanceof Expr.Call call)) {
            return read;
        }
        Expr first = call.arguments().get(0);
        if (call.function() == SqlFunction.NULL_IF && read == null) {
            Expr unknown = call.arguments().get(1);
            return undone(first, unknown instanceof Expr.Whole whole ? BigDecimal.valueOf(whole.value()) : "");
        }
        // the text of what is no text is parsed where it is encoded, and another column is not needed
        return undone(first, read);
    }

    /** What compares as the flag says. */
    private @Nullable Object compared(Expr.Binary binary, @Nullable Object flag) {
        if (flag == null && nullable) {
            return null;
        }
        boolean holds = Boolean.TRUE.equals(flag);
        if (binary.right() instanceof Expr.Text text) {
            if (holds) {
                return text.value();
            }
            return family == Family.NAME
                    ? names.stream()
                            .filter(name -> !name.equals(text.value()))
                            .findFirst()
                            .orElseThrow()
                    : "not " + text.value();
        }
        long bound = ((Expr.Whole) binary.right()).value();
        boolean reached = holds == (binary.operator() == Expr.Operator.AT_LEAST);
        return BigDecimal.valueOf(reached ? bound : bound - 1);
    }

    private @Nullable String encoded(@Nullable Object stored) {
        if (stored == null) {
            return null;
        }
        return switch (family) {
            case TIME -> stored instanceof Instant time ? epoch(time) : null;
            case WHOLE, DECIMAL, FLOAT -> number(stored);
            case FLAG -> stored instanceof Boolean flag ? flag.toString() : null;
            case TEXT -> stored instanceof BigDecimal number ? number.toPlainString() : stored.toString();
            case NAME -> names.contains(stored.toString()) ? stored.toString() : null;
            case UUID -> stored instanceof String text ? uuid(text) : stored.toString();
            case IPV4 -> stored instanceof Inet4Address address ? address.getHostAddress() : null;
            case IPV6 -> stored instanceof InetAddress address ? ipv6(address) : null;
        };
    }

    /** Seconds since 1970, which no time zone changes, with ten digits; cut to what the column holds. */
    private String epoch(Instant time) {
        long seconds = time.getEpochSecond();
        int micros = time.getNano() / 1_000;
        StringBuilder text = new StringBuilder(TIME_LENGTH);
        digits(text, seconds, SECOND_DIGITS);
        if (scale > 0) {
            digits(text.append('.'), micros, MICRO_DIGITS);
            text.setLength(Math.min(text.length(), SECOND_DIGITS + 1 + scale));
        }
        return text.toString();
    }

    private static void digits(StringBuilder out, long number, int width) {
        String text = Long.toString(number);
        out.append("0".repeat(Math.max(0, width - text.length()))).append(text);
    }

    private @Nullable String number(Object stored) {
        if (stored instanceof Boolean flag) {
            return flag ? "1" : "0";
        }
        BigDecimal number;
        if (stored instanceof BigDecimal given) {
            number = given;
        } else if (NUMBER.matcher(stored.toString()).matches()) {
            number = new BigDecimal(stored.toString());
        } else {
            return null;
        }
        if (family == Family.FLOAT) {
            return number.toPlainString();
        }
        BigDecimal cut = number.setScale(scale, RoundingMode.DOWN);
        return cut.compareTo(least) < 0 || cut.compareTo(greatest) > 0 ? null : cut.toPlainString();
    }

    /** A text that is no UUID is told by one that is made of it. */
    private static String uuid(String text) {
        if (text.length() == UUID_LENGTH) {
            try {
                return UUID.fromString(text).toString();
            } catch (IllegalArgumentException e) {
                // as any other text
            }
        }
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String ipv6(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet4Address ? "::ffff:" + text : text;
    }

    private String standIn(Instant arrival) {
        return switch (family) {
            case TIME -> epoch(arrival);
            case WHOLE, DECIMAL, FLOAT -> "0";
            case FLAG -> "false";
            case TEXT -> "";
            case NAME -> names.get(0);
            case UUID -> new UUID(0, 0).toString();
            case IPV4 -> "0.0.0.0";
            case IPV6 -> "::";
        };
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\0' -> out.append("\\0");
                default -> out.append(c);
            }
        }
    }
}
