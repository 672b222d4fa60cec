// Requests to registry hosts: the right URL, the login, patience.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "deploy/image.hpp"
#include "http/client.hpp"
#include "registry/address.hpp"
#include "registry/auth.hpp"

namespace deploy::registry {

enum class Intent { read, write };

/// One kept-alive client per registry host. Thread-safe.
class Connections {
 public:
  Connections(const CredentialStore* credentials, bool insecure) : authorizer_(credentials), insecure_(insecure) {}

  /// Sends and logs in as asked. A 401 that remains is Error{unauthorized} with what to do about it; other statuses are
  /// the caller's.
  [[nodiscard]] http::Response send(http::Request request, const ImageReference& reference, Intent intent, const TimeBudget& time);

 private:
  struct Host {
    BaseUrl base;
    http::Client client;
  };

  [[nodiscard]] std::shared_ptr<Host> host(const std::string& registry, const TimeBudget& time);

  Authorizer authorizer_;
  const bool insecure_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Host>> hosts_;
};

}  // namespace deploy::registry
