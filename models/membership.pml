/* A change of members that is pending when a recovery opens: which sets must the statements outweigh?
 *
 * Sets are bit masks over 7 slots, weights are one. now is the set of the height after base, next the set of the height
 * after that: up to CHANGES slots were replaced. A block was certified by a quorum of next, on a block certified by a
 * quorum of now. The opening's statements weigh a quorum of now, and (the rule) of next. One correct slot has to be in
 * both quorums of next, else the statements know nothing of the certified block. Faulty slots are fewer than a third of
 * each set.
 */
#ifndef CHANGES
#define CHANGES 2
#endif
byte seen;

c_code {
static int size(int m) { return __builtin_popcount(m); }
static int quorum(int m, int set) { return 3 * size(m & set) > 2 * size(set); }
static int few(int m, int set) { return 3 * size(m & set) < size(set); }

/* 0 when a quorum of statements misses a certificate for some choice of sets and faults. */
static int covered(int now_) {
    for (int next = 1; next < 128; next++) {
        if (size(now_ & ~next) > CHANGES || size(next & ~now_) > CHANGES || size(next) < 4) continue;
        for (int cert = 1; cert < 128; cert++) {
            if ((cert & ~next) || !quorum(cert, next)) continue;
            for (int said = 1; said < 128; said++) {
                if (!quorum(said, now_)) continue;
#ifndef ONE_SET
                if (!quorum(said, next)) continue;
#endif
                if (few(cert & said, next) && few(cert & said, now_)) return 0;
            }
        }
    }
    return 1;
}
};

init {
    int m = 1;
    do
    :: m < 128 ->
        c_code { now.seen = 1; if (size(Pinit->m) >= 4) now.seen = covered(Pinit->m); };
        assert(seen);
        m++
    :: else -> break
    od
}
