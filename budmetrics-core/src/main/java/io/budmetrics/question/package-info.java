/**
 * What every kind of question is: {@code Question} is asked of a client, {@code SqlContext} is what its statement is
 * written with, {@code Facts} say what it reads. {@code RequestRows} lets a service add kinds of its own in a few lines.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.question;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
