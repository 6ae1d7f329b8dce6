package dev.changeover.benchmarks.bulk;

import com.sun.management.OperatingSystemMXBean;
import dev.changeover.testkit.PostgresDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Processor time of this JVM and of the whole server, living and dead backends alike, as Linux counts it. On a shared
 * machine it says more than the clock.
 */
final class Cpu {

    private static final int USER = 11;
    private static final int CHILDREN_SYSTEM = 14;
    private static final double TICKS_PER_SECOND = 100;
    private static final double NANOS_PER_SECOND = 1e9;

    private final long postmaster;

    private Cpu(long postmaster) {
        this.postmaster = postmaster;
    }

    /** Counts from here on the server of this database. */
    static Cpu of(PostgresDatabase database) throws IOException {
        Path file = database.cluster().dataDirectory().resolve("postmaster.pid");
        return new Cpu(Long.parseLong(Files.readAllLines(file).get(0).strip()));
    }

    /** Returns the seconds used so far. */
    double seconds() {
        double server = ticks(postmaster, true);
        List<ProcessHandle> children =
                ProcessHandle.of(postmaster).orElseThrow().children().toList();
        for (ProcessHandle child : children) {
            server += ticks(child.pid(), false);
        }
        OperatingSystemMXBean own = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return server / TICKS_PER_SECOND + own.getProcessCpuTime() / NANOS_PER_SECOND;
    }

    /** The postmaster's own ticks include those of the backends that have ended. */
    private static double ticks(long pid, boolean withEnded) {
        try {
            String line = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            double sum = 0;
            for (int i = USER; i <= (withEnded ? CHILDREN_SYSTEM : USER + 1); i++) {
                sum += Long.parseLong(fields[i]);
            }
            return sum;
        } catch (NoSuchFileException e) {
            return 0; // it ended just now, and is the postmaster's
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
