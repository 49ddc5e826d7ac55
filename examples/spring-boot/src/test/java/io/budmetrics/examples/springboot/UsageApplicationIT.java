package io.budmetrics.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.record.InferenceRecord;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

/** The service on the real engine, with a database that no other test class sees. */
@ExtendWith(ClickHouseExtension.class)
@SpringBootTest
class UsageApplicationIT {
    private static final UUID PROJECT = new UUID(0, 1);

    static TestServer server;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        TestServer database = server.newDatabase();
        properties.add("spring.datasource.url", database::jdbcUrl);
        properties.add("spring.datasource.username", database::user);
        properties.add("spring.datasource.password", database::password);
    }

    @BeforeAll
    static void writeThreeRequests(@Autowired DataSource dataSource) {
        SchemaMigrator.over(dataSource).migrate();
        try (InferenceWriter writer = InferenceWriter.over(dataSource)) {
            writer.write(List.of(request(PROJECT), request(PROJECT), request(new UUID(0, 2))));
        }
    }

    private static InferenceRecord request(UUID project) {
        return InferenceRecord.builder()
                .inferenceId(UUID.randomUUID())
                .projectId(project)
                .requestArrivalTime(Instant.parse("2026-03-02T10:00:00Z"))
                .build();
    }

    private static MvcTestResult ask(WebApplicationContext context, String question) {
        return MockMvcTester.from(context)
                .post()
                .uri("/projects/{project}/usage", PROJECT)
                .contentType(MediaType.APPLICATION_JSON)
                .content(question)
                .exchange();
    }

    @Test
    void question_isAnsweredAboutTheProjectAlone(@Autowired WebApplicationContext context) {
        MvcTestResult answer = ask(context, """
                {"metrics": ["request_count"], "from_date": "2026-03-02T00:00:00Z", "to_date": "2026-03-03T00:00:00Z"}
                """);

        assertThat(answer)
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.items[0].items[0].data.request_count.count")
                .isEqualTo(2);
    }

    @Test
    void questionThatCannotBeAsked_isABadRequest(@Autowired WebApplicationContext context) {
        assertThat(ask(context, "{\"metrics\": [\"no_such_metric\"]}")).hasStatus(HttpStatus.BAD_REQUEST);
    }

    @Test
    void junit_isTheVersionOfSpringBoot() {
        assertThat(Test.class.getPackage().getImplementationVersion()).startsWith(System.getProperty("expected.junit"));
    }
}
