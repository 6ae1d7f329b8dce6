package dev.changeover.examples.blue;

import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.examples.data.OldBuildRows;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.database.Pool;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.journal.Journal;
import dev.changeover.examples.legacy.LegacySide;
import dev.changeover.examples.workload.Metrics;
import dev.changeover.examples.workload.OldBuildTraffic;
import dev.changeover.examples.workload.Population;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The application before the library came: its JPA repositories, its transactions, a pool of its own. It writes until its
 * standard input ends, so it never outlives whoever started it.
 */
@Command(name = "old-build", description = "Runs the old build of the application; the main job starts it.")
public final class OldBuild implements Callable<Integer> {

    /** The name under which the server knows it. */
    public static final String APPLICATION = "blue";

    @Option(names = "--jdbc-url", required = true)
    String url = "";

    @Option(names = "--seed", required = true)
    long seed;

    @Option(names = "--users", required = true)
    int users;

    @Option(names = "--rooms", required = true)
    int rooms;

    @Option(names = "--rate", required = true)
    double rate;

    @Option(names = "--journal", required = true)
    Path journal = Path.of("");

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Metrics metrics = new Metrics(() -> APPLICATION);
    private long errorsTold;
    private boolean refusalTold;

    /** Runs the old build and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new OldBuild()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        stopAtEndOf(System.in);
        Schemas schemas = Schemas.DEFAULT;
        OldBuildRows rows = OldBuildRows.of(seed, new SeedSize(users, rooms, 0));
        try (HikariDataSource pool = Pool.open(url, 2, APPLICATION);
                LegacySide legacy = new LegacySide(pool, schemas, changed -> {});
                Journal notes = new Journal(journal)) {
            Population population = Population.ofOldBuild(pool, schemas, rows);
            new OldBuildTraffic(seed, pool, legacy, population, notes, metrics).run(rate, stopped::get, this::tell);
        }
        return 0;
    }

    private void stopAtEndOf(InputStream input) {
        Thread waiting = new Thread(
                () -> {
                    try {
                        input.transferTo(java.io.OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // as good as its end
                    }
                    stopped.set(true);
                },
                "parent");
        waiting.setDaemon(true);
        waiting.start();
    }

    private void tell() {
        if (metrics.callerErrors() > errorsTold) {
            errorsTold = metrics.callerErrors();
            metrics.firstErrors().stream()
                    .skip(errorsTold - 1)
                    .forEach(error -> tell("ERROR " + error.operation() + ": ", error.failure()));
        }
        if (metrics.refusals() > 0 && !refusalTold) {
            refusalTold = true;
            tell("", metrics.lastRefusal());
        }
        System.out.println(new Tally(metrics.acknowledged(), metrics.refusals()).line());
    }

    private static void tell(String what, @Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        System.out.println(what + String.valueOf(cause).replace('\n', ' '));
    }
}
