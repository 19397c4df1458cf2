package io.cloister.attestation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Changes one thing about a policy at a time, in its document. */
public final class Policies {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode document;

    private Policies(Policy base) {
        try {
            document = (ObjectNode) JSON.readTree(base.toJson());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Policies with(Policy base) {
        return new Policies(base);
    }

    /** Sets a member of a group to a value in JSON, in which single quotes stand for double ones. */
    public Policies set(String group, String member, String json) {
        try {
            ((ObjectNode) document.get(group)).set(member, JSON.readTree(json.replace('\'', '"')));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Policies measurements(Bytes... allowed) {
        return set("launch", "measurements", list(allowed));
    }

    public Policies productLine(ProductLine line, Tcb least) {
        change("roots", "productLines", lines -> lines.add(line.title()));
        ObjectNode minimum = (ObjectNode) document.get("firmware").get("minimumTcb");
        ObjectNode tcb = minimum.putObject(line.title())
                .put("bootLoader", least.bootLoader())
                .put("tee", least.tee())
                .put("snp", least.snp())
                .put("microcode", least.microcode());
        if (least.layout().hasFmc()) {
            tcb.put("fmc", least.fmc());
        }
        return this;
    }

    public Policies withoutProductLine(ProductLine line) {
        return change("roots", "productLines", lines -> lines.remove(line.title()));
    }

    public Policies withoutMinimumTcb(ProductLine line) {
        ((ObjectNode) document.get("firmware").get("minimumTcb")).remove(line.title());
        return this;
    }

    public Policies custody(Bytes chip, Custody who) {
        ((ObjectNode) document.get("chips").get("custody")).put(chip.toHex(), who.label());
        return this;
    }

    public Policies testRoots(Bytes... roots) {
        return set("roots", "testRoots", list(roots));
    }

    private Policies change(String group, String member, Consumer<List<String>> change) {
        List<String> values = new ArrayList<>();
        for (JsonNode value : document.get(group).get(member)) {
            values.add(value.textValue());
        }
        change.accept(values);
        ((ObjectNode) document.get(group))
                .set(member, JSON.valueToTree(values.stream().distinct().toList()));
        return this;
    }

    /** Values as a list in JSON. */
    public static String list(Bytes... values) {
        return JSON.valueToTree(Arrays.stream(values).map(Bytes::toHex).toList())
                .toString();
    }

    public Policy build() {
        return Policy.parse(Bytes.utf8(document.toString()));
    }
}
