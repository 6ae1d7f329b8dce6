package dev.changeover.core;

/**
 * A table of one side whose changes sentinels see.
 *
 * @param table its name, quoted and qualified
 * @param keyColumn the column that holds the key of the root, quoted; of the root's own table, its key
 */
public record WatchedTable(String table, String keyColumn) {}
