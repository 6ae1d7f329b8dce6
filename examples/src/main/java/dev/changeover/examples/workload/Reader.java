package dev.changeover.examples.workload;

import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.domain.RoomStatus;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One reader: by key, by another unique value, lists, pages, joins and counts; in read-only units and without any. */
final class Reader {

    private final SplittableRandom random;
    private final Deployment deployment;
    private final Population population;
    private final Metrics metrics;
    private final TransactionTemplate readOnly;
    private final Wheel<Consumer<Ports>> reads = new Wheel<>();

    Reader(
            int number,
            long seed,
            Deployment deployment,
            PlatformTransactionManager transactions,
            Population population,
            Metrics metrics) {
        this.random = new SplittableRandom(seed - 104729L * (number + 1));
        this.deployment = deployment;
        this.population = population;
        this.metrics = metrics;
        this.readOnly = new TransactionTemplate(transactions);
        readOnly.setReadOnly(true);
        byKey();
        queries();
    }

    private void byKey() {
        reads.add(40, ports -> required(ports.users().findById(host()).isPresent()));
        reads.add(40, ports -> required(ports.rooms().findById(room()).isPresent()));
        reads.add(5, ports -> required(ports.rooms().findWithOwner(room()).isPresent()));
        if (!population.leavers().isEmpty()) {
            reads.add(
                    10,
                    ports -> required(ports.rooms()
                            .findWithOwner(one(one(population.leavers()).rooms()))
                            .isPresent()));
        }
        reads.add(
                5,
                ports -> required(
                        ports.rooms().findById(one(population.hotRooms())).isPresent()));
        reads.add(5, ports -> ports.auditLogs().findById(1 + random.nextInt(1000)));
        reads.add(5, ports -> ports.users().findByEmail("anna@w0-" + random.nextInt(500) + ".example"));
        reads.add(5, ports -> ports.rooms().findByCode("room-" + random.nextInt(1000)));
        reads.add(5, ports -> required(ports.users().findAllById(hosts()).size() == hosts().size()));
    }

    private void queries() {
        reads.add(3, ports -> ports.auditLogs().findByUser(host(), 20));
        reads.add(3, ports -> ports.auditLogs().countByUser(host()));
        reads.add(2, ports -> ports.rooms().findByStatus(status(), 20));
        reads.add(1, ports -> ports.rooms().countByStatus(status()));
        reads.add(
                1, ports -> required(ports.users().count() >= population.hosts().size()));
        reads.add(
                1,
                ports -> required(
                        ports.users().page(20 * random.nextInt(5), 20).content().size() == 20));
        reads.add(
                1,
                ports -> required(
                        ports.rooms().page(20 * random.nextInt(5), 20).content().size() == 20));
    }

    /** Reads something, every third time in a read-only unit of work. */
    void step() {
        Consumer<Ports> read = reads.pick(random);
        long start = System.nanoTime();
        try {
            deployment.with(ports -> {
                read(read, ports);
                return 0;
            });
            metrics.read(System.nanoTime() - start);
        } catch (RuntimeException | Error failure) {
            metrics.callerError("read", failure);
        }
    }

    private void read(Consumer<Ports> read, Ports ports) {
        if (random.nextInt(3) == 0) {
            readOnly.executeWithoutResult(status -> read.accept(ports));
        } else {
            read.accept(ports);
        }
    }

    /** Nobody deletes these rows, so they are there at every moment of the transition. */
    private static void required(boolean there) {
        if (!there) {
            throw new IllegalStateException("a read missed a row that nobody deletes");
        }
    }

    private UUID host() {
        return one(population.hosts());
    }

    private List<UUID> hosts() {
        return Stream.of(3, 1, 4, 1, 5).distinct().map(population.hosts()::get).toList();
    }

    private UUID room() {
        return one(population.rooms());
    }

    private RoomStatus status() {
        return RoomStatus.values()[random.nextInt(3)];
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
