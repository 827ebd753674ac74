package io.bulwark.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Carries one API request to a server and brings back its response. Two implementations: HTTPS, and
 * in memory into the request path of a control plane in the same process.
 *
 * <p>Thread-safe. Blocks; call it from a virtual thread.
 */
public interface Transport {
  /**
   * @throws IOException if the server cannot be reached or the connection breaks; a response with
   *     an error status is no exception
   */
  Response exchange(Request request) throws IOException;

  /**
   * @param target path and query, escaped: {@code /api/v1/pods?watch=true}
   * @param headers lower-case names
   * @param body empty for none
   */
  record Request(String method, String target, Map<String, String> headers, byte[] body) {}

  /**
   * @param body the content, streamed for a watch; the caller closes it, which ends the exchange
   */
  record Response(int status, Map<String, String> headers, InputStream body) {}
}
