package dev.changeover.shadowcompare;

/**
 * What shadow reads of one repository cost, as measured.
 *
 * @param repository the name of the repository
 * @param readNanos the median time of the callers' reads, in nanoseconds; 0 before the first
 * @param handOffNanos the median time that a caller spends on a shadow read, in nanoseconds; 0 before the first
 * @param admitted the share of the sampled reads that the budget lets pass, 1 while it is kept
 * @param workNanos how long the workers were at work since the start, all together, in nanoseconds
 */
public record ShadowCost(String repository, long readNanos, long handOffNanos, double admitted, long workNanos) {}
