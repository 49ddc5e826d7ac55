package io.budmetrics.internal.sql;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.ValueType;
import io.budmetrics.sql.SqlParameter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The values of callers in one statement, as parameters named after what they are compared with. */
public final class PlacedValues implements ExprRenderer.Values {
    private final List<SqlParameter> parameters;
    /** How often a field has given its name to a parameter; empty and unused until there is a value, as many have none. */
    private Map<String, Integer> uses = Map.of();
    /** An expression that occurs in several places has its values once; null until there are any. */
    private @Nullable IdentityHashMap<Expr.Value, SqlParameter> placed;

    public PlacedValues(List<SqlParameter> parameters) {
        this.parameters = parameters;
    }

    @Override
    public SqlParameter place(Expr.Value value) {
        if (placed == null) {
            uses = new HashMap<>(4);
            placed = new IdentityHashMap<>(2);
        }
        SqlParameter known = placed.get(value);
        if (known != null) {
            return known;
        }
        SqlParameter parameter = parameter(unused(value.field()), value);
        placed.put(value, parameter);
        parameters.add(parameter);
        return parameter;
    }

    private static SqlParameter parameter(String name, Expr.Value value) {
        if (value.value() instanceof List<?> list) {
            return several(name, value.type(), list);
        }
        return switch (value.type().kind()) {
            case ID -> SqlParameter.of(name, (UUID) value.value());
            case TEXT -> SqlParameter.of(name, (String) value.value());
            case FLAG -> SqlParameter.of(name, (boolean) value.value());
            case INTEGER, LONG, DURATION -> SqlParameter.of(name, (long) value.value());
            case AMOUNT -> SqlParameter.of(name, (BigDecimal) value.value());
            case REAL -> SqlParameter.of(name, (double) value.value());
        };
    }

    private static SqlParameter several(String name, ValueType<?> type, List<?> values) {
        return switch (type.kind()) {
            case ID -> SqlParameter.ofUuids(name, all(UUID.class, values));
            case TEXT -> SqlParameter.ofTexts(name, all(String.class, values));
            case FLAG -> SqlParameter.ofFlags(name, all(Boolean.class, values));
            case INTEGER, LONG, DURATION -> SqlParameter.ofWholes(name, all(Long.class, values));
            case AMOUNT, REAL -> throw new IllegalArgumentException(name + " has several values of type " + type);
        };
    }

    private static <T> List<T> all(Class<T> type, List<?> values) {
        List<T> all = new ArrayList<>(values.size());
        for (Object value : values) {
            all.add(type.cast(value));
        }
        return all;
    }

    /** The name of the field, from its second use on with a number. */
    private String unused(String field) {
        int use = uses.merge(field, 1, Integer::sum);
        return use == 1 ? field : field + "_" + use;
    }
}
