package dev.changeover.examples.next;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.examples.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Target;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jOOQ classes are in the repository. After a change of {@code new.sql} they are written anew with
 * {@code mvn -pl examples -am test -Dtest=GeneratedClassesTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dexamples.regenerate=true}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GeneratedClassesTest {

    private static final Path COMMITTED = Path.of("src/generated/java");

    @TempDir
    Path temporary;

    @Test
    void the_committed_classes_are_those_that_the_schema_gives() throws Exception {
        Path target = Boolean.getBoolean("examples.regenerate") ? COMMITTED : temporary;
        try (TestDatabase database = TestDatabase.withBothSchemas()) {
            GenerationTool.generate(configuration(database.url(), target));
        }

        assertThat(texts(COMMITTED)).isEqualTo(texts(target)).isNotEmpty();
    }

    private static Configuration configuration(String url, Path target) {
        return new Configuration()
                .withJdbc(new Jdbc().withDriver("org.postgresql.Driver").withUrl(url))
                .withGenerator(new Generator()
                        .withDatabase(new Database()
                                .withName("org.jooq.meta.postgres.PostgresDatabase")
                                .withInputSchema("conference_new")
                                .withForcedTypes(new ForcedType()
                                        .withName("INSTANT")
                                        .withIncludeTypes("timestamp with time zone|timestamptz")))
                        .withGenerate(new Generate()
                                .withGlobalCatalogReferences(false)
                                .withComments(false)
                                .withImplicitJoinPathsToOne(false)
                                .withImplicitJoinPathsToMany(false))
                        .withTarget(new Target()
                                .withPackageName("dev.changeover.examples.next.generated")
                                .withDirectory(target.toString())));
    }

    private static Map<String, String> texts(Path root) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return texts;
    }
}
