package io.cloister.multichain.bitcoin;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * An output that the committee holds.
 *
 * @param value in the chain's smallest unit
 * @param gateway the script it is locked by
 */
public record GatewayCoin(OutPoint outPoint, long value, GatewayScript gateway) {

    public void encode(Writer writer) {
        outPoint.encode(writer);
        writer.u64(value);
        gateway.encode(writer);
    }

    public static GatewayCoin decode(Reader reader) {
        return new GatewayCoin(OutPoint.decode(reader), reader.u64(), GatewayScript.decode(reader));
    }
}
