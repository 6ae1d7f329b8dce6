package dev.changeover.core.memory;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Move;
import dev.changeover.core.control.PercentChange;
import dev.changeover.core.control.Registration;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.memory.InMemoryControl.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where all repositories are, and how they came there. Guarded by the lock of the control. */
final class Switchboard {

    private final Map<String, Kept> repositories = new LinkedHashMap<>();
    private final List<Step> history = new ArrayList<>();

    int register(Registration registration) {
        Kept known = repositories.get(registration.name());
        Kept kept = known == null ? Kept.first(registration, repositories.size() + 1) : known.registered(registration);
        repositories.put(registration.name(), kept);
        return kept.state().number();
    }

    List<RepositoryState> states() {
        return repositories.values().stream().map(Kept::state).toList();
    }

    List<Step> history() {
        return List.copyOf(history);
    }

    Kept named(String name) {
        Kept kept = repositories.get(name);
        if (kept == null) {
            throw MoveRules.refused("CO001", "repository " + name + " is not registered", "Build it once");
        }
        return kept;
    }

    RepositoryState numbered(int number) throws SQLException {
        for (Kept kept : repositories.values()) {
            if (kept.state().number() == number) {
                return kept.state();
            }
        }
        throw new SQLException("repository number " + number + " is not registered", "CO001");
    }

    /** Returns the numbers of a repository and of all that it depends on, itself first. */
    List<Integer> lineage(RepositoryState state) {
        Map<String, Integer> found = new LinkedHashMap<>();
        follow(state.name(), found);
        return List.copyOf(found.values());
    }

    private void follow(String name, Map<String, Integer> found) {
        Kept kept = repositories.get(name);
        if (kept != null && found.putIfAbsent(name, kept.state().number()) == null) {
            kept.registration().dependsOn().forEach(parent -> follow(parent, found));
        }
    }

    /** Moves all or none; {@code check} refuses, {@code left} forgets what a stale stamp says better. */
    List<RepositoryState> move(Move move, Consumer<Kept> check, Consumer<RepositoryState> left) {
        List<Kept> before = inOrder(move.repositories());
        List<Kept> after = new ArrayList<>();
        for (Kept kept : before) {
            checkEpoch(kept.state(), move.expectedEpoch());
            check.accept(kept);
            after.add(kept.moved(move.target(), sideLeft(kept, move.target())));
        }
        Map<String, Kept> replaced = replaced(after);
        if (move.dryRun()) {
            return after.stream().map(Kept::state).toList();
        }
        repositories.putAll(replaced);
        for (int i = 0; i < before.size(); i++) {
            history.add(Steps.move(before.get(i).state(), after.get(i).state(), move));
            if (sideLeft(before.get(i), move.target()) != null) {
                left.accept(before.get(i).state());
            }
        }
        return after.stream().map(Kept::state).toList();
    }

    private static void checkEpoch(RepositoryState state, @Nullable Long expected) {
        if (expected != null && expected != state.epoch()) {
            throw MoveRules.refused(
                    "CO019",
                    state.name() + ": expected epoch " + expected + ", found " + state.epoch(),
                    "Somebody moved it meanwhile: look at the history");
        }
    }

    private static @Nullable Side sideLeft(Kept kept, Stage target) {
        return kept.registration().shared()
                ? null
                : MoveRules.sideLeft(kept.state().stage(), target);
    }

    void percent(PercentChange change) {
        Steps.checkPercent(change.percent());
        Steps.checkReason(change.reason());
        List<Kept> before = inOrder(change.repositories());
        before.forEach(kept -> checkSeen(kept.state(), change));
        before.forEach(kept -> Steps.checkRamp(kept.state()));
        Map<String, Kept> after = replaced(before.stream()
                .map(kept -> kept.routed(
                        change.percent(), kept.state().allow(), kept.state().deny()))
                .toList());
        if (!change.dryRun()) {
            repositories.putAll(after);
            before.forEach(kept -> history.add(Steps.percent(kept.state(), change)));
        }
    }

    private static void checkSeen(RepositoryState state, PercentChange change) {
        checkEpoch(state, change.expectedEpoch());
        Long expected = change.expectedRevision();
        if (expected != null && expected != state.revision()) {
            throw MoveRules.refused(
                    "CO019",
                    state.name() + ": somebody changed the percentage meanwhile, it is " + state.percent(),
                    "Look at the history");
        }
    }

    void routeLists(String name, Collection<String> allow, Collection<String> deny, String actor, String reason) {
        Steps.checkReason(reason);
        change(name, kept -> kept.routed(kept.state().percent(), Set.copyOf(allow), Set.copyOf(deny)));
        String after = allow.size() + " allowed, " + deny.size() + " denied";
        history.add(new Step(name, "ROUTE_LISTS", null, after, null, actor, reason));
    }

    void backfilled(String name) {
        change(name, kept -> kept.settled(true, kept.state().stale()));
        history.add(Steps.settle(named(name).state(), "BACKFILLED"));
    }

    void reseeded(String name) {
        change(name, kept -> {
            RepositoryState state = kept.state();
            return kept.settled(state.backfilled() || state.stale() == Side.NEW, null);
        });
        history.add(Steps.settle(named(name).state(), "RESEEDED"));
    }

    private void change(String name, UnaryOperator<Kept> change) {
        repositories.put(name, change.apply(named(name)));
    }

    /** All of these, in the order of their numbers. */
    private List<Kept> inOrder(List<String> names) {
        names.forEach(this::named);
        return repositories.values().stream()
                .filter(kept -> names.contains(kept.state().name()))
                .toList();
    }

    private Map<String, Kept> replaced(List<Kept> changed) {
        Map<String, Kept> after = new LinkedHashMap<>(repositories);
        changed.forEach(kept -> after.put(kept.state().name(), kept));
        DependencyRules.check(after);
        return after;
    }
}
