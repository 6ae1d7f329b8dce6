package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.examples.database.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The definition of done: with the library taken out and the new repositories in the place of the router, what the
 * services use compiles and works. Only the mapping of the stores, which is the library's, is left behind.
 */
class WithoutTheLibraryTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/changeover/examples");
    private static final List<String> LIBRARY = List.of("core", "legacyadapter", "newadapter", "shadowcompare");

    /** What a service does, compiled against the ports; the repositories are those of the new side. */
    private static final String SERVICE = """
            package dev.changeover.examples;

            import dev.changeover.examples.database.Schemas;
            import dev.changeover.examples.domain.*;
            import dev.changeover.examples.next.*;
            import java.time.Instant;
            import java.util.*;
            import java.util.function.Consumer;
            import javax.sql.DataSource;
            import org.springframework.dao.OptimisticLockingFailureException;
            import org.springframework.jdbc.datasource.DataSourceTransactionManager;
            import org.springframework.transaction.support.TransactionTemplate;

            public class Service implements Consumer<DataSource> {
                public void accept(DataSource dataSource) {
                    NewSide side = new NewSide(dataSource, Schemas.DEFAULT, () -> Release.TWO);
                    UserRepository users = side.users();
                    TransactionTemplate unit = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
                    UUID id = new UUID(7, 7);
                    Instant now = Instant.parse("2026-01-02T03:04:05Z");
                    User ada = User.of(id, "ada@example.com", "hash", "Ada", true, now, now, 0);
                    unit.executeWithoutResult(s -> users.create(ada));
                    equal(users.findByEmail("ada@example.com"), Optional.of(ada));
                    User saved = unit.execute(s -> users.save(ada.renamed("Ada L", now.plusSeconds(1))));
                    equal(users.findById(id), Optional.of(saved));
                    try {
                        unit.executeWithoutResult(s -> users.save(ada));
                        throw new AssertionError("a stale version was saved");
                    } catch (OptimisticLockingFailureException expected) {
                        equal(users.count(), 1L);
                    }
                    try {
                        unit.executeWithoutResult(s -> {
                            users.delete(id);
                            throw new IllegalStateException("the unit fails");
                        });
                    } catch (IllegalStateException expected) {
                        equal(users.findById(id), Optional.of(saved));
                    }
                    unit.executeWithoutResult(s -> users.delete(id));
                    equal(users.findById(id), Optional.empty());
                }

                private static void equal(Object found, Object expected) {
                    if (!found.equals(expected)) {
                        throw new AssertionError("expected " + expected + ", found " + found);
                    }
                }
            }
            """;

    @TempDir
    Path directory;

    /** Only archives of others: modules of this build are directories, or named after it. */
    private static List<Path> others() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"))
                .filter(path -> !path.getFileName().toString().startsWith("changeover"))
                .toList();
    }

    private List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path root : List.of(SOURCES.resolve("domain"), SOURCES.resolve("next"), Path.of("src/generated/java"))) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
        }
        all.removeIf(file -> file.endsWith("NewStores.java"));
        all.add(SOURCES.resolve("database/Schemas.java"));
        all.add(Files.writeString(directory.resolve("Service.java"), SERVICE));
        return all;
    }

    private void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        String path = others().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        List<String> options = List.of("-proc:none", "-parameters", "-d", directory.toString(), "-classpath", path);
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
            boolean compiled = compiler.getTask(
                            null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources()))
                    .call();
            assertThat(compiled).as(found.getDiagnostics().toString()).isTrue();
        }
    }

    @Test
    void servicesGoOnWithTheNewRepositoriesAlone() throws Exception {
        compile();
        List<URL> urls = new ArrayList<>(List.of(directory.toUri().toURL()));
        for (Path jar : others()) {
            urls.add(jar.toUri().toURL());
        }
        try (TestDatabase database = TestDatabase.withBothSchemas();
                URLClassLoader alone =
                        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            for (String module : LIBRARY) {
                assertThat(alone.getResource("dev/changeover/" + module))
                        .as(module)
                        .isNull();
            }
            service(alone).accept(database.pool());
        }
    }

    @SuppressWarnings("unchecked") // it says so itself
    private static Consumer<DataSource> service(ClassLoader alone) throws ReflectiveOperationException {
        return (Consumer<DataSource>) alone.loadClass("dev.changeover.examples.Service")
                .getConstructor()
                .newInstance();
    }
}
