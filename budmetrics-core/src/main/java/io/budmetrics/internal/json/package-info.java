/**
 * Reads questions in JSON: {@code JsonFields} reads the fields of an object by name and type, and {@code KnownFields} has the
 * names that may occur.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.json;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
