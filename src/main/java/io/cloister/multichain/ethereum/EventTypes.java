package io.cloister.multichain.ethereum;

import com.esaulpaugh.headlong.abi.Event;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;

/** The declarations of the events, in the order of their parameters; true marks an indexed one. */
final class EventTypes {
    static final Event<Tuple> BURNED =
            Event.create("Burned", TupleType.parse("(bytes,uint256,uint64,address)"), false, false, true, true);
    static final Event<Tuple> MINTED =
            Event.create("Minted", TupleType.parse("(address,uint256,bytes32,bytes32)"), true, false, true, false);
    static final Event<Tuple> AUTHORITY_CHANGED = Event.create(
            "AuthorityChanged", TupleType.parse("(address,address,uint256,bool)"), true, true, false, false);

    private EventTypes() {}
}
