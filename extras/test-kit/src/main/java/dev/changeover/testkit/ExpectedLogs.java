package dev.changeover.testkit;

import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Fails a test during which loggers below {@code dev.changeover} log a warning or an error that no {@link ExpectsLog} of
 * the test or its classes allows. Use it with {@code @ExtendWith}; not for tests that run in parallel in one JVM, whose
 * logs cannot be told apart.
 */
public final class ExpectedLogs implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(ExpectedLogs.class);
    private static final String LOGGERS = "dev.changeover";

    /** Starts to listen. */
    @Override
    public void beforeEach(ExtensionContext context) {
        CapturedLogs logs = new CapturedLogs(LOGGERS);
        context.getStore(NAMESPACE).put(CapturedLogs.class, logs);
        logs.start();
    }

    /** Stops listening and fails on what was not expected. */
    @Override
    public void afterEach(ExtensionContext context) {
        CapturedLogs logs = logs(context);
        logs.stop();
        List<String> unexpected =
                logs.problems().stream().filter(isExpected(context).negate()).toList();
        if (!unexpected.isEmpty()) {
            throw new AssertionError("Unexpected logs, allow them with @ExpectsLog:\n" + String.join("\n", unexpected));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == CapturedLogs.class
                && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return logs(context);
    }

    private static CapturedLogs logs(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(CapturedLogs.class, CapturedLogs.class);
    }

    private static Predicate<String> isExpected(ExtensionContext context) {
        List<Pattern> patterns = Stream.concat(
                        Stream.<AnnotatedElement>of(context.getRequiredTestMethod()),
                        Stream.<Class<?>>iterate(
                                context.getRequiredTestClass(), type -> type != null, Class::getEnclosingClass))
                .flatMap(element -> AnnotationSupport.findRepeatableAnnotations(element, ExpectsLog.class).stream())
                .map(expected -> Pattern.compile(expected.value()))
                .toList();
        return line ->
                patterns.stream().anyMatch(pattern -> pattern.matcher(line).find());
    }
}
