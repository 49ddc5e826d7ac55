/**
 * The interfaces of every kind of question: a client executes a {@code Question}, whose statement is written with a
 * {@code SqlContext} and whose {@code Facts} describe what it reads. {@code RequestRows} lets a service add further kinds in a
 * few lines.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.question;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
