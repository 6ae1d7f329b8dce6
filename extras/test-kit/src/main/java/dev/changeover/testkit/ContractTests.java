package dev.changeover.testkit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** The team's own tests: the methods with {@link RepositoryTest}. */
final class ContractTests<R> {

    private final Object contract;
    private final List<Method> methods;

    ContractTests(Object contract) {
        this.contract = contract;
        this.methods = AnnotationSupport.findAnnotatedMethods(
                contract.getClass(), RepositoryTest.class, HierarchyTraversalMode.TOP_DOWN);
        check();
    }

    private void check() {
        String type = contract.getClass().getName();
        if (methods.isEmpty()) {
            throw new IllegalStateException(type + " has no tests. Write methods with @RepositoryTest"
                    + " that take the repository as their parameter");
        }
        for (Method method : methods) {
            if (method.getParameterCount() != 1 || method.getReturnType() != void.class) {
                throw new IllegalStateException(type + "." + method.getName()
                        + " must return nothing and take the repository as its only parameter");
            }
        }
    }

    /** Returns one node for each test. */
    List<DynamicNode> each(Function<Call<R>, Runs> how) {
        return methods.stream()
                .map(method -> (DynamicNode) DynamicTest.dynamicTest(
                        method.getName(),
                        () -> how.apply(repository -> ReflectionSupport.invokeMethod(method, contract, repository))
                                .run()))
                .toList();
    }

    /** One test. */
    interface Call<R> {
        void on(R repository) throws Exception;
    }

    /** What is done with one test. */
    interface Runs {
        void run() throws Exception;
    }
}
