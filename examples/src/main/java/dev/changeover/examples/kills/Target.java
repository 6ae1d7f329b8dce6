package dev.changeover.examples.kills;

/**
 * Where a life is to end.
 *
 * @param point the point that it must have reached
 * @param nanos how long after that
 */
record Target(Point point, long nanos) {}
