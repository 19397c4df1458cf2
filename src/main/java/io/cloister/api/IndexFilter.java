package io.cloister.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Lets the index listen from the first request on, whatever is asked, if the node has not had it listen before. */
@Provider
@ApplicationScoped
public class IndexFilter implements ContainerRequestFilter {
    @Inject
    private ChainIndex index;

    @Override
    public void filter(ContainerRequestContext request) {
        index.attach();
    }
}
