package io.budmetrics.bench;

import com.clickhouse.jdbc.DataSourceImpl;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/** Answers whatever it is asked with captured bodies, in the format that is asked for, on loopback. */
final class BodyServer implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private BodyServer(HttpServer http) {
        this.http = http;
    }

    static BodyServer serving(byte[] nativeBody, byte[] driversBody) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        BodyServer server = new BodyServer(http);
        http.setExecutor(server.threads);
        http.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            boolean drivers = Bodies.DRIVERS.equals(exchange.getRequestHeaders().getFirst("X-ClickHouse-Format"));
            byte[] body = drivers ? driversBody : nativeBody;
            exchange.getResponseHeaders().set("X-ClickHouse-Format", drivers ? Bodies.DRIVERS : Bodies.NATIVE);
            exchange.getResponseHeaders().set("X-ClickHouse-Timezone", "UTC");
            exchange.getResponseHeaders().set("X-ClickHouse-Summary", "{}");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        http.start();
        return server;
    }

    int port() {
        return http.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    DataSource dataSource() {
        Properties properties = new Properties();
        properties.setProperty("user", "default");
        properties.setProperty("compress", "false");
        return new DataSourceImpl("jdbc:clickhouse:" + url(), properties);
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
