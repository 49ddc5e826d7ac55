package io.budmetrics.filter;

import io.budmetrics.error.BudMetricsException;
import java.util.List;

/**
 * Measures filters and rejects more than a question may have: how deep they are nested, how many values they have, and, as the
 * result of each visit, how many conditions.
 */
final class FilterSize implements Filter.Visitor<Integer> {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_CONDITIONS = 200;
    private static final int MAX_VALUES = 50_000;

    /** How deep the filter stands that is being visited. */
    private int level;

    private int depth;
    private int values;

    private FilterSize(int level) {
        this.level = level;
    }

    /**
     * Rejects filters that no question should have.
     *
     * @param above how many filters they are nested in
     */
    static void requireModest(int above, List<Filter> filters) {
        FilterSize size = new FilterSize(above);
        size.require(size.inside(filters));
    }

    private int inside(List<Filter> filters) {
        level++;
        depth = Math.max(depth, level);
        int conditions = 0;
        for (Filter filter : filters) {
            conditions += filter.accept(this);
        }
        level--;
        return conditions;
    }

    @Override
    public Integer visit(Filter.In filter) {
        values += filter.values().size();
        return 1;
    }

    @Override
    public Integer visit(Filter.Missing filter) {
        values++;
        return 1;
    }

    @Override
    public Integer visit(Filter.Bound filter) {
        values++;
        return 1;
    }

    @Override
    public Integer visit(Filter.Unmeasured filter) {
        values++;
        return 1;
    }

    @Override
    public Integer visit(Filter.Not filter) {
        return inside(List.of(filter.filter()));
    }

    @Override
    public Integer visit(Filter.All filter) {
        return inside(filter.filters());
    }

    @Override
    public Integer visit(Filter.Any filter) {
        return inside(filter.filters());
    }

    private void require(int conditions) {
        if (depth > MAX_DEPTH) {
            throw BudMetricsException.invalidQuery(
                    "filters are nested " + depth + " deep; at most " + MAX_DEPTH + ", so rewrite the innermost");
        }
        if (conditions > MAX_CONDITIONS) {
            throw BudMetricsException.invalidQuery("filters have " + conditions + " conditions; at most "
                    + MAX_CONDITIONS + ", so name the values of a dimension in one, or ask several questions");
        }
        if (values > MAX_VALUES) {
            throw BudMetricsException.invalidQuery(
                    "filters have " + values + " values; at most " + MAX_VALUES + " in all, or ask several questions");
        }
    }
}
