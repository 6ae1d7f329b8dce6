/** What is shown: tables, progress and JSON, in which no text from a database reaches a terminal as it is. */
@NullMarked
package dev.changeover.console.terminal;

import org.jspecify.annotations.NullMarked;
