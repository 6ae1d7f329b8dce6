package dev.changeover.examples.domain;

/**
 * The repositories of one side, or those that route between the two.
 *
 * @param users the users
 * @param rooms the rooms
 * @param auditLogs the audit log
 */
public record Ports(UserRepository users, RoomRepository rooms, AuditLogRepository auditLogs) {}
