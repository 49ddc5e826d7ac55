/** Tests of the rules about packages and their dependencies. */
@NullMarked
package io.budmetrics.architecture;

import org.jspecify.annotations.NullMarked;
