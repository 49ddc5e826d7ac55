package io.budmetrics.examples.springboot;

import static io.budmetrics.filter.Dimension.PROJECT;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes a question as JSON and answers it about one project, whatever the question says of projects. */
@RestController
final class UsageController {
    private final BudMetrics budMetrics;

    UsageController(BudMetrics budMetrics) {
        this.budMetrics = budMetrics;
    }

    @PostMapping("/projects/{project}/usage")
    AnalyticsAnswer usage(@PathVariable UUID project, @RequestBody AnalyticsQuestion question) {
        return budMetrics.scopedTo(PROJECT.is(project)).execute(question);
    }

    @ExceptionHandler
    ProblemDetail failed(BudMetricsException e) {
        return e.code() == ErrorCode.INVALID_QUERY
                ? ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.reason())
                : ProblemDetail.forStatus(
                        e.retryable() ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.INTERNAL_SERVER_ERROR);
    }
}
