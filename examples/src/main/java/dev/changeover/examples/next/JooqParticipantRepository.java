package dev.changeover.examples.next;

import static dev.changeover.examples.next.generated.Tables.ROOM_PARTICIPANTS;

import dev.changeover.examples.domain.Participant;
import dev.changeover.examples.domain.ParticipantRepository;
import dev.changeover.examples.next.generated.tables.records.RoomParticipantsRecord;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.springframework.transaction.annotation.Transactional;

/** Participants through jOOQ. */
@Transactional
class JooqParticipantRepository implements ParticipantRepository {

    private final DSLContext dsl;

    JooqParticipantRepository(DSLContext dsl) {
        this.dsl = dsl;
    }

    @Override
    public void join(Participant participant) {
        dsl.insertInto(ROOM_PARTICIPANTS)
                .set(ROOM_PARTICIPANTS.ID, participant.id())
                .set(ROOM_PARTICIPANTS.ROOM_ID, participant.roomId())
                .set(ROOM_PARTICIPANTS.USER_ID, participant.userId())
                .set(ROOM_PARTICIPANTS.JOINED_AT, participant.joinedAt())
                .set(ROOM_PARTICIPANTS.LEFT_AT, participant.leftAt())
                .execute();
    }

    @Override
    public boolean leave(UUID id, Instant at) {
        return dsl.update(ROOM_PARTICIPANTS)
                        .set(ROOM_PARTICIPANTS.LEFT_AT, at)
                        .where(ROOM_PARTICIPANTS.ID.eq(id), ROOM_PARTICIPANTS.LEFT_AT.isNull())
                        .execute()
                == 1;
    }

    /** The index that the guide builds in its seventh phase is for this one. */
    @Override
    public List<Participant> present(UUID roomId) {
        return dsl.selectFrom(ROOM_PARTICIPANTS)
                .where(ROOM_PARTICIPANTS.ROOM_ID.eq(roomId), ROOM_PARTICIPANTS.LEFT_AT.isNull())
                .orderBy(ROOM_PARTICIPANTS.JOINED_AT, ROOM_PARTICIPANTS.ID)
                .fetch(JooqParticipantRepository::participant);
    }

    private static Participant participant(RoomParticipantsRecord row) {
        return new Participant(row.getId(), row.getRoomId(), row.getUserId(), row.getJoinedAt(), row.getLeftAt());
    }
}
