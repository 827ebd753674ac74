package io.bulwark.client;

import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.codec.Yaml;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * One way into a cluster: the current context of a kubeconfig file.
 *
 * @param authority PEM of the certificate authority; null trusts what the Java runtime trusts
 * @param clientCertificate PEM; null for none
 * @param clientKey PEM; null exactly where there is no certificate
 * @param token bearer token, or null
 * @param namespace of requests that name none
 */
public record Kubeconfig(
    URI server,
    byte @Nullable [] authority,
    byte @Nullable [] clientCertificate,
    byte @Nullable [] clientKey,
    @Nullable String token,
    String namespace) {
  private static final char[] NO_PASSWORD = {};

  public Kubeconfig {
    if ((clientCertificate == null) != (clientKey == null)) {
      throw new IllegalArgumentException("a client certificate needs its key, and a key needs it");
    }
  }

  /**
   * A user who shows a certificate.
   *
   * @param authority PEM of the authorities that the server is trusted by
   * @param certificate PEM, leaf first
   * @param key PEM
   */
  public static Kubeconfig ofCertificate(
      URI server, byte[] authority, byte[] certificate, byte[] key) {
    return new Kubeconfig(server, authority, certificate, key, null, "default");
  }

  /**
   * A user who sends a token.
   *
   * @param authority PEM of the authorities that the server is trusted by
   */
  public static Kubeconfig ofToken(URI server, byte[] authority, String token) {
    return new Kubeconfig(server, authority, null, null, token, "default");
  }

  /**
   * Reads the current context. Files that it names are read as well, relative to its directory.
   *
   * @throws IOException if the file is unreadable or has no usable current context
   */
  public static Kubeconfig load(Path file) throws IOException {
    Tree config;
    try {
      config = Yaml.read(Files.readAllBytes(file));
    } catch (MalformedBody malformed) {
      throw new IOException(file + ": " + malformed.getMessage(), malformed);
    }
    Tree context = named(config, "contexts", config.textOrEmpty("current-context"), "context");
    Tree cluster = named(config, "clusters", context.textOrEmpty("cluster"), "cluster");
    Tree user = named(config, "users", context.textOrEmpty("user"), "user");
    String server = cluster.text("server");
    if (server == null) {
      throw new IOException(file + ": the current context names no server");
    }
    Path beside = file.toAbsolutePath().resolveSibling("");
    byte[] tokenFile = data(user, "token", "tokenFile", beside);
    String namespace = context.textOrEmpty("namespace");
    String token = user.text("token");
    if (token == null && tokenFile != null) {
      token = new String(tokenFile, java.nio.charset.StandardCharsets.UTF_8).strip();
    }
    try {
      return new Kubeconfig(
          URI.create(server),
          data(cluster, "certificate-authority-data", "certificate-authority", beside),
          data(user, "client-certificate-data", "client-certificate", beside),
          data(user, "client-key-data", "client-key", beside),
          token,
          namespace.isEmpty() ? "default" : namespace);
    } catch (IllegalArgumentException malformed) {
      throw new IOException(file + ": " + malformed.getMessage(), malformed);
    }
  }

  private static Tree named(Tree config, String list, String name, String part) {
    for (Tree each : config.trees(list)) {
      if (each.textOrEmpty("name").equals(name)) {
        return each.treeOrEmpty(part);
      }
    }
    return new Tree();
  }

  private static byte @Nullable [] data(Tree tree, String inline, String file, Path beside)
      throws IOException {
    String text = tree.text(inline);
    if (text != null && inline.endsWith("-data")) {
      return Base64.getMimeDecoder().decode(text);
    }
    String path = tree.text(file);
    return path == null ? null : Files.readAllBytes(beside.resolve(path));
  }

  /**
   * Writes a file with this as its only context, readable by its owner only. The file appears whole
   * or not at all.
   *
   * @param name of the context, the cluster and the user
   */
  public void save(Path file, String name) throws IOException {
    Tree user = new Tree();
    put(user, "client-certificate-data", clientCertificate);
    put(user, "client-key-data", clientKey);
    if (token != null) {
      user.put("token", token);
    }
    Tree cluster = Tree.of("server", server.toString());
    put(cluster, "certificate-authority-data", authority);
    Tree context = Tree.of("cluster", name, "user", name);
    if (!namespace.equals("default")) {
      context.put("namespace", namespace);
    }
    Tree config =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "Config",
            "clusters",
            TreeList.of(Tree.of("name", name, "cluster", cluster)),
            "users",
            TreeList.of(Tree.of("name", name, "user", user)),
            "contexts",
            TreeList.of(Tree.of("name", name, "context", context)),
            "current-context",
            name);
    Path directory = file.toAbsolutePath().resolveSibling("");
    Files.createDirectories(directory);
    Path fresh =
        Files.createTempFile(
            directory,
            ".kubeconfig",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(fresh, Yaml.write(config));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void put(Tree tree, String key, byte @Nullable [] bytes) {
    if (bytes != null) {
      tree.put(key, Base64.getEncoder().encodeToString(bytes));
    }
  }

  /**
   * Trusts the authority and shows the client certificate.
   *
   * @throws GeneralSecurityException if a certificate or key is malformed
   */
  public SSLContext tls() throws GeneralSecurityException {
    try {
      KeyManager[] keys = null;
      if (clientCertificate != null && clientKey != null) {
        List<X509Certificate> chain = PemKeys.certificates(clientCertificate);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
            "client",
            PemKeys.privateKey(clientKey),
            NO_PASSWORD,
            chain.toArray(new X509Certificate[0]));
        KeyManagerFactory factory =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, NO_PASSWORD);
        keys = factory.getKeyManagers();
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (IOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
  }

  private @Nullable KeyStore trusted() throws GeneralSecurityException, IOException {
    if (authority == null) {
      return null;
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int count = 0;
    for (X509Certificate certificate : PemKeys.certificates(authority)) {
      store.setCertificateEntry("ca-" + count++, certificate);
    }
    return store;
  }

  /** A transport that the caller closes. */
  public HttpsTransport connect() throws GeneralSecurityException {
    return new HttpsTransport(server, tls(), () -> token);
  }

  /** Leaves the secrets out. */
  @Override
  public String toString() {
    return "Kubeconfig[" + server + "]";
  }
}
