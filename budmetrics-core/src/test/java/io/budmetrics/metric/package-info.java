/** Tests of metrics. */
@NullMarked
package io.budmetrics.metric;

import org.jspecify.annotations.NullMarked;
