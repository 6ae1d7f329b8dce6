/**
 * The report of a transition: which stage each repository is in, what differs, how much slower new is, whether it may go
 * on and what is missing. {@code TransitionReport} reads it from the control schema, {@code Reports} writes it as HTML,
 * Markdown, JSON and JUnit XML.
 */
@NullMarked
package dev.changeover.shadowcompare.report;

import org.jspecify.annotations.NullMarked;
