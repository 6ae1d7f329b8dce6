package dev.changeover.examples.legacy;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Spring Data's repository of {@code meetings}. */
interface MeetingRows extends JpaRepository<MeetingRow, UUID> {

    String HOSTED = "select new dev.changeover.examples.legacy.HostedMeeting(m, u)"
            + " from MeetingRow m left join UserRow u on u.id = m.hostId";

    Optional<MeetingRow> findByRoomCode(String roomCode);

    @Query(HOSTED + " where m.id = :id")
    Optional<HostedMeeting> findWithHost(UUID id);

    List<MeetingRow> findByIdInOrderById(Collection<UUID> ids);

    @Query(HOSTED + " where m.status = :word order by m.createdAt, m.id")
    List<HostedMeeting> findByWord(String word, Limit limit);

    @Query(HOSTED + " where m.status not in :words order by m.createdAt, m.id")
    List<HostedMeeting> findByOtherWords(Collection<String> words, Limit limit);

    Page<MeetingRow> findAllByOrderByCreatedAtAscIdAsc(Pageable page);

    long countByStatus(String word);

    long countByStatusNotIn(Collection<String> words);

    @Modifying(flushAutomatically = true)
    @Query("update versioned MeetingRow m set m.status = 'closed', m.endedAt = :at, m.updatedAt = :at"
            + " where m.id in :ids")
    int endAll(Collection<UUID> ids, Instant at);
}
