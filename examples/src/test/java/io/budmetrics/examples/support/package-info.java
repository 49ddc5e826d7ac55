/** Tests of what the programs share. */
@NullMarked
package io.budmetrics.examples.support;

import org.jspecify.annotations.NullMarked;
