#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

int32_t number(std::partial_ordering order) {
  if (order == std::partial_ordering::unordered) return DEPLOY_UNORDERED;
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

deploy_tag_kind kind_of_tag(TagKind kind) {
  switch (kind) {
    case TagKind::version: return DEPLOY_TAG_VERSION;
    case TagKind::build: return DEPLOY_TAG_BUILD;
    case TagKind::floating: return DEPLOY_TAG_FLOATING;
  }
  return DEPLOY_TAG_FLOATING;
}

}  // namespace

deploy_status deploy_image_parse(const char *text, deploy_image **out_image, deploy_error **out_error) {
  return guard(out_error, [&] {
    auto &out = required(out_image, "out_image");
    out = new deploy_image(ImageReference::parse(capi::text(text, "text")));
  });
}

deploy_image *deploy_image_free(deploy_image *image) {
  delete image;
  return nullptr;
}

const char *deploy_image_get_registry(const deploy_image *image) { return image ? image->value.registry().c_str() : nullptr; }

const char *deploy_image_get_repository(const deploy_image *image) { return image ? image->value.repository().c_str() : nullptr; }

const char *deploy_image_get_tag(const deploy_image *image) {
  return image && image->value.tag() ? image->value.tag()->c_str() : nullptr;
}

const char *deploy_image_get_digest(const deploy_image *image) {
  return image && image->value.digest() ? image->value.digest()->str().c_str() : nullptr;
}

const char *deploy_image_get_text(const deploy_image *image) { return image ? image->text.c_str() : nullptr; }

const char *deploy_image_get_familiar(const deploy_image *image) { return image ? image->familiar.c_str() : nullptr; }

const char *deploy_image_get_name(const deploy_image *image) { return image ? image->name.c_str() : nullptr; }

int32_t deploy_image_equal(const deploy_image *a, const deploy_image *b) { return a && b && a->value == b->value ? 1 : 0; }

deploy_status deploy_image_with_tag(const deploy_image *image, const char *tag, deploy_image **out_image, deploy_error **out_error) {
  return guard(out_error, [&] {
    const ImageReference &value = required(image, "image").value;
    auto &out = required(out_image, "out_image");
    out = new deploy_image(value.with_tag(text(tag, "tag")));
  });
}

deploy_status deploy_image_with_digest(const deploy_image *image, const char *digest, deploy_image **out_image, deploy_error **out_error) {
  return guard(out_error, [&] {
    const ImageReference &value = required(image, "image").value;
    auto &out = required(out_image, "out_image");
    out = new deploy_image(value.with_digest(Digest::parse(text(digest, "digest"))));
  });
}

int32_t deploy_tag_equal(const deploy_tag *a, const deploy_tag *b) { return a && b && a->value == b->value ? 1 : 0; }

deploy_status deploy_version_compare(const char *a, const char *b, int32_t *out_order, deploy_error **out_error) {
  return guard(out_error, [&] {
    auto &out = required(out_order, "out_order");
    out = number(Version::parse(text(a, "a")) <=> Version::parse(text(b, "b")));
  });
}

deploy_status deploy_tag_parse(const char *text, deploy_tag **out_tag, deploy_error **out_error) {
  return guard(out_error, [&] {
    auto &out = required(out_tag, "out_tag");
    out = new deploy_tag{Tag::parse(capi::text(text, "text"))};
  });
}

deploy_tag *deploy_tag_free(deploy_tag *tag) {
  delete tag;
  return nullptr;
}

const char *deploy_tag_get_text(const deploy_tag *tag) { return tag ? tag->value.text.c_str() : nullptr; }

deploy_tag_kind deploy_tag_get_kind(const deploy_tag *tag) { return tag ? kind_of_tag(tag->value.kind) : DEPLOY_TAG_FLOATING; }

int64_t deploy_tag_get_build(const deploy_tag *tag) { return tag ? static_cast<int64_t>(tag->value.build) : 0; }

deploy_status deploy_tag_compare(const deploy_tag *a, const deploy_tag *b, int32_t *out_order, deploy_error **out_error) {
  return guard(out_error, [&] {
    auto &out = required(out_order, "out_order");
    const auto &left = required(a, "a").value;
    const auto &right = required(b, "b").value;
    out = left.text == right.text ? 0 : number(compare(left, right));
  });
}
