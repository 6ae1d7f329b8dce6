package dev.changeover.console;

import dev.changeover.console.connect.Database;
import dev.changeover.console.connect.Login;
import dev.changeover.console.connect.Secrets;
import dev.changeover.console.connect.Target;
import dev.changeover.console.terminal.Screen;
import org.jspecify.annotations.Nullable;

/** One run of one verb: what was said on the command line, the screen, and the database once it is needed. */
final class Session implements AutoCloseable {

    private final Root root;
    private final Surroundings around;
    private final Secrets secrets = new Secrets();
    private final Screen screen;
    private @Nullable Database database;

    Session(Root root, Surroundings around) {
        this.root = root;
        this.around = around;
        boolean json = root.output == Root.Format.JSON;
        this.screen = new Screen(
                around.out(),
                around.err(),
                new Screen.Look(json, around.styled() && !json, around.terminal(), around.width()));
    }

    Database database() {
        Database open = database;
        if (open == null) {
            Target target = Login.find(root.url, root.user, root.config, around.environment());
            secrets.of(target);
            open = new Database(target);
            database = open;
        }
        return open;
    }

    Screen screen() {
        return screen;
    }

    Surroundings around() {
        return around;
    }

    Problem problem(Throwable failure) {
        return Problem.of(failure, secrets);
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
    }
}
