/** Bytes to requests and responses to bytes: HTTP/1.1, HTTP/2, WebSocket, SPDY. */
@NullMarked
package io.bulwark.cluster.platform.http;

import org.jspecify.annotations.NullMarked;
