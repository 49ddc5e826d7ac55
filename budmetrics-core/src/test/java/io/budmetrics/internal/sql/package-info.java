/** Tests of the renderer. */
@NullMarked
package io.budmetrics.internal.sql;

import org.jspecify.annotations.NullMarked;
