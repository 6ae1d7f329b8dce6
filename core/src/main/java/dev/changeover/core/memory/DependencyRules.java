package dev.changeover.core.memory;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import java.util.Map;

/** The rules of {@code changeover.check_dependencies}: they bind both ways, on the state that a change would leave. */
final class DependencyRules {

    private DependencyRules() {}

    static void check(Map<String, Kept> repositories) {
        for (Kept child : repositories.values()) {
            for (String name : child.registration().dependsOn()) {
                Kept parent = repositories.get(name);
                if (parent != null) {
                    check(child.state(), parent.state(), parent.registration().atomic());
                }
            }
        }
    }

    private static void check(RepositoryState child, RepositoryState parent, boolean parentAtomic) {
        Stage c = child.stage();
        Stage p = parent.stage();
        if (c != Stage.LEGACY_ONLY && p == Stage.LEGACY_ONLY) {
            throw refused(child, "is written on new ahead of", parent, "Move it first, or both together");
        }
        if (c.compareTo(Stage.RAMP) >= 0 && p.compareTo(Stage.RAMP) < 0) {
            throw refused(child, "would be read from new ahead of", parent, "Move it first, or both together");
        }
        if (c == Stage.RAMP && p == Stage.RAMP && child.percent() > parent.percent()) {
            throw refused(child, "would be read from new ahead of", parent, "Raise parents first, lower them last");
        }
        if (c.authority() != p.authority() && !parentAtomic) {
            throw refused(child, "would be led by another side than", parent, "Move them together in one move");
        }
        if (p == Stage.NEW_ONLY && c != Stage.NEW_ONLY) {
            throw refused(child, "still writes legacy rows that need", parent, "Move the child to NEW_ONLY first");
        }
    }

    private static MoveRefusedException refused(
            RepositoryState child, String problem, RepositoryState parent, String remedy) {
        return MoveRules.refused(
                "CO016", child.name() + " " + problem + " " + parent.name() + " on which it depends", remedy);
    }
}
