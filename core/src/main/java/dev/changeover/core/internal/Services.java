package dev.changeover.core.internal;

import dev.changeover.core.control.Control;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.WriteObserver;
import java.util.function.LongSupplier;

/** What all repositories of one instance share. */
public record Services(
        Control control,
        Transactions transactions,
        ReadObserver observer,
        WriteObserver writes,
        ChangeoverListener listener,
        LongSupplier clock,
        Runnable wakeDrain) {}
