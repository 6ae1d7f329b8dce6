package dev.changeover.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a maintenance window ended. Writers go on in any case.
 *
 * @param stage the stage in which the repositories are now
 * @param failure why they are not where they should be, or null if they are
 * @param steps what was done, in order
 */
public record MaintenanceResult(Stage stage, @Nullable String failure, List<MaintenanceStep> steps) {

    /** Copies the steps. */
    public MaintenanceResult {
        steps = List.copyOf(steps);
    }

    /** Tells whether the repositories are where they should be. */
    public boolean done() {
        return failure == null;
    }
}
