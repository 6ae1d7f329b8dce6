package dev.changeover.core.control;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What the control schema answered a read before a follower serves it.
 *
 * @param stage the stage at that instant
 * @param percent the percentage at that instant
 * @param right the side that a mark says is right, or null if nothing is marked
 */
public record Answer(Stage stage, int percent, @Nullable Side right) {}
