/** Turns a question into one statement. */
@NullMarked
@CheckReturnValue
package io.budmetrics.sql;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
