/** The rules that the packages keep. */
@NullMarked
package io.budmetrics.architecture;

import org.jspecify.annotations.NullMarked;
