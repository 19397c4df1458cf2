package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Check;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.VerifiedReport;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ReleaseDocumentTest {
    private static final Path DOCUMENT = Path.of("docs", "release.md");
    private static final Pattern CHECK = Pattern.compile("`([a-z]+(?:-[a-z]+)*\\.[a-z]+(?:-[a-z]+)*)`");

    @Test
    void namesEveryCheckAndNoOther() throws IOException {
        if (!Files.exists(DOCUMENT)) {
            Assumptions.abort("run from the project's folder");
        }
        Set<String> documented = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|")[1])
                .flatMap(cell -> CHECK.matcher(cell).results().map(name -> name.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(made());
    }

    private static Set<String> made() {
        VerifiedReport report = new VerifiedReport(
                AttestationReport.parse(
                        new ReportBuilder(2).policy(new GuestPolicy(0x30000)).build(Bytes.zeros(48), Bytes.zeros(48))),
                ProductLine.GENOA,
                SigningKeyKind.VCEK,
                Optional.empty(),
                Bytes.zeros(32),
                false);
        return Stream.of(
                        ReleaseVerifier.verify(ReleaseRequest.of(Bytes.EMPTY, Bytes.EMPTY, Releases.TWO_OF_THREE))
                                .verdict()
                                .checks(),
                        ReleaseProof.of(Releases.manifest(), report, Optional.empty())
                                .checks(),
                        IdBlockVerifier.verify(Bytes.EMPTY, Bytes.EMPTY, Releases.manifest())
                                .checks())
                .flatMap(checks -> checks.stream().map(Check::name))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
