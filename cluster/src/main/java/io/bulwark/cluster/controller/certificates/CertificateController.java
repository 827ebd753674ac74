package io.bulwark.cluster.controller.certificates;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.platform.tls.Authority;
import io.bulwark.cluster.platform.tls.Certification;
import io.bulwark.cluster.platform.tls.Pem;
import io.bulwark.cluster.platform.tls.SigningRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Approves node requests, signs approved ones, and removes those that are done with. */
public final class CertificateController implements Component {
  /** The service account that this controller acts as. */
  public static final String NAME = "certificate-controller";

  private static final Duration LIFETIME = Duration.ofDays(365);
  private static final Duration SHORTEST = Duration.ofMinutes(10);
  private static final Duration KEPT = Duration.ofHours(1);
  private static final Duration PENDING = Duration.ofHours(24);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final ControllerContext context;
  private final Authority authority;
  private final CertificateApproval approval;
  private final Informer requests;
  private final ControllerLoop<String> loop;

  public CertificateController(ControllerContext context, Authority authority) {
    this.context = context;
    this.authority = authority;
    this.approval = new CertificateApproval(context);
    this.requests = context.informers().of(Resources.CERTIFICATE_SIGNING_REQUESTS);
    this.loop = new ControllerLoop<>(NAME, 1, this::reconcile);
  }

  @Override
  public void start() {
    requests.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(Meta.name(after));
          }
        });
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String name) {
    Tree order = requests.get(name);
    if (order == null) {
      return null;
    }
    Signer signer = Signer.of(order.textOrEmpty("spec", "signerName")).orElse(null);
    boolean issued = order.text("status", "certificate") != null;
    boolean ended = issued || has(order, "Denied") || has(order, "Failed");
    if (ended || signer == null) {
      return expire(order, ended ? KEPT : PENDING);
    }
    SigningRequest request;
    try {
      request = SigningRequest.parse(decode(order.textOrEmpty("spec", "request")));
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      return fail(order, "unable to parse csr: " + unreadable.getMessage());
    }
    String objection = signer.objection(request);
    if (objection == null) {
      objection = signer.usageObjection(order.texts("spec", "usages"));
    }
    if (has(order, "Approved")) {
      return objection == null ? sign(order, signer, request) : fail(order, objection);
    }
    if (objection == null && approval.approves(signer, request, order)) {
      approval.approve(order);
      return null;
    }
    return expire(order, PENDING) == null ? null : signer == Signer.NODE_SERVER ? AGAIN : PENDING;
  }

  private @Nullable Duration sign(Tree order, Signer signer, SigningRequest request) {
    long seconds = order.number(LIFETIME.toSeconds(), "spec", "expirationSeconds");
    Duration lifetime =
        Duration.ofSeconds(Math.clamp(seconds, SHORTEST.toSeconds(), LIFETIME.toSeconds()));
    X509Certificate certificate =
        authority.issue(
            request.key(),
            new Certification(
                request.subject(), Set.of(signer.usage()), request.names(), lifetime));
    String pem = Pem.encode(certificate);
    Tree signed = order.copy();
    signed.set(
        Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)),
        "status",
        "certificate");
    update(signed);
    return null;
  }

  private @Nullable Duration fail(Tree order, String message) {
    Tree failed = order.copy();
    TreeList conditions = failed.childList("status", "conditions");
    conditions.add(
        Tree.of(
            "type", "Failed",
            "status", "True",
            "reason", "SignerValidationFailure",
            "message", message,
            "lastUpdateTime",
                context
                    .clock()
                    .instant()
                    .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                    .toString()));
    update(failed);
    return null;
  }

  private void update(Tree order) {
    try {
      context.client().updateStatus(Resources.CERTIFICATE_SIGNING_REQUESTS, order);
    } catch (ApiException refused) {
      if (!refused.conflict() && !refused.notFound()) {
        throw refused;
      }
    }
  }

  /** Deletes a request that is older than the limit; else says how long it may stay. */
  private @Nullable Duration expire(Tree order, Duration limit) {
    Instant end = Instant.parse(order.textOrEmpty("metadata", "creationTimestamp")).plus(limit);
    Instant now = context.clock().instant();
    if (now.isBefore(end)) {
      return Duration.between(now, end).plusSeconds(1);
    }
    try {
      context.client().delete(Resources.CERTIFICATE_SIGNING_REQUESTS, null, Meta.name(order), null);
    } catch (ApiException refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    }
    return null;
  }

  private static boolean has(Tree order, String type) {
    return order.trees("status", "conditions").stream()
        .anyMatch(c -> c.textOrEmpty("type").equals(type));
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
