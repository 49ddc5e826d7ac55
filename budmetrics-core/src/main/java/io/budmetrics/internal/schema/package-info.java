/** Describes tables that other programs fill, so that they can be created where none of these runs. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.schema;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
