package dev.changeover.examples.workload;

import dev.changeover.examples.domain.Participant;
import dev.changeover.examples.domain.ParticipantRepository;
import dev.changeover.examples.domain.Recording;
import dev.changeover.examples.domain.RecordingRepository;
import dev.changeover.examples.domain.RoomRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the application can do once legacy is left: people come and go, meetings are recorded, in tables that legacy never
 * had. One thread, until it is closed; then {@link #check} says whether all of it is there.
 */
public final class Visits implements AutoCloseable {

    private static final double PER_SECOND = 40;

    private final ParticipantRepository participants;
    private final RecordingRepository recordings;
    private final RoomRepository rooms;
    private final TransactionTemplate unit;
    private final Population population;
    private final SplittableRandom random;
    private final List<Participant> joined = new ArrayList<>();
    private final Set<UUID> left = new HashSet<>();
    private final List<Recording> recorded = new ArrayList<>();
    private final Thread thread = new Thread(this::visit, "visits");
    private volatile boolean stopped;

    /** Prepares visits to these rooms. */
    public Visits(
            ParticipantRepository participants,
            RecordingRepository recordings,
            RoomRepository rooms,
            PlatformTransactionManager transactions,
            Population population,
            long seed) {
        this.participants = participants;
        this.recordings = recordings;
        this.rooms = rooms;
        this.unit = new TransactionTemplate(transactions);
        this.population = population;
        this.random = new SplittableRandom(seed);
    }

    /** Begins. */
    public Visits start() {
        thread.start();
        return this;
    }

    private void visit() {
        Pace pace = new Pace(PER_SECOND);
        while (!stopped) {
            switch (random.nextInt(4)) {
                case 0 -> leave();
                case 1 -> record();
                default -> join();
            }
            pace.after(1);
        }
    }

    private void join() {
        Participant participant = new Participant(
                UUID.randomUUID(), one(population.rooms()), one(population.hosts()), Instant.now(), null);
        unit.executeWithoutResult(status -> participants.join(participant));
        joined.add(participant);
    }

    private void leave() {
        if (!joined.isEmpty()) {
            Participant participant = one(joined);
            unit.executeWithoutResult(status -> participants.leave(participant.id(), Instant.now()));
            left.add(participant.id());
        }
    }

    /** The room is read through the switch, what hangs on it is written beside it. */
    private void record() {
        UUID room = one(population.rooms());
        Boolean added = unit.execute(status -> rooms.findById(room)
                .map(found -> {
                    Instant now = Instant.now();
                    Instant begun = found.startedAt() == null ? now : found.startedAt();
                    long seconds = Math.max(0, Duration.between(begun, now).toSeconds());
                    Recording recording =
                            new Recording(UUID.randomUUID(), room, "recordings/" + UUID.randomUUID(), now, seconds);
                    recordings.add(recording);
                    recorded.add(recording);
                    return true;
                })
                .orElse(false));
        if (!Boolean.TRUE.equals(added)) {
            throw new IllegalStateException("an acknowledged room is gone: " + room);
        }
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns how many visits and recordings there were; to be called after the end.
     *
     * @throws IllegalStateException if one of them is not there
     */
    public int check() {
        for (Participant participant : joined) {
            boolean present = participants.present(participant.roomId()).contains(participant);
            if (present == left.contains(participant.id())) {
                throw new IllegalStateException("a visit is not as it was told: " + participant.id());
            }
        }
        for (Recording recording : recorded) {
            if (!recordings.findByRoom(recording.roomId()).contains(recording)) {
                throw new IllegalStateException("a recording is lost: " + recording.id());
            }
        }
        return joined.size() + recorded.size();
    }
}
