/** Tests of the code that the commands share. */
@NullMarked
package io.budmetrics.examples.support;

import org.jspecify.annotations.NullMarked;
