#include "deploy/error.hpp"

#include "support/json.hpp"

namespace deploy {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::invalid_config: return "invalid_config";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::already_exists: return "already_exists";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::unauthorized: return "unauthorized";
    case ErrorCode::unreachable: return "unreachable";
    case ErrorCode::connection_lost: return "connection_lost";
    case ErrorCode::timeout: return "timeout";
    case ErrorCode::refused: return "refused";
    case ErrorCode::protocol: return "protocol";
    case ErrorCode::host_key_unknown: return "host_key_unknown";
    case ErrorCode::host_key_changed: return "host_key_changed";
    case ErrorCode::tag_moved: return "tag_moved";
    case ErrorCode::lease_held: return "lease_held";
    case ErrorCode::fenced: return "fenced";
    case ErrorCode::corrupt: return "corrupt";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::io: return "io";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::no_rollback_target: return "no_rollback_target";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

Error Error::with(std::string key, std::string value) const {
  Details details = details_;
  details.emplace(std::move(key), std::move(value));
  return Error(code_, area_, what(), std::move(details));
}

std::string to_json(const Error& error) {
  return json::Object()
      .add("code", to_string(error.code()))
      .add("area", error.area())
      .add("message", error.what())
      .add("details", error.details())
      .str();
}

}  // namespace deploy
