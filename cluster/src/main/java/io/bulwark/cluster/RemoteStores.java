package io.bulwark.cluster;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.layer.Blobs;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.Descriptor;
import io.bulwark.cluster.image.layer.Image;
import io.bulwark.cluster.image.layer.ManifestImage;
import io.bulwark.cluster.image.registry.StallGuard;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads images from the stores of nodes, through their protected endpoints. A node is believed in
 * what it says that a name means, and in nothing else: every content is checked by its digest, and
 * pods are held to the digest that was judged. Thread-safe.
 */
final class RemoteStores {
  private static final int MOST_NODES = 20;
  private static final int LONGEST = 200;
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private final Supplier<List<Tree>> nodes;
  private final Supplier<SSLContext> tls;

  /**
   * @param nodes of the cluster; not changed
   * @param tls trusts the cluster's authority and shows a certificate that may read from nodes
   */
  RemoteStores(Supplier<List<Tree>> nodes, Supplier<SSLContext> tls) {
    this.nodes = nodes;
    this.tls = tls;
  }

  /**
   * Opens an image in the first store that has it; null if none does.
   *
   * @throws IOException if what stores have is damaged or no image
   */
  @Nullable Image open(Reference reference) throws IOException {
    String text = reference.text();
    List<Tree> asked =
        nodes.get().stream()
            .filter(RemoteStores::ready)
            .sorted(Comparator.comparing(node -> !reports(node, text)))
            .limit(MOST_NODES)
            .toList();
    IOException refused = null;
    for (Tree node : asked) {
      Store store = new Store(node, tls.get());
      boolean opened = false;
      try {
        int at = text.indexOf('@');
        String digest = at >= 0 ? text.substring(at + 1) : store.digest(text);
        if (digest != null) {
          Descriptor root = Descriptor.of("", digest, -1);
          Image image = ManifestImage.open(text, text, root, store, null, Bounds.USUAL);
          opened = true;
          return image;
        }
      } catch (Absent elsewhere) {
        continue;
      } catch (IOException lies) {
        refused = lies;
      } finally {
        if (!opened) {
          store.close();
        }
      }
    }
    if (refused != null) {
      throw refused;
    }
    return null;
  }

  private static boolean ready(Tree node) {
    return node.treeOrEmpty("status").trees("conditions").stream()
        .anyMatch(
            condition ->
                condition.textOrEmpty("type").equals("Ready")
                    && condition.textOrEmpty("status").equals("True"));
  }

  private static boolean reports(Tree node, String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    return node.treeOrEmpty("status").trees("images").stream()
        .anyMatch(image -> image.texts("names").contains(name));
  }

  /** A node does not have a content, or cannot be asked. */
  private static final class Absent extends IOException {
    private static final long serialVersionUID = 1L;

    Absent(String message) {
      super(message);
    }
  }

  private static final class Store implements Blobs {
    private final String node;
    private final String base;
    private final HttpClient client;

    Store(Tree node, SSLContext tls) {
      this.node = Meta.name(node);
      String address =
          node.treeOrEmpty("status").trees("addresses").stream()
              .filter(one -> one.textOrEmpty("type").equals("InternalIP"))
              .map(one -> one.textOrEmpty("address"))
              .findFirst()
              .orElse("");
      long port = node.number(0, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
      this.base = base(address, port);
      this.client = HttpClient.newBuilder().sslContext(tls).connectTimeout(CONNECT).build();
    }

    /** Nodes write their addresses themselves: a path in one would lead elsewhere. */
    private static String base(String address, long port) {
      try {
        InetAddress literal = InetAddress.ofLiteral(address);
        String plain = literal.getHostAddress();
        String host = literal instanceof Inet6Address ? "[" + plain + "]" : plain;
        return port > 0 ? "https://" + host + ":" + port + "/images" : "";
      } catch (IllegalArgumentException other) {
        return "";
      }
    }

    @Nullable String digest(String name) throws IOException {
      String query = "?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
      try (InputStream in = get(query)) {
        String answer = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
        return DIGEST.matcher(answer).matches() ? answer : null;
      }
    }

    @Override
    public InputStream open(Descriptor descriptor) throws IOException {
      return get("/" + descriptor.digest());
    }

    private InputStream get(String path) throws IOException {
      if (base.isEmpty()) {
        throw new Absent("node " + node + " has no endpoint");
      }
      try {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE).build();
        HttpResponse<InputStream> response =
            client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
          return new StallGuard(response.body(), "node " + node, PATIENCE);
        }
        response.body().close();
        throw new Absent("node " + node + " answered " + response.statusCode());
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw new Absent("interrupted while asking node " + node);
      } catch (Absent absent) {
        throw absent;
      } catch (IOException | IllegalArgumentException unreachable) {
        throw new Absent("cannot reach node " + node + ": " + unreachable.getMessage());
      }
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }
}
