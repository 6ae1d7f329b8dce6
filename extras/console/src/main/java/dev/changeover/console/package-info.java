/** The command line: {@code java -jar changeover.jar} operates a transition from a terminal. */
@NullMarked
package dev.changeover.console;

import org.jspecify.annotations.NullMarked;
