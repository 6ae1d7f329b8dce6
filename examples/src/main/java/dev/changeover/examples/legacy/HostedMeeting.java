package dev.changeover.examples.legacy;

import org.jspecify.annotations.Nullable;

/** A meeting and its host, as a join returns them; a host that was deleted is null. */
record HostedMeeting(MeetingRow meeting, @Nullable UserRow host) {}
