/** The subcommands of the {@code budmetrics} command, and {@code FirstAnswer}, a small program to copy from. */
@NullMarked
package io.budmetrics.examples;

import org.jspecify.annotations.NullMarked;
