package dev.changeover.legacyadapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Several statements that travel together, and what their parameters are. */
record Script(String text, List<Parameter> parameters) {

    /** Puts statements one behind the other. */
    static Script of(List<Script> statements) {
        List<Parameter> parameters = new ArrayList<>();
        statements.forEach(statement -> parameters.addAll(statement.parameters));
        return new Script(
                String.join(";\n", statements.stream().map(Script::text).toList()), List.copyOf(parameters));
    }

    /**
     * One question mark.
     *
     * @param table the table whose rows are wanted as JSON, or null for the array of the roots' keys
     */
    record Parameter(@Nullable TableShape table) {

        static final Parameter KEYS = new Parameter(null);

        boolean isKeys() {
            return table == null;
        }

        TableShape rowsOf() {
            return Objects.requireNonNull(table);
        }
    }
}
