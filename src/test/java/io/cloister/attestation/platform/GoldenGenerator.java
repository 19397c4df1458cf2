package io.cloister.attestation.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.attestation.Golden;
import io.cloister.attestation.Policies;
import io.cloister.attestation.Policy;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.TcbLayout;
import io.cloister.attestation.tpm.EventLog;
import io.cloister.attestation.tpm.LogBuilder;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.TpmHash;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Writes new golden vectors into the folder of resources that the first argument names: files laid out as genuine ones
 * are, and {@code index.json} with the checks that must fail in each case, which are written down here by hand.
 */
final class GoldenGenerator {
    private static final Bytes DATA = TestChips.filled(64, 0xD0);
    private static final Bytes NONCE = TestChips.filled(48, 0x42);
    private static final Bytes USER_DATA = TestChips.filled(48, 0xD7);
    private static final Bytes CHALLENGE = Bytes.utf8("challenge");
    private static final Tcb MILAN = TestChips.MILAN_TCB;
    private static final Tcb GENOA = TestChips.GENOA_TCB;
    private static final Tcb TURIN = TestChips.TURIN_TCB;

    private final Path folder;
    private final List<Case> cases = new ArrayList<>();
    private final Map<String, GoldenMachine> signers = new TreeMap<>();
    private final Map<String, Bytes> files = new TreeMap<>();

    private GoldenGenerator(Path folder) {
        this.folder = folder;
    }

    /** A case as it stands in the index. */
    private static final class Case {
        private final Map<String, Object> members = new LinkedHashMap<>();

        Case with(String member, Object value) {
            members.put(member, value);
            return this;
        }

        Case edit(int at, int flip) {
            return with("edit", at).with("flip", flip);
        }

        void fails(String... checks) {
            members.put("failed", List.of(checks));
        }
    }

    public static void main(String[] arguments) throws IOException {
        GoldenGenerator generator = new GoldenGenerator(Path.of(arguments[0], "attestation"));
        generator.certificates();
        generator.reports();
        generator.genuine();
        generator.chains();
        generator.changed();
        generator.revoked();
        generator.azure();
        generator.google();
        generator.write();
    }

    private String file(String name, Bytes content) {
        files.put(name, content);
        return name;
    }

    private void certificates() {
        for (ProductLine line : ProductLine.values()) {
            String name = name(line);
            file("certs/" + name + "_ark.der", GoldenMachine.authority(line, "ARK-"));
            file("certs/" + name + "_ask.der", GoldenMachine.authority(line, "SEV-"));
        }
        file("certs/milan_asvk.der", GoldenMachine.authority(ProductLine.MILAN, "SEV-VLEK-"));
        GoldenMachine milan = GoldenMachine.of(ProductLine.MILAN, 0x11);
        GoldenMachine genoa = GoldenMachine.of(ProductLine.GENOA, 0x22);
        GoldenMachine turin = GoldenMachine.of(ProductLine.TURIN, 0x33);
        leaf("milan_vcek", milan, milan.vcek(MILAN));
        leaf("milan_wrapped_vcek", milan, milan.vcekWithWrappedId(MILAN));
        leaf("milan_other_tcb_vcek", milan, milan.vcek(Tcb.early(4, 0, 23, 219)));
        GoldenMachine otherMilan = GoldenMachine.of(ProductLine.MILAN, 0x12);
        leaf("milan_other_vcek", otherMilan, otherMilan.vcek(MILAN));
        GoldenMachine cloud = GoldenMachine.of(ProductLine.MILAN, 0);
        leaf("milan_vlek", cloud, cloud.vlek(MILAN));
        leaf("genoa_vcek", genoa, genoa.vcek(GENOA));
        leaf("turin_vcek", turin, turin.vcek(TURIN));
        leaf("turin_other_fmc_vcek", turin, turin.vcek(new Tcb(TcbLayout.TURIN, 2, 1, 1, 4, 81)));
        GoldenMachine otherTurin = GoldenMachine.of(ProductLine.TURIN, 0x34);
        leaf("turin_other_vcek", otherTurin, otherTurin.vcek(TURIN));
    }

