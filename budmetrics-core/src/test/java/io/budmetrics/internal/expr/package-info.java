/** Tests of the renderer. */
@NullMarked
package io.budmetrics.internal.expr;

import org.jspecify.annotations.NullMarked;
