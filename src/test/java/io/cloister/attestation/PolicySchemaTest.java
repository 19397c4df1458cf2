package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.cloister.attestation.policy.Demand;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema that is published says what the program reads, and the shipped policies are what they promise. */
class PolicySchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode DOCUMENT = resource("policy.schema.json");
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(DOCUMENT);

    private static JsonNode resource(String name) {
        try (InputStream file = Policy.class.getResourceAsStream("/policies/" + name)) {
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static void fits(JsonNode document) {
        assertThat(SCHEMA.validate(document)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ShippedPolicies.class)
    void shippedPoliciesFitTheSchemaAsTheyAreAndWithEveryMember(ShippedPolicies shipped) throws IOException {
        fits(JSON.readTree(shipped.document().toArray()));
        fits(JSON.readTree(shipped.policy().toJson()));
        assertThat(shipped.policy().name()).isEqualTo(shipped.title());
    }

    @Test
    void theSchemaNamesEveryMemberAndNoOther() {
        List<String> ofBase = new ArrayList<>(members(resource("base.json"), ""));
        ofBase.add("/format");
        assertThat(groups(DOCUMENT)).containsExactlyInAnyOrderElementsOf(ofBase);
    }

    /** Members of the document and of its groups. */
    private static List<String> members(JsonNode document, String path) {
        List<String> names = new ArrayList<>();
        document.properties().forEach(member -> {
            names.add(path + "/" + member.getKey());
            if (path.isEmpty() && member.getValue().isObject()) {
                names.addAll(members(member.getValue(), "/" + member.getKey()));
            }
        });
        return names;
    }

    private static List<String> groups(JsonNode schema) {
        List<String> names = new ArrayList<>();
        schema.get("properties").properties().forEach(group -> {
            names.add("/" + group.getKey());
            group.getValue()
                    .path("properties")
                    .properties()
                    .forEach(member -> names.add("/" + group.getKey() + "/" + member.getKey()));
        });
        return names;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'format': 'cloister/policy/v2'}",
                "{'format': 'cloister/policy/v1', 'name': ''}",
                "{'format': 'cloister/policy/v1', 'extra': 1}",
                "{'format': 'cloister/policy/v1', 'roots': []}",
                "{'format': 'cloister/policy/v1', 'roots': {'productLines': ['Rome']}}",
                "{'format': 'cloister/policy/v1', 'roots': {'productLines': ['Genoa', 'Genoa']}}",
                "{'format': 'cloister/policy/v1', 'roots': {'testRoots': ['00']}}",
                "{'format': 'cloister/policy/v1', 'roots': {'revocationList': 'forbidden'}}",
                "{'format': 'cloister/policy/v1', 'firmware': {'minimumTcb': {'Genoa': {'snp': 1}}}}",
                "{'format': 'cloister/policy/v1', 'firmware': {'minimumTcb': {'Genoa':"
                        + " {'fmc': 0, 'bootLoader': 0, 'tee': 0, 'snp': 1, 'microcode': 1}}}}",
                "{'format': 'cloister/policy/v1', 'firmware': {'minimumTcb': {'Turin':"
                        + " {'bootLoader': 0, 'tee': 0, 'snp': 1, 'microcode': 1}}}}",
                "{'format': 'cloister/policy/v1', 'firmware': {'minimumMicrocode': {'19-11-1': 1}}}",
                "{'format': 'cloister/policy/v1', 'firmware': {'minimumMicrocode': {'19/11/1': 256}}}",
                "{'format': 'cloister/policy/v1', 'firmware': {'minimumMicrocode': {'19/11/01': 1}}}",
                "{'format': 'cloister/policy/v1', 'firmware': {'minimumMicrocode': {'19/11/256': 1}}}",
                "{'format': 'cloister/policy/v1', 'firmware': {'provisional': 'required'}}",
                "{'format': 'cloister/policy/v1', 'firmware': {'minimumMitigations': {'Turin': {'launch': '1'}}}}",
                "{'format': 'cloister/policy/v1', 'launch': {'named': 'forbidden'}}",
                "{'format': 'cloister/policy/v1', 'launch': {'minimumGuestSvn': -1}}",
                "{'format': 'cloister/policy/v1', 'launch': {'maximumVmpl': 4}}",
                "{'format': 'cloister/policy/v1', 'launch': {'measurements': null}}",
                "{'format': 'cloister/policy/v1', 'boot': {'profiles': {'aws': {}}}}",
                "{'format': 'cloister/policy/v1', 'boot': {'profiles': {'gcp':"
                        + " {'measurements': [], 'idKeys': [], 'pcrs': {'24': ['00']}}}}}",
                "{'format': 'cloister/policy/v1', 'boot': {'profiles': {'gcp':"
                        + " {'measurements': [], 'idKeys': [], 'pcrs': {'4': []}}}}}",
                "{'format': 'cloister/policy/v1', 'guest': {'debug': false}}",
                "{'format': 'cloister/policy/v1', 'guest': {'minimumAbiMajor': 256}}",
                "{'format': 'cloister/policy/v1', 'platform': {'smt': 'off'}}",
                "{'format': 'cloister/policy/v1', 'chips': {'allowed': ['00']}}",
                "{'format': 'cloister/policy/v1', 'chips': {'denied': ['0000000000000000']}}",
                "{'format': 'cloister/policy/v1', 'chips': {'custody': {'0011223344556677': 'simulated'}}}",
            })
    void whatTheSchemaRefusesIsRefusedByTheProgram(String text) throws IOException {
        JsonNode document = json(text);
        assertThat(SCHEMA.validate(document)).isNotEmpty();
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> Policy.parse(Bytes.utf8(document.toString())));
    }

    @Test
    void aDocumentThatSaysNothingRefusesEverything() throws IOException {
        JsonNode document = json("{'format': 'cloister/policy/v1'}");
        fits(document);
        Policy policy = Policy.parse(Bytes.utf8(document.toString()));
        assertThat(policy.roots().productLines()).isEmpty();
        assertThat(policy.firmware().minimumTcb()).isEmpty();
        assertThat(policy.launch().named()).isEqualTo(Demand.REQUIRED);
        assertThat(policy.guest().debug()).isEqualTo(Demand.FORBIDDEN);
    }

    @Test
    void groupsAreLaidOverTheBaseMemberByMember() throws IOException {
        ObjectNode document = (ObjectNode) json("{'format': 'cloister/policy/v1', 'guest': {'smt': 'forbidden'}}");
        Policy policy = Policy.parse(Bytes.utf8(document.toString()));
        assertThat(policy.guest().smt()).isEqualTo(Demand.FORBIDDEN);
        assertThat(policy.guest().debug()).isEqualTo(Demand.FORBIDDEN);
    }

    @Test
    void productionNamesNoTestRootAndNoMilanAndDemandsWhatRunsToBeNamed() {
        Policy production = ShippedPolicies.PRODUCTION.policy();
        assertThat(production.roots().testRoots()).isEmpty();
        assertThat(production.roots().productLines()).containsExactly(ProductLine.GENOA, ProductLine.TURIN);
        assertThat(production.roots().revocationList()).isEqualTo(Demand.REQUIRED);
        assertThat(production.launch().named()).isEqualTo(Demand.REQUIRED);
        assertThat(production.boot().named()).isEqualTo(Demand.REQUIRED);
        assertThat(ShippedPolicies.GCP_MILAN_TEST.policy().roots().productLines())
                .containsExactly(ProductLine.MILAN);
    }
}
