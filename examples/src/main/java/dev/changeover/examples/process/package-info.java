/** Other JVMs on this machine. */
@NullMarked
package dev.changeover.examples.process;

import org.jspecify.annotations.NullMarked;
