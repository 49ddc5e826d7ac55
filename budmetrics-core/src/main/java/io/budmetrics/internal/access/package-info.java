/** Lets a public type hold data that only this library may use: {@code HasInternals} holds it, {@code Internals} reads it. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
