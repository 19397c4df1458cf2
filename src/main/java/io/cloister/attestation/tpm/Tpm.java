package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The TPM 2.0 commands that attestation needs, marshalled by hand (TPM 2.0 Library, part 3). All authorisations are
 * empty passwords. Thread-safe as far as single commands go. Every method throws {@link TpmException} by its kind and
 * answers only what was laid out as it must be.
 */
public final class Tpm {
    /** TPM_RH_OWNER. */
    public static final long OWNER = 0x40000001L;

    /** TPM_RH_ENDORSEMENT. */
    public static final long ENDORSEMENT = 0x4000000BL;

    private static final int ALG_NULL = 0x0010;
    private static final int ALG_RSASSA = 0x0014;
    private static final int CHUNK = 512;
    private static final int MAX_NV = 32_768;
    private static final int MAX_PUBLIC = 1024;
    private static final int MAX_BLOB = 2048;
    private static final int MAX_NAME = 66;
    private static final int MAX_DIGEST = 64;
    private static final int MAX_ATTEST = 1024;
    private static final int DIGESTS_AT_ONCE = 8;
    private static final int PCR_READS = 16;
    private static final int QUOTES = 4;
    private static final long[] NO_HANDLES = {};

    private final TpmTransport transport;

    public Tpm(TpmTransport transport) {
        this.transport = transport;
    }

    /**
     * A quote as the TPM made it.
     *
     * @param quote TPMS_ATTEST
     * @param signature as long as the key's modulus
     */
    public record SignedQuote(Bytes quote, Bytes signature) {}

    /** A key that is loaded, to be flushed by {@link #flush}. */
    public record LoadedKey(long handle, TpmPublic publicArea) {}

    /** A key outside the TPM, wrapped by its parent. */
    private record Wrapped(Bytes privateArea, Bytes publicArea) {}

    /** TPM2_Startup(CLEAR), unless it was done before. */
    public void startup() {
        try {
            TpmCommand.STARTUP.run(transport, NO_HANDLES, new Writer().u16(0).toBytes(), in -> true);
        } catch (TpmException.Refused e) {
            if (e.code().code() != ResponseCode.INITIALIZE) {
                throw e;
            }
        }
    }

    public NvPublic nvReadPublic(long index) {
        return TpmCommand.NV_READ_PUBLIC.run(transport, handles(index), Bytes.EMPTY, in -> {
            NvPublic read = NvPublic.decode(Marshal.sized(in, MAX_PUBLIC));
            Marshal.sized(in, MAX_NAME);
            if (read.index() != index) {
                throw new CodecException(Reason.OUT_OF_RANGE, "the answer is about another index");
            }
            return read;
        });
    }

    /** The whole content of an index, read in pieces, so a writer in between may be seen by halves. */
    public Bytes nvRead(long index) {
        NvPublic area = nvReadPublic(index);
        if (area.size() > MAX_NV) {
            throw new TpmException.MalformedAnswer("an NV index of " + area.size() + " bytes");
        }
        byte[] content = new byte[area.size()];
        for (int at = 0; at < content.length; at += CHUNK) {
            int length = Math.min(CHUNK, content.length - at);
            Bytes parameters = new Writer().u16(length).u16(at).toBytes();
            Bytes piece = TpmCommand.NV_READ.run(
                    transport, handles(area.reader(), index), parameters, in -> Marshal.sized(in, length));
            if (piece.length() != length) {
                throw new TpmException.MalformedAnswer("TPM2_NV_READ gave " + piece.length() + " bytes of " + length);
            }
            piece.copyTo(0, content, at, length);
        }
        return Bytes.wrap(content);
    }

    /** Writes from the index' beginning on; what lies behind stays. */
    public void nvWrite(long index, Bytes data) {
        NvPublic area = nvReadPublic(index);
        for (int at = 0; at < data.length(); at += CHUNK) {
            Bytes piece = data.slice(at, Math.min(CHUNK, data.length() - at));
            Bytes parameters = Marshal.sized(new Writer(), piece).u16(at).toBytes();
            TpmCommand.NV_WRITE.run(transport, handles(area.writer(), index), parameters, in -> true);
        }
    }

