package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.internal.PlainText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The keys that were found since they were last written down. Of a table that differs as a whole not all are kept. */
final class FoundKeys {
    private static final int FULL = 2_000;
    private static final int MOST_WAITING = 100_000;

    private final long limit;
    private final Map<String, String> differing = new LinkedHashMap<>();
    private final Set<String> marked = new LinkedHashSet<>();
    private final Set<String> lookedAgain = new LinkedHashSet<>();
    private long kept;
    private long surplus;

    FoundKeys(long limit) {
        this.limit = limit;
    }

    void restore(long alreadyKept, long alreadySurplus) {
        this.kept = alreadyKept;
        this.surplus = alreadySurplus;
    }

    void differs(String key, Set<String> paths) {
        if (kept >= limit || differing.size() >= MOST_WAITING) {
            surplus++;
            return;
        }
        kept++;
        List<String> lines = new ArrayList<>();
        new TreeSet<>(paths).forEach(path -> lines.add(PlainText.of(path, PlainText.PATH)));
        differing.put(key, String.join("\n", lines));
    }

    void marked(String key) {
        marked.add(key);
    }

    void lookedAgain(String key) {
        lookedAgain.add(key);
    }

    boolean full() {
        return differing.size() + marked.size() + lookedAgain.size() >= FULL;
    }

    Map<String, String> differing() {
        return differing;
    }

    Set<String> marked() {
        return marked;
    }

    Set<String> lookedAgain() {
        return lookedAgain;
    }

    long surplus() {
        return surplus;
    }

    void written() {
        differing.clear();
        marked.clear();
        lookedAgain.clear();
    }
}
