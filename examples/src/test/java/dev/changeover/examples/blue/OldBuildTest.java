package dev.changeover.examples.blue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.core.Side;
import dev.changeover.examples.data.OldBuildRows;
import dev.changeover.examples.data.SeedData;
import dev.changeover.examples.data.SeedLoader;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.journal.JournalReader;
import dev.changeover.examples.workload.Population;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OldBuildTest {

    private static final long SEED = 7;
    private static final SeedSize SIZE = SeedSize.scaled(0.01);

    @TempDir
    Path folder;

    @Test
    void it_writes_until_its_input_ends_and_loads_no_class_of_the_library() throws Exception {
        try (TestDatabase database = filled()) {
            Path classes = folder.resolve("classes");
            Path journal = folder.resolve("journal");
            Process process = start(database.url(), classes, journal);
            try {
                await().atMost(Duration.ofSeconds(120)).until(() -> written(database) > 20);
                process.getOutputStream().close();

                assertThat(process.waitFor()).isZero();
            } finally {
                process.destroyForcibly();
            }
            assertThat(JournalReader.read(journal).acknowledged()).isGreaterThan(20);
            assertThat(ours(classes)).isNotEmpty().allMatch(name -> name.startsWith("dev.changeover.examples."));
        }
    }

    private static long written(TestDatabase database) throws Exception {
        try (var connection = database.pool().getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery(
                                "select count(*) from conference_legacy.audit_logs where ip_address = '10.0.0.99'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static Process start(String url, Path classes, Path journal) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + classes,
                "-classpath",
                System.getProperty("java.class.path"),
                OldBuild.class.getName(),
                "--jdbc-url=" + url,
                "--seed=" + SEED,
                "--users=" + SIZE.users(),
                "--rooms=" + SIZE.rooms(),
                "--rate=100",
                "--journal=" + journal);
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The names of the project's own classes in a log of loaded ones. */
    private static List<String> ours(Path classes) throws Exception {
        try (Stream<String> lines = Files.lines(classes)) {
            return lines.flatMap(line -> Stream.of(line.split(" ")))
                    .filter(word -> word.startsWith("dev.changeover."))
                    .toList();
        }
    }

    @Test
    void only_the_shared_rooms_are_written_by_both_builds() {
        OldBuildRows rows = OldBuildRows.of(SEED, SIZE);
        try (TestDatabase database = filled()) {
            Population old = Population.ofOldBuild(database.pool(), Schemas.DEFAULT, rows);
            Population present = Population.of(database.pool(), Schemas.DEFAULT, Side.LEGACY, rows);

            assertThat(present.hotRooms()).startsWith(old.hotRooms().toArray(UUID[]::new));
            assertThat(all(old)).isNotEmpty().doesNotContainAnyElementsOf(all(present));
            assertThat(Stream.of(old.hosts(), old.guests(), old.rooms(), old.spareRooms()))
                    .noneMatch(List::isEmpty);
            assertThat(all(old).size()
                            + all(present).size()
                            + present.hotRooms().size())
                    .isEqualTo(SIZE.users() + SIZE.rooms());
        }
    }

    private static List<UUID> all(Population population) {
        Stream<UUID> staying = Stream.of(
                        population.hosts(), population.guests(), population.rooms(), population.spareRooms())
                .flatMap(List::stream);
        Stream<UUID> leaving = population.leavers().stream()
                .flatMap(each -> Stream.concat(Stream.of(each.user()), each.rooms().stream()));
        return Stream.concat(staying, leaving).toList();
    }

    private static TestDatabase filled() {
        TestDatabase database = TestDatabase.withBothSchemas();
        SeedLoader.load(database.pool(), Schemas.DEFAULT, new SeedData(SEED, SIZE));
        return database;
    }
}
