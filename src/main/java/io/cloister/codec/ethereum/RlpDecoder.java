package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.ethereum.Rlp.Item;
import io.cloister.codec.ethereum.Rlp.Items;
import io.cloister.codec.ethereum.Rlp.Limits;
import io.cloister.codec.ethereum.Rlp.Text;
import java.util.ArrayList;
import java.util.List;

/** One strict pass over an input; every length is checked against what is left before it is used. */
final class RlpDecoder {
    private final Bytes input;
    private final Limits limits;
    private int position;
    private int seen;

    RlpDecoder(Bytes input, Limits limits) {
        if (input.length() > limits.maxBytes()) {
            throw new CodecException(Reason.TOO_LONG, "an input of " + input.length() + " bytes");
        }
        this.input = input;
        this.limits = limits;
    }

    Item decode() {
        Item item = item(input.length(), 0);
        if (position != input.length()) {
            throw new CodecException(Reason.TRAILING, (input.length() - position) + " bytes after the item");
        }
        return item;
    }

    private Item item(int end, int depth) {
        if (++seen > limits.maxItems()) {
            throw new CodecException(Reason.TOO_LONG, "more than " + limits.maxItems() + " items");
        }
        int prefix = nextByte(end);
        if (prefix < 0x80) {
            return new Text(input.slice(position - 1, 1));
        }
        if (prefix < 0xc0) {
            return text(contentLength(prefix - 0x80, end));
        }
        return items(contentLength(prefix - 0xc0, end), depth + 1);
    }

    private Text text(int length) {
        Bytes bytes = input.slice(position, length);
        if (length == 1 && bytes.at(0) >= 0 && input.at(position - 1) == (byte) 0x81) {
            throw new CodecException(Reason.NOT_CANONICAL, "a prefix before a byte that stands for itself");
        }
        position += length;
        return new Text(bytes);
    }

    private Items items(int length, int depth) {
        if (depth > limits.maxDepth()) {
            throw new CodecException(Reason.TOO_LONG, "lists nested deeper than " + limits.maxDepth());
        }
        int end = position + length;
        List<Item> items = new ArrayList<>();
        while (position < end) {
            items.add(item(end, depth));
        }
        return new Items(items);
    }

    /** The length of the content, given the prefix without its base; it fits before {@code end}. */
    private int contentLength(int code, int end) {
        long length = code;
        if (code > 55) {
            length = 0;
            for (int i = 0; i < code - 55; i++) {
                int digit = nextByte(end);
                if (i == 0 && digit == 0) {
                    throw new CodecException(Reason.NOT_CANONICAL, "a length with a leading zero");
                }
                length = length << 8 | digit;
                if (length > Integer.MAX_VALUE) {
                    throw new CodecException(Reason.TRUNCATED, "a length beyond the input");
                }
            }
            if (length < 56) {
                throw new CodecException(Reason.NOT_CANONICAL, "a long form of a short length");
            }
        }
        if (length > end - position) {
            throw new CodecException(Reason.TRUNCATED, length + " bytes expected, " + (end - position) + " left");
        }
        return (int) length;
    }

    private int nextByte(int end) {
        if (position >= end) {
            throw new CodecException(Reason.TRUNCATED, "the input ends inside an item");
        }
        return input.at(position++) & 0xff;
    }
}
