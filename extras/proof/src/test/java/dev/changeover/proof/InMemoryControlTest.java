package dev.changeover.proof;

import dev.changeover.core.control.Control;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.memory.InMemoryControl;
import dev.changeover.core.memory.InMemoryTransactions;
import dev.changeover.core.spi.Transactions;
import dev.changeover.testkit.ControlContract;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The control of users' unit tests keeps the rules of the real one. */
class InMemoryControlTest extends ControlContract {

    private final InMemoryControl control =
            new InMemoryControl(new MoveRounds(Duration.ofMillis(10), 2, Duration.ofMillis(50), 0), System::nanoTime);
    private final InMemoryTransactions transactions = new InMemoryTransactions();

    @Override
    protected Control control() {
        return control;
    }

    @Override
    protected Transactions transactions() {
        return transactions;
    }

    @Override
    protected void backfilled(String repository) {
        control.backfilled(repository);
    }

    @Override
    protected void reseeded(String repository) {
        control.reseeded(repository);
    }

    @Override
    protected List<String> history(String repository) {
        return control.history().stream()
                .filter(step -> step.repository().equals(repository))
                .map(step -> String.join(
                        " ",
                        step.action(),
                        Objects.requireNonNullElse(step.before(), "-"),
                        step.after(),
                        step.actor(),
                        step.reason()))
                .toList();
    }
}
