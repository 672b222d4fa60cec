// A registry inside the test: manifests by digest, tags, and whatever behaviour a case asks for.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "registry/registry.hpp"
#include "scripted_server.hpp"
#include "support/credentials.hpp"
#include "support/hash.hpp"

namespace deploy::testing {

class FakeHub {
 public:
  /// Asked first for every request; "" lets the hub answer by itself.
  using Before = std::function<std::string(const SeenRequest&)>;
  static constexpr const char* kType = "application/vnd.oci.image.manifest.v1+json";

  explicit FakeHub(Before before = {}) : before_(std::move(before)) {}

  Digest add(const std::string& bytes, const std::string& tag = "") {
    const std::lock_guard lock(mutex_);
    const Digest digest = Digest::parse("sha256:" + sha256_hex(bytes));
    manifests_[digest.str()] = bytes;
    if (!tag.empty()) tags_[tag] = digest.str();
    return digest;
  }
  std::string tag(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return tags_[name];
  }
  void set_tag(const std::string& name, const Digest& digest) {
    const std::lock_guard lock(mutex_);
    tags_[name] = digest.str();
  }

  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] ImageReference image(const std::string& rest) const { return ImageReference::parse(host() + "/team/app" + rest); }
  [[nodiscard]] std::vector<SeenRequest> seen() { return server_.seen(); }
  [[nodiscard]] int count(const std::string& beginning) {
    int n = 0;
    for (const SeenRequest& request : seen()) n += request.head.starts_with(beginning) ? 1 : 0;
    return n;
  }

 private:
  std::string answer(const SeenRequest& request) {
    if (before_)
      if (std::string said = before_(request); !said.empty()) return said;
    const std::lock_guard lock(mutex_);
    const std::string method = request.head.substr(0, request.head.find(' '));
    const std::size_t at = request.head.find("/manifests/") + 11;
    const std::string what = request.head.substr(at, request.head.find(' ', at) - at);
    if (method == "PUT") {
      tags_[what] = "sha256:" + sha256_hex(request.body);
      return "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nDocker-Content-Digest: " + tags_[what] + "\r\n\r\n";
    }
    const auto it = manifests_.find(what.starts_with("sha256:") ? what : tags_[what]);
    if (it == manifests_.end())
      return "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 47\r\n\r\n{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}       ";
    return "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(kType) + "\r\nDocker-Content-Digest: " + it->first +
           "\r\nContent-Length: " + std::to_string(it->second.size()) + "\r\n\r\n" + it->second;
  }

  Before before_;
  std::mutex mutex_;
  std::map<std::string, std::string> manifests_, tags_;
  ScriptedServer server_{[this](const SeenRequest& request) { return answer(request); }};
};

/// "HTTP/1.1 <status> ..." with headers (each ending in \r\n) and a body.
inline std::string status_answer(const std::string& status, const std::string& headers = "", const std::string& body = "") {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline bool has(const SeenRequest& request, const std::string& text) { return request.head.find(text) != std::string::npos; }

}  // namespace deploy::testing
