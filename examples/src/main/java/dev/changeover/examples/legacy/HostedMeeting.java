package dev.changeover.examples.legacy;

/** A meeting and its host, as a join returns them. */
record HostedMeeting(MeetingRow meeting, UserRow host) {}
