package io.bulwark.cluster;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;

/** Holds when the writing methods of the store are called from the given packages only. */
final class OnlyWriters extends ArchCondition<JavaClass> {
  private static final Set<String> WRITES = Set.of("create", "update", "delete");

  private final List<String> packages;

  private OnlyWriters(List<String> packages) {
    super("be written from " + packages + " only");
    this.packages = packages;
  }

  static OnlyWriters in(String... packages) {
    return new OnlyWriters(List.of(packages));
  }

  @Override
  public void check(JavaClass store, ConditionEvents events) {
    for (JavaMethodCall call : store.getMethodCallsToSelf()) {
      String caller = call.getOriginOwner().getPackageName();
      boolean allowed = packages.stream().anyMatch(caller::startsWith);
      if (WRITES.contains(call.getName()) && !allowed) {
        events.add(SimpleConditionEvent.violated(call, call.getDescription()));
      }
    }
  }
}
