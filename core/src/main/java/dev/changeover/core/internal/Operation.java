package dev.changeover.core.internal;

import dev.changeover.core.FollowerMode;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.core.spi.TransactionSettings;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What was declared for one operation of a port.
 *
 * @param name its name, unique in the repository and low in cardinality
 * @param kind the kind of read, or null for a write
 * @param legacyOnly whether new does not have it yet
 * @param locking whether the read takes row locks, so that only the authority may serve it
 * @param bulk whether only sentinels tell the keys of the write
 * @param mode how the follower of a write is written
 * @param settings how a transaction is opened for a write if none is active
 * @param snapshot copies a result before the caller gets it, or null if the result is not to be shown to an observer
 * @param copyArguments copies the arguments before the authority sees them
 * @param completeArguments gives the copied arguments what the authority generated
 */
public record Operation(
        String name,
        @Nullable ReadKind kind,
        boolean legacyOnly,
        boolean locking,
        boolean bulk,
        FollowerMode mode,
        TransactionSettings settings,
        @Nullable UnaryOperator<@Nullable Object> snapshot,
        UnaryOperator<Object[]> copyArguments,
        BiFunction<Object[], @Nullable Object, Object[]> completeArguments) {}
