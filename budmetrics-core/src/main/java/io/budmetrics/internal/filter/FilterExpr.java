package io.budmetrics.internal.filter;

import static io.budmetrics.internal.expr.Expr.Operator.AND;
import static io.budmetrics.internal.expr.Expr.Operator.OR;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF_NULL;
import static io.budmetrics.internal.expr.SqlFunction.IS_NOT_NULL;
import static io.budmetrics.internal.expr.SqlFunction.IS_NULL;
import static io.budmetrics.internal.expr.SqlFunction.NOT;

import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.DimensionSql;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.Expr.Operator;
import io.budmetrics.internal.expr.QuantitySql;
import io.budmetrics.internal.expr.SqlFunction;
import io.budmetrics.internal.expr.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Filters as conditions over logical columns. A negation is carried inwards to the comparisons, where a missing value then
 * makes it true; above them nothing tells a missing outcome from a false one, so all others stay plain comparisons of columns.
 */
public final class FilterExpr implements Filter.Visitor<Expr> {
    private static final FilterExpr PLAIN = new FilterExpr(false);
    private static final FilterExpr NEGATED = new FilterExpr(true);

    private final boolean negated;

    private FilterExpr(boolean negated) {
        this.negated = negated;
    }

    public static Expr of(Filter filter) {
        return filter.accept(PLAIN);
    }

    @Override
    public Expr visit(Filter.Not filter) {
        return filter.filter().accept(negated ? PLAIN : NEGATED);
    }

    @Override
    public Expr visit(Filter.All filter) {
        return joined(negated ? OR : AND, filter.filters());
    }

    @Override
    public Expr visit(Filter.Any filter) {
        return joined(negated ? AND : OR, filter.filters());
    }

    private Expr joined(Operator operator, List<Filter> filters) {
        List<Expr> operands = new ArrayList<>(filters.size());
        for (Filter filter : filters) {
            operands.add(filter.accept(this));
        }
        return new Expr.Logical(operator, operands);
    }

    @Override
    public Expr visit(Filter.In filter) {
        return in(filter, negated);
    }

    @Override
    public Expr visit(Filter.Missing filter) {
        return missing(Internals.of(filter.dimension()), negated);
    }

    @Override
    public Expr visit(Filter.Unmeasured filter) {
        return unmeasured(Internals.of(filter.quantity()), negated);
    }

    @Override
    public Expr visit(Filter.Bound filter) {
        return bound(filter, negated);
    }

    private static Expr in(Filter.In in, boolean negated) {
        DimensionSql<?> dimension = Internals.of(in.dimension());
        Expr column = dimension.value();
        Expr values = values(dimension, in.values());
        boolean one = in.values().size() == 1;
        if (!negated) {
            return binary(column, one ? Operator.EQUAL : Operator.IN, values);
        }
        Expr differs = binary(column, one ? Operator.NOT_EQUAL : Operator.NOT_IN, values);
        return dimension.nullable() ? call(IF_NULL, differs, number(1)) : differs;
    }

    private static Expr missing(DimensionSql<?> dimension, boolean negated) {
        Expr column = dimension.value();
        if (dimension.storedType() != ValueType.TEXT) {
            return call(negated ? IS_NOT_NULL : IS_NULL, column);
        }
        // an empty text says nothing either
        Expr empty = call(SqlFunction.EMPTY, column);
        return negated ? call(SqlFunction.NOT_EMPTY, column) : call(IF_NULL, empty, number(1));
    }

    private static Expr unmeasured(QuantitySql<?> quantity, boolean negated) {
        if (negated) {
            return quantity.measured();
        }
        return quantity.condition().isEmpty()
                ? call(IS_NULL, quantity.value())
                : call(IF_NULL, call(NOT, quantity.measured()), number(1));
    }

    private static Expr bound(Filter.Bound bound, boolean negated) {
        QuantitySql<?> quantity = Internals.of(bound.quantity());
        Operator operator = operator(bound.side());
        Expr limit = new Expr.Value(
                bound.quantity().name(), quantity.type(), quantity.type().plain(bound.bound()));
        Expr compared = binary(quantity.value(), operator, limit);
        boolean low = operator == Operator.AT_MOST || operator == Operator.BELOW;
        Expr notNegative = binary(quantity.value(), Operator.AT_LEAST, number(0));
        // what is above a bound is not negative
        Optional<Expr> measured = quantity.condition().filter(condition -> low || !condition.equals(notNegative));
        if (!negated) {
            return measured.map(condition -> binary(condition, AND, compared)).orElse(compared);
        }
        // no comparison with what is no number is true, nor is its opposite
        boolean opposite = measured.isEmpty() && quantity.type() != ValueType.REAL;
        Expr not = opposite
                ? binary(quantity.value(), opposite(operator), limit)
                : call(
                        NOT,
                        measured.map(condition -> binary(condition, AND, compared))
                                .orElse(compared));
        return call(IF_NULL, not, number(1));
    }

    private static Operator operator(Side side) {
        return switch (side) {
            case AT_LEAST -> Operator.AT_LEAST;
            case ABOVE -> Operator.ABOVE;
            case AT_MOST -> Operator.AT_MOST;
            case BELOW -> Operator.BELOW;
        };
    }

    private static Operator opposite(Operator operator) {
        return switch (operator) {
            case AT_LEAST -> Operator.BELOW;
            case ABOVE -> Operator.AT_MOST;
            case AT_MOST -> Operator.ABOVE;
            case BELOW -> Operator.AT_LEAST;
            default -> throw new IllegalArgumentException("no side: " + operator);
        };
    }

    private static Expr values(DimensionSql<?> dimension, List<?> given) {
        List<Object> values = new ArrayList<>(given.size());
        for (Object value : given) {
            values.add(dimension.stored(value));
        }
        String name = dimension.name();
        // without edges, whose digits could be taken for those of a second use
        String field = dimension.hasClasses() ? name.replaceAll("_[0-9].*", "") : name;
        return new Expr.Value(field, dimension.storedType(), values.size() == 1 ? values.get(0) : values);
    }
}
