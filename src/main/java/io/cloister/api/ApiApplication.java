package io.cloister.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The public interface; its resources are found by their annotations. */
@ApplicationPath("/v1")
public class ApiApplication extends Application {}
