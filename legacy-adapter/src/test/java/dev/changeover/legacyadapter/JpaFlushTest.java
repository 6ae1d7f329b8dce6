package dev.changeover.legacyadapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaDialect;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

@PostgresTest
class JpaFlushTest {

    private static LocalContainerEntityManagerFactoryBean bean;
    private static EntityManagerFactory factory;
    private static SpringTransactions transactions;

    @BeforeAll
    static void open(PostgresDatabase db) {
        db.execute("CREATE TABLE memo (id int PRIMARY KEY, body text NOT NULL UNIQUE)");
        DataSource pool = db.pool(1);
        bean = new LocalContainerEntityManagerFactoryBean();
        bean.setDataSource(pool);
        bean.setPackagesToScan("dev.changeover.legacyadapter");
        bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        bean.afterPropertiesSet();
        factory = bean.getObject();
        JpaTransactionManager manager = new JpaTransactionManager(factory);
        manager.setJpaDialect(new HibernateJpaDialect());
        manager.afterPropertiesSet();
        transactions = SpringTransactions.of(manager, pool).flushing(JpaFlush.of(factory, new HibernateJpaDialect()));
    }

    @AfterAll
    static void close() {
        bean.destroy();
    }

    @Test
    void whatTheObjectMapperHasNotSentIsOnTheSameConnectionAfterAFlush() throws Exception {
        long seen = transactions.required(TransactionSettings.DEFAULTS, () -> {
            entities().persist(new Memo(1, "one"));
            assertThat(count()).isZero();
            transactions.current().flush();
            return count();
        });

        assertThat(seen).isEqualTo(1);
    }

    @Test
    void aFlushThatFailsThrowsWhatTheApplicationKnows() {
        assertThatThrownBy(() -> transactions.required(TransactionSettings.DEFAULTS, () -> {
                    entities().persist(new Memo(2, "same"));
                    entities().persist(new Memo(3, "same"));
                    transactions.current().flush();
                    return null;
                }))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    /** An entity. */
    @Entity
    @Table(name = "memo")
    public static class Memo {
        @Id
        private int id;

        @Column
        private String body;

        protected Memo() {}

        Memo(int id, String body) {
            this.id = id;
            this.body = body;
        }
    }

    private static EntityManager entities() {
        return EntityManagerFactoryUtils.getTransactionalEntityManager(factory);
    }

    private static long count() throws Exception {
        try (Statement statement = transactions.current().connection().createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM memo")) {
            result.next();
            return result.getLong(1);
        }
    }
}
