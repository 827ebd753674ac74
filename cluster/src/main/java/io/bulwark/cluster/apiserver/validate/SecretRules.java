package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.Base64;
import java.util.List;

/** Secrets: keys, size, and what each type must hold. */
final class SecretRules implements Rules {
  private static final String ACCOUNT = "kubernetes.io/service-account.name";

  @Override
  public void check(Tree object, Checks checks) {
    Tree data = object.treeOrEmpty("data");
    long size = 0;
    for (String key : data.keySet()) {
      checks.syntax("data[" + key + "]", key, Syntax.configKey(key));
      size += ConfigMapRules.decodedLength(data.textOrEmpty(key));
    }
    if (size > ConfigMapRules.SIZE) {
      checks.tooLong("data", "may not be more than " + ConfigMapRules.SIZE + " bytes");
    }
    switch (object.textOrEmpty("type")) {
      case "kubernetes.io/service-account-token" -> {
        String account = Meta.annotation(object, ACCOUNT);
        if (account == null || account.isEmpty()) {
          checks.required("metadata.annotations[" + ACCOUNT + "]", "");
        }
      }
      case "kubernetes.io/dockerconfigjson" -> document(data, ".dockerconfigjson", checks);
      case "kubernetes.io/dockercfg" -> document(data, ".dockercfg", checks);
      case "kubernetes.io/tls" -> {
        holds(data, "tls.crt", checks);
        holds(data, "tls.key", checks);
      }
      case "kubernetes.io/ssh-auth" -> holds(data, "ssh-privatekey", checks);
      case "kubernetes.io/basic-auth" -> {
        if (!data.containsKey("username") && !data.containsKey("password")) {
          checks.required("data[username]", "");
          checks.required("data[password]", "");
        }
      }
      default -> {}
    }
  }

  private static void holds(Tree data, String key, Checks checks) {
    if (!data.containsKey(key)) {
      checks.required("data[" + key + "]", "");
    }
  }

  private static void document(Tree data, String key, Checks checks) {
    if (!data.containsKey(key)) {
      holds(data, key, checks);
      return;
    }
    try {
      Json.readAny(Base64.getDecoder().decode(data.textOrEmpty(key)), null);
    } catch (MalformedBody malformed) {
      checks.invalid(
          "data[" + key + "]",
          "<secret contents redacted>",
          String.valueOf(malformed.getMessage()));
    } catch (IllegalArgumentException malformed) {
      checks.invalid("data[" + key + "]", "<secret contents redacted>", "illegal base64 data");
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    checks.immutable(object, live, "type", "type");
    ConfigMapRules.immutable(object, live, List.of("data"), checks);
  }
}
