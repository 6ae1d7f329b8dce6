package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.CapturedLogs;
import dev.changeover.testkit.ExpectedLogs;
import dev.changeover.testkit.ExpectsLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

@ExtendWith(ExpectedLogs.class)
class HandOffTest {

    @Test
    @ExpectsLog("a divergence could not be stored")
    void aStormOfFailuresIsCountedAndLoggedOnce(CapturedLogs logs) {
        HandOff handOff = new HandOff(
                confirmed -> {
                    throw new IllegalStateException("the store is away");
                },
                "test");
        for (int i = 0; i < 500; i++) {
            handOff.offer(List::of);
        }
        await().until(() -> handOff.lost() == 500);
        handOff.close();
        assertThat(logs.problems()).hasSize(1);
    }

    @Test
    void aDivergenceIsLoggedInTheContextOfTheCallerWhoMetIt() {
        List<String> seen = new CopyOnWriteArrayList<>();
        HandOff handOff = new HandOff(confirmed -> seen.add(String.valueOf(MDC.get("request"))), "test");
        MDC.put("request", "r1");
        try {
            handOff.offer(List::of);
        } finally {
            MDC.clear();
        }
        handOff.offer(List::of);
        await().until(() -> seen.size() == 2);
        handOff.close();
        assertThat(seen).containsExactly("r1", "null");
    }

    @Test
    void whatHasNoRoomIsLostAndCountedAndNobodyWaits() {
        CountDownLatch gate = new CountDownLatch(1);
        HandOff handOff = new HandOff(
                confirmed -> {
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "test");
        for (int i = 0; i < 3_000; i++) {
            handOff.offer(List::of);
        }
        assertThat(handOff.lost()).isBetween(1_990L, 2_000L);
        gate.countDown();
        handOff.close();
    }
}
