package io.budmetrics.metric;

import java.time.Duration;
import java.util.List;

/**
 * The latency limits of MLPerf Inference (mlcommons/inference_policies, inference_rules.adoc) as service levels. MLPerf
 * asks that 99 of 100 requests keep them: an attainment of 0.99.
 */
public final class MlPerf {
    /** Llama 2 70B, Server: first token within 2000 ms, 200 ms per output token. */
    public static final ServiceLevel LLAMA2_70B_SERVER = level("llama2_70b_server", 2000, 200);

    /** Llama 2 70B, Interactive: first token within 450 ms, 40 ms per output token. */
    public static final ServiceLevel LLAMA2_70B_INTERACTIVE = level("llama2_70b_interactive", 450, 40);

    /** Llama 3.1 8B, Server: first token within 2000 ms, 100 ms per output token. */
    public static final ServiceLevel LLAMA3_1_8B_SERVER = level("llama3_1_8b_server", 2000, 100);

    /** Llama 3.1 8B, Interactive: first token within 500 ms, 30 ms per output token. */
    public static final ServiceLevel LLAMA3_1_8B_INTERACTIVE = level("llama3_1_8b_interactive", 500, 30);

    /** Llama 3.1 405B, Server: first token within 6000 ms, 175 ms per output token. */
    public static final ServiceLevel LLAMA3_1_405B_SERVER = level("llama3_1_405b_server", 6000, 175);

    /** Llama 3.1 405B, Interactive: first token within 4500 ms, 80 ms per output token. */
    public static final ServiceLevel LLAMA3_1_405B_INTERACTIVE = level("llama3_1_405b_interactive", 4500, 80);

    /** Mixtral 8x7B, Server: first token within 2000 ms, 200 ms per output token. */
    public static final ServiceLevel MIXTRAL_8X7B_SERVER = level("mixtral_8x7b_server", 2000, 200);

    /** DeepSeek-R1, Server: first token within 2000 ms, 80 ms per output token. */
    public static final ServiceLevel DEEPSEEK_R1_SERVER = level("deepseek_r1_server", 2000, 80);

    /** DeepSeek-R1, Interactive: first token within 1500 ms, 15 ms per output token. */
    public static final ServiceLevel DEEPSEEK_R1_INTERACTIVE = level("deepseek_r1_interactive", 1500, 15);

    /** GPT-OSS-120B, Server: first token within 3000 ms, 80 ms per output token. */
    public static final ServiceLevel GPT_OSS_120B_SERVER = level("gpt_oss_120b_server", 3000, 80);

    /** GPT-OSS-120B, Interactive: first token within 2000 ms, 20 ms per output token. */
    public static final ServiceLevel GPT_OSS_120B_INTERACTIVE = level("gpt_oss_120b_interactive", 2000, 20);

    private static final List<ServiceLevel> ALL = List.of(
            LLAMA2_70B_SERVER,
            LLAMA2_70B_INTERACTIVE,
            LLAMA3_1_8B_SERVER,
            LLAMA3_1_8B_INTERACTIVE,
            LLAMA3_1_405B_SERVER,
            LLAMA3_1_405B_INTERACTIVE,
            MIXTRAL_8X7B_SERVER,
            DEEPSEEK_R1_SERVER,
            DEEPSEEK_R1_INTERACTIVE,
            GPT_OSS_120B_SERVER,
            GPT_OSS_120B_INTERACTIVE);

    private MlPerf() {}

    /**
     * Lists all of these service levels.
     *
     * @return the service levels
     */
    public static List<ServiceLevel> all() {
        return ALL;
    }

    private static ServiceLevel level(String name, long ttftMillis, long tpotMillis) {
        return ServiceLevel.builder()
                .named(name)
                .ttft(Duration.ofMillis(ttftMillis))
                .tpot(Duration.ofMillis(tpotMillis))
                .build();
    }
}
