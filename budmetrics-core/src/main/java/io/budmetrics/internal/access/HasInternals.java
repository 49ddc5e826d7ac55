package io.budmetrics.internal.access;

import java.util.function.Function;

/**
 * A public type with a part that users never see. A metric knows the SQL it is computed by; the packages that write
 * statements need it, but it is no part of the API. Java has no visibility between "this package" and "everyone", so the
 * part is kept here, where only {@link Internals} reads it.
 *
 * @param <I> what is kept
 */
public abstract class HasInternals<I> {
    private final I internals;

    /**
     * Keeps a value.
     *
     * @param internals what only this library may use
     */
    protected HasInternals(I internals) {
        this.internals = internals;
    }

    /**
     * Keeps a view of the object itself.
     *
     * @param view makes the view of the object that is being constructed, and must not call it
     */
    // the view only keeps the reference, and is read after construction
    @SuppressWarnings("this-escape")
    protected HasInternals(Function<HasInternals<I>, I> view) {
        this.internals = view.apply(this);
    }

    final I internals() {
        return internals;
    }
}
