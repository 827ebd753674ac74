package io.bulwark.cluster.platform.http;

import io.bulwark.api.failure.Rejected;

/** Answers requests. Called on a virtual thread for each request; may block. Thread-safe. */
@FunctionalInterface
public interface RequestHandler {
  /**
   * @throws Rejected becomes its Status
   * @throws Exception any other becomes a 500 Status and one line in the log
   */
  Outgoing handle(Incoming incoming) throws Exception;
}
