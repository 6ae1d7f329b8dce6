package dev.changeover.examples.kills;

import dev.changeover.examples.Main;
import dev.changeover.examples.process.Jvm;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the job on a server that lives on, kills it where the plan says, and starts it again until it ends. */
final class Killer {

    private final String url;
    private final Path folder;
    private final List<String> options;
    private final PrintStream out;

    /**
     * Prepares it.
     *
     * @param folder where the journal and the output of each life are kept
     * @param options further options of the job
     */
    Killer(String url, Path folder, List<String> options, PrintStream out) {
        this.url = url;
        this.folder = folder;
        this.options = options;
        this.out = out;
    }

    Tally run(KillPlan plan) throws IOException, InterruptedException {
        Tally tally = new Tally();
        for (int number = 1; ; number++) {
            Lifetime life = live(number, plan, tally);
            life.verdicts().forEach(out::println);
            Kill kill = life.kill();
            if (kill == null) {
                return tally;
            }
            out.println(kill.line(number));
        }
    }

    private Lifetime live(int number, KillPlan plan, Tally tally) throws IOException, InterruptedException {
        try (PrintWriter log = new PrintWriter(Files.newBufferedWriter(folder.resolve("life-" + number + ".log")))) {
            Lifetime life = new Lifetime(plan, log);
            try (Jvm jvm = Jvm.start(Main.class, "512m", arguments(), life::line)) {
                tally.add(life, life.live(jvm));
                return life;
            }
        }
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("--jdbc-url", url, "--points", "--resume", "--keep"));
        arguments.addAll(List.of("--journal", folder.resolve("journal").toString()));
        return arguments;
    }
}
