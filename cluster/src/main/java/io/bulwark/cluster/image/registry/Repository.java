package io.bulwark.cluster.image.registry;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.layer.Blobs;
import io.bulwark.cluster.image.layer.Descriptor;
import io.bulwark.cluster.image.registry.Credentials.Login;
import io.bulwark.cluster.image.registry.RegistryFailure.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One repository at one address. Answers are bounded; whether they are the right ones, the caller
 * checks by digest. For one thread.
 *
 * <p>Source: OCI distribution specification 1.1, "Pull"; distribution's "Token Authentication
 * Specification".
 */
final class Repository implements Blobs {
  private static final int LARGEST_TOKEN = 1 << 18;
  private static final int LARGEST_ERROR = 1 << 14;
  private static final String MANIFESTS =
      String.join(
          ", ",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json");

  private final Endpoint endpoint;
  private final String name;
  private final RegistryConfiguration configuration;
  private final Exchange exchange;
  private final int largestDocument;
  private final Map<String, byte[]> documents = new HashMap<>();
  private @Nullable String authorization;

  Repository(
      Endpoint endpoint, String name, RegistryConfiguration configuration, int largestDocument)
      throws RegistryFailure {
    this.endpoint = endpoint;
    this.name = name;
    this.configuration = configuration;
    this.largestDocument = largestDocument;
    this.exchange = new Exchange(endpoint.host(), configuration, configuration.plainLoopback());
  }

  /** The manifest that a tag means now. What is kept is what its digest is of. */
  Descriptor resolve(String tagOrDigest, java.util.function.Function<byte[], String> digest)
      throws IOException {
    byte[] manifest = manifest(tagOrDigest);
    String found = tagOrDigest.contains(":") ? tagOrDigest : digest.apply(manifest);
    documents.put(found, manifest);
    return Descriptor.of("", found, tagOrDigest.contains(":") ? -1 : manifest.length);
  }

  @Override
  public InputStream open(Descriptor descriptor) throws IOException {
    byte[] known = documents.get(descriptor.digest());
    if (known != null) {
      return new ByteArrayInputStream(known);
    }
    if (descriptor.mediaType().contains("manifest") || descriptor.mediaType().contains("index")) {
      return new ByteArrayInputStream(manifest(descriptor.digest()));
    }
    return body(get("/blobs/" + descriptor.digest(), "*/*"));
  }

  /** The index of what refers to an image, as the registry itself lists it. */
  byte[] referrers(String digest) throws IOException {
    return document("/referrers/" + digest);
  }

  /** The document under a tag. */
  byte[] tagged(String tag) throws IOException {
    return manifest(tag);
  }

  private byte[] manifest(String tagOrDigest) throws IOException {
    return document("/manifests/" + tagOrDigest);
  }

  private byte[] document(String path) throws IOException {
    try (InputStream in = body(get(path, MANIFESTS))) {
      byte[] bytes = in.readNBytes(largestDocument + 1);
      if (bytes.length > largestDocument) {
        throw new RegistryFailure(
            Reason.REFUSED,
            "%s/%s has a manifest of more than %d bytes"
                .formatted(endpoint.host(), name, largestDocument));
      }
      return bytes;
    }
  }

  private InputStream body(HttpResponse<InputStream> response) {
    return new StallGuard(response.body(), response.uri().getAuthority(), configuration.patience());
  }

  private HttpResponse<InputStream> get(String path, String accept) throws IOException {
    URI address = URI.create(endpoint.base() + "/v2/" + name + path);
    Map<String, String> headers = Map.of("Accept", accept);
    HttpResponse<InputStream> response = exchange.get(address, headers, authorization);
    if (response.statusCode() == 401) {
      List<String> asked = response.headers().allValues("WWW-Authenticate");
      response.body().close();
      Challenge challenge = Challenge.best(asked);
      authorization = challenge == null ? null : answer(challenge);
      if (authorization != null) {
        response = exchange.get(address, headers, authorization);
      }
    }
    if (response.statusCode() == 200) {
      return response;
    }
    throw failure(response, path);
  }

  private RegistryFailure failure(HttpResponse<InputStream> response, String path)
      throws IOException {
    String said = "";
    try (InputStream in = body(response)) {
      Tree answer = Json.read(in.readNBytes(LARGEST_ERROR));
      List<Tree> errors = answer.trees("errors");
      said = errors.isEmpty() ? "" : errors.getFirst().textOrEmpty("message");
    } catch (IOException | RuntimeException notJson) {
      said = "";
    }
    int status = response.statusCode();
    Reason reason =
        switch (status) {
          case 401, 403 -> Reason.UNAUTHORIZED;
          case 404 -> Reason.NOT_FOUND;
          case 408, 429, 500, 502, 503, 504 -> Reason.UNREACHABLE;
          default -> Reason.REFUSED;
        };
    String words =
        switch (reason) {
          case UNAUTHORIZED -> "does not let this user read";
          case NOT_FOUND -> "does not have";
          default -> "answered " + status + " for";
        };
    String line = said.replaceAll("\\p{Cntrl}", " ").strip();
    String why = line.isEmpty() ? "" : ": " + line.substring(0, Math.min(200, line.length()));
    return new RegistryFailure(
        reason, endpoint.host() + " " + words + " " + name + shown(path) + why);
  }

  private static String shown(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    return (last.contains(":") ? "@" : ":") + last;
  }

  private @Nullable String answer(Challenge challenge) throws IOException {
    Login login = configuration.credentials().find(endpoint.host());
    if (challenge.scheme().equals("basic")) {
      return login == null ? null : basic(login);
    }
    String realm = challenge.parameters().get("realm");
    if (realm == null) {
      throw new RegistryFailure(
          Reason.REFUSED, endpoint.host() + " asks for a token and does not say from where");
    }
    String query =
        "service="
            + encoded(challenge.parameters().getOrDefault("service", ""))
            + "&scope="
            + encoded("repository:" + name + ":pull");
    URI address;
    HttpResponse<InputStream> response;
    try {
      if (login != null && login.user().equals(Login.TOKEN_USER)) {
        address = URI.create(realm);
        String form =
            "grant_type=refresh_token&client_id=bulwark&refresh_token=" + encoded(login.password());
        response = exchange.post(address, form + "&" + query);
      } else {
        address = URI.create(realm + (realm.contains("?") ? "&" : "?") + query);
        response = exchange.get(address, Map.of(), login == null ? null : basic(login));
      }
    } catch (IllegalArgumentException malformed) {
      throw new RegistryFailure(Reason.REFUSED, endpoint.host() + " names no address for tokens");
    }
    try (InputStream in = body(response)) {
      if (response.statusCode() != 200) {
        throw new RegistryFailure(
            Reason.UNAUTHORIZED,
            "%s gives no token to read %s (%d)"
                .formatted(address.getAuthority(), name, response.statusCode()));
      }
      Tree answer = Json.read(in.readNBytes(LARGEST_TOKEN));
      String token = answer.text("token");
      String bearer = token == null ? answer.textOrEmpty("access_token") : token;
      if (bearer.isEmpty() || bearer.chars().anyMatch(c -> c < 0x21 || c > 0x7E)) {
        throw new RegistryFailure(
            Reason.REFUSED, address.getAuthority() + " answers without a token");
      }
      return "Bearer " + bearer;
    } catch (RuntimeException malformed) {
      throw new RegistryFailure(
          Reason.REFUSED, address.getAuthority() + " answers without a token");
    }
  }

  private static String basic(Login login) {
    String both = login.user() + ":" + login.password();
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    exchange.close();
  }
}
