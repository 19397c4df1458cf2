package io.cloister.attestation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.TcbLayout;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How values stand in the documents of attestation: bytes as bare lower-case hexadecimal, product lines by AMD's names,
 * custody by its label, a TCB by its components, {@code fmc} among them exactly where the layout has one.
 */
final class JsonValues {
    private JsonValues() {}

    static SimpleModule module() {
        SimpleModule module = new SimpleModule("cloister-attestation");
        text(module, Bytes.class, Bytes::toHex, JsonValues::bytes);
        text(module, ProductLine.class, ProductLine::title, JsonValues::line);
        text(module, Custody.class, Custody::label, JsonValues::custody);
        module.addKeyDeserializer(Integer.class, new NumberReader());
        module.addSerializer(Tcb.class, new TcbWriter());
        module.addDeserializer(Tcb.class, new TcbReader());
        return module;
    }

    private static Bytes bytes(String hex) {
        Bytes bytes = Bytes.hex(hex);
        if (!bytes.toHex().equals(hex)) {
            throw new CodecException(Reason.NOT_CANONICAL, "not lower-case hexadecimal without 0x");
        }
        return bytes;
    }

    private static ProductLine line(String title) {
        return ProductLine.ofTitle(title)
                .filter(line -> line.title().equals(title))
                .orElseThrow(() -> new CodecException(Reason.BAD_TEXT, "not a product line"));
    }

    private static Custody custody(String label) {
        return Arrays.stream(Custody.values())
                .filter(custody -> custody.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new CodecException(Reason.BAD_TEXT, "not a kind of custody"));
    }

    /** A type that is one string, as a value and as the name of a member. */
    private static <T> void text(
            SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
        module.addSerializer(type, new JsonSerializer<T>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
                out.writeString(write.apply(value));
            }
        });
        module.addKeySerializer(type, new JsonSerializer<T>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
                out.writeFieldName(write.apply(value));
            }
        });
        module.addDeserializer(type, new JsonDeserializer<T>() {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
                if (!in.hasToken(JsonToken.VALUE_STRING)) {
                    throw new CodecException(Reason.BAD_TEXT, "not a string");
                }
                return read.apply(in.getText());
            }
        });
        module.addKeyDeserializer(type, new KeyDeserializer() {
            @Override
            public Object deserializeKey(String key, DeserializationContext context) {
                return read.apply(key);
            }
        });
    }

    /** A number as the name of a member, in the one way in which it is written. */
    private static final class NumberReader extends KeyDeserializer {
        private static final Pattern FORM = Pattern.compile("0|[1-9][0-9]{0,8}");

        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            if (!FORM.matcher(key).matches()) {
                throw new CodecException(Reason.BAD_TEXT, "a member's name is no number without leading zeros");
            }
            return Integer.valueOf(key);
        }
    }

    private static final class TcbWriter extends JsonSerializer<Tcb> {
        @Override
        public void serialize(Tcb tcb, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartObject();
            out.writeNumberField("bootLoader", tcb.bootLoader());
            if (tcb.layout().hasFmc()) {
                out.writeNumberField("fmc", tcb.fmc());
            }
            out.writeNumberField("microcode", tcb.microcode());
            out.writeNumberField("snp", tcb.snp());
            out.writeNumberField("tee", tcb.tee());
            out.writeEndObject();
        }
    }

    private static final class TcbReader extends JsonDeserializer<Tcb> {
        @Override
        public Tcb deserialize(JsonParser in, DeserializationContext context) throws IOException {
            JsonNode components = context.readTree(in);
            boolean hasFmc = components.has("fmc");
            if (!components.isObject() || components.size() != (hasFmc ? 5 : 4)) {
                throw new CodecException(
                        Reason.BAD_TEXT, "a TCB has bootLoader, tee, snp and microcode, on Turin also fmc");
            }
            return new Tcb(
                    hasFmc ? TcbLayout.TURIN : TcbLayout.EARLY,
                    hasFmc ? component(components, "fmc") : 0,
                    component(components, "bootLoader"),
                    component(components, "tee"),
                    component(components, "snp"),
                    component(components, "microcode"));
        }

        private static int component(JsonNode components, String name) {
            JsonNode value = components.path(name);
            if (!value.isInt()) {
                throw new CodecException(Reason.BAD_TEXT, name + " is no whole number");
            }
            return value.intValue();
        }
    }
}
