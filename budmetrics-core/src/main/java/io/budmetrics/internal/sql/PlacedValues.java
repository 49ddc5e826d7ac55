package io.budmetrics.internal.sql;

import io.budmetrics.internal.expr.Expr;
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
    /** How often a field has given its name to a parameter. */
    private final Map<String, Integer> uses = new HashMap<>();
    /** An expression that occurs in several places has its values once; null until there are any. */
    private @Nullable IdentityHashMap<Expr.Value, SqlParameter> placed;

    public PlacedValues(List<SqlParameter> parameters) {
        this.parameters = parameters;
    }

    @Override
    public SqlParameter place(Expr.Value value) {
        if (placed == null) {
            placed = new IdentityHashMap<>(4);
        }
        SqlParameter known = placed.get(value);
        if (known != null) {
            return known;
        }
        SqlParameter parameter = parameter(unused(value.field()), value.value());
        placed.put(value, parameter);
        parameters.add(parameter);
        return parameter;
    }

    private static SqlParameter parameter(String name, Object value) {
        if (value instanceof List<?> list) {
            return several(name, list);
        }
        if (value instanceof UUID uuid) {
            return SqlParameter.of(name, uuid);
        }
        if (value instanceof String text) {
            return SqlParameter.of(name, text);
        }
        if (value instanceof Boolean flag) {
            return SqlParameter.of(name, flag);
        }
        if (value instanceof BigDecimal amount) {
            return SqlParameter.of(name, amount);
        }
        if (value instanceof Double real) {
            return SqlParameter.of(name, real.doubleValue());
        }
        if (value instanceof Long whole) {
            return SqlParameter.of(name, whole.longValue());
        }
        throw unknown(name, value);
    }

    private static SqlParameter several(String name, List<?> values) {
        Object first = values.get(0);
        if (first instanceof UUID) {
            return SqlParameter.ofUuids(name, all(UUID.class, values));
        }
        if (first instanceof String) {
            return SqlParameter.ofTexts(name, all(String.class, values));
        }
        if (first instanceof Boolean) {
            return SqlParameter.ofFlags(name, all(Boolean.class, values));
        }
        if (first instanceof Long) {
            return SqlParameter.ofWholes(name, all(Long.class, values));
        }
        throw unknown(name, first);
    }

    private static <T> List<T> all(Class<T> type, List<?> values) {
        List<T> all = new ArrayList<>(values.size());
        for (Object value : values) {
            all.add(type.cast(value));
        }
        return all;
    }

    private static IllegalArgumentException unknown(String name, Object value) {
        return new IllegalArgumentException(
                name + " has a value of type " + value.getClass().getSimpleName() + ", which no parameter has");
    }

    /** The name of the field, from its second use on with a number. */
    private String unused(String field) {
        int use = uses.merge(field, 1, Integer::sum);
        return use == 1 ? field : field + "_" + use;
    }
}
