package io.cloister.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** The public interface; its resources are found by their annotations. */
@ApplicationPath("/v1")
public class ApiApplication extends Application {

    /**
     * Names our own JSON as the one to use, so that the server's, which would win, is not registered. The contract is the
     * only description of the interface, so the server writes none.
     */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of(
                "jersey.config.jsonFeature",
                JsonProvider.class.getSimpleName(),
                "jersey.config.server.wadl.disableWadl",
                true);
    }
}
