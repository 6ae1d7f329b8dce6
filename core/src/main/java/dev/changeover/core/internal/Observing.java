package dev.changeover.core.internal;

import dev.changeover.core.Stage;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/** Puts routed calls into observations, whose keys have few values: a key of an entity or a tenant is never among them. */
final class Observing {

    private static final String NAME = "changeover.call";

    private final ObservationRegistry registry;
    private final String repository;

    Observing(ObservationRegistry registry, String repository) {
        this.registry = registry;
        this.repository = repository;
    }

    /** What is observed. */
    interface Work<T extends @Nullable Object> extends Observation.CheckedCallable<T, Throwable> {}

    <T extends @Nullable Object> T call(String kind, Operation operation, Stage stage, Work<T> work) throws Throwable {
        return Observation.createNotStarted(NAME, registry)
                .contextualName(repository + "." + operation.name())
                .lowCardinalityKeyValue("repository", repository)
                .lowCardinalityKeyValue("operation", operation.name())
                .lowCardinalityKeyValue("kind", kind)
                .lowCardinalityKeyValue("stage", stage.name())
                .observeChecked(work);
    }
}
