package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

@Guarantee("kit-2")
class ProbeTest {
    private final Probe probe = new Probe();
    private final Consumer<String> hook = probe;

    @Test
    @Guarantee("kit-10")
    void aThreadPausesAtItsPointUntilItIsReleased() throws Exception {
        PausePoint pause = probe.pauseAt("after-insert");
        CompletableFuture<Void> thread = CompletableFuture.runAsync(() -> hook.accept("after-insert"));
        pause.awaitReached();
        assertThat(thread).isNotDone();
        pause.release();
        thread.get(20, TimeUnit.SECONDS);
    }

    @Test
    @Guarantee("kit-9")
    @Guarantee("kit-10")
    void aPauseStopsOneThreadOnly() {
        try (PausePoint pause = probe.pauseAt("p")) {
            CompletableFuture.runAsync(() -> hook.accept("p"));
            pause.awaitReached();
            hook.accept("p");
            assertThat(probe.hits("p")).isEqualTo(2);
        }
    }

    @Test
    void exceptionsAndErrorsPassThroughAsTheyAre() {
        SQLException checked = new SQLException("lost");
        probe.throwAt("p", () -> checked).throwAt("p", () -> new OutOfMemoryError("planned"));
        assertThatThrownBy(() -> hook.accept("p")).isSameAs(checked);
        assertThatThrownBy(() -> hook.accept("p")).isInstanceOf(OutOfMemoryError.class);
        assertThatCode(() -> hook.accept("p")).doesNotThrowAnyException();
    }

    @Test
    void anActionRunsInTheThreadThatArrives() {
        AtomicReference<Thread> ran = new AtomicReference<>();
        probe.runAt("p", () -> ran.set(Thread.currentThread()));
        hook.accept("other");
        assertThat(ran).hasValue(null);
        hook.accept("p");
        assertThat(ran).hasValue(Thread.currentThread());
    }
}
