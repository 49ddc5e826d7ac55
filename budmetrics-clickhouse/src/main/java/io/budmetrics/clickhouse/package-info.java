/** The client that runs statements on ClickHouse. */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
