package io.bulwark.cluster;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.inspect.ImageFinder;
import io.bulwark.cluster.image.layer.AttachedContent;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.Image;
import io.bulwark.cluster.image.layer.ImageSource;
import io.bulwark.cluster.image.registry.Credentials;
import io.bulwark.cluster.image.registry.RegistryAttachments;
import io.bulwark.cluster.image.registry.RegistryConfiguration;
import io.bulwark.cluster.image.registry.RegistryFailure;
import io.bulwark.cluster.image.registry.RegistryImage;
import io.bulwark.cluster.image.signature.SignedPayload;
import io.bulwark.cluster.node.image.PullSecrets;
import io.bulwark.cluster.node.runtime.RegistryCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds images in the store of this machine's node, then in their registries, then in the stores of
 * other nodes. Registries are believed by the system's authorities and by the certificates in the
 * directory that the node's runtime reads too. Thread-safe.
 */
final class ClusterImages implements ImageFinder {
  private static final String BUNDLES = "application/vnd.dev.sigstore.bundle";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path dataDirectory;
  private final RemoteStores nodes;

  ClusterImages(Path dataDirectory, RemoteStores nodes) {
    this.dataDirectory = dataDirectory;
    this.nodes = nodes;
  }

  @Override
  public ImageSource find(String reference, List<Tree> pullSecrets) throws IOException {
    Reference image = Reference.of(reference);
    ImageSource stored = NodeImages.find(dataDirectory, image, null, Bounds.USUAL);
    if (stored != null) {
      return stored;
    }
    ImageSource remote =
        RegistryImage.at(image, registries(image, pullSecrets), null, Bounds.USUAL);
    return () -> {
      try {
        return remote.open();
      } catch (RegistryFailure failed) {
        boolean absent =
            failed.reason() == RegistryFailure.Reason.NOT_FOUND
                || failed.reason() == RegistryFailure.Reason.UNREACHABLE;
        Image elsewhere = absent ? nodes.open(image) : null;
        if (elsewhere == null) {
          throw failed;
        }
        return elsewhere;
      }
    };
  }

  @Override
  public List<SignedPayload> signed(
      String reference, String digest, boolean attestations, List<Tree> pullSecrets)
      throws IOException {
    Reference image = Reference.of(reference);
    RegistryConfiguration registries = registries(image, pullSecrets);
    List<SignedPayload> found = new ArrayList<>();
    for (AttachedContent content :
        RegistryAttachments.of(
            image, digest, attestations ? "att" : "sig", registries, Bounds.USUAL)) {
      Map<String, String> notes = content.annotations();
      found.add(
          new SignedPayload(
              content.bytes(),
              notes.getOrDefault("dev.cosignproject.cosign/signature", ""),
              notes.get("dev.sigstore.cosign/certificate"),
              notes.get("dev.sigstore.cosign/chain"),
              notes.get("dev.sigstore.cosign/bundle"),
              notes.get("dev.sigstore.cosign/rfc3161timestamp")));
    }
    for (AttachedContent content :
        RegistryAttachments.referring(image, digest, BUNDLES, registries, Bounds.USUAL)) {
      found.add(SignedPayload.bundle(content.bytes()));
    }
    return found;
  }

  private RegistryConfiguration registries(Reference image, List<Tree> pullSecrets)
      throws IOException {
    String host = image.text().substring(0, image.text().indexOf('/'));
    List<RegistryCredentials> matching = PullSecrets.matching(pullSecrets, image.text());
    Credentials credentials =
        matching.isEmpty()
            ? Credentials.NONE
            : asked ->
                asked.equals(host)
                    ? new Credentials.Login(
                        matching.getFirst().user(), matching.getFirst().password())
                    : null;
    return new RegistryConfiguration(authorities(host), Map.of(), false, credentials, PATIENCE);
  }

  private List<Path> authorities(String host) throws IOException {
    Path directory =
        MachineImages.containerd(dataDirectory).directory().resolve("certs.d").resolve(host);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".crt")).sorted().toList();
    }
  }
}
