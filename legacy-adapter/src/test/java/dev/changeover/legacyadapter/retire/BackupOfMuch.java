package dev.changeover.legacyadapter.retire;

import java.nio.file.Path;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** Backs a table up and fills it again, in a process with little memory. */
final class BackupOfMuch {

    private BackupOfMuch() {}

    /** Takes the URL and the directory. */
    public static void main(String[] arguments) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(arguments[0]);
        Path directory = Path.of(arguments[1]);
        BackupManifest manifest = LegacyBackup.of(source).write("users", List.of("shop.much"), directory);
        System.out.println("rows " + manifest.tables().get(0).rows());
        LegacyBackup.of(source).check(directory);
        System.out.println("heap " + Runtime.getRuntime().maxMemory() / (1 << 20));
    }
}
