package io.budmetrics.clickhouse.internal.decode;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns the text of a type into an empty column, by recursive descent: a name, and arguments in parentheses. A type that is
 * not decoded, at any depth, is refused with the name of its column and what to select instead.
 */
final class NativeTypes {
    /** A deeper type would need a deep stack to be read. */
    private static final int MAX_DEPTH = 64;

    private static final int MAX_FIXED_STRING = 1 << 24;
    private static final int MAX_PRECISION = 76;

    /** What the server allows inside LowCardinality. */
    private static final Set<Class<? extends NativeColumn>> KEYS = Set.of(
            TextColumn.class,
            IntegerColumn.class,
            UInt64Column.class,
            WideIntegerColumn.class,
            DoubleColumn.class,
            BoolColumn.class,
            DateColumn.class,
            InstantColumn.class,
            TimeColumn.class,
            UuidColumn.class,
            Ipv4Column.class,
            Ipv6Column.class);

    private static final Set<String> INTERVALS = Set.of(
            "IntervalNanosecond",
            "IntervalMicrosecond",
            "IntervalMillisecond",
            "IntervalSecond",
            "IntervalMinute",
            "IntervalHour",
            "IntervalDay",
            "IntervalWeek",
            "IntervalMonth",
            "IntervalQuarter",
            "IntervalYear");

