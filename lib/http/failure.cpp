#include "http/failure.hpp"

namespace deploy::http {

namespace {

constexpr const char* kNothingSent = "nothing was sent";
constexpr const char* kUnknown = "the request was sent; whether it took effect is unknown";

ErrorCode classify(CURLcode code, bool sent) {
  switch (static_cast<int>(code)) {  // the enum has a hundred names; these matter
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return ErrorCode::unauthorized;
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
      return ErrorCode::io;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return sent ? ErrorCode::protocol : ErrorCode::invalid_argument;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_TOO_MANY_REDIRECTS:
      return ErrorCode::protocol;
    default:
      return sent ? ErrorCode::connection_lost : ErrorCode::unreachable;
  }
}

std::string consequence(ErrorCode code, bool sent) {
  if (code == ErrorCode::connection_lost) return std::string("connection lost: ") + kUnknown;
  if (code == ErrorCode::unreachable) return std::string("no connection: ") + kNothingSent;
  if (code == ErrorCode::unauthorized) return std::string("TLS certificate not accepted: ") + kNothingSent;
  return sent ? kUnknown : kNothingSent;
}

Error make(ErrorCode code, const std::string& what, const Ending& ending, const Request& request, const Endpoint& endpoint) {
  std::string message = describe(request, endpoint) + ": " + what;
  if (!ending.text.empty()) message += " (" + ending.text + ")";
  if (!ending.diagnosis.empty()) message += "; " + ending.diagnosis;
  Error::Details details{{"host", endpoint.name}, {"sent", ending.sent ? "yes" : "no"}};
  if (!ending.diagnosis.empty()) details["stderr"] = ending.diagnosis;
  return Error(code, endpoint.area, message, std::move(details));
}

}  // namespace

std::string describe(const Request& request, const Endpoint& endpoint) {
  return request.method + " " + request.path.substr(0, request.path.find('?')) + " at " + endpoint.name;
}

Error transfer_error(CURLcode code, const Ending& ending, const Request& request, const Endpoint& endpoint) {
  const ErrorCode ours = classify(code, ending.sent);
  return make(ours, consequence(ours, ending.sent), ending, request, endpoint).with("curl", std::to_string(code));
}

// A deadline that passes before anything was sent is `unreachable`: nobody has to wonder about its effect.
Error timeout_error(const std::string& what, const Ending& ending, const Request& request, const Endpoint& endpoint) {
  if (!ending.sent) return make(ErrorCode::unreachable, "no connection " + what + ": " + kNothingSent, ending, request, endpoint);
  return make(ErrorCode::timeout, "no answer " + what + ": " + kUnknown, ending, request, endpoint);
}

Error cancelled_error(const Ending& ending, const Request& request, const Endpoint& endpoint) {
  return make(ErrorCode::cancelled, std::string("cancelled: ") + (ending.sent ? kUnknown : kNothingSent), ending, request, endpoint);
}

Error too_large_error(const std::string& what, std::size_t limit, const Request& request, const Endpoint& endpoint) {
  return make(ErrorCode::protocol, what + " larger than " + std::to_string(limit) + " bytes, and the rest was not read", Ending{true, "", ""}, request, endpoint)
      .with("limit", std::to_string(limit));
}

}  // namespace deploy::http
