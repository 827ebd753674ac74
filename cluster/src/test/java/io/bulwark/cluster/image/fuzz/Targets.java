package io.bulwark.cluster.image.fuzz;

import io.bulwark.cluster.image.inventory.assembly.AssemblyTargets;
import io.bulwark.cluster.image.inventory.language.LanguageTargets;
import io.bulwark.cluster.image.inventory.system.SystemTargets;
import io.bulwark.cluster.image.layer.LayerTargets;
import io.bulwark.cluster.image.registry.RegistryTargets;
import io.bulwark.cluster.image.version.VersionTargets;
import io.bulwark.cluster.image.vulnerability.VulnerabilityTargets;
import io.bulwark.cluster.image.vulnerability.feed.FeedTargets;
import io.bulwark.cluster.node.image.PullSecretTargets;
import java.util.List;
import java.util.stream.Stream;

/** Every parser of what images, registries and publishers of advisories send. */
final class Targets {
  private Targets() {}

  static List<Target> all() throws Exception {
    return Stream.of(
            LayerTargets.all(),
            RegistryTargets.all(),
            PullSecretTargets.all(),
            SystemTargets.all(),
            AssemblyTargets.all(),
            LanguageTargets.all(),
            VersionTargets.all(),
            VulnerabilityTargets.all(),
            FeedTargets.all())
        .flatMap(List::stream)
        .toList();
  }
}
