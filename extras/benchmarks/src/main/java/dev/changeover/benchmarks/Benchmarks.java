package dev.changeover.benchmarks;

import dev.changeover.benchmarks.bulk.BulkRun;
import dev.changeover.benchmarks.database.DatabaseRun;
import dev.changeover.benchmarks.micro.MicroRun;
import java.util.ArrayList;
import java.util.List;

/** Runs the benchmarks, prints their tables as Markdown and, on request, puts them into the README. */
public final class Benchmarks {

    private Benchmarks() {}

    /** Runs what the arguments name; {@code --help} lists them. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments);
        if (options.help()) {
            System.out.println(Options.HELP);
            return;
        }
        List<Section> sections = new ArrayList<>();
        if (options.runs("micro")) {
            sections.addAll(new MicroRun(options).run());
        }
        if (options.runs("database")) {
            sections.addAll(new DatabaseRun(options).run());
        } else if (options.runs("sentinels")) {
            sections.addAll(new DatabaseRun(options).runSentinels());
        } else if (options.runs("shadow")) {
            sections.addAll(new DatabaseRun(options).runShadow());
        }
        if (options.parts().contains("bulk")) {
            sections.addAll(new BulkRun(options).run());
        } else if (options.parts().contains("live")) {
            sections.addAll(new BulkRun(options).runLive());
        }
        sections.forEach(section -> System.out.println("\n" + section.markdown()));
        if (options.readme() != null) {
            Readme.update(options.readme(), sections);
            System.out.println("Updated " + options.readme());
        }
        // peers leave threads behind
        System.exit(0);
    }
}
