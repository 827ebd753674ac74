package io.bulwark.cluster.platform.http;

import java.security.cert.X509Certificate;
import java.util.List;

/** What a connection proves about its sender. */
public sealed interface Credentials {
  /** Nothing: a bearer token in the headers may still say who sends. */
  record None() implements Credentials {}

  /** A TLS client certificate, leaf first; the TLS stack has checked possession, not trust. */
  record Certificate(List<X509Certificate> chain) implements Credentials {}

  /** A component of the same process, identified by the code that handed out its transport. */
  record Component(String user, List<String> groups) implements Credentials {}
}
