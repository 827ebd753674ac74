package io.bulwark.schemas.generate;

import com.google.gson.annotations.SerializedName;
import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The Java models, read by reflection. */
final class Models {
  private static final String PACKAGE = "io.kubernetes.client.openapi.models.";

  /** A field of a model. */
  record Property(String name, Type type, String description, boolean required) {}

  /** A model with its fields in their order. */
  record Model(String description, Map<String, Property> properties) {}

  private Models() {}

  static Model read(String simpleName) throws ReflectiveOperationException {
    Class<?> type = Class.forName(PACKAGE + simpleName);
    ApiModel model = type.getAnnotation(ApiModel.class);
    Map<String, ApiModelProperty> notes = new LinkedHashMap<>();
    for (Method method : type.getDeclaredMethods()) {
      ApiModelProperty note = method.getAnnotation(ApiModelProperty.class);
      if (note != null) {
        notes.put(plain(method.getName().substring(3)), note);
      }
    }
    Map<String, Property> properties = new LinkedHashMap<>();
    for (Field field : type.getDeclaredFields()) {
      SerializedName name = field.getAnnotation(SerializedName.class);
      if (name == null) {
        continue;
      }
      ApiModelProperty note = notes.get(plain(field.getName()));
      if (note == null) {
        throw new IllegalStateException(simpleName + "." + field.getName() + ": no description");
      }
      properties.put(
          name.value(),
          new Property(name.value(), field.getGenericType(), note.value(), note.required()));
    }
    return new Model(model == null ? "" : model.description(), properties);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
