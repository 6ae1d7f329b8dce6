package dev.changeover.core;

import java.time.Duration;

/**
 * What a maintenance window did.
 *
 * @param what the step, for people
 * @param took how long it took
 */
public record MaintenanceStep(String what, Duration took) {}
