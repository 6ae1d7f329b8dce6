package dev.changeover.shadowcompare;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is declared where, for the count of how often it was needed. */
final class ForgivingRules {
    private final Map<String, String> rules = new LinkedHashMap<>();

    void add(String path, String rule) {
        rules.merge(path, rule, (one, other) -> one + ", " + other);
    }

    /** Returns the rules at these places; a rule may have been declared for what is around one. */
    Set<String> of(Set<String> places) {
        Set<String> names = new TreeSet<>();
        for (String place : places) {
            String plain = place.replaceAll("\\[[^\\]]*]", "");
            for (String at = plain; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
                String rule = rules.get(at);
                if (rule != null) {
                    names.add(at + ": " + rule);
                    break;
                }
            }
        }
        return names;
    }
}
