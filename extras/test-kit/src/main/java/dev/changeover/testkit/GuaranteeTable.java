package dev.changeover.testkit;

import java.lang.reflect.AnnotatedElement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestTemplate;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Which tests hold the code to which guarantee, found in compiled test classes without running them. Immutable.
 */
public final class GuaranteeTable {
    /** G2 before G10: by the letters, then by the number. */
    private static final Comparator<String> ORDER = Comparator.comparing((String id) -> id.replaceAll("\\d+$", ""))
            .thenComparing(GuaranteeTable::number)
            .thenComparing(Comparator.naturalOrder());

    private final SortedMap<String, Set<String>> tests = new TreeMap<>(ORDER);

    private GuaranteeTable() {}

    /** Scans the classes of this package and of those below it on the class path. */
    public static GuaranteeTable of(String packageName) {
        GuaranteeTable table = new GuaranteeTable();
        ReflectionSupport.findAllClassesInPackage(packageName, type -> true, name -> true)
                .forEach(table::add);
        return table;
    }

    /** The tests of each guarantee as {@code Class.method}, in the order of the guarantees. */
    public SortedMap<String, Set<String>> tests() {
        SortedMap<String, Set<String>> copy = new TreeMap<>(ORDER);
        tests.forEach((guarantee, names) -> copy.put(guarantee, Set.copyOf(names)));
        return copy;
    }

    /** A Markdown table with a row per guarantee, ending with a line break. */
    public String toMarkdown() {
        return tests.entrySet().stream()
                .map(GuaranteeTable::row)
                .collect(Collectors.joining("", "| Guarantee | Tests |\n| --- | --- |\n", ""));
    }

    private static String row(Map.Entry<String, Set<String>> entry) {
        String names = entry.getValue().stream().map(name -> "`" + name + "`").collect(Collectors.joining("<br>"));
        return "| " + entry.getKey() + " | " + names + " |\n";
    }

    private void add(Class<?> type) {
        List<Guarantee> ofClass = guarantees(type);
        AnnotationSupport.findAnnotatedMethods(type, Test.class, HierarchyTraversalMode.TOP_DOWN)
                .forEach(method -> add(type, method.getName(), ofClass, method));
        AnnotationSupport.findAnnotatedMethods(type, TestTemplate.class, HierarchyTraversalMode.TOP_DOWN)
                .forEach(method -> add(type, method.getName(), ofClass, method));
        AnnotationSupport.findAnnotatedMethods(type, TestFactory.class, HierarchyTraversalMode.TOP_DOWN)
                .forEach(method -> add(type, method.getName(), ofClass, method));
    }

    private void add(Class<?> type, String method, List<Guarantee> ofClass, AnnotatedElement element) {
        String name =
                type.getName().substring(type.getPackageName().length() + 1).replace('$', '.') + "." + method;
        ofClass.forEach(guarantee -> add(guarantee, name));
        guarantees(element).forEach(guarantee -> add(guarantee, name));
    }

    private void add(Guarantee guarantee, String name) {
        tests.computeIfAbsent(guarantee.value(), key -> new TreeSet<>()).add(name);
    }

    private static List<Guarantee> guarantees(AnnotatedElement element) {
        return AnnotationSupport.findRepeatableAnnotations(element, Guarantee.class);
    }

    private static int number(String id) {
        String digits = id.replaceAll("^.*?(\\d*)$", "$1");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
