package dev.changeover.benchmarks.micro;

import dev.changeover.core.Changeover;
import dev.changeover.core.KeyType;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.Routes;
import dev.changeover.core.Stage;
import dev.changeover.core.memory.InMemoryControl;
import dev.changeover.core.memory.InMemoryTransactions;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.Transactions;

/** Changeover over two maps, in one stage, without a database. */
final class Library implements AutoCloseable {

    static final String NAME = "users";

    private final Stage stage;
    private final Changeover changeover;
    private final Users legacy;
    private final Users next;

    Library(Stage stage, Transactions transactions, ReadObserver observer, Users legacy, Users next) {
        this.stage = stage;
        this.legacy = legacy;
        this.next = next;
        this.changeover = Changeover.builder()
                .control(new InMemoryControl())
                .transactions(transactions)
                .observer(observer)
                .start();
    }

    static Library in(Stage stage, ReadObserver observer) {
        return new Library(stage, new InMemoryTransactions(), observer, new HashUsers(), new HashUsers());
    }

    /** Returns the router written by hand. */
    Users byHand() {
        Users users = new RoutedUsers(repository().dual());
        walk();
        return users;
    }

    /** Returns the proxy. */
    Users proxy() {
        Users users = repository().build();
        walk();
        return users;
    }

    private RepositoryBuilder<Users, Long, User> repository() {
        return changeover
                .repository(NAME, Users.class)
                .entity(User.class, KeyType.LONG, User::id)
                .legacy(legacy, new NoStore())
                .next(next, new NoStore())
                .route(Library::reads);
    }

    private static void reads(Routes routes) {
        routes.reads("find", "name", "email", "createdAt", "status", "tenant", "visits", "active");
    }

    private void walk() {
        for (int step = 1; step <= stage.ordinal(); step++) {
            changeover.stages().move(NAME, Stage.values()[step], "benchmark", "benchmark");
        }
    }

    @Override
    public void close() {
        changeover.close();
    }
}
