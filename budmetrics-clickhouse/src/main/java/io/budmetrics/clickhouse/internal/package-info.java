/** What running a statement ({@code call}) and reading its answer share; nothing under {@code internal} is API. */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.internal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
