package dev.changeover.proof.torture;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.changeover.proof.Counterexample;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Plays the schedules of a counterexample, which are tests: with the rule it must hold, without it must break. */
final class Schedules {

    private static final List<String> CLASSES = List.of(
            "CopyScheduleTest",
            "FoldedScheduleTest",
            "FenceScheduleTest",
            "MarkScheduleTest",
            "BackfillScheduleTest",
            "ReturnScheduleTest",
            "RehearsalScheduleTest",
            "CallerScheduleTest",
            "UnsavedChangeTest",
            "SentinelScheduleTest");

    private Schedules() {}

    /** Returns whether all schedules of that name went as they must; a mutant's are seen to break their guarantee. */
    static boolean play(String name, boolean mutant) {
        List<? extends DiscoverySelector> methods = CLASSES.stream()
                .map(Schedules::load)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> plays(method, name, mutant))
                .map(method -> selectMethod(method.getDeclaringClass(), method))
                .toList();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(methods).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        return summary.getTestsSucceededCount() > 0 && summary.getTotalFailureCount() == 0;
    }

    private static boolean plays(Method method, String name, boolean mutant) {
        return Stream.ofNullable(method.getAnnotation(Counterexample.class))
                .anyMatch(played -> played.value().equals(name) && played.mutant() == mutant);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName("dev.changeover.proof." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
