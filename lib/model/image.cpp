#include "deploy/image.hpp"

#include "deploy/error.hpp"
#include "model/address.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
constexpr std::string_view kHub = "docker.io", kOldHub = "index.docker.io", kOfficial = "library/";
constexpr std::size_t kLongestImageName = 255, kLongestTag = 128;

/// The reference that is being read, so that every complaint can quote it whole.
struct Source {
  std::string_view text;

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorCode::invalid_argument, "image", "invalid image reference " + text::quoted(text) + ": " + why);
  }
  /// Where `part`, a piece of the text, begins: counted from 1.
  [[nodiscard]] std::string at(std::string_view part, std::size_t offset = 0) const {
    return " at byte " + std::to_string(static_cast<std::size_t>(part.data() - text.data()) + offset + 1);
  }
};

struct Pieces {
  std::string_view name;
  std::optional<std::string_view> tag, digest;
};

Pieces split(std::string_view text) {
  Pieces out{text, std::nullopt, std::nullopt};
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    out.digest = text.substr(at + 1);
    out.name = text.substr(0, at);
  }
  const std::size_t slash = out.name.rfind('/'), colon = out.name.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    out.tag = out.name.substr(colon + 1);
    out.name = out.name.substr(0, colon);
  }
  return out;
}

/// The first component is a registry when it cannot be a path component of a Docker Hub name.
bool names_registry(std::string_view first) {
  return first == "localhost" || first.find_first_of(".:[") != std::string_view::npos || !text::all_of(first, [](char c) { return !text::is_upper(c); });
}

bool is_domain_component(std::string_view part) {
  return !part.empty() && part.front() != '-' && part.back() != '-' &&
         text::all_of(part, [](char c) { return text::is_alnum(c) || c == '-'; });
}

bool is_domain(std::string_view host) {
  for (std::size_t dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.')) {
    if (!is_domain_component(host.substr(0, dot))) return false;
    host.remove_prefix(dot + 1);
  }
  return is_domain_component(host);
}

void check_registry(const Source& source, std::string_view registry) {
  std::string_view host = registry, port;
  bool has_port = false;
  if (registry.starts_with('[')) {
    const std::size_t end = registry.find(']');
    if (end == std::string_view::npos || !address::parse_ipv6(registry.substr(1, end - 1)))
      source.fail("the registry " + text::quoted(registry) + " is not an IPv6 address in brackets");
    has_port = end + 1 < registry.size();
    if (has_port && registry[end + 1] != ':') source.fail("only a port may follow the bracketed address" + source.at(registry, end + 1));
    if (has_port) port = registry.substr(end + 2);
  } else {
    const std::size_t colon = registry.find(':');
    has_port = colon != std::string_view::npos;
    host = registry.substr(0, colon);
    if (has_port) port = registry.substr(colon + 1);
    if (!is_domain(host)) source.fail("the registry " + text::quoted(host) + source.at(host) + " is not a host name or an address");
  }
  if (has_port && !text::port(port)) source.fail("the registry's port " + text::quoted(port) + " is not a number from 1 to 65535");
}

/// Length of the separator at the front: `.`, `_`, `__` or dashes; 0 when there is none of these.
std::size_t separator_length(std::string_view rest) {
  if (rest.starts_with("__")) return 2;
  if (rest.starts_with('.') || rest.starts_with('_')) return 1;
  const std::size_t end = rest.find_first_not_of('-');
  return end == std::string_view::npos ? rest.size() : end;
}

bool is_path_char(char c) { return text::is_lower(c) || text::is_digit(c); }

void check_component(const Source& source, std::string_view part) {
  if (part.empty()) source.fail("a part of the repository's name is empty" + source.at(part));
  for (std::size_t i = 0; i < part.size();) {
    if (text::is_upper(part[i])) source.fail("the repository must be lower case; " + text::quoted(part[i]) + source.at(part, i) + " is not");
    const std::size_t length = is_path_char(part[i]) ? 0 : separator_length(part.substr(i));
    if (length == 0 && !is_path_char(part[i])) source.fail(text::quoted(part[i]) + source.at(part, i) + " cannot stand in a repository's name");
    const bool between = length == 0 || (i > 0 && i + length < part.size() && (is_path_char(part[i + length]) || text::is_upper(part[i + length])));
    if (!between)
      source.fail(text::quoted(part.substr(i, length)) + source.at(part, i) +
                  " must stand between letters or digits (separators are '.', '_', '__' and dashes)");
    i += length == 0 ? 1 : length;
  }
}

