package io.cloister.consensus.engine;

/** Where work goes that must not hold consensus up, and how its result comes back. */
interface Beside {
    /** Everything at once, on the thread that asks. */
    Beside DIRECT = new Beside() {
        @Override
        public void store(Runnable work) {
            work.run();
        }

        @Override
        public void back(Runnable result) {
            result.run();
        }
    };

    /** Runs on the thread that stores blocks, after those that wait there. */
    void store(Runnable work);

    /** Runs on the consensus thread. */
    void back(Runnable result);
}
