package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.terminal.Screen;
import java.util.function.Consumer;

/**
 * What a verb found or did.
 *
 * @param json the same for programs
 * @param text shows it to people
 * @param exit the exit code
 */
record Outcome(JsonNode json, Consumer<Screen> text, int exit) {

    static Outcome done(JsonNode json, Consumer<Screen> text) {
        return new Outcome(json, text, Exit.DONE);
    }

    int show(Screen screen) {
        if (screen.look().json()) {
            screen.json(json);
        } else {
            text.accept(screen);
        }
        screen.flush();
        return exit;
    }
}
