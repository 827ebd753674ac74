package io.bulwark.cluster.controller.loop;

import io.bulwark.client.ApiClient;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.Informers;
import java.time.InstantSource;

/**
 * All that a controller gets: no controller has another way to the cluster.
 *
 * @param client acts as the controller's own service account
 * @param informers shared by the process
 */
public record ControllerContext(
    ApiClient client, Informers informers, EventRecorder events, InstantSource clock) {}
