package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.multichain.bitcoin.OutPoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what callers write, with the field's name in the problem. */
final class Input {
    /** Rows of a list when nobody says how many. */
    static final int DEFAULT_LIMIT = 50;

    static final int MAX_LIMIT = 200;

    private static final int HASH = 32;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private Input() {}

    /** A body that must be there: without one no reader is asked. */
    static <T> T body(@Nullable T read) {
        if (read == null) {
            throw ApiException.badRequest("malformed-json", "the body is missing");
        }
        return read;
    }

    /**
     * All bytes of a body.
     *
     * @throws ApiException 413 when it is longer, 400 when it breaks off or stalls
     */
    static byte[] all(InputStream body, int most) {
        byte[] read;
        try {
            read = body.readNBytes(most + 1);
        } catch (IOException e) {
            throw ApiException.incomplete();
        }
        if (read.length > most) {
            throw ApiException.tooLarge(most);
        }
        return read;
    }

    /** JSON between systems is UTF-8 and has no byte order mark (RFC 8259, 8.1); nothing is guessed. */
    static String utf8(byte[] json) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            if (!text.startsWith("\ufeff")) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // The answer below says what is wanted.
        }
        throw ApiException.badRequest("malformed-json", "the body is not UTF-8 without a byte order mark");
    }

    /** 32 bytes as hex, with or without 0x. */
    static Bytes hash(String field, @Nullable String text) {
        return bytes(field, text, HASH, HASH);
    }

    /** Bytes as hex, with or without 0x, of a length between two bounds. */
    static Bytes bytes(String field, @Nullable String text, int least, int most) {
        String wanted = least == most ? least + " bytes as hex" : "at most " + most + " bytes as hex";
        if (text == null || text.length() > 2 * most + 2) {
            throw ApiException.badField(field, wanted);
        }
        try {
            Bytes bytes = Bytes.hex(text);
            if (bytes.length() >= least && bytes.length() <= most) {
                return bytes;
            }
        } catch (CodecException e) {
            // The answer below says what is wanted.
        }
        throw ApiException.badField(field, wanted);
    }

    static String text(String field, @Nullable String text, int most) {
        if (text == null || text.isEmpty() || text.length() > most) {
            throw ApiException.badField(field, "1 to " + most + " characters");
        }
        return text;
    }

    /** Transaction id as explorers show it; the answer is in wire order. */
    static Bytes txid(String field, @Nullable String text) {
        if (text == null || text.length() != 2 * HASH) {
            throw ApiException.badField(field, "64 hexadecimal digits");
        }
        return hash(field, text).reversed();
    }

    static OutPoint outPoint(String field, @Nullable String text) {
        try {
            if (text != null) {
                return OutPoint.parse(text);
            }
        } catch (CodecException e) {
            // The answer below says what is wanted.
        }
        throw ApiException.badField(field, "a transaction id as explorers show it, a colon, and the output's index");
    }

    static long height(String field, @Nullable String text) {
        long height = number(field, text);
        if (height < 1) {
            throw ApiException.badField(field, "heights begin at 1");
        }
        return height;
    }

    /** A number of up to 18 digits. */
    static long number(String field, @Nullable String text) {
        if (text == null || !NUMBER.matcher(text).matches()) {
            throw ApiException.badField(field, "a whole number of at most 18 digits");
        }
        return Long.parseLong(text);
    }

    static int limit(@Nullable String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        long limit = number("limit", text);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ApiException.badField("limit", "from 1 to " + MAX_LIMIT);
        }
        return (int) limit;
    }
}
