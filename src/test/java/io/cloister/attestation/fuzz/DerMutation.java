package io.cloister.attestation.fuzz;

import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes one element of a DER document and writes the lengths around it anew, so that parsers get as far as it. */
final class DerMutation {
    private static final int CONSTRUCTED = 0x20;
    private static final int OCTET_STRING = 0x04;
    private static final int[] TAGS = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A, 0x0C, 0x13, 0x16, 0x17, 0x18, 0x30};

    private DerMutation() {}

    /** An element: children where it is constructed (or an OCTET STRING around one), else content. */
    private static final class Element {
        private int tag;
        private Bytes content;
        private final List<Element> children = new ArrayList<>();

        Element(int tag, Bytes content) {
            this.tag = tag;
            this.content = content;
        }

        Bytes encode() {
            Bytes body = children.isEmpty()
                    ? content
                    : Bytes.concat(children.stream().map(Element::encode).toArray(Bytes[]::new));
            return Bytes.concat(Bytes.of((byte) tag), length(body.length()), body);
        }

        void collect(List<Element> all) {
            all.add(this);
            children.forEach(child -> child.collect(all));
        }
    }

    static Bytes of(Bytes seed, Bytes other, Random random) {
        List<Element> elements = read(seed);
        if (elements.size() != 1) {
            return seed;
        }
        Element root = elements.getFirst();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            change(all(root), all(read(other)), random);
        }
        return root.encode();
    }

    /** The document with the first element of its first list of dates and numbers repeated up to a size. */
    static Bytes fill(Bytes seed, int size) {
        Element root = read(seed).getFirst();
        for (Element list : root.children.getFirst().children) {
            boolean entries = !list.children.isEmpty()
                    && list.children.getFirst().children.size() >= 2
                    && list.children.getFirst().children.getFirst().tag == 0x02;
            if (entries) {
                Element entry = list.children.getFirst();
                for (int room = size - seed.length() - 64;
                        room > 0;
                        room -= entry.encode().length()) {
                    list.children.add(entry);
                }
            }
        }
        return root.encode();
    }

    private static List<Element> all(Element root) {
        List<Element> all = new ArrayList<>();
        root.collect(all);
        return all;
    }

    private static List<Element> all(List<Element> roots) {
        List<Element> all = new ArrayList<>();
        roots.forEach(root -> root.collect(all));
        return all;
    }

    private static void change(List<Element> all, List<Element> others, Random random) {
        Element chosen = Mutations.pick(all, random);
        int child = chosen.children.isEmpty() ? 0 : random.nextInt(chosen.children.size());
        switch (random.nextInt(7)) {
            case 0 -> chosen.tag = TAGS[random.nextInt(TAGS.length)];
            case 1 -> {
                if (!chosen.children.isEmpty()) {
                    chosen.children.remove(child);
                }
            }
            case 2 -> {
                if (!chosen.children.isEmpty()) {
                    for (int i = random.nextInt(random.nextInt(10) == 0 ? 500 : 3); i >= 0; i--) {
                        chosen.children.add(chosen.children.get(child));
                    }
                }
            }
            case 3 -> {
                if (!others.isEmpty() && !chosen.children.isEmpty()) {
                    chosen.children.set(child, Mutations.pick(others, random));
                }
            }
            case 4 -> {
                chosen.children.clear();
                byte[] noise = new byte[random.nextInt(random.nextInt(8) == 0 ? 3000 : 24)];
                random.nextBytes(noise);
                chosen.content = Bytes.wrap(noise);
            }
            case 5 -> {
                if (!chosen.content.isEmpty()) {
                    byte[] bytes = chosen.content.toArray();
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                    chosen.children.clear();
                    chosen.content = Bytes.wrap(bytes);
                }
            }
            default -> {
                Element inner = new Element(chosen.tag, chosen.content);
                inner.children.addAll(chosen.children);
                chosen.children.clear();
                chosen.tag = 0x30;
                for (int i = random.nextInt(random.nextInt(8) == 0 ? 400 : 3); i > 0; i--) {
                    Element wrapped = new Element(0x30, Bytes.EMPTY);
                    wrapped.children.add(inner);
                    inner = wrapped;
                }
                chosen.children.add(inner);
            }
        }
    }

    /** The elements that fill these bytes; none where they are not DER. */
    private static List<Element> read(Bytes bytes) {
        List<Element> elements = new ArrayList<>();
        int at = 0;
        while (at < bytes.length()) {
            if (at + 2 > bytes.length() || (bytes.at(at) & 0x1F) == 0x1F) {
                return List.of();
            }
            int tag = bytes.at(at) & 0xFF;
            int length = bytes.at(at + 1) & 0xFF;
            int begin = at + 2;
            if (length > 0x80 && length <= 0x83 && begin + length - 0x80 <= bytes.length()) {
                int width = length - 0x80;
                length = 0;
                for (int i = 0; i < width; i++) {
                    length = length << 8 | bytes.at(begin++) & 0xFF;
                }
            }
            if (length > bytes.length() - begin) {
                return List.of();
            }
            Element element = new Element(tag, bytes.slice(begin, length));
            if ((tag & CONSTRUCTED) != 0 || tag == OCTET_STRING) {
                element.children.addAll(read(element.content));
            }
            elements.add(element);
            at = begin + length;
        }
        return elements;
    }

    private static Bytes length(int length) {
        if (length < 0x80) {
            return Bytes.of((byte) length);
        }
        if (length < 0x100) {
            return Bytes.of((byte) 0x81, (byte) length);
        }
        if (length < 0x1_0000) {
            return Bytes.of((byte) 0x82, (byte) (length >> 8), (byte) length);
        }
        return Bytes.of((byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length);
    }
}
