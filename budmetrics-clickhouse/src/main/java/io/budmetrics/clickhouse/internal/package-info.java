/** Code that is shared by running a statement ({@code call}) and reading its answer; nothing in {@code internal} is API. */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.internal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
