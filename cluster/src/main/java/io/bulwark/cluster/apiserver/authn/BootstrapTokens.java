package io.bulwark.cluster.apiserver.authn;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Joining nodes by bootstrap tokens, which are Secrets in kube-system.
 *
 * <p>Source: kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens.
 */
public final class BootstrapTokens {
  private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
  private static final Pattern GROUP =
      Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");

  private final LiveObjects objects;
  private final InstantSource clock;

  public BootstrapTokens(LiveObjects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  @Nullable Subject subject(String token) {
    Matcher parts = TOKEN.matcher(token);
    if (!parts.matches()) {
      return null;
    }
    String id = parts.group(1);
    Tree secret = objects.find(Resources.SECRETS, "kube-system", "bootstrap-token-" + id);
    boolean valid =
        secret != null
            && !Meta.terminating(secret)
            && secret.textOrEmpty("type").equals("bootstrap.kubernetes.io/token")
            && same(data(secret, "token-secret"), parts.group(2))
            && data(secret, "token-id").equals(id)
            && data(secret, "usage-bootstrap-authentication").equals("true")
            && lives(data(secret, "expiration"));
    if (secret == null || !valid) {
      return null;
    }
    List<String> groups = new ArrayList<>(List.of("system:bootstrappers"));
    for (String group : data(secret, "auth-extra-groups").split(",", -1)) {
      if (!group.isBlank()) {
        if (!GROUP.matcher(group.strip()).matches()) {
          return null;
        }
        groups.add(group.strip());
      }
    }
    groups.add("system:authenticated");
    return new Subject("system:bootstrap:" + id, "", groups, Map.of());
  }

  private boolean lives(String expiration) {
    if (expiration.isEmpty()) {
      return true;
    }
    try {
      Instant end = OffsetDateTime.parse(expiration).toInstant();
      return end.isAfter(clock.instant());
    } catch (DateTimeException unreadable) {
      return false;
    }
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private static String data(Tree secret, String key) {
    try {
      return new String(
          Base64.getDecoder().decode(secret.textOrEmpty("data", key)), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException noBase64) {
      return "";
    }
  }
}
