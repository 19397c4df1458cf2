/* One height of the round machine, exhaustively. N slots of weight one, the last F of them say anything to anybody.
 *
 * Votes of correct nodes are public once cast; whoever counts may count any part of them, so a step is enabled as
 * soon as the votes for it exist. A Byzantine slot counts for every value and nil, always. A correct node goes
 * through the rounds in order, may time out in each step, and keeps lock and valid rules of the paper. A node's
 * proposal is whatever the adversary shows it: any value with any valid round that a polka supports.
 */
#ifndef N
#define N 4
#endif
#ifndef F
#define F 1
#endif
#ifndef Q
#define Q 3
#endif
#ifndef R
#define R 2
#endif
#define C (N - F)
#define V 2 /* values 1 and 2; 0 is nil */

byte pv[(R) * (V + 1)]; /* prevotes of correct nodes for a value in a round */
byte pc[(R) * (V + 1)];
#define PV(k, v) pv[(k) * (V + 1) + (v)]
#define PC(k, v) pc[(k) * (V + 1) + (v)]
#define POLKA(k, v) (F + PV(k, v) >= Q)
#define CERT(k, v) (F + PC(k, v) >= Q)

byte decided; /* bit 1: value 1, bit 2: value 2 */

inline look() {
    /* a certificate of any round decides */
    k = 0;
    do
    :: k < R ->
        if :: CERT(k, 1) -> decided = decided | 1 :: else fi;
        if :: CERT(k, 2) -> decided = decided | 2 :: else fi;
        k++
    :: else -> break
    od;
    k = 0;
    assert(decided != 3)
}

/* vr1 is the valid round plus one, 0 for a fresh proposal; lock1 the locked round plus one, 0 for none. */
#ifdef NO_LOCK
#define MAY(v, vr1) true
#else
#define MAY(v, vr1) (lock1 == 0 || lockv == (v) || (vr1) >= lock1)
#endif
#define SHOWN(v, k2) (k2 < r && POLKA(k2, v))

proctype node() {
    byte r, lock1, lockv, k;
    do
    :: r < R ->
        /* prevote */
        atomic {
            if
            :: PV(r, 0)++                                            /* no or a bad proposal, or not allowed */
            :: MAY(1, 0) -> PV(r, 1)++
            :: MAY(2, 0) -> PV(r, 2)++
            :: SHOWN(1, 0) && MAY(1, 1) -> PV(r, 1)++
            :: SHOWN(2, 0) && MAY(2, 1) -> PV(r, 2)++
#if R > 2
            :: SHOWN(1, 1) && MAY(1, 2) -> PV(r, 1)++
            :: SHOWN(2, 1) && MAY(2, 2) -> PV(r, 2)++
#endif
            fi
        };
        /* precommit */
        atomic {
            if
            :: POLKA(r, 1) -> lock1 = r + 1; lockv = 1; PC(r, 1)++; look()
            :: POLKA(r, 2) -> lock1 = r + 1; lockv = 2; PC(r, 2)++; look()
            :: true -> skip                                          /* precommit nil */
            fi;
            r++
        }
    :: else -> break
    od
}

init {
    atomic {
        byte i;
        do :: i < C -> run node(); i++ :: else -> break od
    }
}
