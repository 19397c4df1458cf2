/* Recoveries, exhaustively: N slots of weight one, H heights, recovery numbers 1 to RN, K rounds an epoch.
 *
 * The round machine is coarse (rounds.pml has it in full): a polka appears in one step when enough slots may prevote
 * for its value; a precommit makes lock and polka durable. Epochs are kept apart by opening: x = 0 is genesis,
 * x = 2r-1 and x = 2r are two possible openings of number r.
 *
 * A slot is lost when its disk was rewound, it was cloned, or it is Byzantine: it then states anything that verifies, as
 * often as it likes, votes in every epoch whatever was stated in its name, and makes two openings of a number. It comes
 * back by accepting an opening. badFor[i] is the set of recovery numbers for which slot i counts as faulty; the bound
 * is that for each number at most BOUND slots do at one time. A slot that comes back by an opening of r stays faulty for
 * r itself. At most MOVES times is a slot lost in a run.
 *
 * REWOUND: a milder fault and a wider bound. A lost slot only forgets: its statements lie, but it casts no vote while it
 * is lost, and once back it is good for every number; at most BOUND slots are lost at one time.
 *
 * Steps are C functions over a number n that names the step and its choice; the process offers all of them. After each
 * step slots, and the two values of each height, are put into a canonical order: they are alike in every rule.
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
#ifndef H
#define H 1
#endif
#ifndef RN
#define RN 2
#endif
#ifndef K
#define K 1
#endif
#ifndef MOVES
#define MOVES 2
#endif
#ifndef BOUND
#define BOUND F
#endif
#ifndef SECOND
#define SECOND (-1) /* recovery numbers that may have a second opening, as bits */
#endif

#define XN (2 * (RN) + 1)
#define P (XN * K)              /* polkas of a height */
#define EP(x) (((x) + 1) / 2)
#define ALL ((1 << (RN + 1)) - 2) /* recovery numbers 1..RN as bits */

byte val[H * P];  /* the polka at (height, opening, round): 0 none, else its value, 1 or 2 */
byte pc[H * P];   /* who precommitted it, one bit a slot */
byte dec[H];      /* values that have a certificate, bits 1 and 2, by height */
byte h0[XN];      /* 0: not opened; else the height at which this epoch begins */
byte req[XN];     /* the required value: 0 none, else a polka at h0: 1 + x * K + k */

byte tip[N];      /* certified heights that the node has */
byte pol[N];      /* its durable polka at tip + 1: 0 none, else 1 + x * K + k */
byte stated[N];   /* highest number it signed a statement for; never rewound, so that the model knows */
byte low[N];      /* lowest epoch in which it may vote */
byte acc[N];      /* the opening under which it votes; of a lost slot, the last one that it had accepted */
byte badFor[N];
byte lost[N];
byte stm[RN * N]; /* statements: 0 none, else 1 + tip * (P + 1) + polka */
#if K > 1
byte voted[N];    /* its last prevote in this epoch and height, plus one; in memory only */
#define VOTED(i) now.voted[i]
#define SUBSETS (1 << N)
#else
/* With one round a node that prevoted may precommit, so who prevoted need not be known. */
#define VOTED(i) none
#define SUBSETS 1
#endif
byte moves;
byte broken;

