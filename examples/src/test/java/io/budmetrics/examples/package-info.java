/** Tests of the examples. */
@NullMarked
package io.budmetrics.examples;

import org.jspecify.annotations.NullMarked;
