package io.bulwark.cluster.apiserver;

import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.image.inspect.ImageFacts;
import io.bulwark.cluster.platform.http.Outgoing;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts requests and shows the counts at {@code /metrics}. Thread-safe. */
final class RequestMetrics implements Route {
  private final Map<Counted, Counts> totals = new ConcurrentHashMap<>();
  private final LongAdder running = new LongAdder();
  private final AtomicReference<@Nullable ImageFacts> images;

  /**
   * @param images whose counts are shown too; null inside where nobody looks into images
   */
  RequestMetrics(AtomicReference<@Nullable ImageFacts> images) {
    this.images = images;
  }

  private record Counted(
      String verb, String group, String version, String resource, String subresource, int code) {
    String labels() {
      return "code=\"%d\",group=\"%s\",resource=\"%s\",subresource=\"%s\",verb=\"%s\",version=\"%s\""
          .formatted(
              code, group, resource, subresource, verb.toUpperCase(java.util.Locale.ROOT), version);
    }
  }

  private record Counts(LongAdder requests, LongAdder nanos) {}

  void begun() {
    running.increment();
  }

  /** A request ended without being counted: a bug of ours. */
  void lost() {
    running.decrement();
  }

  /**
   * @param known whether the resource is one that we serve; others are counted together
   */
  void ended(RequestInfo info, boolean known, int code, long nanos) {
    running.decrement();
    Counted counted =
        known
            ? new Counted(
                info.verb(),
                info.group(),
                info.version(),
                info.resource(),
                info.subresource(),
                code)
            : new Counted("other", "", "", "", "", code);
    Counts counts =
        totals.computeIfAbsent(counted, key -> new Counts(new LongAdder(), new LongAdder()));
    counts.requests().increment();
    counts.nanos().add(nanos);
  }

  @Override
  public @Nullable Outgoing answer(Authorized request, RequestInfo info, Notes notes) {
    return info.path().equals("/metrics") ? Health.text(200, text()) : null;
  }

  private String text() {
    Map<String, Counts> sorted = new TreeMap<>();
    totals.forEach((counted, counts) -> sorted.put(counted.labels(), counts));
    StringBuilder text = new StringBuilder();
    header(text, "apiserver_request_total", "counter", "Requests by verb, resource and code.");
    sorted.forEach(
        (labels, counts) -> line(text, "apiserver_request_total", labels, counts.requests().sum()));
    header(
        text,
        "apiserver_request_duration_seconds",
        "summary",
        "Time until the response was ready, in seconds.");
    sorted.forEach(
        (labels, counts) -> {
          line(text, "apiserver_request_duration_seconds_sum", labels, counts.nanos().sum() / 1e9);
          line(text, "apiserver_request_duration_seconds_count", labels, counts.requests().sum());
        });
    header(text, "apiserver_current_inflight_requests", "gauge", "Requests being served.");
    text.append("apiserver_current_inflight_requests ").append(running.sum()).append('\n');
    Runtime runtime = Runtime.getRuntime();
    header(text, "jvm_memory_used_bytes", "gauge", "Heap in use.");
    text.append("jvm_memory_used_bytes ")
        .append(runtime.totalMemory() - runtime.freeMemory())
        .append('\n');
    ImageFacts known = images.get();
    return known == null ? text.toString() : text + known.metrics();
  }

  private static void header(StringBuilder text, String name, String type, String words) {
    text.append("# HELP ").append(name).append(' ').append(words).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String name, String labels, Number value) {
    text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }
}