    /** Makes an index that owner and everybody may read and write. */
    public void nvDefine(long index, int size) {
        Writer parameters = new Writer().u16(0);
        Marshal.sized(parameters, NvPublic.open(index, size).encode());
        TpmCommand.NV_DEFINE_SPACE.run(transport, handles(OWNER), parameters.toBytes(), in -> true);
    }

    public void nvUndefine(long index) {
        TpmCommand.NV_UNDEFINE_SPACE.run(transport, handles(OWNER, index), Bytes.EMPTY, in -> true);
    }

    /** The public area of a loaded or persistent key. */
    public TpmPublic readPublic(long handle) {
        return TpmCommand.READ_PUBLIC.run(transport, handles(handle), Bytes.EMPTY, in -> {
            TpmPublic read = TpmPublic.decode(Marshal.sized(in, MAX_PUBLIC));
            Marshal.sized(in, MAX_NAME);
            Marshal.sized(in, MAX_NAME);
            return read;
        });
    }

    /** A new attestation key under a storage key of the owner's: restricted, RSASSA with SHA-256, 2048 bits. */
    public LoadedKey createAttestationKey() {
        LoadedKey parent = createPrimary(OWNER, TpmPublic.STORAGE_KEY.encode());
        try {
            Wrapped wrapped = TpmCommand.CREATE.run(
                    transport, handles(parent.handle), template(TpmPublic.ATTESTATION_KEY.encode()), in -> {
                        Wrapped made = new Wrapped(Marshal.sized(in, MAX_BLOB), Marshal.sized(in, MAX_PUBLIC));
                        creation(in);
                        return made;
                    });
            Bytes parameters = Marshal.sized(Marshal.sized(new Writer(), wrapped.privateArea), wrapped.publicArea)
                    .toBytes();
            return TpmCommand.LOAD.run(transport, handles(parent.handle), parameters, true, answer -> {
                Marshal.sized(answer.parameters(), MAX_NAME);
                return new LoadedKey(answer.handle(), TpmPublic.decode(wrapped.publicArea));
            });
        } finally {
            flush(parent.handle);
        }
    }

    /**
     * The primary key of a hierarchy by a template: the same one each time, as long as the hierarchy's seed stays.
     *
     * @param template TPMT_PUBLIC of an RSA key
     */
    public LoadedKey createPrimary(long hierarchy, Bytes template) {
        return TpmCommand.CREATE_PRIMARY.run(transport, handles(hierarchy), template(template), true, answer -> {
            Reader in = answer.parameters();
            TpmPublic made = TpmPublic.decode(Marshal.sized(in, MAX_PUBLIC));
            creation(in);
            Marshal.sized(in, MAX_NAME);
            return new LoadedKey(answer.handle(), made);
        });
    }

    /** TPM2B_SENSITIVE_CREATE without password, the template, no outside information, no PCRs. */
    private static Bytes template(Bytes template) {
        Writer out = new Writer().u16(4).u16(0).u16(0);
        return Marshal.sized(out, template).u16(0).u32(0).toBytes();
    }

    /** Creation data, its hash and its ticket, none of which is used. */
    private static void creation(Reader in) {
        Marshal.sized(in, MAX_BLOB);
        Marshal.sized(in, MAX_DIGEST);
        in.u16();
        in.u32();
        Marshal.sized(in, MAX_DIGEST);
    }

    /** Makes a loaded key persistent under a handle such as 0x81000003. */
    public void persist(long loaded, long persistent) {
        Bytes parameters = new Writer().u32(persistent).toBytes();
        TpmCommand.EVICT_CONTROL.run(transport, handles(OWNER, loaded), parameters, in -> true);
    }

    /** Unloads a key. */
    public void flush(long handle) {
        TpmCommand.FLUSH_CONTEXT.run(
                transport, NO_HANDLES, new Writer().u32(handle).toBytes(), in -> true);
    }