c_code {
static int none;
#define AT(h, x, k) (((h) - 1) * P + (x) * K + (k))
#define PX(p) (((p) - 1) / K)
#define PK(p) (((p) - 1) % K)
#define VALUE(h, p) now.val[((h) - 1) * P + (p) - 1]
#define STM(r, i) now.stm[((r) - 1) * N + (i)]

/* A slot that is bad for a number not below the epoch of x votes under x whatever it has said. */
static int unbound(int i, int x) {
#ifdef REWOUND
    return 0;
#else
    return now.badFor[i] >> EP(x) != 0;
#endif
}

static int active(int i, int h, int x) {
    if (now.lost[i] || now.acc[i] != x || now.tip[i] != h - 1) return 0;
#ifndef VOTE_AFTER_STATEMENT
    if (now.low[i] > EP(x)) return 0;
#endif
    return 1;
}

static int allowed(int h, int x, int v) {
    if (x == 0) return 1;
    if (now.h0[x] == 0 || h < now.h0[x]) return 0;
    return h > now.h0[x] || now.req[x] == 0 || VALUE(h, now.req[x]) == v;
}

/* A lock of this epoch yields to its own value and to a polka of a later round. */
static int lockOk(int i, int h, int x, int k, int v) {
    int p = now.pol[i];
    if (p == 0 || PX(p) != x) return 1;
    if (PK(p) >= k) return 0;
    if (VALUE(h, p) == v) return 1;
    for (int j = PK(p) + 1; j < k; j++) if (now.val[AT(h, x, j)] == v) return 1;
    return 0;
}

/* who: the correct slots that prevote. With one round, all that may. */
static int polka(int h, int x, int k, int v, int who, int go) {
    if (now.val[AT(h, x, k)] != 0 || !allowed(h, x, v)) return 0;
    int c = 0;
    for (int i = 0; i < N; i++) {
        if (unbound(i, x)) {
            if (SUBSETS > 1 && who >> i & 1) return 0;
            c++;
        } else if (SUBSETS == 1 || who >> i & 1) {
            int may = active(i, h, x) && lockOk(i, h, x, k, v) && VOTED(i) <= k;
            if (SUBSETS > 1 && !may) return 0;
            c += may;
        }
    }
    if (c < Q) return 0;
    if (go) {
        now.val[AT(h, x, k)] = v;
        if (SUBSETS > 1) for (int i = 0; i < N; i++) if (who >> i & 1) VOTED(i) = k + 1;
    }
    return 1;
}

static int precommit(int i, int h, int x, int k, int go) {
    int at = AT(h, x, k), v = now.val[at], p = now.pol[i];
    if (v == 0 || now.pc[at] >> i & 1) return 0;
    if (!active(i, h, x) || !allowed(h, x, v)) return 0;
    if (p != 0 && (PX(p) > x || (PX(p) == x && PK(p) >= k))) return 0;
    if (VOTED(i) > k + 1) return 0;
    if (go) {
        if (SUBSETS > 1) VOTED(i) = k + 1;
        now.pol[i] = 1 + x * K + k;
        now.pc[at] |= 1 << i;
    }
    return 1;
}

/* Faulty slots precommit whatever has a polka, at once: nobody is bound to see it. Certificates exist from then on. */
static void certificates() {
    for (int h = 1; h <= H; h++) for (int z = 0; z < P; z++) {
        int at = (h - 1) * P + z;
        if (now.val[at] == 0) continue;
        for (int i = 0; i < N; i++) if (unbound(i, z / K)) now.pc[at] |= 1 << i;
        if (__builtin_popcount(now.pc[at]) >= Q) now.dec[h - 1] |= 1 << now.val[at];
        if (now.dec[h - 1] == 6) now.broken = 1;
    }
}

static int learn(int i, int go) {
    if (now.lost[i] || now.tip[i] >= H || now.dec[now.tip[i]] == 0) return 0;
    if (go) { now.tip[i]++; now.pol[i] = VOTED(i) = 0; }
    return 1;
}

static int statement(int i, int r, int go) {
    if (now.lost[i] || now.stated[i] >= r || now.low[i] >= r) return 0;
    if (go) {
        STM(r, i) = 1 + now.tip[i] * (P + 1) + now.pol[i];
        now.stated[i] = now.low[i] = r;
    }
    return 1;
}

static int better(int p, int q) {
#if defined(FORGETS_POLKA)
    return 0;
#elif defined(LOWEST_POLKA)
    return p != 0 && (q == 0 || p < q);
#else
    return p > q;
#endif
}

/* Is there a quorum of statements for r that determines base and required value? A faulty slot may repeat any
 * certificate and any polka above it, or say nothing of worth. */
static int determines(int r, int base, int required) {
    int any = 0, all = (1 << N) - 1;
    for (int set = 1; set <= all; set++) {
        if (__builtin_popcount(set) < Q) continue;
        int liars = 0, b = -1, q = 0;
        for (int i = 0; i < N; i++) {
            if (!(set >> i & 1)) continue;
            if (now.badFor[i] >> r & 1) { liars++; continue; }
            if (STM(r, i) == 0) { b = -2; break; }
            int s = (STM(r, i) - 1) / (P + 1), p = (STM(r, i) - 1) % (P + 1);
#ifdef LOWEST_BASE
            if (b == -1 || s < b) { b = s; q = 0; }
#else
            if (s > b) { b = s; q = 0; }
#endif
            if (s == b && better(p, q)) q = p;
        }
        if (b == -2) continue;
        if (b == base && q == required) { any = 1; break; }
        if (liars == 0) continue;
        /* one liar shows this base, and this polka if there is one */
        if (base > 0 && now.dec[base - 1] == 0) continue;
        if (required != 0 && (base >= H || EP(PX(required)) >= r || VALUE(base + 1, required) == 0)) continue;
#ifdef LOWEST_BASE
        if (b != -1 && base > b) continue;
#else
        if (base < b) continue;
#endif
        int top = b == base ? q : 0;
        if (top == required || better(required, top)) { any = 1; break; }
    }
    return any;
}

static int opening(int x, int base, int required, int go) {
    int r = EP(x);
    if (now.h0[x] != 0) return 0;
    if (x == 2 * r && !(SECOND >> r & 1)) return 0;
    if (x == 2 * r) { /* a second one needs a faulty leader, and says something else */
        int faulty = 0;
        for (int i = 0; i < N; i++) faulty |= now.badFor[i] >> r & 1;
        if (!faulty || now.h0[x - 1] == 0) return 0;
        if (now.h0[x - 1] == base + 1 && now.req[x - 1] == required) return 0;
    }
    if (!determines(r, base, required)) return 0;
    if (go) {
        now.h0[x] = base + 1;
        now.req[x] = required;
        for (int i = 0; i < N; i++) if (now.lost[i] && now.stated[i] < r) now.stated[i] = r;
        if (x == 2 * r || !(SECOND >> r & 1)) for (int i = 0; i < N; i++) STM(r, i) = 0;
    }
    return 1;
}

static int adopt(int i, int x, int go) {
    int r = EP(x);
    if (now.h0[x] == 0) return 0;
    if (now.lost[i]) {
        if (now.stated[i] > r || EP(now.acc[i]) >= r) return 0;
    } else {
        if (r < now.low[i] || x == now.acc[i]) return 0;
#ifndef TWO_OPENINGS
        if (EP(now.acc[i]) >= r) return 0;
#endif
    }
    if (!go) return 1;
    if (now.lost[i]) { /* comes back with nothing but the opening */
        now.lost[i] = 0;
#ifdef REWOUND
        now.badFor[i] = 0;
#else
        now.badFor[i] &= 1 << r;
#endif
        now.tip[i] = now.pol[i] = 0;
    }
    now.acc[i] = x;
    VOTED(i) = 0;
    now.low[i] = r;
    if (now.stated[i] < r) now.stated[i] = r;
    if (now.tip[i] < now.h0[x] - 1) { now.tip[i] = now.h0[x] - 1; now.pol[i] = 0; }
#ifndef NO_CARRY
    if (now.tip[i] == now.h0[x] - 1 && now.req[x] > now.pol[i]) now.pol[i] = now.req[x];
#endif
    return 1;
}

/* One more slot is lost: any statement it made or will make, any opening it accepted, may have a second. */
static int lose(int i, int go) {
    if (now.moves >= MOVES || now.lost[i]) return 0;
    for (int r = 1; r <= RN; r++) {
        int c = 0;
        for (int j = 0; j < N; j++) c += j == i || (now.badFor[j] >> r & 1);
        if (c > BOUND) return 0;
    }
    if (go) {
        now.moves++;
        now.lost[i] = 1;
        now.badFor[i] = ALL;
        now.tip[i] = now.pol[i] = now.low[i] = VOTED(i) = 0;
    }
    return 1;
}

static void exchange(int a, int b) {
#define SWAP(z) do { unsigned char t = z[a]; z[a] = z[b]; z[b] = t; } while (0)
    SWAP(now.tip); SWAP(now.pol); SWAP(now.stated); SWAP(now.low); SWAP(now.acc); SWAP(now.badFor); SWAP(now.lost);
#if K > 1
    SWAP(now.voted);
#endif
    for (int r = 1; r <= RN; r++) { unsigned char t = STM(r, a); STM(r, a) = STM(r, b); STM(r, b) = t; }
    for (int z = 0; z < H * P; z++) {
        int m = now.pc[z], d = (m >> a ^ m >> b) & 1;
        now.pc[z] = m ^ (d << a | d << b);
    }
}

static int above(int a, int b) {
#define CMP(z) if (now.z[a] != now.z[b]) return now.z[a] > now.z[b]
    CMP(tip); CMP(pol); CMP(stated); CMP(low); CMP(acc); CMP(badFor); CMP(lost);
#if K > 1
    CMP(voted);
#endif
    for (int r = 1; r <= RN; r++) if (STM(r, a) != STM(r, b)) return STM(r, a) > STM(r, b);
    for (int z = 0; z < H * P; z++) {
        int m = now.pc[z];
        if ((m >> a ^ m >> b) & 1) return m >> a & 1;
    }
    return 0;
}

static void canonical() {
    for (int h = 1; h <= H; h++) {
        int z = 0;
        while (z < P && now.val[(h - 1) * P + z] == 0) z++;
        if (z == P || now.val[(h - 1) * P + z] == 1) continue;
        for (; z < P; z++) if (now.val[(h - 1) * P + z]) now.val[(h - 1) * P + z] ^= 3;
        int d = now.dec[h - 1];
        now.dec[h - 1] = (d & 2) << 1 | (d & 4) >> 1;
    }
    for (int a = 1; a < N; a++) for (int b = a; b > 0 && above(b - 1, b); b--) exchange(b - 1, b);
}

/* Steps by number. */
#define POLKAS (H * P * 2 * SUBSETS)
#define PRECOMMITS (N * H * P)
#define OPENS ((XN - 1) * (H + 1) * (P + 1))
#define STEPS (POLKAS + PRECOMMITS + OPENS + N * XN + N * RN + 2 * N)

#ifdef MANY
_Static_assert(STEPS <= 384, "offer more steps");
#else
_Static_assert(STEPS <= 192, "offer more steps");
#endif

#ifdef SHOW
/* A counterexample in words: spin -a -DSHOW, then pan -r. Slots are named after sorting, as the state prints them. */
static void show(int n) {
    static const char *names[] = {"polka", "precommit", "open", "accept", "state", "learn", "lose"};
    int sizes[] = {POLKAS, PRECOMMITS, OPENS, N * XN, N * RN, N, N}, t = 0, m = n;
    while (m >= sizes[t]) m -= sizes[t++];
    printf("%s", names[t]);
    if (t == 0) m /= SUBSETS;
    if (t == 0) printf(" h=%d x=%d k=%d v=%d", m / 2 / P + 1, m / 2 % P / K, m / 2 % K, m % 2 + 1);
    if (t == 1) printf(" slot=%d h=%d x=%d k=%d", m / (H * P), m / P % H + 1, m % P / K, m % K);
    if (t == 2) printf(" x=%d base=%d req=%d", m / ((H + 1) * (P + 1)) + 1, m / (P + 1) % (H + 1), m % (P + 1));
    if (t == 3) printf(" slot=%d x=%d", m / XN, m % XN);
    if (t == 4) printf(" slot=%d r=%d", m / RN, m % RN + 1);
    if (t >= 5) printf(" slot=%d", m);
    printf("\n");
}

static void showState() {
    for (int i = 0; i < N; i++)
        printf("    slot %d: tip %d polka %d stated %d low %d acc %d faulty %d%s\n", i, now.tip[i], now.pol[i],
            now.stated[i], now.low[i], now.acc[i], now.badFor[i], now.lost[i] ? " lost" : "");
    for (int z = 0; z < H * P; z++)
        if (now.val[z]) printf("    polka %d at height %d: value %d, precommits %x\n", z % P + 1, z / P + 1, now.val[z], now.pc[z]);
}
#endif

static int step(int n, int go) {
#ifdef SHOW
    if (go) show(n);
#endif
    if (n < POLKAS) {
        int who = n % SUBSETS, m = n / SUBSETS;
        return polka(m / 2 / P + 1, m / 2 % P / K, m / 2 % K, m % 2 + 1, who, go);
    }
    n -= POLKAS;
    if (n < PRECOMMITS) return precommit(n / (H * P), n / P % H + 1, n % P / K, n % K, go);
    n -= PRECOMMITS;
    if (n < OPENS) return opening(n / ((H + 1) * (P + 1)) + 1, n / (P + 1) % (H + 1), n % (P + 1), go);
    n -= OPENS;
    if (n < N * XN) return n % XN && adopt(n / XN, n % XN, go);
    n -= N * XN;
    if (n < N * RN) return statement(n / RN, n % RN + 1, go);
    n -= N * RN;
    if (n < N) return learn(n, go);
    n -= N;
    return n < N && lose(n, go);
}
};

#ifdef SHOW
#define AFTER certificates(); canonical(); showState();
#else
#define AFTER certificates(); canonical();
#endif
#define S(n) :: d_step { c_expr { (step(n, 0)) } ; c_code { step(n, 1); AFTER } }
#define S4(n) S(n) S(n + 1) S(n + 2) S(n + 3)
#define S16(n) S4(n) S4(n + 4) S4(n + 8) S4(n + 12)
#define S64(n) S16(n) S16(n + 16) S16(n + 32) S16(n + 48)

init {
    do
    S64(0) S64(64) S64(128)
#ifdef MANY
    S64(192) S64(256) S64(320)
#endif
    :: d_step { broken ; assert(false) }
    od
}
