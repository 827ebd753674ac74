package io.bulwark.cluster.apiserver.admission;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What plug-ins say beside yes and no. One for each request; used by one thread at a time. */
public final class Notes {
  private final Set<String> warnings = new LinkedHashSet<>();
  private final Map<String, String> annotations = new LinkedHashMap<>();

  /** Adds a line for the client, sent as a {@code Warning} header with code 299. */
  public void warn(String text) {
    warnings.add(text);
  }

  /** Adds an annotation to the request's audit event; the first value of a key stays. */
  public void annotate(String key, String value) {
    annotations.putIfAbsent(key, value);
  }

  /** In order, without repetition. */
  public Set<String> warnings() {
    return Collections.unmodifiableSet(warnings);
  }

  public Map<String, String> annotations() {
    return Collections.unmodifiableMap(annotations);
  }
}
