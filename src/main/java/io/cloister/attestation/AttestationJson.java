package io.cloister.attestation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.TcbLayout;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The JSON forms of policies and verdicts. Digests are bare hexadecimal, lines and custody their usual names. */
final class AttestationJson {
    private AttestationJson() {}

    /** A policy as it is written. */
    record Document(
            String name,
            List<String> measurements,
            List<String> productLines,
            Map<String, Map<String, Integer>> minimumTcb,
            Policy.GuestRules guest,
            int maximumVmpl,
            Map<String, String> custody,
            List<String> testRoots) {}

    /** A verdict as it is written. */
    record VerdictDocument(String verdict, String grade, List<CheckDocument> checks, Map<String, String> claims) {}

    record CheckDocument(String name, String result, String detail) {}

    static Policy policy(Bytes json) {
        if (json.length() > Policy.MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a policy of " + json.length() + " bytes");
        }
        try {
            return fromDocument(present(StrictJson.MAPPER.readValue(json.toArray(), Document.class)));
        } catch (IOException e) {
            throw new CodecException(Reason.BAD_TEXT, "not a policy: " + StrictJson.why(e), e);
        }
    }

    static Document document(Policy policy) {
        SortedMap<String, Map<String, Integer>> minimum = new TreeMap<>();
        policy.minimumTcb().forEach((line, tcb) -> minimum.put(line.title(), components(tcb)));
        SortedMap<String, String> custody = new TreeMap<>();
        policy.custody().forEach((chip, who) -> custody.put(chip.toHex(), who.label()));
        return new Document(
                policy.name(),
                hex(policy.measurements()),
                policy.productLines().stream().map(ProductLine::title).toList(),
                minimum,
                policy.guest(),
                policy.maximumVmpl(),
                custody,
                hex(policy.testRoots()));
    }

    static VerdictDocument verdict(Verdict verdict) {
        return new VerdictDocument(
                verdict.accepted() ? "accepted" : "rejected",
                verdict.grade().name(),
                verdict.checks().stream()
                        .map(check -> new CheckDocument(
                                check.name(), check.result().name().toLowerCase(Locale.ROOT), check.detail()))
                        .toList(),
                verdict.claims());
    }

    static String write(Object document) {
        try {
            return StrictJson.MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records always have a JSON form", e);
        }
    }

    static String pretty(Object document) {
        try {
            return StrictJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records always have a JSON form", e);
        }
    }

    private static Policy fromDocument(Document document) {
        TreeMap<ProductLine, Tcb> minimum = new TreeMap<>();
        document.minimumTcb().forEach((title, components) -> {
            ProductLine line = line(title);
            minimum.put(line, tcb(line.tcbLayout(), present(components)));
        });
        TreeMap<Bytes, Custody> custody = new TreeMap<>();
        document.custody().forEach((chip, label) -> custody.put(Bytes.hex(chip), custodyOf(present(label))));
        return new Policy(
                document.name(),
                unique(document.measurements().stream()
                        .map(text -> Bytes.hex(present(text)))
                        .toList()),
                unique(document.productLines().stream()
                        .map(text -> line(present(text)))
                        .toList()),
                minimum,
                document.guest(),
                document.maximumVmpl(),
                custody,
                unique(document.testRoots().stream()
                        .map(text -> Bytes.hex(present(text)))
                        .toList()));
    }

    private static Map<String, Integer> components(Tcb tcb) {
        TreeMap<String, Integer> components = new TreeMap<>(Map.of(
                "bootLoader", tcb.bootLoader(), "tee", tcb.tee(), "snp", tcb.snp(), "microcode", tcb.microcode()));
        if (tcb.layout().hasFmc()) {
            components.put("fmc", tcb.fmc());
        }
        return components;
    }

    private static Tcb tcb(TcbLayout layout, Map<String, Integer> components) {
        Map<String, Integer> rest = new TreeMap<>(components);
        Tcb tcb = new Tcb(
                layout,
                layout.hasFmc() ? take(rest, "fmc") : 0,
                take(rest, "bootLoader"),
                take(rest, "tee"),
                take(rest, "snp"),
                take(rest, "microcode"));
        if (!rest.isEmpty()) {
            throw new CodecException(Reason.BAD_TEXT, "not a TCB component of this line: " + rest.keySet());
        }
        return tcb;
    }

    private static int take(Map<String, Integer> components, String name) {
        return present(components.remove(name));
    }

    private static ProductLine line(String title) {
        return ProductLine.ofTitle(title)
                .filter(line -> line.title().equals(title))
                .orElseThrow(() -> new CodecException(Reason.BAD_TEXT, title + " is not a product line"));
    }

    private static Custody custodyOf(String label) {
        for (Custody custody : Custody.values()) {
            if (custody.label().equals(label)) {
                return custody;
            }
        }
        throw new CodecException(Reason.BAD_TEXT, label + " is not a kind of custody");
    }

    private static <T extends Comparable<T>> TreeSet<T> unique(List<T> values) {
        TreeSet<T> set = new TreeSet<>(values);
        if (set.size() != values.size()) {
            throw new CodecException(Reason.NOT_CANONICAL, "a value stands twice in one list of the policy");
        }
        return set;
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new CodecException(Reason.BAD_TEXT, "the policy lacks a value");
        }
        return value;
    }

    private static List<String> hex(Collection<Bytes> values) {
        return values.stream().map(Bytes::toHex).toList();
    }
}
