package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.function.Function;

/**
 * Commands by their codes, and how one is laid out: header, handles, at most one password session with an empty
 * password, parameters (TPM 2.0 Library, part 1, 18).
 */
enum TpmCommand {
    EVICT_CONTROL(0x120, true),
    NV_UNDEFINE_SPACE(0x122, true),
    NV_DEFINE_SPACE(0x12A, true),
    CREATE_PRIMARY(0x131, true),
    NV_WRITE(0x137, true),
    STARTUP(0x144, false),
    NV_READ(0x14E, true),
    CREATE(0x153, true),
    LOAD(0x157, true),
    QUOTE(0x158, true),
    FLUSH_CONTEXT(0x165, false),
    NV_READ_PUBLIC(0x169, false),
    READ_PUBLIC(0x173, false),
    PCR_READ(0x17E, false),
    PCR_EXTEND(0x182, true);

    private static final int NO_SESSIONS = 0x8001;
    private static final int SESSIONS = 0x8002;
    private static final int HEADER = 10;
    private static final long PASSWORD = 0x40000009L;
    private static final int MAX_SESSION_FIELD = 64;

    private final int code;
    private final boolean authorised;

    TpmCommand(int code, boolean authorised) {
        this.code = code;
        this.authorised = authorised;
    }

    /** What a command answers: the handles asked for, and a reader of the parameters. */
    record Answer(long handle, Reader parameters) {}

    /**
     * Runs the command for an answer without a handle.
     *
     * @param read must read all parameters to their end
     * @throws TpmException Refused, MalformedAnswer, and those of the transport
     */
    <T> T run(TpmTransport transport, long[] handles, Bytes parameters, Function<Reader, T> read) {
        return run(transport, handles, parameters, false, answer -> read.apply(answer.parameters));
    }

    /** The same for an answer that begins with a handle, where {@code withHandle}. */
    <T> T run(TpmTransport transport, long[] handles, Bytes parameters, boolean withHandle, Function<Answer, T> read) {
        Bytes raw = transport.transmit(encode(handles, parameters));
        try {
            Reader in = new Reader(raw);
            int tag = in.u16();
            if (raw.length() > TpmTransport.MAX_SIZE || in.u32() != raw.length()) {
                throw new TpmException.MalformedAnswer(this + " was answered by " + raw.length() + " bytes");
            }
            int responseCode = (int) in.u32();
            if (responseCode != ResponseCode.SUCCESS) {
                throw new TpmException.Refused(toString(), new ResponseCode(responseCode));
            }
            if (tag != (authorised ? SESSIONS : NO_SESSIONS)) {
                throw new TpmException.MalformedAnswer(this + " was answered with tag 0x%04x".formatted(tag));
            }
            long handle = withHandle ? in.u32() : 0;
            Reader body = authorised ? parameters(in) : in;
            T result = read.apply(new Answer(handle, body));
            body.end();
            in.end();
            return result;
        } catch (CodecException e) {
            throw new TpmException.MalformedAnswer(this + ": " + e.getMessage(), e);
        }
    }

    /** The parameters alone; the password session's empty acknowledgement behind them is read as well. */
    private static Reader parameters(Reader in) {
        Bytes parameters = in.bytes(TpmTransport.MAX_SIZE);
        Marshal.sized(in, MAX_SESSION_FIELD);
        in.u8();
        Marshal.sized(in, MAX_SESSION_FIELD);
        return new Reader(parameters);
    }

    private Bytes encode(long[] handles, Bytes parameters) {
        Writer body = new Writer();
        for (long handle : handles) {
            body.u32(handle);
        }
        if (authorised) {
            Writer session = new Writer().u32(PASSWORD).u16(0).u8(1).u16(0);
            body.bytes(session.toBytes());
        }
        Bytes rest = body.fixed(parameters).toBytes();
        return new Writer()
                .u16(authorised ? SESSIONS : NO_SESSIONS)
                .u32(HEADER + rest.length())
                .u32(code)
                .fixed(rest)
                .toBytes();
    }

    @Override
    public String toString() {
        return "TPM2_" + name();
    }
}
