package io.cloister.mpc.protocol;

import io.cloister.crypto.Point;
import io.cloister.mpc.dealing.Dealer;
import io.cloister.mpc.dealing.Dealing;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.sharing.Share;
import java.util.List;

/** Who makes this node's dealings: the honest dealer, or in a simulation one of the adversary's. */
interface Dealers {
    Dealers HONEST = new Dealers() {
        @Override
        public Dealing random(DealingContext context, int slot) {
            return new Dealer(context, slot).random();
        }

        @Override
        public Dealing unmask(DealingContext context, int slot, Share share, Point committed) {
            return new Dealer(context, slot).unmask(share, committed);
        }

        @Override
        public Dealing products(DealingContext context, int slot, List<Dealer.Factors> factors) {
            return new Dealer(context, slot).products(factors);
        }
    };

    Dealing random(DealingContext context, int slot);

    Dealing unmask(DealingContext context, int slot, Share share, Point committed);

    Dealing products(DealingContext context, int slot, List<Dealer.Factors> factors);
}
