package io.bulwark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.Transport;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.layer.Image;
import io.bulwark.cluster.image.layer.RefusedImage;
import io.bulwark.cluster.image.layer.TestImage;
import io.bulwark.cluster.image.layer.TestImage.Form;
import io.bulwark.cluster.image.layer.TestLayer;
import io.bulwark.cluster.node.server.ImageContents;
import io.bulwark.cluster.node.server.NodeServer;
import io.bulwark.cluster.node.server.PodDirectory;
import io.bulwark.cluster.platform.http.ServerTls;
import io.bulwark.cluster.platform.http.TestAuthority;
import io.bulwark.cluster.platform.tls.Trust;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Images that only nodes have, read from real endpoints of nodes that may lie. */
class RemoteStoresTest {
  private static final String NAME = "registry.bulwark.local/web:1";

  private final TestAuthority authority = new TestAuthority();
  private final List<NodeServer> servers = new ArrayList<>();
  private final List<Tree> nodes = new ArrayList<>();
  private final TestImage image = new TestImage(Form.GZIP, new TestLayer().file("a", "a").tar());

  @AfterEach
  void stop() {
    servers.forEach(NodeServer::close);
  }

  @Test
  void theNodeThatHasItIsFound() throws Exception {
    node("empty", Map.of(), Map.of(), true);
    node("full", Map.of(NAME, digest()), image.blobs, true);
    assertFound(NAME);
    assertFound(NAME + "@" + digest());
    assertNull(stores("reader").open(Reference.of("registry.bulwark.local/other:1")));
  }

  @Test
  void aNodeIsNotBelievedInWhatADigestHolds() throws Exception {
    Map<String, byte[]> lies = new HashMap<>(image.blobs);
    lies.put(digest(), Json.write(Tree.of("schemaVersion", 2L)));
    node("liar", Map.of(NAME, digest()), lies, true);
    assertThrows(IOException.class, () -> stores("reader").open(Reference.of(NAME)));
    node("honest", Map.of(NAME, digest()), image.blobs, true);
    assertFound(NAME);
  }

  @Test
  void whoMayNotReadFromNodesReadsNothing() throws Exception {
    node("full", Map.of(NAME, digest()), image.blobs, true);
    assertNull(stores("stranger").open(Reference.of(NAME)));
  }

  @Test
  void nodesThatAreNotReadyOrDoNotAnswerArePassedOver() throws Exception {
    node("gone", Map.of(NAME, digest()), image.blobs, true);
    servers.getFirst().close();
    node("unready", Map.of(NAME, digest()), image.blobs, false);
    assertNull(stores("reader").open(Reference.of(NAME)));
    node("full", Map.of(NAME, digest()), image.blobs, true);
    assertFound(NAME);
  }

  @Test
  void aNodeIsAskedOnlyAtAnAddressThatIsNoMoreThanThat() throws Exception {
    node("crafty", Map.of(NAME, digest()), image.blobs, true);
    nodes
        .getFirst()
        .set(
            TreeList.of(Tree.of("type", "InternalIP", "address", "user@127.0.0.1")),
            "status",
            "addresses");
    assertNull(stores("reader").open(Reference.of(NAME)));
  }

  @Test
  void whatIsNoImageIsRefused() throws Exception {
    byte[] noise = Json.write(Tree.of("schemaVersion", 2L));
    String digest = "sha256:" + io.bulwark.cluster.platform.Sha256.hex(noise);
    node("odd", Map.of(NAME, digest), Map.of(digest, noise), true);
    assertThrows(RefusedImage.class, () -> stores("reader").open(Reference.of(NAME)));
  }

  private void assertFound(String name) throws IOException {
    try (Image found = stores("reader").open(Reference.of(name))) {
      assertNotNull(found);
      assertEquals(digest(), found.digest());
      assertEquals(1, found.layers().size());
    }
  }

  private String digest() {
    return image.manifestDescriptor().textOrEmpty("digest");
  }

  private RemoteStores stores(String user) {
    TestAuthority.Identity own = authority.issue("CN=" + user);
    return new RemoteStores(() -> nodes, () -> authority.client(own));
  }

  private void node(
      String name, Map<String, String> names, Map<String, byte[]> blobs, boolean ready)
      throws Exception {
    TestAuthority.Identity identity = authority.issue("CN=server");
    SslContext tls = ServerTls.of(identity.key(), List.of(identity.certificate()));
    var trust = Trust.in(List.of(authority.certificate()));
    NodeServer server =
        new NodeServer(
            new NodeServer.Settings("127.0.0.1", 0, name, () -> tls, () -> trust),
            new ApiClient(RemoteStoresTest::review),
            new NoPods(),
            () -> "",
            new Contents(names, blobs),
            InstantSource.system());
    server.start();
    servers.add(server);
    nodes.add(
        Tree.of(
            "metadata",
            Tree.of("name", name),
            "status",
            Tree.of(
                "addresses",
                TreeList.of(Tree.of("type", "InternalIP", "address", "127.0.0.1")),
                "conditions",
                TreeList.of(Tree.of("type", "Ready", "status", ready ? "True" : "False")),
                "daemonEndpoints",
                Tree.of("kubeletEndpoint", Tree.of("Port", (long) server.port())))));
  }

  private static Transport.Response review(Transport.Request request) {
    boolean reader = "reader".equals(Json.read(request.body()).text("spec", "user"));
    Tree answer = Tree.of("status", Tree.of("allowed", reader));
    return new Transport.Response(201, Map.of(), new ByteArrayInputStream(Json.write(answer)));
  }

  private static final class NoPods implements PodDirectory {
    @Override
    public List<Tree> pods() {
      return List.of();
    }

    @Override
    public @Nullable Log log(Tree pod, String container, boolean previous) {
      return null;
    }

    @Override
    public URI exec(Tree pod, String container, List<String> command, Streams streams)
        throws NotRunning {
      throw new NotRunning("there are no pods");
    }

    @Override
    public URI attach(Tree pod, String container, Streams streams) throws NotRunning {
      throw new NotRunning("there are no pods");
    }

    @Override
    public URI portForward(Tree pod, List<Integer> ports) throws NotRunning {
      throw new NotRunning("there are no pods");
    }

    @Override
    public Tree summary() {
      return new Tree();
    }
  }

  private record Contents(Map<String, String> names, Map<String, byte[]> blobs)
      implements ImageContents {
    @Override
    public @Nullable String digest(String name) {
      return names.get(name);
    }

    @Override
    public InputStream open(String digest) throws IOException {
      byte[] content = blobs.get(digest);
      if (content == null) {
        throw new IOException("there is no " + digest);
      }
      return new ByteArrayInputStream(content);
    }
  }
}
