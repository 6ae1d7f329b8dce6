/** What the library tells: one listener interface, and listeners that log and measure. */
@NullMarked
package dev.changeover.core.event;

import org.jspecify.annotations.NullMarked;
