package dev.changeover.core.internal;

/**
 * What became of a chunk.
 *
 * @param lastKey its last key
 * @param last whether its range is done with it
 */
record Chunk(@org.jspecify.annotations.Nullable String lastKey, int rows, int skipped, int parked, boolean last) {}
