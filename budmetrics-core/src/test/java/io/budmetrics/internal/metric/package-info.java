/** Tests of the renderer. */
@NullMarked
package io.budmetrics.internal.metric;

import org.jspecify.annotations.NullMarked;
