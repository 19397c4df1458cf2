package io.cloister.attestation.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.regex.Pattern;

/** 64 bits, in documents as {@code 0x} and up to 16 hexadecimal digits. */
public record BitVector(long bits) {
    static final BitVector NONE = new BitVector(0);

    private static final Pattern FORM = Pattern.compile("0x[0-9a-f]{1,16}");
    private static final int HEX = 16;

    /** @throws CodecException BAD_TEXT */
    @JsonCreator
    public static BitVector parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new CodecException(Reason.BAD_TEXT, "a bit vector is 0x and up to 16 lower-case hexadecimal digits");
        }
        return new BitVector(Long.parseUnsignedLong(text.substring(2), HEX));
    }

    @JsonValue
    @Override
    public String toString() {
        return "0x" + Long.toHexString(bits);
    }
}
