/* Who joins a recovery, and when a number is raised: does every fair run of N slots come to a quorum?
 *
 * Each slot is dead (or Byzantine and silent), seated (its boot's key counts) or unseated. Alive ones weigh a quorum.
 * The chain moves by itself when the seated weigh a quorum; then unseated ones are re-keyed and nothing is asked here.
 * Otherwise every run has to end with a quorum of statements for one number whose leader lives. Timers are fair: they
 * fire when nothing else can happen. Messages between living slots arrive. Slots may start at different numbers, as
 * after a partition.
 */
#ifndef N
#define N 4
#endif
#define QUORUM(w) (3 * (w) > 2 * N)
#define THIRD(w) (3 * (w) > N)
#define TOP 12

byte kind[N]; /* 0 dead, 1 seated, 2 unseated */
byte said[N]; /* its highest number, 0 for none */
bool done;
byte i, w, r, u;

inline count(at) { /* w: weight of statements for numbers >= at */
    w = 0; i = 0;
    do :: i < N -> if :: kind[i] && said[i] >= at -> w++ :: else fi; i++ :: else -> break od;
    i = 0
}

inline unseated() {
    u = 0; i = 0;
    do :: i < N -> if :: kind[i] == 2 && said[i] -> u++ :: else fi; i++ :: else -> break od;
    i = 0
}

/* What slot j does when its timer fires. Each is one way to go on, or none. */
inline fires(j) {
    unseated();
    count(1);
    if
    :: said[j] == 0 && kind[j] == 2 -> said[j] = 1
#ifdef UNSEATED_ONLY /* only when the unseated alone take the quorum away, or a third has spoken */
    :: said[j] == 0 && kind[j] == 1 && (!QUORUM(N - u) || THIRD(w)) -> said[j] = 1
#else
    :: said[j] == 0 && kind[j] == 1 && w > 0 -> said[j] = 1
#endif
    :: said[j] > 0 && said[j] < TOP ->
        count(said[j]);
        if :: QUORUM(w) -> said[j] = said[j] + 1 :: else fi
    :: else
    fi;
    w = 0; u = 0
}

/* A third of the weight, another's number: jump. */
inline jumps() {
    r = TOP;
    do
    :: r > 0 ->
        count(r);
        if
        :: THIRD(w) ->
            i = 0;
            do :: i < N -> if :: kind[i] && said[i] < r -> said[i] = r :: else fi; i++ :: else -> break od;
            i = 0; break
        :: else
        fi;
        r--
    :: else -> break
    od;
    r = 0; w = 0
}

inline opens() {
    r = 1;
    do
    :: r <= TOP ->
        w = 0; i = 0;
        do :: i < N -> if :: kind[i] && said[i] == r -> w++ :: else fi; i++ :: else -> break od;
        i = 0;
        if :: QUORUM(w) && kind[r % N] -> done = 1 :: else fi;
        r++
    :: else -> break
    od;
    r = 0; w = 0
}

init {
    byte j, alive, seated, steps;
    do
    :: j < N ->
        if
        :: kind[j] = 0
        :: kind[j] = 1; alive++; seated++
        :: kind[j] = 2; alive++
        fi;
        /* a partition may have left a number behind */
        if :: kind[j] -> if :: said[j] = 0 :: said[j] = 1 :: said[j] = 3 fi :: else fi;
        j++
    :: else -> break
    od;
    if
    :: QUORUM(alive) && !QUORUM(seated) ->
        do
        :: done -> break
        :: else ->
            assert(steps < 200);
            steps++;
            /* everybody's timer in turn: the slots' clocks run alike */
            j = 0;
            do
            :: j < N && !done ->
                if :: kind[j] -> d_step { fires(j); jumps(); opens() } :: else fi;
                j++
            :: else -> break
            od
        od
    :: else
    fi
}
