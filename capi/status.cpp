#include <new>
#include <system_error>

#include "capi/guard.hpp"
#include "capi/handles.hpp"

namespace deploy::capi {

deploy_status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return DEPLOY_INVALID_ARGUMENT;
    case ErrorCode::invalid_config: return DEPLOY_INVALID_CONFIG;
    case ErrorCode::not_found: return DEPLOY_NOT_FOUND;
    case ErrorCode::already_exists: return DEPLOY_ALREADY_EXISTS;
    case ErrorCode::conflict: return DEPLOY_CONFLICT;
    case ErrorCode::unauthorized: return DEPLOY_UNAUTHORIZED;
    case ErrorCode::unreachable: return DEPLOY_UNREACHABLE;
    case ErrorCode::connection_lost: return DEPLOY_CONNECTION_LOST;
    case ErrorCode::timeout: return DEPLOY_TIMEOUT;
    case ErrorCode::refused: return DEPLOY_REFUSED;
    case ErrorCode::protocol: return DEPLOY_PROTOCOL;
    case ErrorCode::host_key_unknown: return DEPLOY_HOST_KEY_UNKNOWN;
    case ErrorCode::host_key_changed: return DEPLOY_HOST_KEY_CHANGED;
    case ErrorCode::tag_moved: return DEPLOY_TAG_MOVED;
    case ErrorCode::lease_held: return DEPLOY_LEASE_HELD;
    case ErrorCode::fenced: return DEPLOY_FENCED;
    case ErrorCode::corrupt: return DEPLOY_CORRUPT;
    case ErrorCode::cancelled: return DEPLOY_CALL_CANCELLED;
    case ErrorCode::io: return DEPLOY_IO;
    case ErrorCode::unsupported: return DEPLOY_UNSUPPORTED;
    case ErrorCode::no_rollback_target: return DEPLOY_NO_ROLLBACK_TARGET;
    case ErrorCode::internal: return DEPLOY_INTERNAL;
  }
  return DEPLOY_INTERNAL;
}

deploy_status status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded: return DEPLOY_OK;
    case Outcome::rolled_back: return DEPLOY_ROLLED_BACK;
    case Outcome::held: return DEPLOY_HELD;
    case Outcome::stranded: return DEPLOY_STRANDED;
    case Outcome::blocked: return DEPLOY_BLOCKED;
    case Outcome::cancelled: return DEPLOY_CANCELLED;
  }
  return DEPLOY_STRANDED;
}

ErrorCode code_of(deploy_status status) noexcept {
  return status < DEPLOY_OK && status > DEPLOY_NO_MEMORY ? static_cast<ErrorCode>(-1 - status) : ErrorCode::internal;
}

namespace {

deploy_status give(deploy_status status, const Error &error, deploy_error **out_error) {
  if (out_error) *out_error = new deploy_error(status, error);
  return status;
}

deploy_status translate_exception(deploy_error **out_error) {
  try {
    throw;
  } catch (const Error &error) {
    return give(status_of(error.code()), error, out_error);
  } catch (const std::bad_alloc &) {
    return give(DEPLOY_NO_MEMORY, Error(ErrorCode::internal, "capi", "out of memory"), out_error);
  } catch (const std::system_error &error) {
    const bool memory = error.code() == std::errc::not_enough_memory;
    return give(memory ? DEPLOY_NO_MEMORY : DEPLOY_INTERNAL, Error(ErrorCode::internal, "capi", memory ? "out of memory" : error.what()), out_error);
  } catch (const std::exception &error) {
    return give(DEPLOY_INTERNAL, Error(ErrorCode::internal, "capi", error.what()), out_error);
  } catch (...) {
    return give(DEPLOY_INTERNAL, Error(ErrorCode::internal, "capi", "an exception of unknown type"), out_error);
  }
}

}  // namespace

deploy_status report_exception(deploy_error **out_error) noexcept {
  try {
    return translate_exception(out_error);
  } catch (...) {  // not even the error could be made
    return DEPLOY_NO_MEMORY;
  }
}

void fail_null(const char *name) {
  throw Error(ErrorCode::invalid_argument, "capi", std::string(name) + " is NULL", {{"argument", name}});
}

void fail_size(std::size_t given, std::size_t least) {
  throw Error(ErrorCode::invalid_argument, "capi",
              "struct_size is " + std::to_string(given) + ", expected at least " + std::to_string(least) +
                  ": begin options and records with their _INIT macro");
}

void fail_newer(std::size_t given, std::size_t known) {
  throw Error(ErrorCode::unsupported, "capi",
              "an option is set that this library does not know: the struct has " + std::to_string(given) + " bytes, known are " +
                  std::to_string(known) + "; use the libdeploy that the program was built against, or a newer one");
}

}  // namespace deploy::capi

using namespace deploy;

// Through the C++ names, so that there is one list of words.
const char *deploy_status_name(deploy_status status) {
  static constexpr Outcome outcomes[] = {Outcome::succeeded, Outcome::rolled_back, Outcome::held,
                                         Outcome::stranded,  Outcome::blocked,     Outcome::cancelled};
  if (status >= DEPLOY_OK && status <= DEPLOY_CANCELLED) return capi::literal(to_string(outcomes[status]));
  if (status == DEPLOY_NO_MEMORY) return "no_memory";
  if (status > DEPLOY_NO_MEMORY && status < DEPLOY_OK) return capi::literal(to_string(capi::code_of(status)));
  return "unknown";
}
