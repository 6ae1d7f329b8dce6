package dev.changeover.examples.next;

import static dev.changeover.examples.next.generated.Tables.AUTH_PROVIDERS;
import static dev.changeover.examples.next.generated.Tables.USERS;
import static org.jooq.impl.DSL.currentTimestamp;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.select;

import dev.changeover.examples.domain.AuthProvider;
import dev.changeover.examples.domain.Page;
import dev.changeover.examples.domain.Times;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.domain.UserRepository;
import dev.changeover.examples.next.generated.tables.records.UsersRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.ResultQuery;
import org.jooq.SelectConditionStep;
import org.jooq.impl.SQLDataType;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.annotation.Transactional;

/** Users and their providers through jOOQ, read in one statement. */
@Transactional
class JooqUserRepository implements UserRepository {

    private static final Condition PRESENT = USERS.DELETED_AT.isNull();
    private static final Field<List<AuthProvider>> PROVIDERS = multiset(select(
                            AUTH_PROVIDERS.ID,
                            AUTH_PROVIDERS.PROVIDER_TYPE,
                            AUTH_PROVIDERS.PROVIDER_ID,
                            AUTH_PROVIDERS.LAST_USED_AT)
                    .from(AUTH_PROVIDERS)
                    .where(AUTH_PROVIDERS.USER_ID.eq(USERS.ID))
                    .orderBy(AUTH_PROVIDERS.PROVIDER_TYPE))
            .convertFrom(
                    rows -> rows.map(row -> new AuthProvider(row.value1(), row.value2(), row.value3(), row.value4())));

    private final DSLContext dsl;

    JooqUserRepository(DSLContext dsl) {
        this.dsl = dsl;
    }

    @Override
    public Optional<User> findById(UUID id) {
        return one(present(USERS.ID.eq(id)));
    }

    @Override
    public Optional<User> findByEmail(String email) {
        return one(present(USERS.EMAIL.eq(email)));
    }

    @Override
    public List<User> findAllById(Collection<UUID> ids) {
        return many(present(USERS.ID.in(ids)).orderBy(USERS.ID));
    }

    @Override
    public Page<User> page(int offset, int size) {
        List<User> content = many(
                present(PRESENT).orderBy(USERS.CREATED_AT, USERS.ID).limit(size).offset(offset));
        return new Page<>(content, count());
    }

    @Override
    public long count() {
        return dsl.fetchCount(USERS, PRESENT);
    }

    @Override
    public User create(User user) {
        UsersRecord row = dsl.newRecord(USERS);
        row.setId(user.id());
        row.setCreatedAt(user.createdAt());
        row.setVersion(user.version());
        fill(row, user);
        dsl.executeInsert(row);
        store(user.authProviders(), user.id());
        return user;
    }

    @Override
    public User save(User user) {
        UsersRecord row = dsl.newRecord(USERS);
        fill(row, user);
        row.setVersion(user.version() + 1);
        int changed = dsl.update(USERS)
                .set(row)
                .where(USERS.ID.eq(user.id()), USERS.VERSION.eq(user.version()), PRESENT)
                .execute();
        if (changed == 0) {
            throw new OptimisticLockingFailureException("user " + user.id() + " is not at version " + user.version());
        }
        store(user.authProviders(), user.id());
        return user.nextVersion();
    }

    private static void fill(UsersRecord row, User user) {
        row.setUsername(user.username());
        row.setEmail(user.email());
        row.setPasswordHash(user.passwordHash());
        row.setDisplayName(user.displayName());
        row.setIsActive(user.active());
        row.setUpdatedAt(user.updatedAt());
    }

    private void store(List<AuthProvider> providers, UUID user) {
        for (AuthProvider provider : providers) {
            dsl.insertInto(AUTH_PROVIDERS)
                    .set(AUTH_PROVIDERS.ID, provider.id())
                    .set(AUTH_PROVIDERS.USER_ID, user)
                    .set(AUTH_PROVIDERS.PROVIDER_TYPE, provider.type())
                    .set(AUTH_PROVIDERS.PROVIDER_ID, provider.providerId())
                    .set(AUTH_PROVIDERS.LAST_USED_AT, provider.lastUsedAt())
                    .onConflict(AUTH_PROVIDERS.ID)
                    .doUpdate()
                    .set(AUTH_PROVIDERS.PROVIDER_ID, excluded(AUTH_PROVIDERS.PROVIDER_ID))
                    .set(AUTH_PROVIDERS.LAST_USED_AT, excluded(AUTH_PROVIDERS.LAST_USED_AT))
                    .execute();
        }
    }

    @Override
    public void delete(UUID id) {
        dsl.deleteFrom(AUTH_PROVIDERS).where(AUTH_PROVIDERS.USER_ID.eq(id)).execute();
        dsl.update(USERS)
                .set(USERS.DELETED_AT, currentTimestamp().cast(SQLDataType.INSTANT))
                .where(USERS.ID.eq(id), PRESENT)
                .execute();
    }

    @Override
    public int deactivateAll(Collection<UUID> ids, Instant when) {
        Instant at = Times.micros(when);
        dsl.update(AUTH_PROVIDERS)
                .set(AUTH_PROVIDERS.LAST_USED_AT, at)
                .where(AUTH_PROVIDERS.USER_ID.in(ids))
                .execute();
        return dsl.update(USERS)
                .set(USERS.IS_ACTIVE, false)
                .set(USERS.UPDATED_AT, at)
                .set(USERS.VERSION, USERS.VERSION.plus(1))
                .where(USERS.ID.in(ids), PRESENT)
                .execute();
    }

    private SelectConditionStep<Record2<UsersRecord, List<AuthProvider>>> present(Condition condition) {
        return dsl.select(USERS, PROVIDERS).from(USERS).where(condition, PRESENT);
    }

    private static Optional<User> one(ResultQuery<Record2<UsersRecord, List<AuthProvider>>> query) {
        return query.fetchOptional(JooqUserRepository::user);
    }

    private static List<User> many(ResultQuery<Record2<UsersRecord, List<AuthProvider>>> query) {
        return query.fetch(JooqUserRepository::user);
    }

    private static User user(Record2<UsersRecord, List<AuthProvider>> found) {
        UsersRecord row = found.value1();
        return new User(
                row.getId(),
                row.getUsername(),
                row.getEmail(),
                row.getPasswordHash(),
                row.getDisplayName(),
                row.getIsActive(),
                row.getCreatedAt(),
                row.getUpdatedAt(),
                row.getVersion(),
                found.value2());
    }
}
