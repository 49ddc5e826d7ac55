package io.budmetrics.internal.access;

/** Reads what a public type keeps for this library alone. */
public final class Internals {
    private Internals() {}

    /**
     * What an object keeps.
     *
     * @param holder such as a metric
     * @param <I> what is kept
     * @return the part that users never see
     */
    public static <I> I of(HasInternals<I> holder) {
        return holder.internals();
    }
}