void check_path(const Source& source, std::string_view path) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    check_component(source, path.substr(0, slash));
    path.remove_prefix(slash + 1);
  }
  check_component(source, path);
}

void check_tag(const Source& source, std::string_view tag) {
  if (tag.empty()) source.fail("the tag after ':' is empty");
  if (tag.size() > kLongestTag) source.fail("the tag has " + std::to_string(tag.size()) + " bytes, at most " + std::to_string(kLongestTag) + " are allowed");
  if (!is_valid_tag(tag))
    source.fail("the tag " + text::quoted(tag) + source.at(tag) + " may hold letters, digits, '_', '.' and '-' only, and not begin with '.' or '-'");
}

bool is_hex_id(std::string_view text) { return text.size() == 64 && text::all_of(text, text::is_lower_hex); }

Digest read_digest(const Source& source, std::string_view digest) {
  try {
    return Digest::parse(digest);
  } catch (const Error& error) {
    source.fail(error.what());
  }
}

void check_whole(const Source& source) {
  if (source.text.empty()) source.fail("it is empty");
  if (is_hex_id(source.text))
    source.fail("64 hexadecimal digits are an image id or a digest, not a name (write name@sha256:...)");
  if (source.text.find("://") != std::string_view::npos) source.fail("it is not a URL; leave the scheme away");
}

}  // namespace

bool is_valid_tag(std::string_view tag) noexcept {
  const auto word = [](char c) { return text::is_alnum(c) || c == '_'; };
  return !tag.empty() && tag.size() <= kLongestTag && word(tag.front()) &&
         text::all_of(tag, [&](char c) { return word(c) || c == '.' || c == '-'; });
}

ImageReference ImageReference::parse(std::string_view text) {
  const Source source{text};
  check_whole(source);
  const Pieces pieces = split(text);
  std::string_view registry, path = pieces.name;
  const std::size_t slash = path.find('/');
  if (slash != std::string_view::npos && names_registry(path.substr(0, slash))) {
    registry = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    check_registry(source, registry);
  }
  if (pieces.name.empty()) source.fail("there is no repository name");
  check_path(source, path);
  if (pieces.tag) check_tag(source, *pieces.tag);

  ImageReference out;
  out.registry_ = registry.empty() || registry == kOldHub ? kHub : registry;
  out.repository_ = path;
  if (out.registry_ == kHub && path.find('/') == std::string_view::npos) out.repository_.insert(0, kOfficial);
  if (const std::size_t size = out.name().size(); size > kLongestImageName)
    source.fail("the name has " + std::to_string(size) + " bytes, at most " + std::to_string(kLongestImageName) + " are allowed");
  if (pieces.tag) out.tag_ = *pieces.tag;
  if (pieces.digest) out.digest_ = read_digest(source, *pieces.digest);
  return out;
}

std::string ImageReference::str() const {
  return name() + (tag_ ? ":" + *tag_ : "") + (digest_ ? "@" + digest_->str() : "");
}

std::string ImageReference::familiar() const {
  if (registry_ != kHub) return str();
  std::string_view path = repository_;
  if (path.starts_with(kOfficial) && path.find('/', kOfficial.size()) == std::string_view::npos) path.remove_prefix(kOfficial.size());
  // A short form that would be read as something else is no short form.
  const std::size_t slash = path.find('/');
  if (is_hex_id(path) || (slash != std::string_view::npos && names_registry(path.substr(0, slash)))) return str();
  return std::string(path) + (tag_ ? ":" + *tag_ : "") + (digest_ ? "@" + digest_->str() : "");
}

ImageReference ImageReference::with_tag(std::string_view tag) const {
  const std::string text = name() + ":" + std::string(tag);
  check_tag(Source{text}, std::string_view(text).substr(name().size() + 1));
  ImageReference out = *this;
  out.tag_ = std::string(tag);
  out.digest_.reset();
  return out;
}

ImageReference ImageReference::with_digest(const Digest& digest) const {
  ImageReference out = *this;
  out.tag_.reset();
  out.digest_ = digest;
  return out;
}

}  // namespace deploy
