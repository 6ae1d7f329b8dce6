package dev.changeover.proof.model;

import edu.mit.csail.sdg.alloy4.A4Reporter;
import edu.mit.csail.sdg.ast.Command;
import edu.mit.csail.sdg.ast.Expr;
import edu.mit.csail.sdg.parser.CompModule;
import edu.mit.csail.sdg.parser.CompUtil;
import edu.mit.csail.sdg.translator.A4Options;
import edu.mit.csail.sdg.translator.A4Solution;
import edu.mit.csail.sdg.translator.TranslateAlloyToKodkod;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kodkod.engine.satlab.SATFactory;

/** The model in {@code fence.als}, solved by SAT4J, which is Java and so is there on every machine. */
final class Model {

    private static final String[] SHOWN = {
        "phase", "Db <: now", "Db <: rows", "Db <: marks", "Db <: stale", "Db <: truth", "own", "KeyHolder"
    };

    private final CompModule module;

    private Model(CompModule module) {
        this.module = module;
    }

    static Model fence() {
        return new Model(CompUtil.parseEverything_fromFile(A4Reporter.NOP, null, path("fence.als")));
    }

    private static String path(String name) {
        URL url = Objects.requireNonNull(Model.class.getResource(name), name);
        try {
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What became of one command: whether an instance was found, that is a counterexample of a check. */
    record Answer(String name, boolean found, int steps, String trace) {

        @Override
        public String toString() {
            return "MODEL " + name + " " + outcome() + " steps=" + steps;
        }

        /** A schedule that is to be shown breaks nothing when it is found. */
        private String outcome() {
            if (name.startsWith("shown_")) {
                return found ? "shown" : "missing";
            }
            return found ? "broken" : "holds";
        }
    }

    Answer answer(String name) {
        Command command = module.getAllCommands().stream()
                .filter(each -> each.label.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the model has no command " + name));
        A4Solution solution = TranslateAlloyToKodkod.execute_command(
                A4Reporter.NOP, module.getAllReachableSigs(), command, options());
        boolean found = solution.satisfiable();
        return new Answer(name, found, command.maxprefix, found ? trace(solution) : "");
    }

    private static A4Options options() {
        A4Options options = new A4Options();
        options.solver = SATFactory.get("sat4j");
        return options;
    }

    /** One line a step, without what stays as it was. */
    private String trace(A4Solution solution) {
        List<String> lines = new ArrayList<>();
        for (int step = 0; step < solution.getTraceLength(); step++) {
            lines.add(step + " " + state(solution, step));
        }
        return String.join("\n", lines);
    }

    private String state(A4Solution solution, int step) {
        List<String> values = new ArrayList<>();
        for (String shown : SHOWN) {
            Expr expression = CompUtil.parseOneExpression_fromString(module, shown);
            String value = String.valueOf(solution.eval(expression, step)).replace("$", "");
            String before = step == 0
                    ? ""
                    : String.valueOf(solution.eval(expression, step - 1)).replace("$", "");
            if (!value.equals(before)) {
                values.add(shown.replace("Db <: ", "") + "=" + value);
            }
        }
        return String.join(" ", values);
    }
}
