package dev.changeover.testkit;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.testkit.ContractTests.Call;
import dev.changeover.testkit.TransitionContract.Stores;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** The team's tests while the side that follows fails. */
final class FaultTests<R, K, V> {

    private static final List<Stage> STAGES = List.of(Stage.DUAL_WRITE, Stage.NEW_PRIMARY);

    private final TransitionContract<R, K, V> contract;
    private final ContractDatabase database;
    private final ContractTests<R> tests;
    private final FaultyStore<K, V> legacy;
    private final FaultyStore<K, V> next;
    private final StageWalk<R, K, V> walk;

    FaultTests(TransitionContract<R, K, V> contract) {
        this.contract = contract;
        this.database = new ContractDatabase(contract);
        this.tests = new ContractTests<>(contract);
        this.legacy = new FaultyStore<>(contract.stores().legacy());
        this.next = new FaultyStore<>(contract.stores().next());
        this.walk = new StageWalk<>(contract, database, new Stores<>(legacy, next));
    }

    Stream<DynamicNode> nodes() {
        return STAGES.stream().flatMap(this::stage).onClose(walk::close);
    }

    private Stream<DynamicNode> stage(Stage stage) {
        return Stream.of(FollowerFault.values()).map(fault -> new Faulty(stage, fault).node());
    }

    /** One fault in one stage, on an instance of its own, whose breaker is closed at the beginning. */
    private final class Faulty {

        private final Stage stage;
        private final FollowerFault fault;
        private final Side follower;
        private boolean open;
        private long marked;

        Faulty(Stage stage, FollowerFault fault) {
            this.stage = stage;
            this.fault = fault;
            this.follower = Objects.requireNonNull(stage.follower());
        }

        DynamicNode node() {
            List<DynamicNode> nodes = new ArrayList<>(tests.each(call -> () -> run(call)));
            nodes.add(DynamicTest.dynamicTest("the fault was met", this::mustHaveBeenMet));
            return DynamicContainer.dynamicContainer(stage + ", " + follower + " " + fault.text, nodes);
        }

        private void run(Call<R> call) throws Exception {
            if (!open) {
                walk.close();
                open = true;
            }
            walk.routed().changeover().drain().pause();
            R port = walk.arrive(stage, 0);
            underFault(() -> call.on(port));
            marked += database.markedKeys(walk.repository()).size();
            Map<String, String> lost = walk.lost(stage.authority());
            if (!lost.isEmpty()) {
                throw new AssertionError(
                        follower + " lacks what was written, and the keys are not marked:" + BothSides.lines(lost));
            }
            walk.mustConverge(stage.authority());
        }

        private void underFault(ContractTests.Runs run) throws Exception {
            FaultyStore<K, V> store = follower == Side.LEGACY ? legacy : next;
            if (fault == FollowerFault.LOCKED) {
                whileLocked(String.join(", ", store.tables()), run);
                return;
            }
            store.set(fault);
            try {
                run.run();
            } finally {
                store.set(null);
            }
            store.mustBeCutOff();
        }

        private void whileLocked(String tables, ContractTests.Runs run) throws Exception {
            try (Connection other = contract.dataSource().getConnection()) {
                boolean before = other.getAutoCommit();
                other.setAutoCommit(false);
                try {
                    ContractDatabase.execute(other, "LOCK TABLE " + tables + " IN ACCESS EXCLUSIVE MODE");
                    run.run();
                } finally {
                    other.rollback();
                    other.setAutoCommit(before);
                }
            }
        }

        private void mustHaveBeenMet() {
            if (marked == 0) {
                throw new AssertionError("No key was marked while " + follower + " " + fault.text
                        + ", so this proves nothing. Write a @RepositoryTest that writes and commits, and let route(..)"
                        + " use the stores that it is given");
            }
        }
    }
}
