package io.bulwark.cluster.apiserver.flow;

import io.bulwark.api.failure.Failure;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Priority and fairness: how many requests run at once, and whose is next when there are more.
 *
 * <p>Source: "API Priority and Fairness" in upstream's documentation. Levels do not lend seats to
 * each other. Thread-safe.
 */
public final class Flow {
  /** Source: upstream's sum of the limits for read-only and changing requests. */
  public static final int SEATS = 600;

  /** Source: upstream's quarter of its request timeout. */
  public static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  private final Map<String, Seats> levels = new LinkedHashMap<>();
  private final List<FlowSchema> schemas;
  private final Duration longestWait;

  public Flow() {
    this(SEATS, LONGEST_WAIT);
  }

  /**
   * @param seats requests of all levels together that run at once
   * @param longestWait after which a queued request is refused
   */
  public Flow(int seats, Duration longestWait) {
    this.schemas = FlowSchema.STANDARD;
    this.longestWait = longestWait;
    int shares = PriorityLevel.STANDARD.stream().mapToInt(PriorityLevel::shares).sum();
    for (PriorityLevel level : PriorityLevel.STANDARD) {
      levels.put(level.name(), new Seats(level, Math.ceilDiv(seats * level.shares(), shares)));
    }
  }

  /**
   * Waits for a seat; the caller closes what is returned when the request is served. A watch gives
   * its seat back when it has begun.
   *
   * @throws io.bulwark.api.failure.Rejected with 429 where too many wait already, or for too long
   */
  public Seat enter(Subject subject, RequestInfo info) {
    for (FlowSchema schema : schemas) {
      if (schema.matches().test(subject, info)) {
        Seats seats = seats(schema);
        String flow = schema.name() + '/' + (schema.byUser() ? subject.name() : "");
        if (!seats.take(flow, longestWait)) {
          throw new Failure.TooManyRequests(
                  "Too many requests, please try again later.", 1, List.of())
              .rejected();
        }
        return new Seat(schema.name(), schema.level(), seats);
      }
    }
    throw new IllegalStateException("catch-all matches everything");
  }

  private Seats seats(FlowSchema schema) {
    Seats seats = levels.get(schema.level());
    if (seats == null) {
      throw new IllegalStateException("no priority level " + schema.level());
    }
    return seats;
  }

  /** A request's right to run; close it exactly once. */
  public static final class Seat implements AutoCloseable {
    private final String schema;
    private final String level;
    private final Seats seats;

    Seat(String schema, String level, Seats seats) {
      this.schema = schema;
      this.level = level;
      this.seats = seats;
    }

    public String schema() {
      return schema;
    }

    public String level() {
      return level;
    }

    /** A uid that stays the same, as responses name it. */
    public String schemaUid() {
      return uid("flowschemas/" + schema);
    }

    public String levelUid() {
      return uid("prioritylevelconfigurations/" + level);
    }

    @Override
    public void close() {
      seats.give();
    }

    private static String uid(String name) {
      return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
  }
}
