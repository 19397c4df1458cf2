package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Trees as JSON. Strings have no escapes: they are names and hex digits. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static String write(Tree tree) {
        return switch (tree) {
            case Tree.Number number -> Long.toString(number.value());
            case Tree.Blob blob -> '"' + blob.value().to0x() + '"';
            case Tree.Items items ->
                items.values().stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
            case Tree.Fields fields ->
                fields.values().entrySet().stream()
                        .map(field -> '"' + field.getKey() + "\":" + write(field.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
        };
    }

    static Tree read(String text) {
        Json in = new Json(text);
        Tree tree = in.value(0);
        in.space();
        if (in.at != text.length()) {
            throw in.bad();
        }
        return tree;
    }

    private Tree value(int depth) {
        space();
        if (depth > Tree.MAX_DEPTH || at == text.length()) {
            throw bad();
        }
        return switch (text.charAt(at)) {
            case '{' -> fields(depth);
            case '[' -> items(depth);
            case '"' -> new Tree.Blob(hex(string()));
            default -> new Tree.Number(number());
        };
    }

    private Tree fields(int depth) {
        Map<String, Tree> values = new LinkedHashMap<>();
        take('{');
        if (isNext('}')) {
            return new Tree.Fields(values);
        }
        do {
            space();
            String name = string();
            space();
            take(':');
            if (values.put(name, value(depth + 1)) != null) {
                throw bad();
            }
        } while (goesOn('}'));
        return new Tree.Fields(values);
    }

    private Tree items(int depth) {
        List<Tree> values = new ArrayList<>();
        take('[');
        if (isNext(']')) {
            return new Tree.Items(values);
        }
        do {
            values.add(value(depth + 1));
        } while (goesOn(']'));
        return new Tree.Items(values);
    }

    private boolean isNext(char end) {
        space();
        if (at < text.length() && text.charAt(at) == end) {
            at++;
            return true;
        }
        return false;
    }

    /** Takes a comma, or the end. */
    private boolean goesOn(char end) {
        if (isNext(end)) {
            return false;
        }
        take(',');
        return true;
    }

    private String string() {
        take('"');
        int end = text.indexOf('"', at);
        if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
            throw bad();
        }
        String string = text.substring(at, end);
        at = end + 1;
        return string;
    }

    private static Bytes hex(String string) {
        try {
            return Bytes.hex(string);
        } catch (IllegalArgumentException e) {
            throw new CodecException(Reason.BAD_TEXT, "a string that is no hex digits", e);
        }
    }

    private long number() {
        int from = at;
        while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0 && text.charAt(at) < 128) {
            at++;
        }
        boolean canonical = at - from == 1 || (at > from && at - from < 19 && text.charAt(from) != '0');
        if (!canonical) {
            throw bad();
        }
        return Long.parseLong(text.substring(from, at));
    }

    private void take(char expected) {
        if (at == text.length() || text.charAt(at) != expected) {
            throw bad();
        }
        at++;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private CodecException bad() {
        return new CodecException(Reason.BAD_TEXT, "no JSON of this kind at character " + at);
    }
}
