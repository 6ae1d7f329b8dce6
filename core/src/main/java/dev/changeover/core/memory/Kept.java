package dev.changeover.core.memory;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Registration;
import dev.changeover.core.control.RepositoryState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One repository as the control keeps it: what it said of itself, and where it is. */
record Kept(Registration registration, RepositoryState state) {

    static Kept first(Registration registration, int number) {
        return new Kept(
                registration,
                new RepositoryState(
                        registration.name(), number, Stage.LEGACY_ONLY, 1, 0, 1, Set.of(), Set.of(), false, null));
    }

    Kept registered(Registration again) {
        return new Kept(again, state);
    }

    Kept routed(int percent, Set<String> allow, Set<String> deny) {
        return new Kept(
                registration,
                new RepositoryState(
                        state.name(),
                        state.number(),
                        state.stage(),
                        state.epoch(),
                        percent,
                        state.revision() + 1,
                        allow,
                        deny,
                        state.backfilled(),
                        state.stale()));
    }

    Kept settled(boolean backfilled, @Nullable Side stale) {
        return at(state.stage(), state.epoch(), backfilled, stale);
    }

    /** The other side of a move: a side that is left is stamped stale. */
    Kept moved(Stage target, @Nullable Side left) {
        Kept moved = at(
                target, state.epoch() + 1, state.backfilled() && left != Side.NEW, left == null ? state.stale() : left);
        return target == Stage.RAMP
                ? moved.routed(state.stage() == Stage.SHADOW ? 0 : 100, state.allow(), state.deny())
                : moved;
    }

    private Kept at(Stage stage, long epoch, boolean backfilled, @Nullable Side stale) {
        return new Kept(
                registration,
                new RepositoryState(
                        state.name(),
                        state.number(),
                        stage,
                        epoch,
                        state.percent(),
                        state.revision(),
                        state.allow(),
                        state.deny(),
                        backfilled,
                        stale));
    }
}
