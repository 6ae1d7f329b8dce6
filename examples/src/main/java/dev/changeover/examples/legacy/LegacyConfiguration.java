package dev.changeover.examples.legacy;

import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.domain.AuditLogRepository;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.UserRepository;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import javax.sql.DataSource;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** How the application is wired today: one data source, one transaction manager for JPA and JDBC. */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement
@EnableJpaRepositories(basePackageClasses = UserRows.class, considerNestedRepositories = false)
class LegacyConfiguration {

    @Bean
    LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource, Schemas schemas) {
        LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
        factory.setDataSource(dataSource);
        factory.setPackagesToScan(UserRow.class.getPackageName());
        factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        factory.setJpaPropertyMap(Map.of(
                "hibernate.default_schema",
                schemas.legacy(),
                "hibernate.physical_naming_strategy",
                "org.hibernate.boot.model.naming.CamelCaseToUnderscoresNamingStrategy",
                "hibernate.jdbc.time_zone",
                "UTC"));
        return factory;
    }

    @Bean
    JpaTransactionManager transactionManager(EntityManagerFactory factory, FlushListener listener) {
        register(listener, factory.unwrap(SessionFactoryImplementor.class));
        return new JpaTransactionManager(factory);
    }

    private static void register(FlushListener listener, SessionFactoryImplementor factory) {
        EventListenerRegistry registry = factory.getServiceRegistry().requireService(EventListenerRegistry.class);
        registry.appendListeners(EventType.POST_INSERT, listener);
        registry.appendListeners(EventType.POST_UPDATE, listener);
        registry.appendListeners(EventType.POST_DELETE, listener);
    }

    @Bean
    UserRepository users(UserRows rows, EntityManagerFactory factory) {
        return new JpaUserRepository(rows, shared(factory));
    }

    @Bean
    RoomRepository rooms(MeetingRows rows, EntityManagerFactory factory) {
        return new JpaRoomRepository(rows, shared(factory));
    }

    @Bean
    AuditLogRepository auditLogs(DataSource dataSource, Schemas schemas) {
        return new JdbcAuditLogRepository(new JdbcTemplate(dataSource), schemas);
    }

    @Bean
    ProfileService profiles(UserRows rows) {
        return new ProfileService(rows);
    }

    private static EntityManager shared(EntityManagerFactory factory) {
        return SharedEntityManagerCreator.createSharedEntityManager(factory);
    }
}
