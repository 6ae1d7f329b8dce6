/** The final check: plain SQL that shares no code with the mappings. */
@NullMarked
package dev.changeover.examples.check;

import org.jspecify.annotations.NullMarked;
