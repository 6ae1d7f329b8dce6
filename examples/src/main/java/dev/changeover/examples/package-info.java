/** The main job: a video-conferencing backend moves to its new schema under live traffic, and proves it at the end. */
@NullMarked
package dev.changeover.examples;

import org.jspecify.annotations.NullMarked;
