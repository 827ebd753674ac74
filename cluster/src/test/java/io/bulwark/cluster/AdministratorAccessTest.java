package io.bulwark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.bulwark.cluster.platform.tls.Pki;
import io.bulwark.cluster.platform.tls.ServerNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdministratorAccessTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  @TempDir Path directory;

  @Test
  void theKubeconfigFollowsTheCertificateAndTheAuthority() throws Exception {
    ClusterConfiguration configuration = ClusterConfiguration.of(directory, 6443);
    ServerNames names = new ServerNames("cluster.local", List.of(), List.of());
    Pki pki = Pki.open(directory.resolve("pki"), names, now::get);
    AdministratorAccess.write(configuration, pki, 6443);
    pki.onRenewal(() -> AdministratorAccess.rewrite(configuration, pki, 6443));
    Path file = configuration.administratorKubeconfig();
    String first = Files.readString(file);

    now.updateAndGet(time -> time.plus(Duration.ofDays(2930)));
    pki.renewDue();
    String second = Files.readString(file);
    assertNotEquals(first, second);
    for (String held : List.of(pki.authority().pem(), pki.admin().certificatePem())) {
      String encoded = Base64.getEncoder().encodeToString(held.getBytes(StandardCharsets.UTF_8));
      assertEquals(2, second.split(Pattern.quote(encoded), -1).length);
      assertEquals(1, first.split(Pattern.quote(encoded), -1).length);
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }
}
