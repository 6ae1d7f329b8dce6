package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.support.ReflectionSupport;

/** The failure matrix for one database: every row has tests in every stage where it makes sense, as the page tells. */
class FailureMatrixTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "failure-matrix.md");
    private static final Set<Stage> EVERY = EnumSet.allOf(Stage.class);
    private static final Set<Stage> FOLLOWED = EnumSet.range(Stage.DUAL_WRITE, Stage.NEW_PRIMARY);

    private record Row(String name, Set<Stage> stages) {}

    private static final List<Row> ROWS = List.of(
            new Row(FailureRow.BEFORE, EVERY),
            new Row(FailureRow.BETWEEN, EVERY),
            new Row(FailureRow.THROWS, EVERY),
            new Row(FailureRow.INSIDE, FOLLOWED),
            new Row(FailureRow.LOST_REPLY, EVERY),
            new Row(FailureRow.AFTER_COMMIT, EVERY),
            new Row(FailureRow.FOLLOWER, FOLLOWED),
            new Row(FailureRow.CLEARED, FOLLOWED),
            new Row(FailureRow.DRAINER, FOLLOWED),
            new Row(FailureRow.TWO_DRAINERS, FOLLOWED),
            new Row(FailureRow.RACE, FOLLOWED),
            new Row(FailureRow.FLIP, EVERY),
            new Row(FailureRow.MISSED, EVERY),
            new Row(FailureRow.SAVEPOINT, EVERY),
            new Row(FailureRow.PSQL, EVERY),
            new Row(FailureRow.CRASH, EnumSet.of(Stage.DUAL_WRITE, Stage.RAMP, Stage.NEW_PRIMARY)));

    /** A test with one of its rows. */
    private record Proof(Method test, FailureRow row) {

        String name() {
            return test.getDeclaringClass().getSimpleName() + "." + test.getName();
        }

        /** As the annotation tells, or all stages that are parameters. */
        Set<Stage> stages() {
            Set<Stage> stages = EnumSet.noneOf(Stage.class);
            stages.addAll(Arrays.asList(row.stages()));
            if (stages.isEmpty()) {
                stages.addAll(parameters());
            }
            return stages;
        }

        private Collection<Stage> parameters() {
            EnumSource names = test.getAnnotation(EnumSource.class);
            CsvSource lines = test.getAnnotation(CsvSource.class);
            MethodSource source = test.getAnnotation(MethodSource.class);
            if (names != null && test.getParameterTypes()[0] == Stage.class) {
                return names.names().length == 0
                        ? EVERY
                        : Arrays.stream(names.names()).map(Stage::valueOf).toList();
            } else if (lines != null) {
                return Arrays.stream(lines.value())
                        .flatMap(line -> Arrays.stream(line.split(", *")))
                        .flatMap(FailureMatrixTest::stage)
                        .toList();
            }
            return source == null ? List.of() : provided(source.value()[0]);
        }

        private Collection<Stage> provided(String source) {
            try {
                Method provider = test.getDeclaringClass().getDeclaredMethod(source);
                Stream<?> provided = (Stream<?>) ReflectionSupport.invokeMethod(provider, null);
                return provided.flatMap(one -> one instanceof Arguments all ? Arrays.stream(all.get()) : Stream.of(one))
                        .filter(Stage.class::isInstance)
                        .map(Stage.class::cast)
                        .toList();
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Stream<Stage> stage(String name) {
        return Arrays.stream(Stage.values()).filter(stage -> stage.name().equals(name));
    }

    @Test
    void everyRowHasItsTests() {
        for (Row row : ROWS) {
            Set<Stage> stages = EnumSet.noneOf(Stage.class);
            proofs(row.name(), false).forEach(proof -> stages.addAll(proof.stages()));
            assertThat(stages).as(row.name()).containsAll(row.stages());
        }
    }

    @Test
    void everyAnnotationNamesARowAndItsStages() {
        assertThat(proofs().map(proof -> proof.row().value()).distinct())
                .isSubsetOf(ROWS.stream().map(Row::name).toList());
        assertThat(proofs())
                .allSatisfy(proof -> assertThat(proof.stages()).as(proof.name()).isNotEmpty());
    }

    /** The page is written anew with -Dfailure-matrix.write=true. */
    @Test
    void thePageListsTheTests() throws IOException {
        if (Boolean.getBoolean("failure-matrix.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page());
    }

    private static String page() {
        return """
                # Failure matrix for one database

                What goes wrong, and the tests that let it go wrong. After each failure: what was acknowledged is on the
                authority, what is not equal is marked, reads are right, and when the marks are drained both sides are equal.
                `FailureMatrixTest` fails when a row has no test in a stage where it makes sense, or when this page is not what
                the tests say. A mutant is a test in which a rule is taken away and the check is seen to fail.

                """ + ROWS.stream().map(FailureMatrixTest::section).collect(Collectors.joining("\n"));
    }

    private static String section(Row row) {
        Map<String, Set<Stage>> tests = new TreeMap<>();
        proofs(row.name(), false).forEach(proof -> tests.put(proof.name(), proof.stages()));
        String mutants = proofs(row.name(), true)
                .map(proof -> "`" + proof.name() + "`")
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(", "));
        return "## " + row.name() + "\n\n| Test | Stages |\n| --- | --- |\n"
                + tests.entrySet().stream()
                        .map(test -> "| `" + test.getKey() + "` | " + shown(test.getValue()) + " |\n")
                        .collect(Collectors.joining())
                + (mutants.isEmpty() ? "" : "\nMutants: " + mutants + "\n");
    }

    private static String shown(Set<Stage> stages) {
        return stages.equals(EVERY) ? "all" : stages.stream().map(Stage::name).collect(Collectors.joining(", "));
    }

    private static Stream<Proof> proofs(String row, boolean mutant) {
        return proofs().filter(
                        proof -> proof.row().value().equals(row) && proof.row().mutant() == mutant);
    }

    private static Stream<Proof> proofs() {
        String here = FailureMatrixTest.class.getPackageName();
        return ReflectionSupport.findAllClassesInPackage(here, type -> true, name -> true).stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .flatMap(test -> Arrays.stream(test.getAnnotationsByType(FailureRow.class))
                        .map(row -> new Proof(test, row)));
    }
}
