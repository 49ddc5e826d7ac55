/** What the other packages of this module share and a user must not see: no compatibility is promised here. */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.internal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
