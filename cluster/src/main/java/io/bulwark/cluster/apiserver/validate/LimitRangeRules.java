package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.TreeSet;

/** Limit ranges: bounds and defaults that do not contradict each other. */
final class LimitRangeRules implements Rules {
  private static final List<String> BOUNDS =
      List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio");

  @Override
  public void check(Tree object, Checks checks) {
    Checks.Unique types = checks.new Unique();
    List<Tree> limits = object.trees("spec", "limits");
    for (int i = 0; i < limits.size(); i++) {
      Tree limit = limits.get(i);
      String path = "spec.limits[" + i + "]";
      String type = limit.textOrEmpty("type");
      checks.syntax(path + ".type", type, Syntax.qualified(type));
      types.add(path + ".type", type);
      limit(limit, path, type, checks);
    }
  }

  private static void limit(Tree limit, String path, String type, Checks checks) {
    if (type.equals("Pod")) {
      for (String field : List.of("default", "defaultRequest")) {
        if (!limit.treeOrEmpty(field).isEmpty()) {
          checks.forbidden(path + "." + field, "may not be specified when `type` is 'Pod'");
        }
      }
    }
    if (type.equals("PersistentVolumeClaim")
        && !limit.has("min", "storage")
        && !limit.has("max", "storage")) {
      checks.required(
          path + ".limits",
          "either minimum or maximum storage value is required, but neither was provided");
    }
    var resources = new TreeSet<String>();
    BOUNDS.forEach(bound -> resources.addAll(limit.treeOrEmpty(bound).keySet()));
    for (String resource : resources) {
      order(limit, path, resource, "min", "max", "min", "min", "max", checks);
      String request = "default request";
      order(
          limit, path, resource, "min", "defaultRequest", "defaultRequest", "min", request, checks);
      order(
          limit, path, resource, "defaultRequest", "max", "defaultRequest", request, "max", checks);
      order(
          limit,
          path,
          resource,
          "defaultRequest",
          "default",
          "defaultRequest",
          request,
          "default limit",
          checks);
      order(limit, path, resource, "min", "default", "default", "min", "default", checks);
      order(limit, path, resource, "default", "max", "default", "default", "max", checks);
      ratio(limit, path, resource, checks);
    }
  }

  private static void order(
      Tree limit,
      String path,
      String resource,
      String low,
      String high,
      String blamed,
      String lowName,
      String highName,
      Checks checks) {
    if (!limit.has(low, resource) || !limit.has(high, resource)) {
      return;
    }
    Quantity less = Quantity.of(limit.at(low, resource));
    Quantity more = Quantity.of(limit.at(high, resource));
    if (less.compareTo(more) > 0) {
      checks.add(
          FieldError.invalid(
              path + "." + blamed + "[" + resource + "]",
              limit.at(blamed, resource),
              lowName + " value " + less + " is greater than " + highName + " value " + more));
    }
  }

  private static void ratio(Tree limit, String path, String resource, Checks checks) {
    if (!limit.has("maxLimitRequestRatio", resource)) {
      return;
    }
    Quantity ratio = Quantity.of(limit.at("maxLimitRequestRatio", resource));
    String at = path + ".maxLimitRequestRatio[" + resource + "]";
    if (ratio.milliValue() < 1000) {
      checks.invalid(at, ratio.toString(), "ratio " + ratio + " is less than 1");
    }
    if (limit.has("min", resource) && limit.has("max", resource)) {
      double widest =
          Quantity.of(limit.at("max", resource)).amount().doubleValue()
              / Quantity.of(limit.at("min", resource)).amount().doubleValue();
      if (ratio.amount().doubleValue() > widest) {
        checks.invalid(
            at,
            ratio.toString(),
            "ratio " + ratio + " is greater than max/min = " + String.format("%f", widest));
      }
    }
  }
}
