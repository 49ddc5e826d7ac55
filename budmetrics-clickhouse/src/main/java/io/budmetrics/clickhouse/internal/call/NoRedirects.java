package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.internal.HttpAPIClientHelper;
import java.io.IOException;
import java.lang.reflect.Field;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the driver's HTTP client from following redirects. It would answer a 301, 302 or 303 by asking the other place
 * without the statement, with the values of parameters in the URL where the redirect repeats it, and a 307 or 308 by sending
 * everything again. Neither a property of the driver nor an option of an operation switches that off, and the driver makes the
 * configuration of each request itself; so its HTTP client is wrapped, in the two private fields that lead to it, by one
 * that changes this configuration. A version of the driver without these fields is used as it is, and said so in the log.
 */
final class NoRedirects {
    private static final @Nullable Field HELPER = field(Client.class, "httpClientHelper");
    private static final @Nullable Field HTTP_CLIENT = field(HttpAPIClientHelper.class, "httpClient");

    private NoRedirects() {}

    /** Changes nothing when it has been here before. */
    static void in(Client client) {
        if (HELPER == null || HTTP_CLIENT == null) {
            return;
        }
        try {
            Object helper = HELPER.get(client);
            // null when the client was closed just now
            Object http = helper == null ? null : HTTP_CLIENT.get(helper);
            if (http instanceof CloseableHttpClient original && !(http instanceof Direct)) {
                HTTP_CLIENT.set(helper, new Direct(original));
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            CallLog.LOG.warn(
                    "this version of the driver follows HTTP redirects, which cannot be switched off ({})",
                    e.getClass().getSimpleName());
            return null;
        }
    }

    /** The same client, for requests that are not redirected. */
    private static final class Direct extends CloseableHttpClient {
        private final CloseableHttpClient client;

        Direct(CloseableHttpClient client) {
            this.client = client;
        }

        @Override
        protected CloseableHttpResponse doExecute(
                @Nullable HttpHost target, ClassicHttpRequest request, HttpContext context) throws IOException {
            HttpClientContext own = HttpClientContext.cast(context);
            own.setRequestConfig(RequestConfig.copy(own.getRequestConfigOrDefault())
                    .setRedirectsEnabled(false)
                    .build());
            return (CloseableHttpResponse) client.executeOpen(target, request, own);
        }

        @Override
        public void close(CloseMode mode) {
            client.close(mode);
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
