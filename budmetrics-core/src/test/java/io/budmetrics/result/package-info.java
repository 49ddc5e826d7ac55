/** Tests of answers. */
@NullMarked
package io.budmetrics.result;

import org.jspecify.annotations.NullMarked;
