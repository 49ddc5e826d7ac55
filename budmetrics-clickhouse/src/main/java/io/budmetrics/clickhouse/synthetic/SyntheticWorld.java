package io.budmetrics.clickhouse.synthetic;

import io.budmetrics.clickhouse.synthetic.SyntheticTraffic.Profile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Who makes the traffic and with which models: fixed names and sizes, ids from the seed. Immutable. */
final class SyntheticWorld {
    private static final int KEYS_PER_CALLER = 2;
    private static final int USERS = 400;
    private static final int ADDRESSES = 512;
    private static final int TENANTS = 400;

    /** Nineteen requests of twenty, where the others have about 0.7 together. */
    private static final double GIANT_WEIGHT = 13;

    /** When a tenant is awake, as a share of its busiest hour, by hour of its own day. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody writes to the array
    enum Rhythm {
        /** People at work. */
        OFFICE(0.25, 6, 5, 4, 4, 5, 8, 16, 35, 68, 92, 100, 96, 82, 90, 98, 96, 88, 70, 45, 28, 20, 15, 11, 8),
        /** People at home. */
        CONSUMER(1.15, 38, 24, 15, 10, 9, 11, 18, 30, 42, 50, 56, 62, 68, 66, 62, 62, 66, 74, 84, 94, 100, 96, 80, 58),
        /** Jobs that run when nobody else does. */
        NIGHT(0.8, 100, 100, 96, 90, 78, 50, 22, 8, 5, 4, 4, 4, 5, 5, 5, 5, 6, 6, 8, 12, 25, 48, 75, 92),
        /** Always the same. */
        FLAT(1.0, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60);

        private final double weekend;
        private final int[] percentByHour;

        Rhythm(double weekend, int... percentByHour) {
            this.weekend = weekend;
            this.percentByHour = percentByHour;
        }

        /** At a moment of the week that begins on Monday at midnight, interpolated between hours. */
        double at(double hourOfWeek) {
            int hour = (int) hourOfWeek;
            double part = hourOfWeek - hour;
            return hourly(hour) * (1 - part) + hourly((hour + 1) % 168) * part;
        }

