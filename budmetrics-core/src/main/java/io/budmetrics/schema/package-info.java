/** Where data lies: columns, tables, layouts. */
@NullMarked
@CheckReturnValue
package io.budmetrics.schema;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
