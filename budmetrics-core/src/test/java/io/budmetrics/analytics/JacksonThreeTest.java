package io.budmetrics.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.SeededQuestions;
import io.budmetrics.error.BudMetricsException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Jackson 3 writes the same bytes as Jackson 2, and reads what either wrote; both use the annotations of Jackson 2. */
class JacksonThreeTest {
    private static final long SEEDS = 40;
    private static final ObjectMapper TWO = new ObjectMapper();
    private static final JsonMapper THREE = JsonMapper.builder().build();

    @Test
    void questions_areWrittenAndReadAsByJacksonTwo() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            AnalyticsQuestion question = SeededQuestions.question(seed);

            String json = THREE.writeValueAsString(question);

            assertThat(json).as("seed %s", seed).isEqualTo(TWO.writeValueAsString(question));
            assertThat(THREE.readValue(json, AnalyticsQuestion.class)).isEqualTo(question);
            assertThat(TWO.readValue(json, AnalyticsQuestion.class)).isEqualTo(question);
        }
    }

    @Test
    void answers_areWrittenAndReadAsByJacksonTwo() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            AnalyticsQuestion question = AnswerJsonTest.withDetails(SeededQuestions.question(seed));
            AnalyticsAnswer answer = AnalyticsAnswer.of(question, SeededColumns.of(question, seed));

            String json = THREE.writeValueAsString(answer);

            assertThat(json).as("seed %s", seed).isEqualTo(TWO.writeValueAsString(answer));
            assertThat(THREE.readValue(json, AnalyticsAnswer.class)).isEqualTo(answer);
        }
    }

    @Test
    void invalidQuestion_hasTheReasonAsItsCause() {
        String json = "{\"metrics\": [\"no_such_metric\"]}";

        Throwable thrown = catchThrowable(() -> THREE.readValue(json, AnalyticsQuestion.class));

        assertThat(thrown).hasCauseInstanceOf(BudMetricsException.class);
    }
}
