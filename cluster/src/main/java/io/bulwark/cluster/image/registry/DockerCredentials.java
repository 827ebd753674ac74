package io.bulwark.cluster.image.registry;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Users as Docker's and Podman's configuration files name them, with their credential helpers.
 *
 * <p>Source: docs.docker.com, "docker login", sections on credential stores and helpers;
 * containers-auth.json(5).
 */
public final class DockerCredentials implements Credentials {
  private static final int LARGEST = 1 << 20;
  private static final String HUB = "https://index.docker.io/v1/";

  private final List<Path> files;
  private final String path;

  /**
   * @param files the first that knows a registry decides; missing ones are passed over
   * @param path where credential helpers are looked for, as in the variable PATH
   */
  public DockerCredentials(List<Path> files, String path) {
    this.files = List.copyOf(files);
    this.path = path;
  }

  /** The files at the places that the environment names, and at the usual ones. */
  public static DockerCredentials usual(Map<String, String> environment) {
    List<Path> files = new ArrayList<>();
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    add(files, environment.get("REGISTRY_AUTH_FILE"), "");
    add(files, environment.getOrDefault("DOCKER_CONFIG", home + "/.docker"), "config.json");
    add(files, environment.get("XDG_RUNTIME_DIR"), "containers/auth.json");
    add(files, home, ".config/containers/auth.json");
    return new DockerCredentials(files, environment.getOrDefault("PATH", ""));
  }

  private static void add(List<Path> files, @Nullable String directory, String file) {
    if (directory != null && !directory.isBlank()) {
      files.add(Path.of(directory).resolve(file));
    }
  }

  @Override
  public @Nullable Login find(String host) throws IOException {
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        Login login = find(content(file), file.toString(), host, path);
        if (login != null) {
          return login;
        }
      }
    }
    return null;
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(LARGEST + 1);
      if (content.length > LARGEST) {
        throw new IOException(file + " is larger than " + LARGEST + " bytes");
      }
      return content;
    }
  }

  /** The user that a configuration names for a registry, null if it names none. */
  static @Nullable Login find(byte[] content, String place, String host, String path)
      throws IOException {
    Tree configuration;
    try {
      configuration = Json.read(content);
    } catch (RuntimeException malformed) {
      throw new IOException(place + " is no JSON object");
    }
    boolean hub = host.equals("docker.io") || host.equals("registry-1.docker.io");
    String helper = configuration.text("credHelpers", hub ? "docker.io" : host);
    if (helper == null) {
      helper = configuration.text("credsStore");
    }
    if (helper != null) {
      Login login = CredentialProgram.ask(helper, hub ? HUB : host, path);
      if (login != null) {
        return login;
      }
    }
    Tree users = configuration.treeOrEmpty("auths");
    for (String name : names(host, hub)) {
      if (users.get(name) instanceof Tree user) {
        return login(user, place);
      }
    }
    return null;
  }

  private static List<String> names(String host, boolean hub) {
    return hub
        ? List.of(HUB, "index.docker.io", "docker.io", "registry-1.docker.io")
        : List.of(
            host,
            "https://" + host,
            "https://" + host + "/",
            "https://" + host + "/v2/",
            "https://" + host + "/v1/");
  }

  private static @Nullable Login login(Tree user, String file) throws IOException {
    String token = user.text("identitytoken");
    if (token != null && !token.isEmpty()) {
      return new Login(Login.TOKEN_USER, token);
    }
    String both = user.text("auth");
    if (both == null || both.isEmpty()) {
      String name = user.text("username");
      return name == null ? null : new Login(name, user.textOrEmpty("password"));
    }
    try {
      String plain = new String(Base64.getDecoder().decode(both), StandardCharsets.UTF_8);
      int colon = plain.indexOf(':');
      if (colon > 0) {
        return new Login(plain.substring(0, colon), plain.substring(colon + 1).replace("\0", ""));
      }
    } catch (IllegalArgumentException malformed) {
      throw new IOException(file + " has an auth that is not Base64");
    }
    throw new IOException(file + " has an auth without a user");
  }
}
