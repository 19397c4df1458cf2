package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.snp.CertificateTable.Kind;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CertificateTableTest {
    private static final Bytes VCEK_GUID = Bytes.hex("63da758de6644564adc5f4b93be8accd");
    private static final CertificateTable TABLE = new CertificateTable(Map.of(
            Kind.VCEK, TestChips.filled(300, 1), Kind.ASK, TestChips.filled(40, 2), Kind.ARK, TestChips.filled(50, 3)));

    private static Bytes entry(Bytes guid, long offset, long length) {
        return Bytes.concat(guid, little(offset), little(length));
    }

    private static Bytes little(long value) {
        return Bytes.of((byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24));
    }

    private static void refuses(Bytes raw, Reason reason) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> CertificateTable.parse(raw))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void readsBackWhatItWritesWithAndWithoutPadding() {
        Bytes encoded = TABLE.encode();

        assertThat(encoded.slice(0, 16)).isEqualTo(VCEK_GUID);
        assertThat(CertificateTable.parse(encoded)).isEqualTo(TABLE);
        assertThat(CertificateTable.parse(Bytes.concat(encoded, Bytes.zeros(4096 - encoded.length()))))
                .isEqualTo(TABLE);
    }

    @Test
    void readsAnEmptyTable() {
        assertThat(CertificateTable.parse(Bytes.EMPTY).certificates()).isEmpty();
        assertThat(CertificateTable.parse(Bytes.zeros(4096)).certificates()).isEmpty();
    }

    @Test
    void skipsEntriesOfOthersAndReadsBothByteOrdersOfGuids() {
        Bytes foreign = Bytes.hex("9f4116cdc5034f5a8f6ffb68882f4ce2");
        Bytes mixed = Bytes.hex("8d75da6364e66445adc5f4b93be8accd");
        Bytes raw = Bytes.concat(entry(foreign, 72, 2), entry(mixed, 74, 3), Bytes.zeros(24), Bytes.hex("0102030405"));

        assertThat(CertificateTable.parse(raw).certificates()).isEqualTo(Map.of(Kind.VCEK, Bytes.hex("030405")));
    }

    @Test
    void refusesEntriesThatLeaveTheTable() {
        refuses(Bytes.concat(entry(VCEK_GUID, 48, 1), Bytes.zeros(24)), Reason.TRUNCATED);
        refuses(Bytes.concat(entry(VCEK_GUID, 0xffff_ffffL, 2), Bytes.zeros(24)), Reason.TRUNCATED);
        refuses(Bytes.concat(entry(VCEK_GUID, 0xffff_ff00L, 0x200), Bytes.zeros(24)), Reason.TRUNCATED);
    }

    @Test
    void refusesTableWithoutEnd() {
        refuses(Bytes.zeros(23), Reason.TRUNCATED);
        refuses(Bytes.concat(entry(VCEK_GUID, 0, 1), Bytes.zeros(10)), Reason.TRUNCATED);
    }

    @Test
    void refusesOneKindTwice() {
        refuses(Bytes.concat(entry(VCEK_GUID, 0, 1), entry(VCEK_GUID, 0, 1), Bytes.zeros(24)), Reason.NOT_CANONICAL);
    }

    @Test
    void refusesTableThatIsTooLong() {
        refuses(Bytes.zeros(CertificateTable.MAX_SIZE + 1), Reason.TOO_LONG);
    }

    @Property(tries = 300)
    void endsInATableOrATypedErrorForAnyBytes(@ForAll @Size(max = 200) byte[] noise) {
        try {
            CertificateTable.parse(Bytes.of(noise));
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }
}
