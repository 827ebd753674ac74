package io.bulwark.cluster.apiserver.store.embedded;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A conditional write that waits for its turn. */
sealed interface Write {
  String key();

  record Create(String key, byte[] value, @Nullable Duration lifetime) implements Write {}

  record Update(String key, long expectedRevision, byte[] value, @Nullable Duration lifetime)
      implements Write {}

  record Delete(String key, long expectedRevision) implements Write {}
}
