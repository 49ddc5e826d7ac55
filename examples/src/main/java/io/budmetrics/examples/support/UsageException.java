package io.budmetrics.examples.support;

/** An option or argument that cannot be used; {@link Cli} prints the message and exits with code 2. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong and what to give instead.
     *
     * @param message such as <code>--until is tomorrow; give a date such as 2026-11-01</code>
     */
    public UsageException(String message) {
        super(message);
    }
}