    private static final Pattern TYPE_NAME = Pattern.compile("[A-Z][A-Za-z0-9]{0,63}");
    private static final Pattern SHOWN_COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,63}");
    private static final Pattern SHOWN_TYPE = Pattern.compile("[A-Za-z0-9_(), ]{1,100}");

    private final String column;
    private final String type;
    private final TypeText text;

    private NativeTypes(String column, String type) {
        this.column = column;
        this.type = type;
        this.text = new TypeText(type);
    }

    /**
     * An empty column.
     *
     * @throws BadAnswer when the text cannot be the name of a type
     * @throws BudMetricsException SCHEMA_MISMATCH when the type is not decoded
     */
    static NativeColumn column(String name, String type) throws BadAnswer {
        int arguments = type.indexOf('(');
        String base = arguments < 0 ? type : type.substring(0, arguments);
        if (!TYPE_NAME.matcher(base).matches()) {
            throw BadAnswer.malformed("the type of a column cannot be parsed");
        }
        NativeTypes types = new NativeTypes(name, type);
        NativeColumn column;
        try {
            column = types.read(0);
            if (!types.text.atEnd()) {
                throw types.text.malformed();
            }
        } catch (BadAnswer e) {
            throw types.refused(base);
        }
        column.describe(types.shownColumn(), types.shownType());
        return column;
    }

    private NativeColumn read(int depth) throws BadAnswer {
        String base = text.word();
        if (depth > MAX_DEPTH) {
            throw refused(base);
        }
        if (!text.take('(')) {
            NativeColumn simple = simple(base);
            if (simple == null) {
                throw refused(base);
            }
            return simple;
        }
        NativeColumn parametric = parametric(base, depth);
        text.expect(')');
        return parametric;
    }

    private static @Nullable NativeColumn simple(String base) {
        return switch (base) {
            case "Int8" -> new IntegerColumn(1, true);
            case "Int16" -> new IntegerColumn(2, true);
            case "Int32" -> new IntegerColumn(4, true);
            case "Int64" -> new IntegerColumn(8, true);
            case "UInt8" -> new IntegerColumn(1, false);
            case "UInt16" -> new IntegerColumn(2, false);
            case "UInt32" -> new IntegerColumn(4, false);
            case "UInt64" -> new UInt64Column();
            case "Int128" -> new WideIntegerColumn(2, true);
            case "Int256" -> new WideIntegerColumn(4, true);
            case "UInt128" -> new WideIntegerColumn(2, false);
            case "UInt256" -> new WideIntegerColumn(4, false);
            case "BFloat16" -> new DoubleColumn(2);
            case "Float32" -> new DoubleColumn(4);
            case "Float64" -> new DoubleColumn(8);
            case "Bool" -> new BoolColumn();
            case "String" -> new TextColumn(TextColumn.VARIABLE);
            case "UUID" -> new UuidColumn();
            case "IPv4" -> new Ipv4Column();
            case "IPv6" -> new Ipv6Column();
            case "Date" -> new DateColumn(2, false);
            case "Date32" -> new DateColumn(4, true);
            case "DateTime" -> new InstantColumn(4, false, 0);
            case "Time" -> new TimeColumn(4, 0);
            case "Nothing" -> new NothingColumn();
            case "Point" -> point();
            case "Ring", "LineString" -> new ArrayColumn(point());
            case "Polygon", "MultiLineString" -> new ArrayColumn(new ArrayColumn(point()));
            case "MultiPolygon" -> new ArrayColumn(new ArrayColumn(new ArrayColumn(point())));
            default -> INTERVALS.contains(base) ? new IntegerColumn(8, true) : null;
        };
    }

    private static NativeColumn point() {
        return new TupleColumn(List.of(new DoubleColumn(8), new DoubleColumn(8)));
    }

    private NativeColumn parametric(String base, int depth) throws BadAnswer {
        return switch (base) {
            case "Nullable" -> nullable(depth);
            case "LowCardinality" -> lowCardinality(depth);
            case "Array" -> new ArrayColumn(read(depth + 1));
            case "Map" -> map(depth);
            case "Tuple" -> new TupleColumn(elements(depth));
            case "Nested" -> new ArrayColumn(new TupleColumn(elements(depth)));
            case "SimpleAggregateFunction" -> {
                text.skipFunction();
                text.expect(',');
                yield read(depth + 1);
            }
            case "FixedString" -> new TextColumn(number(1, MAX_FIXED_STRING));
            case "DateTime" -> {
                zone();
                yield new InstantColumn(4, false, 0);
            }
            case "DateTime64" -> {
                int digits = number(0, TickScale.MAX_DIGITS);
                if (text.take(',')) {
                    zone();
                }
                yield new InstantColumn(8, true, digits);
            }
            case "Time64" -> new TimeColumn(8, number(0, TickScale.MAX_DIGITS));
            case "Decimal" -> {
                int precision = number(1, MAX_PRECISION);
                text.expect(',');
                yield decimal(precision, number(0, precision));
            }
            case "Decimal32" -> decimal(9, number(0, 9));
            case "Decimal64" -> decimal(18, number(0, 18));
            case "Decimal128" -> decimal(38, number(0, 38));
            case "Decimal256" -> decimal(MAX_PRECISION, number(0, MAX_PRECISION));
            case "Enum8" -> enums(1, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "Enum16" -> enums(2, Short.MIN_VALUE, Short.MAX_VALUE);
            default -> throw refused(base);
        };
    }

    private NativeColumn nullable(int depth) throws BadAnswer {
        NativeColumn values = read(depth + 1);
        if (values instanceof SegmentsColumn
                || values instanceof NullableColumn
                || values instanceof LowCardinalityColumn) {
            throw refused("Nullable");
        }
        return new NullableColumn(values);
    }

    private NativeColumn lowCardinality(int depth) throws BadAnswer {
        NativeColumn keys = read(depth + 1);
        boolean nullable = keys instanceof NullableColumn;
        if (keys instanceof NullableColumn column) {
            keys = column.values(); // a dictionary has no flags; its first key is NULL
        }
        if (!KEYS.contains(keys.getClass())) {
            throw refused("LowCardinality");
        }
        return new LowCardinalityColumn(keys, nullable);
    }

    private NativeColumn map(int depth) throws BadAnswer {
        NativeColumn keys = read(depth + 1);
        text.expect(',');
        NativeColumn values = read(depth + 1);
        boolean nullable =
                keys instanceof NullableColumn || (keys instanceof LowCardinalityColumn column && column.isNullable());
        if (nullable) {
            throw refused("Map");
        }
        return new MapColumn(keys, values);
    }

    /** The elements of a tuple up to the parenthesis, which stays. */
    private List<NativeColumn> elements(int depth) throws BadAnswer {
        List<NativeColumn> elements = new ArrayList<>();
        if (text.isNext(')')) {
            return elements;
        }
        do {
            text.skipElementName();
            elements.add(read(depth + 1));
        } while (text.take(','));
        return elements;
    }

    /** The zone of a time, which is for display alone. */
    private void zone() throws BadAnswer {
        text.quoted();
    }

    private static NativeColumn decimal(int precision, int scale) {
        if (precision > 38) {
            return new WideDecimalColumn(4, scale);
        }
        if (precision > 18) {
            return new WideDecimalColumn(2, scale);
        }
        return new DecimalColumn(precision > 9 ? 8 : 4, scale);
    }

    private NativeColumn enums(int width, int least, int greatest) throws BadAnswer {
        SortedMap<Integer, String> items = new TreeMap<>();
        do {
            String name = text.quoted();
            text.expect('=');
            if (items.put(number(least, greatest), name) != null) {
                throw text.malformed();
            }
        } while (text.take(','));
        return new EnumColumn(width, items);
    }

    private int number(int least, int greatest) throws BadAnswer {
        int number = text.number();
        if (number < least || number > greatest) {
            throw text.malformed();
        }
        return number;
    }

    private String shownColumn() {
        return SHOWN_COLUMN.matcher(column).matches() ? "column " + column : "a column";
    }

    /** The whole type, unless it is long or holds texts. */
    private String shownType() {
        int arguments = type.indexOf('(');
        return arguments < 0 || SHOWN_TYPE.matcher(type).matches() ? type : type.substring(0, arguments) + "(...)";
    }

    /** An error about the type, or about one inside it. */
    private BudMetricsException refused(String base) {
        String shown = shownType();
        String name = SHOWN_COLUMN.matcher(column).matches() ? column : "the column";
        String instead = "select toString(" + name + ") instead";
        if (base.equals("AggregateFunction")) {
            instead = type.startsWith(base)
                    ? "select finalizeAggregation(" + name + ") instead"
                    : "apply finalizeAggregation in the statement";
        }
        String reason = type.startsWith(base) || !TYPE_NAME.matcher(base).matches()
                ? ", which is not decoded; "
                : ", and " + base + " is not decoded; ";
        return BudMetricsException.of(ErrorCode.SCHEMA_MISMATCH, shownColumn() + " is " + shown + reason + instead);
    }
}
