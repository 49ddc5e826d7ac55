package io.budmetrics.examples.springboot;

import io.budmetrics.clickhouse.BudMetrics;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A service that answers the questions of a dashboard. */
@SpringBootApplication
public class UsageApplication {
    /**
     * Starts the service.
     *
     * @param arguments Spring Boot's
     */
    public static void main(String[] arguments) {
        SpringApplication.run(UsageApplication.class, arguments);
    }

    /** Spring closes the client with the context; the pool stays Spring's. */
    @Bean
    BudMetrics budMetrics(DataSource dataSource) {
        return BudMetrics.over(dataSource);
    }
}
