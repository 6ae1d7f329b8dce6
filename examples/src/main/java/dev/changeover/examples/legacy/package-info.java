/** The repositories as the application has them: Spring Data JPA for users and rooms, JDBC for audit logs. */
@NullMarked
package dev.changeover.examples.legacy;

import org.jspecify.annotations.NullMarked;
