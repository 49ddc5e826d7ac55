/** Synthetic traffic for demonstrations and tests: {@code SyntheticTraffic} generates the same inferences for the same seed. */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.synthetic;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
