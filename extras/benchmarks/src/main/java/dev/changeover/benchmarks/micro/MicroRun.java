package dev.changeover.benchmarks.micro;

import dev.changeover.benchmarks.Options;
import dev.changeover.benchmarks.Section;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs all JMH benchmarks in one go, one fork each, and makes the table. */
public final class MicroRun {

    private static final String PACKAGE = "dev\\.changeover\\.benchmarks\\.micro\\..*";

    private final Options options;

    /** Creates the run. */
    public MicroRun(Options options) {
        this.options = options;
    }

    /** Runs and returns the section of the README. */
    public List<Section> run() throws RunnerException {
        // others may be measuring on this machine: the load average is printed
        System.setProperty("jmh.ignoreLock", "true");
        boolean brief = options.shortRun();
        OptionsBuilder settings = new OptionsBuilder();
        settings.include(PACKAGE + options.filter());
        settings.forks(1);
        settings.warmupIterations(brief ? 6 : 10);
        settings.warmupTime(TimeValue.milliseconds(brief ? 400 : 500));
        settings.measurementIterations(brief ? 6 : 40);
        settings.measurementTime(TimeValue.milliseconds(brief ? 150 : 250));
        settings.addProfiler(GCProfiler.class);
        settings.jvmArgsAppend("-Xmx1g");
        settings.shouldFailOnError(true);
        MicroTable table = new MicroTable(Score.of(new Runner(settings.build()).run()));
        List<String> lines = new ArrayList<>();
        lines.add(Section.measured(brief, ""));
        lines.add("");
        lines.addAll(table.lines());
        return List.of(new Section("micro", lines));
    }
}
