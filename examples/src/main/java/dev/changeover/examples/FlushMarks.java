package dev.changeover.examples;

import dev.changeover.core.Changeover;
import dev.changeover.core.Side;
import dev.changeover.examples.legacy.FlushListener.Changed;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the library what Hibernate wrote outside a routed call; before the library runs there is nobody to tell. */
final class FlushMarks implements Consumer<Changed> {

    private volatile @Nullable Changeover changeover;

    void tell(Changeover running) {
        changeover = running;
    }

    @Override
    public void accept(Changed changed) {
        Changeover running = changeover;
        if (running != null) {
            running.changedOutside(changed.repository(), Side.LEGACY, changed.key());
        }
    }
}