    private static String name(ProductLine line) {
        return line.title().toLowerCase(Locale.ROOT);
    }

    private void leaf(String name, GoldenMachine machine, Bytes certificate) {
        signers.put(name, machine);
        file("certs/" + name + ".der", certificate);
    }

    private void report(String name, String leaf, int version, UnaryOperator<ReportBuilder> content) {
        SimulatedChip chip = signers.get(leaf).with(files.get("certs/" + leaf + ".der"));
        ReportBuilder report = TestChips.report(chip, version).reportData(DATA);
        file("reports/" + name + ".bin", chip.sign(content.apply(report)));
    }

    private void reports() {
        Bytes key = Hashes.sha384(Bytes.utf8("ID key"));
        Bytes host = TestChips.filled(32, 0xB0);
        report("milan_v2_debug", "milan_vcek", 2, r -> r.policy(new GuestPolicy(0xB0000)));
        report(
                "milan_v2_idkey",
                "milan_vcek",
                2,
                r -> r.idKeyDigest(key).committedTcb(Tcb.early(4, 0, 24, 220)).currentTcb(Tcb.early(5, 0, 24, 220)));
        report("milan_v3_vlek", "milan_vlek", 3, r -> r.vmpl(1));
        report("milan_v3", "milan_vcek", 3, r -> r.idKeyDigest(key).hostData(host));
        report("milan_v3_masked", "milan_vcek", 3, r -> r.chipId(Bytes.zeros(64)));
        report("genoa_v2", "genoa_vcek", 2, r -> r);
        report("genoa_v3", "genoa_vcek", 3, r -> r.idKeyDigest(key).hostData(host));
        report("genoa_v3_bound", "genoa_vcek", 3, r -> r.reportData(Golden.boundData()));
        report("genoa_v4", "genoa_vcek", 4, r -> r);
        report("genoa_v5", "genoa_vcek", 5, r -> r.mitigations(0x3, 0x7));
        report("genoa_v3_says_vlek", "genoa_vcek", 3, r -> r.signingKey(SigningKeyKind.VLEK));
        report("genoa_v3_says_turin", "genoa_vcek", 3, r -> r.cpuid(TestChips.cpuid(ProductLine.TURIN)));
        report("turin_v3", "turin_vcek", 3, r -> r);
        report("turin_v5", "turin_vcek", 5, r -> r.hostData(host).mitigations(0x3f, 0x3f));
        report("turin_v5_long_id", "turin_vcek", 5, r -> r.chipId(TestChips.filled(64, 0x33)));
    }

    private Case on(String name, String report, String leaf) {
        String line = leaf.substring(0, leaf.indexOf('_'));
        Case made = new Case()
                .with("name", name)
                .with("kind", "snp")
                .with("report", "reports/" + report + ".bin")
                .with("leaf", "certs/" + leaf + ".der")
                .with("issuer", "certs/" + line + (leaf.endsWith("_vlek") ? "_asvk" : "_ask") + ".der")
                .with("root", "certs/" + line + "_ark.der")
                .with("reportData", DATA.toHex());
        cases.add(made);
        return made;
    }

