package io.budmetrics.internal.expr;

import io.budmetrics.error.BudMetricsException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of a table, or of a column, that lies at a server. Immutable.
 *
 * @param name 1 to 128 of letters, digits, spaces and <code>_ - $ @ : / .</code>, beginning with a letter or an underscore
 */
public record Identifier(String name) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z_][A-Za-z0-9_ $@:/.-]{0,127}");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Refuses what is no such name. */
    public Identifier {
        Objects.requireNonNull(name, "name is null");
        if (!ALLOWED.matcher(name).matches()) {
            throw BudMetricsException.invalidConfiguration("the name of a table or column has " + name.length()
                    + " characters and is not 1 to 128 of letters, digits, spaces and _ - $ @ : / . that begin with a letter"
                    + " or an underscore; give such a name, or a view with one");
        }
    }

    /**
     * Returns the name as it is written in a statement.
     *
     * @return in backticks where it is not plain
     */
    public String sql() {
        return PLAIN.matcher(name).matches() ? name : "`" + name + "`";
    }

    @Override
    public String toString() {
        return name;
    }
}
