package dev.changeover.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.changeover.core.control.Registration;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.memory.InMemoryControl;
import dev.changeover.core.memory.InMemoryTransactions;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PercentageFileTest {

    @TempDir
    Path directory;

    private final InMemoryControl control = new InMemoryControl();
    private final List<String> problems = new ArrayList<>();
    private final List<Runnable> polls = new ArrayList<>();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final Changeover changeover = Changeover.builder()
            .control(control)
            .transactions(new InMemoryTransactions())
            .listener(new ChangeoverListener() {
                @Override
                public void backgroundFailed(String what, Throwable failure) {
                    problems.add(what);
                }
            })
            .start();
    private Path file;
    private PercentageFile watched;

    @BeforeEach
    void watch() {
        file = directory.resolve("flags.properties");
        control.register(new Registration("users", List.of(), false, false, List.of(), List.of()));
        control.register(new Registration("rooms", List.of("users"), false, false, List.of(), List.of()));
        watched = PercentageFile.watch(changeover, file, executor(), Duration.ofSeconds(1));
    }

    @AfterEach
    void close() {
        watched.close();
        changeover.close();
    }

    /** An executor whose time is the test's. */
    private ScheduledExecutorService executor() {
        ScheduledFuture<?> future = (ScheduledFuture<?>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ScheduledFuture.class}, (proxy, method, arguments) -> {
                    cancelled.incrementAndGet();
                    return true;
                });
        return (ScheduledExecutorService) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ScheduledExecutorService.class},
                (proxy, method, arguments) -> {
                    polls.add((Runnable) arguments[0]);
                    return future;
                });
    }

    private void poll(int times) {
        for (int i = 0; i < times; i++) {
            polls.get(0).run();
        }
    }

    private void write(String content) throws IOException {
        Files.writeString(file, content);
        poll(2);
    }

    private void toRamp(String... names) {
        for (String name : names) {
            for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.RAMP)) {
                control.backfilled(name);
                changeover.stages().move(name, stage, "test", "test");
            }
        }
    }

    private int percent(String name) {
        return changeover.stages().of(name).percent();
    }

    @Test
    void whatTheFileSaysIsAppliedToTheControlRowWithItsName() throws IOException {
        toRamp("users", "rooms");
        write("# the pilot\n\nrooms = 10\n  users: 25\n");

        assertThat(percent("users")).isEqualTo(25);
        assertThat(percent("rooms")).isEqualTo(10);
        assertThat(control.history())
                .filteredOn(step -> step.action().equals("PERCENT"))
                .extracting(step -> step.repository() + " " + step.actor() + " " + step.reason())
                .containsExactly("users file:flags.properties line 4", "rooms file:flags.properties line 3");
        assertThat(problems).isEmpty();
    }

    @Test
    void loweringGoesFromChildrenToParents() throws IOException {
        toRamp("users", "rooms");
        write("users=50\nrooms=50\n");
        write("users=0\nrooms=0\n");

        assertThat(percent("users")).isZero();
        assertThat(percent("rooms")).isZero();
        assertThat(problems).isEmpty();
    }

    @Test
    void aFileThatIsBeingWrittenIsNotReadHalf() throws IOException {
        toRamp("users");
        Files.writeString(file, "users=2");
        poll(1);
        Files.writeString(file, "users=25");
        poll(1);
        assertThat(percent("users")).isZero();

        poll(1);
        assertThat(percent("users")).isEqualTo(25);
    }

    @Test
    void whoChangesThePercentageAfterwardsIsNotOverruled() throws IOException {
        toRamp("users");
        write("users=25\n");
        changeover.stages().percent("users", 0, "alice", "something is wrong");
        poll(5);
        assertThat(percent("users")).isZero();

        write("users=26\n");
        assertThat(percent("users")).isEqualTo(26);
    }

    @Test
    void anEqualValueLeavesNoTrace() throws IOException {
        toRamp("users");
        int before = control.history().size();
        write("users=0\n");
        assertThat(control.history()).hasSize(before);
    }

    @Test
    void aRepositoryThatIsNotInRampIsToldOnceAndAppliedWhenItGetsThere() throws IOException {
        write("users=25\n");
        poll(3);
        assertThat(problems)
                .containsExactly("flags.properties: line 1: users is in LEGACY_ONLY, a percentage belongs to RAMP."
                        + " It is applied when it gets there; move it, or take the line out");

        toRamp("users");
        poll(1);
        assertThat(percent("users")).isEqualTo(25);
    }

    @Test
    void badLinesAreToldOnceWithTheirNumberAndWithoutTheirText() throws IOException {
        toRamp("users");
        write("password=hunter2\nusers=101\nusers=5\nusers=6\nunknown=7\n\u0000\n");
        poll(3);

        assertThat(percent("users")).isEqualTo(5);
        assertThat(problems)
                .hasSize(5)
                .allMatch(problem -> problem.startsWith("flags.properties: line "))
                .noneMatch(problem -> problem.contains("hunter2"))
                .anyMatch(problem -> problem.contains("line 2 is not understood") && problem.contains("0 to 100"))
                .anyMatch(problem -> problem.contains("line 4: users is there twice"))
                .anyMatch(problem -> problem.contains("line 5: unknown is not a known repository"));

        write("password=hunter2\n");
        assertThat(problems).hasSize(6);
    }

    @Test
    void aMissingUnreadableOrHugeFileIsToldAndHarmsNobody() throws IOException {
        poll(3);
        assertThat(problems).singleElement().asString().contains("cannot be read");

        toRamp("users");
        write("users=25\n");
        assertThat(percent("users")).isEqualTo(25);

        Files.write(file, new byte[] {'u', (byte) 0xff});
        poll(2);
        assertThat(problems).hasSize(2);
        Files.write(file, new byte[100_000]);
        poll(2);
        assertThat(problems).hasSize(2);
        assertThat(percent("users")).isEqualTo(25);
    }

    @Test
    void aRefusalOfTheControlIsToldAndTriedAgain() throws IOException {
        toRamp("users", "rooms");
        write("rooms=10\n");
        poll(2);
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("rooms was refused")
                .contains("users");

        changeover.stages().percent("users", 10, "alice", "test");
        poll(1);
        assertThat(percent("rooms")).isEqualTo(10);
    }

    @Test
    void aClosedFileIsNotPolled() {
        watched.close();
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void aThreadOfItsOwnWatchesAndEnds() {
        PercentageFile own = PercentageFile.watch(changeover, file);
        assertThatCode(own::close).doesNotThrowAnyException();
    }
}
