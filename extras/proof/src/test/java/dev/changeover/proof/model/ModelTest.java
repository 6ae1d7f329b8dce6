package dev.changeover.proof.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.Guarantee;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The fence, the moves and the law of the copy hold in every schedule of some transactions, however long, and each of
 * their rules is needed: without it there is a schedule that breaks a guarantee.
 */
class ModelTest {

    private final Model model = Model.fence();

    @ParameterizedTest
    @ValueSource(strings = {"sound_at_first", "sound_ever_after"})
    @Guarantee("G1")
    @Guarantee("G2")
    @Guarantee("G4")
    @Guarantee("G7")
    @Guarantee("G8")
    void noStepOfTheProtocolBreaksAGuarantee(String check) {
        Model.Answer answer = answer(check);
        assertThat(answer.found()).as("%s", answer.trace()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no_key_lock",
                "read_then_lock",
                "marks_deleted_by_key",
                "unfenced_copy",
                "enter_one_statement",
                "foreign_in_flight",
                "entry_remembered",
                "marks_not_counted",
                "marks_counted_before_the_fence",
                "side_left_without_a_stamp"
            })
    @Guarantee("G1")
    @Guarantee("G4")
    @Guarantee("G7")
    @Guarantee("G8")
    void withoutOneOfItsRulesAScheduleBreaksAGuarantee(String variant) {
        assertThat(answer(variant).found()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shown_live_copy",
                "shown_drain",
                "shown_flip_that_converges_the_last_marks",
                "shown_flip_back",
                "shown_foreign_write",
                "shown_way_to_new",
                "shown_refusal"
            })
    void theModelMoves(String run) {
        assertThat(answer(run).found()).isTrue();
    }

    private Model.Answer answer(String name) {
        Model.Answer answer = model.answer(name);
        System.out.println(answer);
        return answer;
    }
}
