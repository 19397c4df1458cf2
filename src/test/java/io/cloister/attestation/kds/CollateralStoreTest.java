package io.cloister.attestation.kds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.attestation.snp.Step;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store's archive, what gets in, and what does not. */
class CollateralStoreTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path other;

    private static CollateralStore store(Path folder) {
        return new CollateralStore(folder, TestChips.roots(ProductLine.GENOA));
    }

    private static ChipKey key(SimulatedChip chip) {
        return new ChipKey(chip.line(), chip.chipId(), chip.tcb());
    }

    private static byte[] export(CollateralStore store) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.exportTo(out);
        return out.toByteArray();
    }

    private static CollateralStore.Imported take(CollateralStore store, byte[] archive) throws IOException {
        return store.importFrom(new ByteArrayInputStream(archive));
    }

    private static byte[] zip(Map<String, byte[]> files, int announced) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(StoreArchive.HEADER));
            zip.write((announced + "\n").getBytes(StandardCharsets.US_ASCII));
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return out.toByteArray();
    }

    private void refuses(byte[] archive, Reason reason) throws IOException {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> take(store(other), archive))
                .matches(e -> e.reason() == reason, reason.name());
        try (Stream<Path> written = Files.list(other)) {
            assertThat(written).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(ProductLine.class)
    void carriesAStoreToAMachineWithoutNetwork(ProductLine line) throws IOException {
        SimulatedChip chip = TestChips.chip(line);
        TestAuthority authority = TestChips.authority(line);
        Bytes crl = authority.revocationList(
                TestChips.AT.minusSeconds(9),
                TestChips.AT.plusSeconds(9),
                List.of(authority
                        .issueCloudKey("CN=cloud.example", TestChips.tcb(line))
                        .collateral()
                        .intermediate()));
        store(folder).keep(key(chip), chip.collateral());
        store(folder)
                .keep(
                        line,
                        SigningKeyKind.VCEK,
                        Crl.parse(crl),
                        chip.collateral().root());

        CollateralStore.Imported imported = take(store(other), export(store(folder)));

        assertThat(imported).isEqualTo(new CollateralStore.Imported(4, List.of()));
        CollateralSettings offline = CollateralSettings.NONE.withStore(other).withTestRoots(TestChips.roots(line));
        try (CollateralService service = new CollateralService(offline, InstantSource.fixed(TestChips.AT))) {
            var report = chip.sign(TestChips.report(chip, 3));
            var keys = ChipKey.of(AttestationReport.parse(report));
            var chain = service.collateral(keys.getFirst(), Optional.empty(), Duration.ofSeconds(30))
                    .value()
                    .orElseThrow();
            var list = service.revocations(line, SigningKeyKind.VCEK, Duration.ofSeconds(30));
            var verification = new SnpVerifier()
                    .verify(
                            report,
                            chain.vek(),
                            chain.intermediate(),
                            chain.root(),
                            list.value(),
                            TestChips.roots(line),
                            TestChips.AT);
            assertThat(verification.report()).isPresent();
            assertThat(verification.passed(Step.REVOCATION)).isTrue();
        }
    }

    @Test
    void archiveOfEqualStoresHasEqualBytesInEveryTimeZone() throws IOException {
        SimulatedChip one = TestChips.chip(ProductLine.GENOA);
        SimulatedChip two = TestChips.chip(ProductLine.TURIN);
        store(folder).keep(key(one), one.collateral());
        store(folder).keep(key(two), two.collateral());
        store(other).keep(key(two), two.collateral());
        store(other).keep(key(one), one.collateral());
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            byte[] first = export(store(folder));
            TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
            assertThat(export(store(other))).isEqualTo(first);
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void exportsOnlyWhatIsSound() throws IOException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        store(folder).keep(key(chip), chip.collateral());
        Path good = folder.resolve(new StoreEntry.Leaf(key(chip)).path());
        Files.write(good.resolveSibling("10-00-23-85.der"), Files.readAllBytes(good));
        Files.write(folder.resolve("Genoa/vcek.crl"), new byte[300 << 10]);
        Files.writeString(folder.resolve("Genoa/notes.txt"), "a stranger's");

        assertThat(StoreArchive.read(new ByteArrayInputStream(export(store(folder)))).keySet().stream()
                        .map(StoreEntry::path))
                .containsExactlyInAnyOrder(
                        "Genoa/" + chip.chipId().toHex() + "/10-00-23-84.der", "Genoa/ark.der", "Genoa/ask.der");
    }

    @Test
    void keepsOfAnArchiveOnlyWhatLeadsToATrustedRoot() throws IOException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        store(folder).keep(key(chip), chip.collateral());

        CollateralStore.Imported imported = take(new CollateralStore(other, Set.of()), export(store(folder)));

        assertThat(imported.kept()).isZero();
        assertThat(imported.refused()).hasSize(3).anyMatch(line -> line.contains("no trust in root"));
        try (Stream<Path> written = Files.list(other)) {
            assertThat(written).isEmpty();
        }
    }

    @Test
    void importsLeavesUnderIssuersThatAreThere() throws IOException {
        SimulatedChip there = TestChips.chip(ProductLine.GENOA);
        SimulatedChip more = TestChips.chip(ProductLine.GENOA);
        store(other).keep(key(there), there.collateral());
        String path = new StoreEntry.Leaf(key(more)).path();

        CollateralStore.Imported imported =
                take(store(other), zip(Map.of(path, more.collateral().vek().toArray()), 1));

        assertThat(imported.kept()).isEqualTo(1);
        assertThat(new CollateralFolder(other).find(key(more))).contains(more.collateral());
    }

    @Test
    void importNeverReplacesANewerRevocationList() throws IOException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Bytes root = chip.collateral().root();
        Instant until = TestChips.AT.plusSeconds(9);
        TestAuthority genoa = TestChips.authority(ProductLine.GENOA);
        Crl older = Crl.parse(genoa.revocationList(TestChips.AT.minusSeconds(9), until, List.of()));
        Crl newer = Crl.parse(genoa.revocationList(TestChips.AT.minusSeconds(1), until, List.of()));
        for (Path one : List.of(folder, other)) {
            store(one).keep(key(chip), chip.collateral());
        }
        store(folder).keep(ProductLine.GENOA, SigningKeyKind.VCEK, older, root);
        store(other).keep(ProductLine.GENOA, SigningKeyKind.VCEK, newer, root);

        assertThat(take(store(other), export(store(folder))).refused())
                .containsExactly("Genoa/vcek.crl: a newer list is there");
        assertThat(other.resolve("Genoa/vcek.crl"))
                .hasBinaryContent(newer.encode().toArray());
        assertThat(take(store(folder), export(store(other))).refused()).isEmpty();
        assertThat(folder.resolve("Genoa/vcek.crl"))
                .hasBinaryContent(newer.encode().toArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../Genoa/ark.der",
                "/Genoa/ark.der",
                "Genoa/../../ark.der",
                "Genoa/./ark.der",
                "Genoa//ark.der",
                "Genoa/",
                "Genoa/ark.der/",
                "Genoa\\ark.der",
                "Genoa-B0/ark.der",
                "genoa/ark.der",
                "Genoa/notes.txt",
                "Turin/0102030405060708/1-01-01-04-81.der",
                "Turin/0102030405060708/001-01-01-04-81.der",
                "Turin/0102030405060708/01-01-01-04-256.der",
                "Turin/0102030405060708/01-01-04-81.der",
                "Turin/010203040506070G/01-01-01-04-81.der",
                "Turin/01020304050607AA/01-01-01-04-81.der",
                "Genoa/0102030405060708/01-01-04-81.der",
                "Turin/0102030405060708/x/01-01-01-04-81.der"
            })
    void refusesNamesThatNoStoreHas(String name) throws IOException {
        refuses(zip(Map.of(name, new byte[9]), 1), Reason.UNKNOWN);
    }

    @Test
    void refusesArchivesThatAreTooLargeOrNotWhatTheySay() throws IOException {
        Map<String, byte[]> one = Map.of("Genoa/ark.der", new byte[9]);
        refuses(zip(Map.of("Genoa/ark.der", new byte[8 << 20]), 1), Reason.TOO_LONG);
        refuses(zip(one, StoreArchive.MAX_FILES + 1), Reason.TOO_LONG);
        refuses(zip(one, 2), Reason.TRUNCATED);
        refuses(zip(one, 0), Reason.TRAILING);
        refuses(new byte[0], Reason.BAD_TEXT);
    }

    @Test
    void refusesANameThatStandsTwice() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("Genoa/ark.der", new byte[9]);
        files.put("Genoa/asX.der", new byte[9]);
        byte[] archive = zip(files, 2);
        String twice = new String(archive, StandardCharsets.ISO_8859_1).replace("Genoa/asX.der", "Genoa/ark.der");

        refuses(twice.getBytes(StandardCharsets.ISO_8859_1), Reason.NOT_CANONICAL);
    }

    @Test
    void refusesAnArchiveThatIsCutShortAnywhere() throws IOException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        store(folder).keep(key(chip), chip.collateral());
        byte[] whole = export(store(folder));
        int files = whole.length - 600; // the directory behind the files is not read
        for (int length = 0; length < files; length += 37) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> take(store(other), cut));
        }
    }

    @Property(tries = 200)
    void neverThrowsButTypedErrorsForAnyArchive(@ForAll @Size(max = 300) byte[] noise) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> StoreArchive.read(new ByteArrayInputStream(noise)));
    }

    @Test
    void keepsSoManyLeavesAndForgetsTheOldest() throws IOException {
        StoreFiles files = new StoreFiles(folder, 3);
        CollateralStore store = new CollateralStore(files, new Vetting(TestChips.roots(ProductLine.GENOA)));
        for (int i = 0; i < 5; i++) {
            SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
            store.keep(key(chip), chip.collateral());
            Files.setLastModifiedTime(
                    folder.resolve(new StoreEntry.Leaf(key(chip)).path()), FileTime.fromMillis(1000L * i));
            assertThat(new CollateralFolder(folder).find(key(chip))).isPresent();
        }
        assertThat(files.entries().stream().filter(StoreEntry.Leaf.class::isInstance))
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(ProductLine.class)
    void everyNameLeadsBackToItsEntry(ProductLine line) {
        for (StoreEntry entry : List.of(
                new StoreEntry.Root(line),
                new StoreEntry.Intermediate(line, SigningKeyKind.VCEK),
                new StoreEntry.Intermediate(line, SigningKeyKind.VLEK),
                new StoreEntry.Revocations(line, SigningKeyKind.VCEK),
                new StoreEntry.Revocations(line, SigningKeyKind.VLEK),
                new StoreEntry.Leaf(key(TestChips.chip(line))))) {
            assertThat(StoreEntry.parse(entry.path())).contains(entry);
        }
    }
}
