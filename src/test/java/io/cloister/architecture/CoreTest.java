package io.cloister.architecture;

import org.junit.jupiter.api.Test;

/** The project's cores keep the rules of cores. */
class CoreTest {
    private final CoreRules rules = new CoreRules(ProductionClasses.ROOT);

    @Test
    void coreSeesNoFramework() {
        rules.seesNoFramework().check(ProductionClasses.ALL);
    }

    @Test
    void coreUsesNoAdapter() {
        rules.usesNoAdapter().check(ProductionClasses.ALL);
    }

    @Test
    void coreStartsNoThread() {
        rules.startsNoThread().check(ProductionClasses.ALL);
    }

    @Test
    void coreReadsNoClock() {
        rules.readsNoClock().check(ProductionClasses.ALL);
    }

    @Test
    void coreOpensNoConnection() {
        rules.opensNoConnection().check(ProductionClasses.ALL);
    }

    @Test
    void coreOpensNoFileAndNoProcess() {
        rules.opensNoFileOrProcess().check(ProductionClasses.ALL);
    }

    @Test
    void commandLineIsFreeOfJakarta() {
        rules.commandLineIsFreeOfJakarta().check(ProductionClasses.ALL);
    }
}
