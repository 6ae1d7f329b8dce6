package dev.changeover.legacyadapter.retire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.ChildJvm;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory does not grow with the tables. */
@PostgresTest
class BackupMemoryTest {

    private static final int HEAP = 16;

    @Test
    void aTableThatIsLargerThanTheHeapIsBackedUpAndRestored(PostgresDatabase database, @TempDir Path directory)
            throws IOException {
        database.execute("CREATE SCHEMA shop; CREATE TABLE shop.much (id integer PRIMARY KEY, text text);"
                + " INSERT INTO shop.much SELECT i, repeat(md5(i::text), 8192) FROM generate_series(1, 120) i");
        Path target = directory.resolve("backup");
        try (ChildJvm child = ChildJvm.withHeap(HEAP, BackupOfMuch.class, database.jdbcUrl(), target.toString())) {
            assertThat(child.await(0, line -> line.startsWith("rows"))).isEqualTo("rows 120");
            String heap = child.await(0, line -> line.startsWith("heap"));
            assertThat(Integer.parseInt(heap.substring(5))).isLessThanOrEqualTo(HEAP);
        }
        assertThat(Files.size(target.resolve("0.copy"))).isGreaterThan(3L * HEAP << 19);
    }
}
