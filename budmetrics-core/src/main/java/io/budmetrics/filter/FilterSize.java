package io.budmetrics.filter;

import io.budmetrics.error.BudMetricsException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts how deep filters are nested and how many conditions and values they have, and rejects more than a question may have. */
final class FilterSize implements Filter.Visitor<@Nullable Void> {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_CONDITIONS = 200;
    private static final int MAX_VALUES = 50_000;

    /** How deep the filter stands that is being visited. */
    private int level;

    private int depth;
    private int conditions;
    private int values;

    private FilterSize(int level) {
        this.level = level;
    }

    /**
     * Rejects filters that no question should have.
     *
     * @param above how many filters they stand in
     */
    static void requireModest(int above, List<Filter> filters) {
        FilterSize size = new FilterSize(above);
        size.inside(filters);
        size.require();
    }

    private @Nullable Void inside(List<Filter> filters) {
        level++;
        depth = Math.max(depth, level);
        for (Filter filter : filters) {
            filter.accept(this);
        }
        level--;
        return null;
    }

    private @Nullable Void condition(int valuesOfCondition) {
        conditions++;
        values += valuesOfCondition;
        return null;
    }

    @Override
    public @Nullable Void visit(Filter.In filter) {
        return condition(filter.values().size());
    }

    @Override
    public @Nullable Void visit(Filter.Missing filter) {
        return condition(1);
    }

    @Override
    public @Nullable Void visit(Filter.Bound filter) {
        return condition(1);
    }

    @Override
    public @Nullable Void visit(Filter.Unmeasured filter) {
        return condition(1);
    }

    @Override
    public @Nullable Void visit(Filter.Not filter) {
        return inside(List.of(filter.filter()));
    }

    @Override
    public @Nullable Void visit(Filter.All filter) {
        return inside(filter.filters());
    }

    @Override
    public @Nullable Void visit(Filter.Any filter) {
        return inside(filter.filters());
    }

    private void require() {
        if (depth > MAX_DEPTH) {
            throw BudMetricsException.invalidQuery("filters are nested " + depth + " deep; at most " + MAX_DEPTH
                    + ", so say the innermost another way");
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
