/** Kills the main job at random moments and lets it go on, again and again. */
@NullMarked
package dev.changeover.examples.kills;

import org.jspecify.annotations.NullMarked;
