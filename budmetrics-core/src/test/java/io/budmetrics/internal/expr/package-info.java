/** Tests of expressions. */
@NullMarked
package io.budmetrics.internal.expr;

import org.jspecify.annotations.NullMarked;
