package dev.changeover.legacyadapter.retire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a restore would do, and what would be lost by it.
 *
 * @param backup the backup
 * @param stage the stage of its repository, or null if the control schema does not know it any more
 * @param laterWrites how many writes new has got since the backup, as far as instances measured; null if that is not known,
 *     or if new does not lead
 * @param tables a line for each table
 * @param refusals why it does not run as it was asked for; empty if it does
 * @param script what would be run
 */
public record RestorationPlan(
        BackupManifest backup,
        @Nullable String stage,
        @Nullable Long laterWrites,
        List<RestoredTable> tables,
        List<String> refusals,
        String script) {

    /** Copies the lists. */
    public RestorationPlan {
        tables = List.copyOf(tables);
        refusals = List.copyOf(refusals);
    }

    /** Returns how many rows that are in the tables now would be lost. */
    public long lost() {
        return tables.stream().mapToLong(RestoredTable::lost).sum();
    }
}
