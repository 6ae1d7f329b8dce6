/**
 * Moves live data from a legacy schema to a new one. {@code Changeover} is the way in.
 */
@NullMarked
package dev.changeover.core;

import org.jspecify.annotations.NullMarked;