    private void genuine() {
        on("version 2 with a debug policy", "milan_v2_debug", "milan_vcek").fails("policy.guest-debug");
        on("version 2, TCB reported below committed and current", "milan_v2_idkey", "milan_vcek")
                .fails();
        on("version 3 by a VLEK, asked from VMPL 1, chip hidden", "milan_v3_vlek", "milan_vlek")
                .fails("policy.vmpl");
        on("version 3 of Milan", "milan_v3", "milan_vcek").fails();
        on("chip id in an OCTET STRING", "milan_v3", "milan_wrapped_vcek").fails();
        on("version 2 of Genoa", "genoa_v2", "genoa_vcek").fails();
        on("version 3 of Genoa", "genoa_v3", "genoa_vcek").fails();
        on("version 4, laid out as 3", "genoa_v4", "genoa_vcek").fails();
        on("version 5 of Genoa", "genoa_v5", "genoa_vcek").fails();
        on("version 3 of Turin", "turin_v3", "turin_vcek").fails();
        on("version 5 of Turin with FMC", "turin_v5", "turin_vcek").fails();
        on("Milan where the policy does not name it", "milan_v3", "milan_vcek")
                .with("policy", "policies/without-milan.json")
                .fails("policy.product-line", "policy.minimum-tcb");
        on("other REPORT_DATA than demanded", "genoa_v3", "genoa_vcek")
                .with("reportData", TestChips.filled(64, 0xD1).toHex())
                .fails("binding");
        on("a test root that nobody names", "genoa_v3", "genoa_vcek")
                .with("trusted", false)
                .fails("certificate-chain");
    }

    private void chains() {
        on("leaf of another chip", "milan_v2_idkey", "milan_other_vcek").fails("chip-id", "report-signature");
        on("leaf of another chip of Turin", "turin_v5", "turin_other_vcek").fails("chip-id", "report-signature");
        on("leaf of the chip at another TCB", "milan_v3", "milan_other_tcb_vcek")
                .fails("tcb-match");
        on("leaf of the chip at another FMC", "turin_v5", "turin_other_fmc_vcek")
                .fails("tcb-match");
        on("chain of another product line", "turin_v5", "genoa_vcek").fails("product-line", "report-signature");
        on("version 2 under a chain of another line", "milan_v2_idkey", "genoa_vcek")
                .fails("tcb-match", "chip-id", "report-signature");
        on("issuers of another product line", "turin_v5", "turin_vcek")
                .with("issuer", "certs/genoa_ask.der")
                .with("root", "certs/genoa_ark.der")
                .fails("certificate-chain");
        on("processor of another line", "genoa_v3_says_turin", "genoa_vcek").fails("product-line");
        on("VCEK under the issuer of VLEKs", "milan_v3", "milan_vcek")
                .with("issuer", "certs/milan_asvk.der")
                .fails("certificate-chain");
        on("VLEK under the issuer of VCEKs", "milan_v3_vlek", "milan_vlek")
                .with("issuer", "certs/milan_ask.der")
                .fails("certificate-chain");
        on("chip id hidden under a VCEK", "milan_v3_masked", "milan_vcek").fails("chip-id");
        on("chip id too long for Turin", "turin_v5_long_id", "turin_vcek").fails("chip-id");
        on("says to be signed by a VLEK", "genoa_v3_says_vlek", "genoa_vcek").fails("report-signature");
        on("a day before the certificates begin", "genoa_v3", "genoa_vcek")
                .with("at", "2025-12-31T00:00:00Z")
                .fails("certificate-validity");
        on("leaf has expired", "genoa_v3", "genoa_vcek")
                .with("at", "2033-01-01T00:00:00Z")
                .fails("certificate-validity");
    }

    private void changed() {
        on("a bit of REPORT_DATA", "turin_v5", "turin_vcek").edit(0x050, 1).fails("report-signature", "binding");
        on("debug bit of the policy", "turin_v5", "turin_vcek").edit(0x00A, 8).fails("report-signature");
        on("reserved byte 0x208", "turin_v5", "turin_vcek").edit(0x208, 1).fails("report-format");
        on("version 6", "turin_v5", "turin_vcek").edit(0x000, 3).fails("report-format");
        on("a byte behind the signature", "turin_v5", "turin_vcek")
                .edit(0x400, 0x40)
                .fails("report-format");
        on("the last byte", "turin_v5", "turin_vcek").edit(1183, 1).fails("report-format");
        on("a bit of r", "turin_v5", "turin_vcek").edit(0x2A0, 1).fails("report-signature");
        on("a byte behind s", "turin_v5", "turin_vcek").edit(0x2E8 + 48, 1).fails("report-format");
    }

