package dev.changeover.legacyadapter.retire;

/**
 * What a restore does to one table.
 *
 * @param name the table, qualified and quoted
 * @param there whether it is there and is filled anew; else it is made
 * @param rows how many rows it has afterwards
 * @param lost how many rows it has now that the backup does not have, or has otherwise
 * @param back how many rows of the backup it does not have now, or has otherwise
 */
public record RestoredTable(String name, boolean there, long rows, long lost, long back) {}
