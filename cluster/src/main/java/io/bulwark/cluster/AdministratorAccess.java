package io.bulwark.cluster;

import io.bulwark.api.codec.Yaml;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.platform.tls.Identity;
import io.bulwark.cluster.platform.tls.KeyFiles;
import io.bulwark.cluster.platform.tls.Pki;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Writes the administrator's kubeconfig, readable by its owner only. */
final class AdministratorAccess {
  private AdministratorAccess() {}

  static void write(ClusterConfiguration configuration, Pki pki, int port) throws IOException {
    Path file = configuration.administratorKubeconfig();
    Files.createDirectories(file.getParent());
    Identity admin = pki.admin();
    Tree kubeconfig =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "Config",
            "current-context",
            "bulwark",
            "clusters",
            TreeList.of(
                Tree.of(
                    "name",
                    "bulwark",
                    "cluster",
                    Tree.of(
                        "server",
                        "https://%s:%d".formatted(configuration.advertiseAddress(), port),
                        "certificate-authority-data",
                        encode(pki.authority().pem())))),
            "users",
            TreeList.of(
                Tree.of(
                    "name",
                    "administrator",
                    "user",
                    Tree.of(
                        "client-certificate-data",
                        encode(admin.certificatePem()),
                        "client-key-data",
                        encode(admin.namedKeyPem())))),
            "contexts",
            TreeList.of(
                Tree.of(
                    "name",
                    "bulwark",
                    "context",
                    Tree.of("cluster", "bulwark", "user", "administrator"))));
    KeyFiles.writeSecret(file, Yaml.text(kubeconfig));
  }

  /** As {@link #write}, for when no one waits for the outcome. */
  static void rewrite(ClusterConfiguration configuration, Pki pki, int port) {
    try {
      write(configuration, pki, port);
    } catch (IOException failed) {
      System.getLogger(AdministratorAccess.class.getName())
          .log(System.Logger.Level.ERROR, "the administrator's kubeconfig is out of date", failed);
    }
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
