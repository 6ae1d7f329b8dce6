package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ExpectedLogsTest {
    private static final Logger OURS = LoggerFactory.getLogger("dev.changeover.sample");
    private static final Logger OTHER = LoggerFactory.getLogger("org.example");

    @Test
    void onlyUnexpectedWarningsAndErrorsOfTheLibraryFailATest() {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Sample.class))
                .execute()
                .testEvents();
        tests.assertThatEvents()
                .haveExactly(1, failed("unexpectedWarning", "WARN dev.changeover.sample - lost 3 rows"))
                .haveExactly(1, failed("anotherThanTheExpectedOne", "ERROR dev.changeover.sample - out of order"))
                .haveExactly(1, passed("expectedWarning"))
                .haveExactly(1, passed("quiet"))
                .haveExactly(1, passed("allowedByTheOuterClass"));
        tests.assertStatistics(counts -> counts.started(5).succeeded(3).failed(2));
    }

    private static Condition<Event> failed(String test, String text) {
        return event(test(test), finishedWithFailure(message(found -> found.contains(text))));
    }

    private static Condition<Event> passed(String test) {
        return event(test(test), finishedSuccessfully());
    }

    // run by the test above; alone, two of its tests fail on purpose, so its name must not end with Test
    @ExtendWith(ExpectedLogs.class)
    @ExpectsLog("allowed everywhere")
    static class Sample {
        @Test
        void unexpectedWarning() {
            OURS.warn("lost {} rows", 3);
        }

        @Test
        @ExpectsLog("lost \\d rows")
        void anotherThanTheExpectedOne() {
            OURS.error("out of order");
        }

        @Test
        @ExpectsLog("lost \\d rows")
        @ExpectsLog("ERROR .* out of order")
        void expectedWarning(CapturedLogs logs) {
            OURS.warn("lost {} rows", 3);
            OURS.error("out of order");
            assertThat(logs.messages()).containsExactly("lost 3 rows", "out of order");
        }

        @Test
        void quiet() {
            OURS.info("all is well");
            OTHER.error("not ours");
        }

        @Nested
        class Inner {
            @Test
            void allowedByTheOuterClass() {
                OURS.warn("allowed everywhere");
            }
        }
    }
}