        private double hourly(int hourOfWeek) {
            double share = percentByHour[hourOfWeek % 24] / 100.0;
            return hourOfWeek >= 5 * 24 ? share * weekend : share;
        }
    }

    /** Token counts: medians and spreads of log-normal distributions. */
    enum Workload {
        CHAT("chat", "/v1/chat/completions", 0.8, 900, 0.95, 240, 0.8),
        CODE("chat", "/v1/chat/completions", 0.75, 2_200, 1.0, 110, 1.1),
        SUMMARY("chat", "/v1/chat/completions", 0.2, 5_200, 0.7, 360, 0.5),
        EXTRACT("completion", "/v1/completions", 0.05, 1_400, 0.5, 80, 0.6),
        TRANSLATE("chat", "/v1/chat/completions", 0.3, 480, 0.8, 520, 0.75),
        EMBED("embedding", "/v1/embeddings", 0, 320, 0.9, 0, 0);

        final String endpointType;
        final String path;
        final double streamedShare;
        final double inputMedian;
        final double inputSigma;
        final double outputMedian;
        final double outputSigma;

        Workload(
                String endpointType,
                String path,
                double streamedShare,
                double inputMedian,
                double inputSigma,
                double outputMedian,
                double outputSigma) {
            this.endpointType = endpointType;
            this.path = path;
            this.streamedShare = streamedShare;
            this.inputMedian = inputMedian;
            this.inputSigma = inputSigma;
            this.outputMedian = outputMedian;
            this.outputSigma = outputSigma;
        }
    }

    /** A model: speeds in tokens per second, overhead in milliseconds, prices in 1e-12 of the currency per token. */
    record Model(
            UUID id,
            String name,
            int provider,
            String version,
            double prefill,
            double decode,
            double overheadMs,
            long inputPrice,
            long outputPrice,
            double failureShare,
            boolean promptCache,
            boolean reasons) {}

    /** One model offered to one project. */
    record Endpoint(UUID id, Model model, Workload workload) {}

    /** A project that calls: it owns the keys. */
    record Caller(UUID projectId, List<UUID> keys) {}

    /** A prompt of a project. */
    record Prompt(String id, String version, UUID versionId) {}

    /** A tenant. */
    record Project(
            UUID id,
            String name,
            double weight,
            Rhythm rhythm,
            int zoneHours,
            double cachedShare,
            double promptShare,
            boolean people,
            Weights endpointWeights,
            List<Endpoint> endpoints,
            Weights placeWeights,
            List<Caller> callers,
            List<Prompt> prompts,
            List<String> users) {}

    static final List<String> PROVIDERS = List.of("aurora", "lyra", "self-hosted", "quill", "vela");

    final List<Model> models;
    final List<Project> projects;
    final List<InetAddress> addresses;
    final Map<UUID, String> names;

    SyntheticWorld(long seed, Profile profile) {
        Randomness random = new Randomness(seed ^ 0x5EED_0F_A_CA5E_1DL);
        models = models(random);
        List<Project> usual = new ArrayList<>();
        addBusiest(usual, models, random);
        addOthers(usual, models, random);
        projects = shaped(usual, profile, random);
        addresses = addresses();
        names = names(projects, models);
    }

    private static List<Model> models(Randomness random) {
        Model auroraLarge =
                model(random, "aurora-large", 0, "2026-03", 4_500, 48, 180, 3.00, 15.00, 0.012, true, false);
        Model auroraMini = model(random, "aurora-mini", 0, "2026-03", 14_000, 120, 90, 0.25, 1.25, 0.008, true, false);
        Model lyraPro = model(random, "lyra-pro", 1, "4.1", 3_000, 36, 260, 5.00, 20.00, 0.018, true, true);
        Model lyraFlash = model(random, "lyra-flash", 1, "4.1", 16_000, 165, 80, 0.15, 0.60, 0.010, true, false);
        Model cedarLarge = model(random, "cedar-70b", 2, "3", 2_600, 30, 60, 0.60, 0.80, 0.022, false, false);
        Model cedarSmall = model(random, "cedar-8b", 2, "3", 11_000, 95, 30, 0.06, 0.08, 0.016, false, false);
        Model quillCode = model(random, "quill-code", 3, "7", 9_000, 70, 110, 1.20, 4.80, 0.011, true, false);
        Model velaEmbed = model(random, "vela-embed", 4, "1", 60_000, 0, 25, 0.02, 0, 0.004, false, false);
        return List.of(auroraLarge, auroraMini, lyraPro, lyraFlash, cedarLarge, cedarSmall, quillCode, velaEmbed);
    }

    /** The four tenants that make four requests of five. */
    private static void addBusiest(List<Project> list, List<Model> models, Randomness random) {
        Model auroraLarge = models.get(0);
        Model auroraMini = models.get(1);
        Model lyraFlash = models.get(3);
        Model cedarSmall = models.get(5);
        Model quillCode = models.get(6);
        Model velaEmbed = models.get(7);
        list.add(project(
                random,
                "storefront",
                0.31,
                Rhythm.CONSUMER,
                1,
                0.14,
                0.2,
                true,
                Weights.of(10, 10, 6, 22, 26, 22, 2, 2),
                offer(0.6, lyraFlash, Workload.CHAT),
                offer(0.3, auroraMini, Workload.CHAT),
                offer(0.1, velaEmbed, Workload.EMBED)));
        list.add(project(
                random,
                "helpdesk",
                0.21,
                Rhythm.OFFICE,
                -6,
                0.08,
                0.35,
                true,
                Weights.of(38, 40, 12, 4, 2, 1, 2, 1),
                offer(0.45, auroraLarge, Workload.CHAT),
                offer(0.35, auroraMini, Workload.SUMMARY),
                offer(0.2, cedarSmall, Workload.EXTRACT)));
        list.add(project(
                random,
                "copilot",
                0.17,
                Rhythm.OFFICE,
                1,
                0.02,
                0,
                false,
                Weights.of(8, 6, 2, 24, 34, 20, 5, 1),
                offer(0.8, quillCode, Workload.CODE),
                offer(0.2, auroraLarge, Workload.CODE)));
        list.add(project(
                random,
                "search",
                0.12,
                Rhythm.CONSUMER,
                -5,
                0.1,
                0.05,
                true,
                Weights.of(34, 36, 18, 4, 2, 2, 3, 1),
                offer(0.55, velaEmbed, Workload.EMBED),
                offer(0.45, lyraFlash, Workload.EXTRACT)));
    }

    private static void addOthers(List<Project> list, List<Model> models, Randomness random) {
        Model auroraLarge = models.get(0);
        Model lyraPro = models.get(2);
        Model lyraFlash = models.get(3);
        Model cedarLarge = models.get(4);
        Model cedarSmall = models.get(5);
        list.add(project(
                random,
                "analytics",
                0.08,
                Rhythm.NIGHT,
                0,
                0,
                0.3,
                false,
                Weights.of(5, 5, 0, 40, 30, 20, 0, 0),
                offer(0.7, cedarLarge, Workload.SUMMARY),
                offer(0.3, cedarSmall, Workload.EXTRACT)));
        list.add(project(
                random,
                "translate",
                0.06,
                Rhythm.OFFICE,
                9,
                0.05,
                0.1,
                true,
                Weights.of(2, 2, 0, 2, 2, 2, 25, 65),
                offer(0.5, cedarLarge, Workload.TRANSLATE),
                offer(0.5, lyraFlash, Workload.TRANSLATE)));
        list.add(project(
                random,
                "research",
                0.035,
                Rhythm.OFFICE,
                1,
                0,
                0,
                false,
                Weights.of(5, 5, 0, 40, 30, 20, 0, 0),
                offer(0.8, lyraPro, Workload.CHAT),
                offer(0.2, auroraLarge, Workload.SUMMARY)));
        list.add(project(
                random,
                "playground",
                0.015,
                Rhythm.FLAT,
                0,
                0,
                0,
                true,
                Weights.of(15, 15, 10, 15, 15, 10, 15, 5),
                offer(0.4, lyraPro, Workload.CHAT),
                offer(0.6, cedarSmall, Workload.CHAT)));
    }

    private static List<InetAddress> addresses() {
        List<InetAddress> pool = new ArrayList<>();
        for (int i = 0; i < ADDRESSES; i++) {
            pool.add(address(i));
        }
        return List.copyOf(pool);
    }

    private static Map<UUID, String> names(List<Project> projects, List<Model> models) {
        Map<UUID, String> all = new LinkedHashMap<>();
        for (Project project : projects) {
            all.put(project.id(), project.name());
        }
        for (Model model : models) {
            all.put(model.id(), model.name());
        }
        for (Project project : projects) {
            for (Endpoint endpoint : project.endpoints()) {
                all.put(endpoint.id(), project.name() + "/" + endpoint.model().name());
            }
            int number = 0;
            for (Caller caller : project.callers()) {
                number++;
                // the first caller is the project, which has its name already
                all.putIfAbsent(caller.projectId(), project.name() + "-app-" + number);
                for (int key = 0; key < caller.keys().size(); key++) {
                    all.put(caller.keys().get(key), project.name() + "-app-" + number + "-key-" + (key + 1));
                }
            }
        }
        return Collections.unmodifiableMap(all);
    }

    private List<Project> shaped(List<Project> usual, Profile profile, Randomness random) {
        return switch (profile) {
            case MIXED, LAUNCH_DAY -> List.copyOf(usual);
            case STEADY ->
                usual.stream()
                        .map(project -> shaped(project, project.weight(), Rhythm.FLAT))
                        .toList();
            case BATCH_NIGHTS ->
                usual.stream()
                        .map(project -> shaped(project, project.weight(), Rhythm.NIGHT))
                        .toList();
            case ONE_GIANT -> {
                List<Project> giant = new ArrayList<>(usual);
                giant.set(0, shaped(usual.get(0), GIANT_WEIGHT, usual.get(0).rhythm()));
                yield List.copyOf(giant);
            }
            case MANY_TENANTS -> tenants(usual, random);
        };
    }

    private static Project shaped(Project project, double weight, Rhythm rhythm) {
        return new Project(
                project.id(),
                project.name(),
                weight,
                rhythm,
                project.zoneHours(),
                project.cachedShare(),
                project.promptShare(),
                project.people(),
                project.endpointWeights(),
                project.endpoints(),
                project.placeWeights(),
                project.callers(),
                project.prompts(),
                project.users());
    }

    /** The usual ones and many others, each a little smaller than the one before. */
    private List<Project> tenants(List<Project> usual, Randomness random) {
        List<Project> tenants = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            Project model = usual.get(i % usual.size());
            double weight = 1.0 / (i + usual.size());
            if (i < usual.size()) {
                tenants.add(shaped(model, weight, model.rhythm()));
            } else {
                tenants.add(project(
                        random,
                        "tenant-" + (i + 1),
                        weight,
                        model.rhythm(),
                        random.below(24) - 11,
                        model.cachedShare(),
                        model.promptShare(),
                        model.people(),
                        model.placeWeights(),
                        offer(1, models.get(random.below(models.size() - 1)), Workload.CHAT)));
            }
        }
        return List.copyOf(tenants);
    }

    private record Offer(double weight, Model model, Workload workload) {}

    private static Offer offer(double weight, Model model, Workload workload) {
        return new Offer(weight, model, workload);
    }

    /** Prices are given per million tokens. */
    private static Model model(
            Randomness random,
            String name,
            int provider,
            String version,
            double prefill,
            double decode,
            double overheadMs,
            double inputPrice,
            double outputPrice,
            double failureShare,
            boolean promptCache,
            boolean reasons) {
        return new Model(
                random.uuid(),
                name,
                provider,
                version,
                prefill,
                decode,
                overheadMs,
                Math.round(inputPrice * 1e6),
                Math.round(outputPrice * 1e6),
                failureShare,
                promptCache,
                reasons);
    }

    private static Project project(
            Randomness random,
            String name,
            double weight,
            Rhythm rhythm,
            int zoneHours,
            double cachedShare,
            double promptShare,
            boolean people,
            Weights places,
            Offer... offers) {
        UUID id = random.uuid();
        List<Endpoint> endpoints = new ArrayList<>();
        double[] weights = new double[offers.length];
        for (int i = 0; i < offers.length; i++) {
            weights[i] = offers[i].weight();
            endpoints.add(new Endpoint(random.uuid(), offers[i].model(), offers[i].workload()));
        }
        // the first caller is the project itself; others use its endpoints with keys of their own
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            UUID caller = i == 0 ? id : random.uuid();
            List<UUID> keys = new ArrayList<>();
            for (int key = 0; key < KEYS_PER_CALLER; key++) {
                keys.add(random.uuid());
            }
            callers.add(new Caller(caller, List.copyOf(keys)));
        }
        List<Prompt> prompts = new ArrayList<>();
        for (String purpose : List.of("welcome", "triage", "summary")) {
            prompts.add(new Prompt(name + "-" + purpose, "v" + (1 + random.below(4)), random.uuid()));
        }
        List<String> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            users.add(name + "-user-" + (1_000 + i));
        }
        return new Project(
                id,
                name,
                weight,
                rhythm,
                zoneHours,
                cachedShare,
                promptShare,
                people,
                Weights.of(weights),
                List.copyOf(endpoints),
                places,
                List.copyOf(callers),
                List.copyOf(prompts),
                List.copyOf(users));
    }

    /** From the networks that are set aside for documentation; every sixth is IPv6. */
    private static InetAddress address(int i) {
        byte[] bytes;
        if (i % 6 == 5) {
            bytes = new byte[16];
            bytes[0] = 0x20;
            bytes[1] = 0x01;
            bytes[2] = 0x0d;
            bytes[3] = (byte) 0xb8;
            bytes[14] = (byte) (i >> 8);
            bytes[15] = (byte) i;
        } else if (i < ADDRESSES / 2) {
            bytes = new byte[] {(byte) 203, 0, 113, (byte) i};
        } else {
            bytes = new byte[] {(byte) 198, 51, 100, (byte) i};
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }
}
