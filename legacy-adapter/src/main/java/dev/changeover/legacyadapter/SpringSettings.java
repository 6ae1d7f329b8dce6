package dev.changeover.legacyadapter;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.TransactionSettings.Propagation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** The settings of a transaction, to and from Spring. Isolation has the same numbers in JDBC and in Spring. */
final class SpringSettings {

    private SpringSettings() {}

    static TransactionDefinition definition(TransactionSettings settings) {
        DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
        definition.setPropagationBehaviorName(
                "PROPAGATION_" + settings.propagation().name());
        definition.setReadOnly(settings.readOnly());
        Integer isolation = settings.isolation();
        if (isolation != null) {
            definition.setIsolationLevel(isolation);
        }
        Duration timeout = settings.timeout();
        if (timeout != null) {
            definition.setTimeout(wholeSeconds(timeout));
        }
        return definition;
    }

    static TransactionSettings settings(TransactionAttribute attribute) {
        return new TransactionSettings(
                propagation(attribute.getPropagationBehavior()),
                isolation(attribute.getIsolationLevel()),
                timeout(attribute.getTimeout()),
                attribute.isReadOnly(),
                attribute::rollbackOn);
    }

    /** Rounded up: Spring takes nothing finer, and zero would be over at once. */
    private static int wholeSeconds(Duration timeout) {
        return (int) Math.max(1, Math.min(timeout.plusNanos(999_999_999).toSeconds(), Integer.MAX_VALUE));
    }

    private static Propagation propagation(int behaviour) {
        return switch (behaviour) {
            case TransactionDefinition.PROPAGATION_REQUIRED -> Propagation.REQUIRED;
            case TransactionDefinition.PROPAGATION_SUPPORTS -> Propagation.SUPPORTS;
            case TransactionDefinition.PROPAGATION_MANDATORY -> Propagation.MANDATORY;
            case TransactionDefinition.PROPAGATION_REQUIRES_NEW -> Propagation.REQUIRES_NEW;
            case TransactionDefinition.PROPAGATION_NOT_SUPPORTED -> Propagation.NOT_SUPPORTED;
            case TransactionDefinition.PROPAGATION_NEVER -> Propagation.NEVER;
            case TransactionDefinition.PROPAGATION_NESTED -> Propagation.NESTED;
            default -> throw new IllegalArgumentException("Unknown propagation " + behaviour);
        };
    }

    private static @Nullable Integer isolation(int level) {
        return level == TransactionDefinition.ISOLATION_DEFAULT ? null : level;
    }

    private static @Nullable Duration timeout(int seconds) {
        return seconds == TransactionDefinition.TIMEOUT_DEFAULT ? null : Duration.ofSeconds(seconds);
    }
}
