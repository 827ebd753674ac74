package io.bulwark.cluster.node.runtime;

import io.bulwark.cluster.node.runtime.cri.AuthConfig;
import io.bulwark.cluster.node.runtime.cri.FilesystemUsage;
import io.bulwark.cluster.node.runtime.cri.ImageFsInfoRequest;
import io.bulwark.cluster.node.runtime.cri.ImageServiceGrpc;
import io.bulwark.cluster.node.runtime.cri.ImageServiceGrpc.ImageServiceBlockingStub;
import io.bulwark.cluster.node.runtime.cri.ImageSpec;
import io.bulwark.cluster.node.runtime.cri.ImageStatusRequest;
import io.bulwark.cluster.node.runtime.cri.ImageStatusResponse;
import io.bulwark.cluster.node.runtime.cri.ListImagesRequest;
import io.bulwark.cluster.node.runtime.cri.PullImageRequest;
import io.bulwark.cluster.node.runtime.cri.RemoveImageRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The images of a container runtime. Methods throw {@link RuntimeFailure}; thread-safe.
 *
 * <p>Source: CRI v1, ImageService.
 */
public final class RuntimeImages {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PULL_LIMIT = Duration.ofMinutes(30);

  private final ImageServiceBlockingStub calls;

  RuntimeImages(Channel channel) {
    this.calls = ImageServiceGrpc.newBlockingStub(channel);
  }

  public List<ImageState> list() {
    return call(LIMIT, stub -> stub.listImages(ListImagesRequest.getDefaultInstance()))
        .getImagesList()
        .stream()
        .map(Wire::image)
        .toList();
  }

  /** The image that a name or id means, or null where the store has none. */
  public @Nullable ImageState find(String name) {
    ImageStatusRequest request = ImageStatusRequest.newBuilder().setImage(spec(name)).build();
    ImageStatusResponse response = call(LIMIT, stub -> stub.imageStatus(request));
    return response.hasImage() && !response.getImage().getId().isEmpty()
        ? Wire.image(response.getImage())
        : null;
  }

  /**
   * Pulls an image from its registry and returns its id. At most 30 minutes.
   *
   * @param credentials null for an anonymous pull
   */
  public String pull(String name, @Nullable RegistryCredentials credentials) {
    PullImageRequest.Builder request = PullImageRequest.newBuilder().setImage(spec(name));
    if (credentials != null) {
      request.setAuth(
          AuthConfig.newBuilder()
              .setUsername(credentials.user())
              .setPassword(credentials.password()));
    }
    return call(PULL_LIMIT, stub -> stub.pullImage(request.build())).getImageRef();
  }

  public void remove(String name) {
    RemoveImageRequest request = RemoveImageRequest.newBuilder().setImage(spec(name)).build();
    call(LIMIT, stub -> stub.removeImage(request));
  }

  /** Bytes that the store takes. */
  public long used() {
    return call(LIMIT, stub -> stub.imageFsInfo(ImageFsInfoRequest.getDefaultInstance()))
        .getImageFilesystemsList()
        .stream()
        .map(FilesystemUsage::getUsedBytes)
        .mapToLong(bytes -> bytes.getValue())
        .sum();
  }

  private static ImageSpec spec(String name) {
    return ImageSpec.newBuilder().setImage(name).build();
  }

  private <T> T call(Duration limit, Function<ImageServiceBlockingStub, T> call) {
    try {
      return call.apply(calls.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (StatusRuntimeException refused) {
      throw new RuntimeFailure(refused);
    }
  }
}
