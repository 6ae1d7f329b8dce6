package dev.changeover.examples.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a journal back into what must be true of the database. A torn last line was never told to anybody. */
public final class JournalReader {

    private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)}$");

    private final Map<EntityId, LegalStates> keys = new HashMap<>();
    private final Map<String, Unit> open = new HashMap<>();
    private final Set<String> alone = new HashSet<>();
    private final Set<EntityId> writtenAlone = new HashSet<>();
    private final Map<String, Long> perPhase = new LinkedHashMap<>();
    private final List<Write> unnamed = new ArrayList<>();
    private long acknowledged;
    private long unknown;
    private int lives;
    private boolean filled;
    private String phase = Lives.NONE.phase();
    private long callerErrors;

    private JournalReader() {}

    /** The writes of a unit by their number. */
    private static final class Unit {
        final Map<String, Write> writes = new LinkedHashMap<>();
        final Set<String> undone = new HashSet<>();

        /** A unit is there as a whole or not at all, so no earlier write of a key can be what is left of it. */
        boolean overwrites(Write write) {
            return writes.entrySet().stream()
                    .filter(entry -> !undone.contains(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .anyMatch(later -> later.number() > write.number()
                            && later.key() != null
                            && later.id().equals(write.id()));
        }
    }

    /** Reads a journal. */
    public static Expectation read(Path path) throws IOException {
        JournalReader reader = new JournalReader();
        reader.lines(path);
        return reader.expectation();
    }

    /**
     * Reads the journal of the job and that of an old build that ran beside it. What the old build was told binds as
     * much, but its writes are not the job's. Where both wrote a key its versions tell the order.
     *
     * @param oldBuild its journal: it was refused before any repository was left without a follower
     */
    public static Expectation read(Path path, Path oldBuild) throws IOException {
        JournalReader reader = new JournalReader();
        reader.lines(oldBuild);
        reader.acknowledged = 0;
        reader.unknown = 0;
        reader.perPhase.clear();
        reader.lines(path);
        return reader.expectation();
    }

    private void lines(Path path) throws IOException {
        String text = Files.readString(path, StandardCharsets.UTF_8);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(this::line);
        endAll();
    }

    static void cutTornLine(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] != '\n') {
            length--;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(length).force(true);
        }
    }

    private void line(String line) {
        String[] fields = line.split("\t", -1);
        switch (fields[0]) {
            case "I" -> intended(fields);
            case "W" -> answered(fields);
            case "X" -> open.get(fields[1]).undone.add(fields[2]);
            case "C", "R", "D", "U" -> end(fields[0], fields[1]);
            case "S" -> moving(fields[1], fields[2]);
            case "N" -> notMoved(fields[1]);
            case "P" -> enter(fields[1]);
            case "E" -> callerErrors++;
            case "F" -> filled = true;
            case "L" -> live();
            default -> throw new IllegalStateException("not a line of a journal: " + line);
        }
    }

    private void live() {
        endAll();
        lives++;
    }

    /** Nobody is left who could be told how these ended. */
    private void endAll() {
        List.copyOf(open.keySet()).forEach(unit -> end("U", unit));
    }

    private void enter(String name) {
        phase = name;
        perPhase.putIfAbsent(name, 0L);
    }

    private void intended(String[] fields) {
        Write.Kind kind = Write.Kind.valueOf(fields[3]);
        String key = fields[5].equals("?") ? null : fields[5];
        Write write = new Write(Long.parseLong(fields[2]), kind, fields[4], key, state(fields[6]));
        open.computeIfAbsent(fields[1], unit -> new Unit()).writes.put(fields[2], write);
        touched(write);
    }

    private void answered(String[] fields) {
        Write write = open.get(fields[1])
                .writes
                .computeIfPresent(fields[2], (number, intended) -> intended.answered(fields[3], state(fields[4])));
        touched(write);
    }

    private void touched(@Nullable Write write) {
        if (write != null && write.key() != null && alone.contains(write.repository())) {
            writtenAlone.add(write.id());
        }
    }

    private void moving(String repository, String stage) {
        if (stage.equals("NEW_ONLY") || stage.equals("LEGACY_ONLY")) {
            alone.add(repository);
            open.values().forEach(unit -> unit.writes.values().forEach(this::touched));
        }
    }

    private void notMoved(String repository) {
        alone.remove(repository);
        writtenAlone.removeIf(id -> id.repository().equals(repository));
        unnamed.removeIf(write -> write.repository().equals(repository));
    }

    private void end(String outcome, String number) {
        Unit unit = open.remove(number);
        if (unit == null) {
            // a unit that wrote nothing
            return;
        }
        unit.writes.forEach((id, write) -> outcome(unit.undone.contains(id) ? "R" : outcome, write, unit));
    }

    private void outcome(String outcome, Write write, Unit unit) {
        if (write.key() == null) {
            // the database never told the key; if it is there, both sides must agree, and that is checked anyway
            if (outcome.equals("U") && alone.contains(write.repository())) {
                unnamed.add(write);
            }
            return;
        }
        LegalStates legal = keys.computeIfAbsent(write.id(), id -> new LegalStates(write.kind() == Write.Kind.CREATE));
        if (outcome.equals("C")) {
            acknowledged++;
            perPhase.merge(phase, 1L, Long::sum);
            legal.acknowledged(write.after());
        } else if (outcome.equals("U")) {
            unknown++;
            if (!unit.overwrites(write)) {
                legal.unknown(write.after());
            }
        }
    }

    private Expectation expectation() {
        Map<EntityId, List<State>> legal = new HashMap<>();
        keys.forEach((id, states) -> {
            if (states.constrained()) {
                legal.put(id, new ArrayList<>(states.states()));
            }
        });
        Lives past = new Lives(lives, filled, phase, Collections.unmodifiableMap(perPhase), callerErrors);
        return new Expectation(acknowledged, unknown, legal, writtenAlone, unnamed, past);
    }

    private static State state(String text) {
        if (text.equals("-")) {
            return State.ABSENT;
        }
        var version = VERSION.matcher(text);
        return new State(text, version.find() ? Long.parseLong(version.group(1)) : -1);
    }
}
