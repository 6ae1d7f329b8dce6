package dev.changeover.legacyadapter.retire;

/**
 * What pg_dump has written of the tables, in its custom format and in the snapshot of the rows. It keeps more of the shape
 * of a table, and is for {@code pg_restore} and a person: what is checked and restored by this library is the rest.
 *
 * @param file the name of its file, or empty if there is none
 * @param sha256 the hash of that file, or empty
 * @param said which program wrote it, or why none did
 */
public record BackupDump(String file, String sha256, String said) {

    static BackupDump none(String why) {
        return new BackupDump("", "", why);
    }

    /** Tells whether there is one. */
    public boolean written() {
        return !file.isEmpty();
    }
}
