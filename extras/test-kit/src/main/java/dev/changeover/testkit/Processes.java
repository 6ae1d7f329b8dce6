package dev.changeover.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Kills processes and tells which are still there. */
final class Processes {
    private Processes() {}

    /** Kills a process and all its children with SIGKILL at once, and waits until none is left. */
    static void killTree(long pid) {
        List<ProcessHandle> tree = ProcessHandle.of(pid)
                .map(root -> Stream.concat(Stream.of(root), root.descendants()).toList())
                .orElse(List.of());
        tree.forEach(ProcessHandle::destroyForcibly);
        Awaitility.await("death of process " + pid)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> tree.stream().noneMatch(process -> isAlive(process.pid())));
    }

    /**
     * Whether the process runs. A zombie does not: in a container whose first process reaps no children, a killed
     * server stays a zombie for ever.
     */
    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isZombie(pid);
    }

    /** Guards against a process id that meanwhile belongs to another program; true if the system does not tell. */
    static boolean isPostgres(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .map(command -> command.contains("postgres"))
                .orElse(true);
    }

    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return false; // no such system, or the process is gone
        }
    }
}
