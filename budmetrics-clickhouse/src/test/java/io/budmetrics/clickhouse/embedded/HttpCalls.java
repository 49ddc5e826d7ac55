package io.budmetrics.clickhouse.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Plain HTTP requests to an engine, as curl would send them. */
final class HttpCalls {
    private final EmbeddedClickHouse engine;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    HttpCalls(EmbeddedClickHouse engine) {
        this.engine = engine;
    }

    HttpRequest.Builder request(Map<String, String> parameters) {
        StringBuilder url = new StringBuilder(engine.httpUrl()).append("/?");
        parameters.forEach((name, value) ->
                url.append(encode(name)).append('=').append(encode(value)).append('&'));
        return HttpRequest.newBuilder(URI.create(url.toString()))
                .header("X-ClickHouse-User", engine.user())
                .header("X-ClickHouse-Key", engine.password())
                .timeout(Duration.ofSeconds(60));
    }

    HttpResponse<String> post(String sql, Map<String, String> parameters) throws IOException, InterruptedException {
        return send(request(parameters).POST(BodyPublishers.ofString(sql)).build());
    }

    HttpResponse<String> post(String sql) throws IOException, InterruptedException {
        return post(sql, Map.of());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    HttpResponse<byte[]> sendForBytes(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofByteArray());
    }

    HttpResponse<InputStream> sendForStream(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofInputStream());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