    private void revoked() {
        String from = "2026-11-01T00:00:00Z";
        String until = "2027-11-01T00:00:00Z";
        Bytes issuer = files.get("certs/genoa_ask.der");
        String empty = file(
                "crls/empty.crl", GoldenMachine.revocationList(ProductLine.GENOA, GoldenMachine.ROOT, from, until));
        String listed = file(
                "crls/issuer.crl",
                GoldenMachine.revocationList(ProductLine.GENOA, GoldenMachine.ROOT, from, until, issuer));
        String forged = file(
                "crls/forged.crl", GoldenMachine.revocationList(ProductLine.GENOA, GoldenMachine.ISSUER, from, until));
        on("list that revokes nobody", "genoa_v3", "genoa_vcek")
                .with("crl", empty)
                .fails();
        on("revoked issuer", "genoa_v3", "genoa_vcek").with("crl", listed).fails("revocation");
        on("list that the root did not sign", "genoa_v3", "genoa_vcek")
                .with("crl", forged)
                .fails("revocation");
        on("list of another root", "turin_v5", "turin_vcek").with("crl", empty).fails("revocation");
        on("list past its next update", "genoa_v3", "genoa_vcek")
                .with("crl", empty)
                .with("at", "2027-11-02T00:00:00Z")
                .fails("revocation");
    }

    private static Bytes log() {
        return new LogBuilder()
                .startupLocality(3)
                .measured(0, "firmware")
                .measured(4, "boot loader")
                .event(9, LogBuilder.PROGRAM, Bytes.utf8("kernel"), Bytes.utf8("path of the kernel"))
                .build();
    }

    private void azure() {
        String log = file("logs/boot.bin", log());
        String otherLog = file(
                "logs/other.bin",
                new LogBuilder().measured(4, "another boot loader").build());
        PcrValues all = GoldenTpm.pcrs(EventLog.parse(log()).replay(TpmHash.SHA256));
        file("tpm/all.pcrs.bin", Bytes.concat(all.values().values().toArray(Bytes[]::new)));
        blob("header2", 2, GoldenTpm.claims(Bytes.EMPTY), 2600, "genoa_vcek", 3);
        blob("header1", 1, GoldenTpm.claims(USER_DATA), 2600, "milan_vcek", 3);
        blob("old", 1, GoldenTpm.oldClaims(), 2048, "milan_vcek", 2);
        Bytes claims = GoldenTpm.claims(Bytes.EMPTY);
        unbound(claims);
        quote("nonce", GoldenTpm.quote(NONCE, 0xFFFFFF, all.digest()));
        quote("user-data", GoldenTpm.quote(USER_DATA, 0xFFFFFF, all.digest()));
        quote("bound", GoldenTpm.quote(Golden.boundData(), 0xFFFFFF, all.digest()));
        quote("empty", GoldenTpm.quote(Bytes.EMPTY, 0xFFFFFF, all.digest()));
        Bytes few = Hashes.sha256(all.values().entrySet().stream()
                .filter(e -> (0x40FF >> e.getKey() & 1) != 0)
                .map(Map.Entry::getValue)
                .toArray(Bytes[]::new));
        Bytes selected = GoldenTpm.quote(CHALLENGE, 0x40FF, few);
        file("tpm/stranger.quote.msg", selected);
        file("tpm/stranger.quote.sig", GoldenTpm.sign(GoldenTpm.OTHER_KEY, selected));
        quote("selected", selected);

        quoted("header 2, good quote", "header2", "genoa_vcek", "nonce", NONCE).fails();
        quoted("header 2, good quote and log", "header2", "genoa_vcek", "nonce", NONCE)
                .with("log", log)
                .fails();
        quoted("header 1, nonce is the user data", "header1", "milan_vcek", "user-data", USER_DATA)
                .with("userData", USER_DATA.toHex())
                .fails();
        quoted("other user data", "header1", "milan_vcek", "user-data", USER_DATA)
                .with("userData", USER_DATA.slice(0, 47).toHex())
                .fails("binding");
        quoted("no user data where some is demanded", "old", "milan_vcek", "nonce", NONCE)
                .with("userData", USER_DATA.toHex())
                .fails("binding");
        quoted("quote without a nonce", "header2", "genoa_vcek", "empty", CHALLENGE)
                .fails("quote-nonce");
        quoted("replayed quote", "header2", "genoa_vcek", "nonce", CHALLENGE).fails("quote-nonce");
        quoted("quote by another key", "header2", "genoa_vcek", "stranger", CHALLENGE)
                .fails("quote-signature");
        quoted("quote over other registers", "header2", "genoa_vcek", "selected", CHALLENGE)
                .fails("pcr-selection");
        quoted("claims that the report does not bind", "unbound", "genoa_vcek", "nonce", NONCE)
                .fails("binding");
        quoted("log of another boot", "header2", "genoa_vcek", "nonce", NONCE)
                .with("log", otherLog)
                .fails("event-log");
        Bytes changed = Bytes.concat(all.values().values().toArray(Bytes[]::new));
        file("tpm/changed.pcrs.bin", TestChips.flip(changed, 40 * 8));
        quoted("a register with another value", "header2", "genoa_vcek", "nonce", NONCE)
                .with("pcrs", "tpm/changed.pcrs.bin")
                .fails("pcr-digest");
        quoted("a quote that is none", "header2", "genoa_vcek", "nonce", NONCE)
                .with("quote", log)
                .fails("quote-format");
        quoted("registers that the policy does not know", "header2", "genoa_vcek", "nonce", NONCE)
                .with("policy", "policies/other-boot.json")
                .fails("policy.boot-firmware", "policy.pcrs");
        onBlob("old layout, no quote, leaf of another chip", "old", "milan_other_vcek")
                .fails("chip-id", "report-signature");
        onBlob("a blob that cannot be read", "header2", "genoa_vcek").edit(4, 4).fails("report-format", "binding");
        policies(all);
    }

