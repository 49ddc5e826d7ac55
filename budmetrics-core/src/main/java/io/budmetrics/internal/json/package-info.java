/** Reads questions in JSON: {@code JsonFields} the fields of an object by name and type, {@code KnownFields} which there may be. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.json;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