    /**
     * A quote and the PCR values that it is over. When a PCR changes between the two, both are taken anew.
     *
     * @param nonce 1 to 64 bytes of the verifier
     * @throws TpmException MalformedAnswer also when PCRs change without end
     */
    public QuoteEvidence quoted(long key, Bytes nonce, PcrSelection selection) {
        for (int tries = 0; tries < QUOTES; tries++) {
            PcrValues pcrs = pcrRead(selection);
            SignedQuote signed = quote(key, nonce, List.of(selection));
            if (TpmQuote.parse(signed.quote()).pcrDigest().equals(pcrs.digest())) {
                return new QuoteEvidence(signed.quote(), signed.signature(), pcrs, Bytes.EMPTY);
            }
        }
        throw new TpmException.MalformedAnswer("TPM2_QUOTE is not over what TPM2_PCR_READ gave");
    }

    /**
     * A quote under the key's own scheme.
     *
     * @param nonce at most 64 bytes
     * @param selections none or more, in this order
     */
    public SignedQuote quote(long key, Bytes nonce, List<PcrSelection> selections) {
        Writer parameters = Marshal.sized(new Writer(), nonce).u16(ALG_NULL);
        PcrSelection.encodeList(parameters, selections);
        return TpmCommand.QUOTE.run(transport, handles(key), parameters.toBytes(), in -> {
            Bytes quote = Marshal.sized(in, MAX_ATTEST);
            int scheme = in.u16();
            int hash = in.u16();
            if (scheme != ALG_RSASSA || hash != TpmHash.SHA256.id) {
                throw new CodecException(
                        Reason.UNKNOWN, "a signature of scheme 0x%04x with hash 0x%04x".formatted(scheme, hash));
            }
            return new SignedQuote(quote, Marshal.sized(in, RsaKey.MAX_SIZE));
        });
    }

    private record PcrPiece(long updates, SortedMap<Integer, Bytes> values) {}

    /**
     * The values of PCRs of the SHA-256 bank. A TPM gives eight at a time; when a PCR changed in between, reading begins
     * anew.
     *
     * @throws TpmException MalformedAnswer also when the TPM gives none of the PCRs or they change without end
     */
    public PcrValues pcrRead(PcrSelection selection) {
        SortedMap<Integer, Bytes> values = new TreeMap<>();
        TreeSet<Integer> missing = new TreeSet<>(selection.pcrs());
        long updates = -1;
        for (int reads = 0; !missing.isEmpty() && reads < PCR_READS; reads++) {
            PcrPiece piece = pcrReadOnce(PcrSelection.sha256(missing));
            if (updates != -1 && piece.updates != updates) {
                values.clear();
                missing.addAll(selection.pcrs());
                updates = -1;
                continue;
            }
            updates = piece.updates;
            values.putAll(piece.values);
            missing.removeAll(piece.values.keySet());
        }
        if (!missing.isEmpty()) {
            throw new TpmException.MalformedAnswer("TPM2_PCR_READ did not give " + PcrSelection.sha256(missing));
        }
        return new PcrValues(values);
    }

    private PcrPiece pcrReadOnce(PcrSelection wanted) {
        Writer parameters = new Writer();
        PcrSelection.encodeList(parameters, List.of(wanted));
        return TpmCommand.PCR_READ.run(transport, NO_HANDLES, parameters.toBytes(), in -> {
            long updates = in.u32();
            List<PcrSelection> given = PcrSelection.decodeList(in);
            List<Bytes> digests = in.list(DIGESTS_AT_ONCE, r -> Marshal.sized(r, MAX_DIGEST));
            if (given.size() != 1
                    || given.getFirst().bank() != wanted.bank()
                    || (given.getFirst().bitmap() & ~wanted.bitmap()) != 0
                    || given.getFirst().pcrs().size() != digests.size()) {
                throw new CodecException(Reason.OUT_OF_RANGE, "the answer is about " + given);
            }
            SortedMap<Integer, Bytes> values = new TreeMap<>();
            for (int pcr : given.getFirst().pcrs()) {
                values.put(pcr, digests.get(values.size()));
            }
            return new PcrPiece(updates, new PcrValues(values).values());
        });
    }

    /** Extends the SHA-256 bank's PCR by a digest of 32 bytes. */
    public void pcrExtend(int pcr, Bytes digest) {
        Bytes parameters =
                new Writer().u32(1).u16(TpmHash.SHA256.id).fixed(digest).toBytes();
        TpmCommand.PCR_EXTEND.run(transport, handles(pcr), parameters, in -> true);
    }

    private static long[] handles(long... handles) {
        return handles;
    }
}