    private void blob(String name, int header, Bytes claims, int size, String leaf, int version) {
        SimulatedChip chip = signers.get(leaf).with(files.get("certs/" + leaf + ".der"));
        Bytes report = chip.sign(TestChips.report(chip, version).reportData(GoldenTpm.reportData(claims)));
        file("tpm/" + name + ".hcl.bin", GoldenTpm.blob(header, report, claims, size));
    }

    private void unbound(Bytes claims) {
        SimulatedChip chip = signers.get("genoa_vcek").with(files.get("certs/genoa_vcek.der"));
        Bytes report = chip.sign(TestChips.report(chip, 3).reportData(DATA));
        file("tpm/unbound.hcl.bin", GoldenTpm.blob(2, report, claims, 2600));
    }

    private void quote(String name, Bytes quote) {
        file("tpm/" + name + ".quote.msg", quote);
        file("tpm/" + name + ".quote.sig", GoldenTpm.sign(GoldenTpm.KEY, quote));
    }

    private Case onBlob(String name, String blob, String leaf) {
        Case made = on(name, "", leaf).with("kind", "azure").with("blob", "tpm/" + blob + ".hcl.bin");
        made.members.remove("report");
        made.members.remove("reportData");
        return made;
    }

    private Case quoted(String name, String blob, String leaf, String quote, Bytes nonce) {
        return withQuote(onBlob(name, blob, leaf), quote, nonce);
    }

    private static Case withQuote(Case base, String quote, Bytes nonce) {
        return base.with("quote", "tpm/" + quote + ".quote.msg")
                .with("quoteSignature", "tpm/" + quote + ".quote.sig")
                .with("pcrs", "tpm/all.pcrs.bin")
                .with("nonce", nonce.toHex());
    }

