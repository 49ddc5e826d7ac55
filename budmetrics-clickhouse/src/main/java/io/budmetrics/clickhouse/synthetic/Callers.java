package io.budmetrics.clickhouse.synthetic;

import java.util.List;

/** Where the callers of the synthetic traffic are, and what they use. */
final class Callers {
    private Callers() {}

    /** Where callers are. */
    record Place(
            String code,
            String country,
            String region,
            String city,
            String zone,
            double latitude,
            double longitude,
            long asn,
            String isp) {}

    /** What callers use. */
    record Device(String type, String browser, String browserVersion, String os, String osVersion, String agent) {}

    static final List<Place> PLACES = List.of(
            new Place(
                    "US",
                    "United States",
                    "California",
                    "San Francisco",
                    "America/Los_Angeles",
                    37.7749,
                    -122.4194,
                    64_500,
                    "Bayline"),
            new Place(
                    "US",
                    "United States",
                    "New York",
                    "New York",
                    "America/New_York",
                    40.7128,
                    -74.006,
                    64_501,
                    "Hudson Net"),
            new Place(
                    "BR",
                    "Brazil",
                    "São Paulo",
                    "São Paulo",
                    "America/Sao_Paulo",
                    -23.5505,
                    -46.6333,
                    64_502,
                    "Rede Sul"),
            new Place(
                    "GB",
                    "United Kingdom",
                    "England",
                    "London",
                    "Europe/London",
                    51.5074,
                    -0.1278,
                    64_503,
                    "Thames Fibre"),
            new Place("DE", "Germany", "Berlin", "Berlin", "Europe/Berlin", 52.52, 13.405, 64_504, "Spreenetz"),
            new Place(
                    "FR", "France", "Île-de-France", "Paris", "Europe/Paris", 48.8566, 2.3522, 64_505, "Seine Télécom"),
            new Place("IN", "India", "Karnataka", "Bengaluru", "Asia/Kolkata", 12.9716, 77.5946, 64_506, "Deccan Link"),
            new Place("JP", "Japan", "Tokyo", "Tokyo", "Asia/Tokyo", 35.6762, 139.6503, 64_507, "Kanto Line"));

    static final List<Device> PEOPLE = List.of(
            new Device(
                    "mobile",
                    "Chrome Mobile",
                    "142",
                    "Android",
                    "16",
                    "Mozilla/5.0 (Linux; Android 16) Chrome/142.0 Mobile"),
            new Device(
                    "mobile",
                    "Safari Mobile",
                    "26",
                    "iOS",
                    "26.1",
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1) Safari/26.1"),
            new Device("desktop", "Chrome", "142", "Windows", "11", "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0"),
            new Device("desktop", "Firefox", "145", "Linux", "6.12", "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"));

    static final List<Device> PROGRAMS = List.of(
            new Device("server", "python-sdk", "2.8", "Linux", "6.12", "python-sdk/2.8 httpx/0.28"),
            new Device("server", "java-sdk", "1.4", "Linux", "6.12", "java-sdk/1.4 Java/21"),
            new Device("desktop", "ide-plugin", "0.9", "macOS", "26", "ide-plugin/0.9 (macOS)"));
}
