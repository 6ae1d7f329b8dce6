/** Nanoseconds and bytes on the caller's thread, by JMH, beside LaunchDarkly, Scientist4J, shadow-tool and JaVers. */
package dev.changeover.benchmarks.micro;
