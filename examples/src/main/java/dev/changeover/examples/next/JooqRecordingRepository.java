package dev.changeover.examples.next;

import static dev.changeover.examples.next.generated.Tables.RECORDINGS;

import dev.changeover.examples.domain.Recording;
import dev.changeover.examples.domain.RecordingRepository;
import dev.changeover.examples.next.generated.tables.records.RecordingsRecord;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.springframework.transaction.annotation.Transactional;

/** Recordings through jOOQ. */
@Transactional
class JooqRecordingRepository implements RecordingRepository {

    private final DSLContext dsl;

    JooqRecordingRepository(DSLContext dsl) {
        this.dsl = dsl;
    }

    @Override
    public void add(Recording recording) {
        dsl.insertInto(RECORDINGS)
                .set(RECORDINGS.ID, recording.id())
                .set(RECORDINGS.ROOM_ID, recording.roomId())
                .set(RECORDINGS.STORAGE_KEY, recording.storageKey())
                .set(RECORDINGS.RECORDED_AT, recording.recordedAt())
                .set(RECORDINGS.DURATION_SECONDS, recording.durationSeconds())
                .execute();
    }

    @Override
    public List<Recording> findByRoom(UUID roomId) {
        return dsl.selectFrom(RECORDINGS)
                .where(RECORDINGS.ROOM_ID.eq(roomId))
                .orderBy(RECORDINGS.RECORDED_AT.desc(), RECORDINGS.ID)
                .fetch(JooqRecordingRepository::recording);
    }

    private static Recording recording(RecordingsRecord row) {
        return new Recording(
                row.getId(), row.getRoomId(), row.getStorageKey(), row.getRecordedAt(), row.getDurationSeconds());
    }
}
