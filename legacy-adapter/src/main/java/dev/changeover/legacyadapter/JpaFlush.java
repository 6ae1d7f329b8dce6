package dev.changeover.legacyadapter;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.support.PersistenceExceptionTranslator;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Flushes the EntityManager of the active Spring transaction, so that what the application changed is in the database
 * before the follower's state is read. Does nothing where the transaction has no EntityManager. Safe for use by several
 * threads.
 */
public final class JpaFlush implements Runnable {

    private final EntityManagerFactory factory;
    private final @Nullable PersistenceExceptionTranslator translator;

    private JpaFlush(EntityManagerFactory factory, @Nullable PersistenceExceptionTranslator translator) {
        this.factory = Objects.requireNonNull(factory);
        this.translator = translator;
    }

    /** Returns a flush whose failures are those of JPA. */
    public static JpaFlush of(EntityManagerFactory factory) {
        return new JpaFlush(factory, null);
    }

    /**
     * Returns a flush whose failures are translated as they are in the application's repositories.
     *
     * @param factory the bean that the transaction manager has
     * @param translator such as the JpaDialect of the transaction manager
     */
    public static JpaFlush of(EntityManagerFactory factory, PersistenceExceptionTranslator translator) {
        return new JpaFlush(factory, Objects.requireNonNull(translator));
    }

    @Override
    public void run() {
        if (TransactionSynchronizationManager.getResource(factory) instanceof EntityManagerHolder holder) {
            flush(holder.getEntityManager());
        }
    }

    private void flush(EntityManager manager) {
        try {
            manager.flush();
        } catch (RuntimeException failure) {
            throw translated(failure);
        }
    }

    private RuntimeException translated(RuntimeException failure) {
        RuntimeException translation = translator == null ? null : translator.translateExceptionIfPossible(failure);
        return translation == null ? failure : translation;
    }
}
