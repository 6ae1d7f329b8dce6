package dev.changeover.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Keeps the database of {@link PostgresTest} in the store of the outermost test class, which closes it. */
final class PostgresExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        database(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PostgresDatabase.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return database(context);
    }

    private static PostgresDatabase database(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        PostgresDatabase.class, key -> open(context.getRequiredTestClass()), PostgresDatabase.class);
    }

    private static PostgresDatabase open(Class<?> testClass) {
        PostgresDatabase database = PostgresDatabase.fresh();
        AnnotationSupport.findAnnotation(testClass, PostgresTest.class)
                .ifPresent(test -> List.of(test.scripts()).forEach(database::script));
        return database.open();
    }
}
