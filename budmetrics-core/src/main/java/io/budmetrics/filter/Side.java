package io.budmetrics.filter;

import java.util.Locale;

/** On which side of a bound a number lies. */
public enum Side {
    /** Greater or equal. */
    AT_LEAST,
    /** Greater. */
    ABOVE,
    /** Less or equal. */
    AT_MOST,
    /** Less. */
    BELOW;

    /**
     * What it is called in JSON.
     *
     * @return such as <code>at_least</code>
     */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
