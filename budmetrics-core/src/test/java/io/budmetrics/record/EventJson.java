package io.budmetrics.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.UUID;

/** Batches of events as gateways publish them, for tests. */
public final class EventJson {
    /** The inference of a good entry. */
    public static final UUID ID = new UUID(1, 2);

    private EventJson() {}

    /** The fields of a good entry, with some more or others. */
    public static String data(String changes) {
        return """
                {"inference_id": "%s", "project_id": "00000000-0000-0001-0000-000000000003",
                 "endpoint_id": "00000000-0000-0001-0000-000000000004",
                 "model_id": "00000000-0000-0001-0000-000000000005",
                 "request_arrival_time": "2026-01-07T09:00:00.100001Z",
                 "request_forward_time": "2026-01-07T09:00:00.900002Z", "is_success": true%s}""".formatted(ID, changes.isEmpty() ? "" : ", " + changes);
    }

    public static String entry(String data) {
        return """
                {"entryId": "e-1", "contentType": "application/json",
                 "metadata": {"cloudevent.id": "1", "cloudevent.type": "t"}, "event": {"data": %s}}""".formatted(data);
    }

    public static InferenceEvents events(String... entries) throws JsonProcessingException {
        return new ObjectMapper()
                .readValue(
                        "{\"id\": \"" + ID + "\", \"topic\": \"t\", \"type\": \"bulk\", \"pubsubname\": \"p\","
                                + " \"metadata\": {}, \"entries\": [" + String.join(",", entries) + "]}",
                        InferenceEvents.class);
    }

    /** The name of a column as Java writes it. */
    public static String camelCase(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '_') {
                i++;
                text.append(Character.toUpperCase(name.charAt(i)));
            } else {
                text.append(name.charAt(i));
            }
        }
        return text.toString();
    }
}
