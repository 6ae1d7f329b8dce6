package dev.changeover.examples.legacy;

import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.hibernate.event.spi.PostDeleteEvent;
import org.hibernate.event.spi.PostDeleteEventListener;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * Reports entities that Hibernate wrote on its own account: changed by dirty checking in some service, and flushed at
 * commit or before a query, outside the repository call that would have been routed. Without the report such a change
 * would stay on the legacy side. It is given while the transaction is still open.
 */
public final class FlushListener implements PostInsertEventListener, PostUpdateEventListener, PostDeleteEventListener {

    private static final long serialVersionUID = 1L;

    /** The entity that a repository call on this thread is writing; its change is accounted for. */
    private static final ThreadLocal<@Nullable Changed> OWN = new ThreadLocal<>();

    private final transient Consumer<Changed> unaccounted;

    /** Creates a listener that reports to this consumer. */
    public FlushListener(Consumer<Changed> unaccounted) {
        this.unaccounted = unaccounted;
    }

    /**
     * An entity that was written.
     *
     * @param repository the name of the repository that owns it
     * @param key its key
     */
    public record Changed(String repository, UUID key) {}

    /** Runs a repository's own write of one entity. */
    static <T extends @Nullable Object> T own(String repository, UUID key, Supplier<T> write) {
        Changed outer = OWN.get();
        OWN.set(new Changed(repository, key));
        try {
            return write.get();
        } finally {
            OWN.set(outer);
        }
    }

    @Override
    public void onPostInsert(PostInsertEvent event) {
        written(event.getEntity());
    }

    @Override
    public void onPostUpdate(PostUpdateEvent event) {
        written(event.getEntity());
    }

    @Override
    public void onPostDelete(PostDeleteEvent event) {
        written(event.getEntity());
    }

    @Override
    public boolean requiresPostCommitHandling(EntityPersister persister) {
        return false;
    }

    private void written(Object entity) {
        Changed changed = registered(entity);
        if (changed != null && !changed.equals(OWN.get())) {
            unaccounted.accept(changed);
        }
    }

    private static @Nullable Changed registered(Object entity) {
        if (entity instanceof UserRow user) {
            return new Changed("users", user.id);
        }
        return entity instanceof MeetingRow meeting ? new Changed("rooms", meeting.id) : null;
    }
}
