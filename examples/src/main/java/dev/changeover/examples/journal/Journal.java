package dev.changeover.examples.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The append-only file in which writers note what they intend before they write and what they were told afterwards. It
 * lies outside the database and is forced to disk in batches; a lasting one is forced before whoever must be able to
 * rely on it goes on, so that what it says holds however the process ends. A line is complete when its line feed is
 * there:
 *
 * <pre>
 * L number                                                      a life of the job begins: no unit of the last one goes on
 * F                                                             the tables are filled
 * P phase                                                       a phase of the walk begins
 * I unit number CREATE|UPDATE|DELETE repository key|? state|-   intended
 * W unit number key state|-                                     answered, the transaction is still open
 * X unit number                                                 undone by the caller's savepoint
 * C unit                                                        committed: acknowledged
 * R unit                                                        rolled back: a definite no
 * D unit                                                        refused, the other side leads: a definite no, too
 * U unit                                                        outcome unknown
 * S repository stage                                            a move of a stage begins
 * N repository                                                  the move that was begun did not happen
 * E operation                                                   an error reached a caller
 * </pre>
 */
public final class Journal implements AutoCloseable {

    private static final int FORCE_EVERY_MILLIS = 50;
    private static final int BUFFER = 1 << 16;

    private final FileChannel file;
    private final boolean lasting;
    private final Object disk = new Object();
    private final StringBuilder buffer = new StringBuilder(BUFFER);
    private final AtomicLong units = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final ScheduledExecutorService forcing = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "journal");
        thread.setDaemon(true);
        return thread;
    });

    private long noted;
    private long forced;

    /** Begins a journal in a file that does not exist yet. */
    public Journal(Path path) throws IOException {
        this(open(path, StandardOpenOption.CREATE_NEW), false);
    }

    private Journal(FileChannel file, boolean lasting) {
        this.file = file;
        this.lasting = lasting;
        forcing.scheduleWithFixedDelay(this::force, FORCE_EVERY_MILLIS, FORCE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Begins a journal that outlives a kill, or goes on with it. A torn last line is cut off: nobody was told it. */
    public static Journal lasting(Path path) throws IOException {
        if (Files.exists(path)) {
            JournalReader.cutTornLine(path);
        }
        return new Journal(open(path, StandardOpenOption.CREATE), true);
    }

    private static FileChannel open(Path path, StandardOpenOption creation) throws IOException {
        return FileChannel.open(path, creation, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Notes that a life of the job begins. */
    public void life(int number) {
        append("L", Integer.toString(number));
        force();
    }

    /** Notes that the tables are filled: from here on writers may be told something. */
    public void filled() {
        append("F");
        force();
    }

    /** Notes that a phase of the walk begins. */
    public void phase(String name) {
        append("P", name);
    }

    /** Begins the notes of one unit of work. */
    public UnitJournal unit() {
        return new UnitJournal(this, units.incrementAndGet());
    }

    /** Notes that a repository is about to move: what is open now or comes later may be under the new stage. */
    public void moving(String repository, String stage) {
        append("S", repository, stage);
        settle();
    }

    /** Notes that the move that was begun did not happen: the process ended before. */
    public void notMoved(String repository) {
        append("N", repository);
    }

    /** Notes an error that reached a caller. */
    public void callerError(String operation) {
        append("E", operation);
        settle();
    }

    long nextWrite() {
        return writes.incrementAndGet();
    }

    /** Fields hold neither tabs nor line feeds: names, numbers, and JSON, which escapes them. */
    void append(String... fields) {
        synchronized (buffer) {
            buffer.append(String.join("\t", fields)).append('\n');
            noted++;
            if (buffer.length() > BUFFER) {
                flush();
            }
        }
    }

    /** Returns when all that was noted so far is on disk, if the journal is a lasting one. */
    void settle() {
        if (lasting) {
            force();
        }
    }

    /** Brings everything to disk. Whoever waits meanwhile finds that it was brought along, or brings it for all. */
    public void force() {
        long mine = noted();
        synchronized (disk) {
            if (forced < mine) {
                forced = forceAll();
            }
        }
    }

    private long noted() {
        synchronized (buffer) {
            return noted;
        }
    }

    private long forceAll() {
        long all;
        synchronized (buffer) {
            flush();
            all = noted;
        }
        try {
            file.force(false);
            return all;
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