    private void google() {
        PcrValues all = GoldenTpm.pcrs(EventLog.parse(log()).replay(TpmHash.SHA256));
        quote("data", GoldenTpm.quote(DATA, 0xFFFFFF, all.digest()));
        file("certs/cloud_root.der", GoldenTpm.cloudRoot());
        file("certs/cloud_issuer.der", GoldenTpm.cloudIssuer());
        file("certs/cloud_key.der", GoldenTpm.keyCertificate());
        file("certs/cloud_endorsement.der", GoldenTpm.endorsementCertificate());
        onGoogle("report and quote bind the same", "data", DATA, "cloud_key").fails();
        onGoogle("a quote over other data", "nonce", DATA, "cloud_key").fails("quote-nonce");
        onGoogle("certificate of an endorsement key", "data", DATA, "cloud_endorsement")
                .fails("quote-signature");
        onGoogle("certificates that begin with an issuer", "data", DATA, "cloud_issuer")
                .fails("quote-signature");
        onGoogle("a cloud's root that nobody names", "data", DATA, "cloud_key")
                .with("keys", List.of("certs/cloud_key.der", "certs/cloud_issuer.der", "certs/genoa_ark.der"))
                .fails("quote-signature");
        file("certs/cloud_root_redated.der", redated(GoldenTpm.cloudRoot()));
        onGoogle("a cloud's root with dates that its key did not sign", "data", DATA, "cloud_key")
                .with("keys", List.of("certs/cloud_key.der", "certs/cloud_issuer.der", "certs/cloud_root_redated.der"))
                .fails("quote-signature");
        onGoogle("a certificate that is none", "data", DATA, "cloud_key")
                .with("keys", List.of("logs/boot.bin", "certs/cloud_root.der"))
                .fails("quote-signature");
        onGoogle("a key without certificates", "data", DATA, "cloud_key")
                .with("keys", List.of())
                .fails("quote-signature");
    }

    /** The certificate with a later end in it, signed as before. */
    private static Bytes redated(Bytes certificate) {
        String hex = certificate.toHex();
        return Bytes.hex(
                hex.replace(Bytes.utf8("2055").toHex(), Bytes.utf8("2095").toHex()));
    }

    private Case onGoogle(String name, String quote, Bytes nonce, String key) {
        return withQuote(on(name, "genoa_v3", "genoa_vcek").with("kind", "gcp"), quote, nonce)
                .with("keys", List.of("certs/" + key + ".der", "certs/cloud_issuer.der", "certs/cloud_root.der"));
    }

    private void policies(PcrValues all) {
        Policy base = Policy.devnet(new TreeSet<>(List.of(TestChips.MEASUREMENT)), roots());
        Policies own = Policies.with(base).productLine(ProductLine.MILAN, MILAN);
        String profile = "{'measurements': ['%s'], 'idKeys': [], 'pcrs': {'4': ['%s']}}";
        String known = profile.formatted(
                TestChips.MEASUREMENT.toHex(), all.get(4).orElseThrow().toHex());
        String other = profile.formatted(
                TestChips.filled(48, 1).toHex(), all.get(5).orElseThrow().toHex());
        own.set("boot", "profiles", "{'azure': %s, 'gcp': %s}".formatted(known, known));
        file("policies/own.json", Bytes.utf8(own.build().toJson()));
        own.set("boot", "profiles", "{'azure': %s, 'gcp': %s}".formatted(other, other));
        file("policies/other-boot.json", Bytes.utf8(own.build().toJson()));
        file("policies/without-milan.json", Bytes.utf8(base.toJson()));
    }

    private List<Bytes> roots() {
        return List.of(SnpCertificate.parse(files.get("certs/genoa_ark.der")).keyDigest(), GoldenTpm.cloudRootDigest());
    }

    private void write() throws IOException {
        for (Map.Entry<String, Bytes> entry : files.entrySet()) {
            Path target = folder.resolve(entry.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, entry.getValue().toArray());
        }
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("at", TestChips.AT.toString());
        index.put("testRoots", roots().stream().map(Bytes::toHex).toList());
        index.put("policy", "policies/own.json");
        index.put("cases", cases.stream().map(c -> c.members).toList());
        Files.writeString(
                folder.resolve("index.json"),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(index) + "\n");
    }
}
