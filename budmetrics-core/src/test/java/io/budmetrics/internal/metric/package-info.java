/** Tests of aggregates. */
@NullMarked
package io.budmetrics.internal.metric;

import org.jspecify.annotations.NullMarked;
