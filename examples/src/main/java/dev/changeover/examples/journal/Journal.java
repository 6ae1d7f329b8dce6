package dev.changeover.examples.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The append-only file in which writers note what they intend before they write and what they were told afterwards. It
 * lies outside the database and is forced to disk in batches. A line is complete when its line feed is there:
 *
 * <pre>
 * I unit number CREATE|UPDATE|DELETE repository key|? state|-   intended
 * W unit number key state|-                                     answered, the transaction is still open
 * X unit number                                                 undone by the caller's savepoint
 * C unit                                                        committed: acknowledged
 * R unit                                                        rolled back: a definite no
 * U unit                                                        outcome unknown
 * S repository stage                                            a move of a stage begins
 * </pre>
 */
public final class Journal implements AutoCloseable {

    private static final int FORCE_EVERY_MILLIS = 50;
    private static final int BUFFER = 1 << 16;

    private final FileChannel file;
    private final StringBuilder buffer = new StringBuilder(BUFFER);
    private final AtomicLong units = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final ScheduledExecutorService forcing = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "journal");
        thread.setDaemon(true);
        return thread;
    });

    /** Begins a journal in a file that does not exist yet. */
    public Journal(Path path) throws IOException {
        file = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        forcing.scheduleWithFixedDelay(this::force, FORCE_EVERY_MILLIS, FORCE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Begins the notes of one unit of work. */
    public UnitJournal unit() {
        return new UnitJournal(this, units.incrementAndGet());
    }

    /** Notes that a repository is about to move: what is open now or comes later may be under the new stage. */
    public void moving(String repository, String stage) {
        append("S", repository, stage);
    }

    long nextWrite() {
        return writes.incrementAndGet();
    }

    /** Fields hold neither tabs nor line feeds: names, numbers, and JSON, which escapes them. */
    void append(String... fields) {
        synchronized (buffer) {
            buffer.append(String.join("\t", fields)).append('\n');
            if (buffer.length() > BUFFER) {
                flush();
            }
        }
    }

    /** Brings everything to disk. */
    public void force() {
        synchronized (buffer) {
            flush();
        }
        try {
            file.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot be forced to disk", e);
        }
    }

    private void flush() {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(buffer.toString());
        buffer.setLength(0);
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        forcing.shutdown();
        force();
        file.close();
    }
}
