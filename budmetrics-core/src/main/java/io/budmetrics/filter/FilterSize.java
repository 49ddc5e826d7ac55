package io.budmetrics.filter;

import io.budmetrics.error.BudMetricsException;
import java.util.List;

/** How much filters ask of a server. */
final class FilterSize {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_CONDITIONS = 200;
    private static final int MAX_VALUES = 50_000;

    private int depth;
    private int conditions;
    private int values;

    private FilterSize() {}

    /** Refuses filters that no question should have; they stand at this depth. */
    static void requireModest(int above, List<Filter> filters) {
        FilterSize size = new FilterSize();
        filters.forEach(filter -> size.add(filter, above + 1));
        size.require();
    }

    private void add(Filter filter, int level) {
        depth = Math.max(depth, level);
        if (filter instanceof Filter.Not not) {
            add(not.filter(), level + 1);
        } else if (filter instanceof Filter.All all) {
            all.filters().forEach(inner -> add(inner, level + 1));
        } else if (filter instanceof Filter.Any any) {
            any.filters().forEach(inner -> add(inner, level + 1));
        } else {
            conditions++;
            values += filter instanceof Filter.In in ? in.values().size() : 1;
        }
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
