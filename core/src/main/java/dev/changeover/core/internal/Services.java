package dev.changeover.core.internal;

import dev.changeover.core.control.Control;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.Transactions;
import java.util.function.LongSupplier;

/** What all repositories of one instance share. */
public record Services(
        Control control,
        Transactions transactions,
        ReadObserver observer,
        ChangeoverListener listener,
        LongSupplier clock,
        Runnable wakeDrain) {}
