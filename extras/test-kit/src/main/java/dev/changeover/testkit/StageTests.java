package dev.changeover.testkit;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.testkit.ContractTests.Call;
import dev.changeover.testkit.ContractTests.Runs;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;

/** The team's tests on each side alone and in every stage. */
final class StageTests<R, K, V> {

    private static final List<Integer> PERCENTAGES = List.of(0, 50, 100);

    private final TransitionContract<R, K, V> contract;
    private final ContractDatabase database;
    private final ContractTests<R> tests;
    private final StageWalk<R, K, V> walk;
    private boolean begun;

    StageTests(TransitionContract<R, K, V> contract) {
        this.contract = contract;
        this.database = new ContractDatabase(contract);
        this.tests = new ContractTests<>(contract);
        this.walk = new StageWalk<>(contract, database, contract.stores());
    }

    Stream<DynamicNode> nodes() {
        Stream<DynamicNode> alone = Stream.of(
                DynamicContainer.dynamicContainer("legacy alone", tests.each(call -> alone(contract.legacy(), call))),
                DynamicContainer.dynamicContainer("new alone", tests.each(call -> alone(contract.next(), call))));
        return Stream.concat(alone, Stream.of(Stage.values()).flatMap(this::stage))
                .onClose(walk::close);
    }

    private Stream<DynamicNode> stage(Stage stage) {
        return stage == Stage.RAMP
                ? PERCENTAGES.stream().map(percent -> stage(stage, percent, stage + " " + percent + " %"))
                : Stream.of(stage(stage, 0, stage.name()));
    }

    private DynamicNode stage(Stage stage, int percent, String name) {
        return DynamicContainer.dynamicContainer(name, tests.each(call -> () -> {
            R port = walk.arrive(stage, percent);
            if (stage.follower() == null) {
                leavesAlone(stage.authority().other(), () -> call.on(port));
            } else {
                call.on(port);
                walk.mustConverge(stage.authority());
            }
        }));
    }

    private Runs alone(R port, Call<R> call) {
        return () -> {
            if (!begun) {
                database.begin(); // no sentinel of another run watches
                begun = true;
            }
            database.empty();
            call.on(port);
        };
    }

    private void leavesAlone(Side side, Runs run) throws Exception {
        SideRows before = rows(side);
        run.run();
        before.mustEqual(rows(side), side + " is not to be written in this stage, and was");
    }

    private SideRows rows(Side side) throws SQLException {
        EntityStore<K, V> store = side == Side.LEGACY
                ? contract.stores().legacy()
                : contract.stores().next();
        return database.inTransaction(
                connection -> SideRows.of(connection, store.tables(), contract.generatedColumns()));
    }
}
