package io.cloister.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.api.Contract.Operation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The resources serve what the contract says, and nothing else, with the members that it names. */
class ContractTest {
    private static final Map<String, Class<?>> VIEWS = Map.ofEntries(
            Map.entry("Problem", Problem.class),
            Map.entry("Challenge", AttestationResource.ChallengeView.class),
            Map.entry("BootKeys", BootKeysView.class),
            Map.entry("Certificates", CertificatesView.class),
            Map.entry("Release", ReleaseView.class),
            Map.entry("VerifyRequest", VerifyRequest.class),
            Map.entry("Check", VerdictView.CheckView.class),
            Map.entry("Verdict", VerdictView.class),
            Map.entry("Peer", PeerView.class),
            Map.entry("Node", NodeResource.View.class),
            Map.entry("Asset", NetworkView.AssetView.class),
            Map.entry("ForeignChain", NetworkView.ForeignChainView.class),
            Map.entry("Network", NetworkView.class),
            Map.entry("Validator", ValidatorView.class),
            Map.entry("Shard", ShardView.class),
            Map.entry("Solvency", SolvencyView.class),
            Map.entry("Header", HeaderView.class),
            Map.entry("BlockPage", HeaderView.PageView.class),
            Map.entry("Block", HeaderView.BlockView.class),
            Map.entry("Certificate", CertificateView.class),
            Map.entry("LedgerEvent", TransactionView.EventView.class),
            Map.entry("Transaction", TransactionView.class),
            Map.entry("ReceiptProof", ReceiptProofView.class),
            Map.entry("ReceiptAnchor", ReceiptProofView.AnchorView.class),
            Map.entry("ReceiptLink", ReceiptProofView.LinkView.class),
            Map.entry("ReceiptEntry", ReceiptProofView.EntryView.class),
            Map.entry("ReceiptStanding", ReceiptProofView.StandingView.class),
            Map.entry("GatewayRequest", GatewayRequest.class),
            Map.entry("Gateway", GatewayView.class),
            Map.entry("Deposit", DepositView.class),
            Map.entry("BurnReport", BurnReport.class),
            Map.entry("TransferReference", TransferView.ReferenceView.class),
            Map.entry("Transfer", TransferView.class),
            Map.entry("HpkeKey", EvmResource.KeyView.class));

    /** Requests are records of what somebody may leave out. */
    private static final Set<String> REQUESTS = Set.of("GatewayRequest", "BurnReport", "VerifyRequest");

    @Test
    void servesEveryOperationOfTheContractAndNoOther() throws Exception {
        Map<String, Operation> promised = Contract.read().operations();
        assertThat(promised).hasSizeGreaterThan(20);
        assertThat(served()).containsExactlyEntriesOf(promised);
    }

    @TestFactory
    Stream<DynamicTest> answersWithTheMembersOfTheContract() throws IOException {
        Contract contract = Contract.read();
        Set<String> known = new TreeSet<>(VIEWS.keySet());
        known.addAll(ContractDocuments.samples().keySet());
        assertThat(contract.schemas().keySet()).isEqualTo(known);
        return contract.schemas().entrySet().stream()
                .filter(entry -> VIEWS.containsKey(entry.getKey()))
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    List<RecordComponent> components =
                            List.of(VIEWS.get(entry.getKey()).getRecordComponents());
                    assertThat(components)
                            .extracting(RecordComponent::getName)
                            .containsExactlyInAnyOrderElementsOf(
                                    entry.getValue().members());
                    if (!REQUESTS.contains(entry.getKey())) {
                        assertThat(components)
                                .filteredOn(c -> entry.getValue().required().contains(c.getName()))
                                .noneMatch(c -> c.getAnnotatedType().isAnnotationPresent(Nullable.class));
                    }
                }));
    }

    /** Documents that have a form of their own are held against what is written. */
    @TestFactory
    Stream<DynamicTest> documentsHaveTheMembersOfTheContract() throws IOException {
        Contract contract = Contract.read();
        return ContractDocuments.samples().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Contract.Schema schema = contract.schemas().get(entry.getKey());
                    Set<String> seen = new TreeSet<>();
                    for (JsonNode sample : entry.getValue()) {
                        sample.fieldNames().forEachRemaining(seen::add);
                        schema.required()
                                .forEach(member -> assertThat(sample.has(member))
                                        .as(member)
                                        .isTrue());
                    }
                    assertThat(seen).isEqualTo(schema.members());
                }));
    }

    @Test
    void jsonHasTheNamesOfTheContract() throws IOException {
        ObjectMapper json = JsonProvider.JSON;
        String request = """
                {"asset":"LTC","from":"a","to":"b","recipient":"c","payload":"0x","nonce":"0x00"}""";
        assertThat(json.writeValueAsString(json.readValue(request, GatewayRequest.class)))
                .isEqualTo(request);
    }

    private static Map<String, Operation> served() throws Exception {
        Map<String, Operation> served = new TreeMap<>();
        for (Class<?> type : resources()) {
            for (Method method : type.getDeclaredMethods()) {
                for (Annotation annotation : method.getAnnotations()) {
                    HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                    // HEAD is GET without the body, by HTTP and not by our contract.
                    if (verb != null && !verb.value().equals(HttpMethod.HEAD)) {
                        served.put(verb.value() + " " + path(type, method), operation(type, method));
                    }
                }
            }
        }
        return served;
    }

    private static List<Class<?>> resources() throws URISyntaxException, IOException, ClassNotFoundException {
        java.nio.file.Path folder = java.nio.file.Path.of(NodeResource.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve("io/cloister/api");
        List<String> names;
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            names = files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".class"))
                    .map(n -> "io.cloister.api." + n.substring(0, n.length() - ".class".length()))
                    .toList();
        }
        List<Class<?>> found = new ArrayList<>();
        for (String name : names) {
            Class<?> type = Class.forName(name);
            if (type.isAnnotationPresent(Path.class)) {
                found.add(type);
            }
        }
        return found;
    }

    private static String path(Class<?> type, Method method) {
        String own = Optional.ofNullable(method.getAnnotation(Path.class))
                .map(Path::value)
                .orElse("");
        String joined = "/" + type.getAnnotation(Path.class).value() + "/" + own;
        return joined.replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
    }

    private static Operation operation(Class<?> type, Method method) {
        Produces produces = Optional.ofNullable(method.getAnnotation(Produces.class))
                .orElseGet(() -> type.getAnnotation(Produces.class));
        Consumes consumes = method.getAnnotation(Consumes.class);
        Set<String> parameters = new TreeSet<>();
        for (Parameter parameter : method.getParameters()) {
            parameter(parameter).ifPresent(parameters::add);
        }
        return new Operation(
                parameters,
                consumes == null ? Set.of() : new TreeSet<>(Arrays.asList(consumes.value())),
                new TreeSet<>(Arrays.asList(produces.value())));
    }

    private static Optional<String> parameter(Parameter parameter) {
        if (parameter.isAnnotationPresent(QueryParam.class)) {
            return Optional.of(
                    "query " + parameter.getAnnotation(QueryParam.class).value());
        }
        if (parameter.isAnnotationPresent(PathParam.class)) {
            return Optional.of(
                    "path " + parameter.getAnnotation(PathParam.class).value());
        }
        return Optional.ofNullable(parameter.getAnnotation(HeaderParam.class)).map(h -> "header " + h.value());
    }
}
