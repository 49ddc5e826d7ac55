/** Bench. */
@NullMarked
package io.budmetrics.bench;

import org.jspecify.annotations.NullMarked;
