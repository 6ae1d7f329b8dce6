package dev.changeover.console;

import dev.changeover.examples.process.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The example application under traffic, in a process of its own, which leaves its moves to whoever asks. */
final class RunningExample implements AutoCloseable {

    private final List<String> arguments;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private Jvm jvm;

    RunningExample(String url, Path journal) {
        arguments = Stream.of(
                        "--serve",
                        "--resume",
                        "--release=2",
                        "--scale=0.02",
                        "--chunk=5",
                        "--jdbc-url=" + url,
                        "--journal=" + journal)
                .toList();
    }

    /** Starts it, or goes on where it was killed, and waits until it takes requests. */
    void start() throws IOException {
        lines.clear();
        jvm = Jvm.start(dev.changeover.examples.Main.class, "512m", arguments, lines::add);
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> {
            if (jvm.ended().isDone()) {
                throw new IllegalStateException("the example has ended: " + lines);
            }
            return lines.contains("SERVING");
        });
    }

    /** It can neither finish nor tell anybody. */
    void kill() throws InterruptedException {
        jvm.kill();
        jvm.await();
    }

    /** Lets it end, and returns its last line. */
    String end() throws Exception {
        jvm.closeInput();
        int code = jvm.await();
        String last = lines.stream()
                .filter(line -> line.startsWith("RESULT"))
                .findFirst()
                .orElse("no result");
        if (code != 0) {
            throw new IllegalStateException("exit code " + code + ": " + lines);
        }
        return last;
    }

    @Override
    public void close() {
        jvm.close();
    }
}
