package io.budmetrics.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;

/**
 * The driver brings Apache's HTTP client, which Spring then prefers for its own calls, and which repeats a POST that is
 * answered 503. The property in application.properties keeps Spring on the client of the JDK, which does not.
 */
class HttpClientTest {
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static HttpServer model;

    /** An application without the service, so that no database is needed. */
    @EnableAutoConfiguration
    static class Caller {}

    @BeforeAll
    static void startAModelThatIsOverloaded() throws IOException {
        model = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        model.createContext("/", exchange -> {
            CALLS.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        model.start();
    }

    @AfterAll
    static void stop() {
        model.stop(0);
    }

    @BeforeEach
    void forgetCalls() {
        CALLS.set(0);
    }

    private static int callsOfOnePost(RestClient client) {
        String url = "http://127.0.0.1:" + model.getAddress().getPort() + "/v1/chat/completions";
        assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
                .isThrownBy(() -> client.post().uri(url).body("{}").retrieve().toBodilessEntity());
        return CALLS.get();
    }

    private static int callsOfOnePostWith(String... arguments) {
        SpringApplicationBuilder application = new SpringApplicationBuilder(Caller.class).web(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            return callsOfOnePost(context.getBean(RestClient.Builder.class).build());
        }
    }

    @Test
    void autoConfiguredClient_withTheProperty_sendsAPostOnce() {
        assertThat(callsOfOnePostWith()).isEqualTo(1);
    }

    @Test
    void autoConfiguredClient_withoutTheProperty_sendsAPostTwice() {
        assertThat(callsOfOnePostWith(
                        "--spring.config.name=none", "--spring.datasource.url=jdbc:clickhouse://127.0.0.1:8123"))
                .isEqualTo(2);
    }

    @Test
    void clientMadeByHand_sendsAPostTwiceUnlessGivenTheClientOfTheJdk() {
        assertThat(callsOfOnePost(RestClient.create())).isEqualTo(2);
        CALLS.set(0);
        assertThat(callsOfOnePost(RestClient.builder()
                        .requestFactory(new JdkClientHttpRequestFactory())
                        .build()))
                .isEqualTo(1);
    }
}
