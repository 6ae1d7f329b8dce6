package dev.changeover.examples.legacy;

import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.domain.AuditLogRepository;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.UserRepository;
import dev.changeover.legacyadapter.JpaFlush;
import jakarta.persistence.EntityManagerFactory;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.vendor.HibernateJpaDialect;
import org.springframework.transaction.PlatformTransactionManager;

/** The application as it is today: its repositories and its transaction manager. */
public final class LegacySide implements AutoCloseable {

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    /**
     * Starts the application's context.
     *
     * @param unaccounted is told of every entity that Hibernate wrote outside a repository call
     */
    public LegacySide(DataSource dataSource, Schemas schemas, Consumer<FlushListener.Changed> unaccounted) {
        context.registerBean("dataSource", DataSource.class, () -> dataSource, bean -> bean.setDestroyMethodName(""));
        context.registerBean("schemas", Schemas.class, () -> schemas);
        context.registerBean("flushListener", FlushListener.class, () -> new FlushListener(unaccounted));
        context.register(LegacyConfiguration.class);
        context.refresh();
    }

    /** Returns the users. */
    public UserRepository users() {
        return context.getBean(UserRepository.class);
    }

    /** Returns the rooms. */
    public RoomRepository rooms() {
        return context.getBean(RoomRepository.class);
    }

    /** Returns the audit logs. */
    public AuditLogRepository auditLogs() {
        return context.getBean(AuditLogRepository.class);
    }

    /** Returns the service that writes without a repository. */
    public ProfileService profiles() {
        return context.getBean(ProfileService.class);
    }

    /** Returns the application's own transaction manager. */
    public PlatformTransactionManager transactionManager() {
        return context.getBean(PlatformTransactionManager.class);
    }

    /** Sends what the object mapper has not sent yet. */
    public Runnable flush() {
        return JpaFlush.of(context.getBean(EntityManagerFactory.class), new HibernateJpaDialect());
    }

    /** Returns the server process behind this side's connection. */
    public int backend() {
        JdbcTemplate jdbc = new JdbcTemplate(context.getBean(DataSource.class));
        return Objects.requireNonNull(jdbc.queryForObject("select pg_backend_pid()", Integer.class));
    }

    @Override
    public void close() {
        context.close();
    }
}
