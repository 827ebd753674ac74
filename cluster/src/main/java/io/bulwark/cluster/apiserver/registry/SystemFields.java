package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The metadata that only the server writes. */
final class SystemFields {
  private static final String METADATA = "metadata";
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX = 5;
  private static final int LONGEST_BASE = 63 - SUFFIX;
  private static final String[] KEPT_WHEN_ABSENT = {
    "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"
  };

  private final InstantSource clock;
  private final RandomGenerator random;

  SystemFields(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  String later(long seconds) {
    return clock.instant().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A generated name from {@code metadata.generateName}. */
  String generate(String base) {
    StringBuilder name = new StringBuilder(base);
    name.setLength(Math.min(name.length(), LONGEST_BASE));
    for (int i = 0; i < SUFFIX; i++) {
      name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return name.toString();
  }

  void fillNew(Kind kind, Tree object) {
    Tree metadata = object.child(METADATA);
    metadata.remove("deletionTimestamp");
    metadata.remove("deletionGracePeriodSeconds");
    metadata.remove("selfLink");
    metadata.put("creationTimestamp", now());
    metadata.put("uid", UUID.randomUUID().toString());
    if (kind.strategy().generation()) {
      metadata.put("generation", 1L);
    } else {
      metadata.remove("generation");
    }
  }

  /** Restores what a client may leave out, and what it may not set. */
  static void fillChanged(Tree object, Tree live) {
    Tree metadata = object.child(METADATA);
    for (String field : KEPT_WHEN_ABSENT) {
      if (metadata.get(field) == null && live.has(METADATA, field)) {
        metadata.put(field, live.at(METADATA, field));
      }
    }
    metadata.remove("selfLink");
    if (live.has(METADATA, "generation")) {
      metadata.put("generation", Meta.generation(live));
    } else {
      metadata.remove("generation");
    }
  }

  static void bump(Tree object) {
    if (object.has(METADATA, "generation")) {
      object.set(Meta.generation(object) + 1, METADATA, "generation");
    }
  }

  /** Gives an object the namespace of the request, or refuses another one. */
  static void placeInNamespace(Tree object, String namespace) {
    String stated = Meta.namespace(object);
    if (stated.isEmpty() && !namespace.isEmpty()) {
      object.set(namespace, METADATA, "namespace");
    } else if (!stated.equals(namespace)) {
      throw new Failure.BadRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request")
          .rejected();
    }
  }

  /** Refuses an object that is not the one in the URL. */
  static void sameAsUrl(Write write, Tree object) {
    String name = Meta.name(object);
    if (name.isEmpty()) {
      throw new Failure.BadRequest(
              "the name of the object ("
                  + write.name()
                  + " based on URL) was undeterminable: name must be provided")
          .rejected();
    }
    if (!name.equals(write.name())) {
      throw new Failure.BadRequest(
              "the name of the object ("
                  + name
                  + ") does not match the name on the URL ("
                  + write.name()
                  + ")")
          .rejected();
    }
    String namespace = Meta.namespace(object);
    if (namespace.isEmpty() && !write.namespace().isEmpty()) {
      object.set(write.namespace(), METADATA, "namespace");
    } else if (!namespace.equals(write.namespace())) {
      throw new Failure.BadRequest(
              "the namespace of the object ("
                  + namespace
                  + ") does not match the namespace on the request ("
                  + write.namespace()
                  + ")")
          .rejected();
    }
  }
}
