#include <fmt/format.h>

#include "config/embedded.hpp"
#include "deploy/config.hpp"
#include "deploy/error.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
/// The name as a repository writes it: lower case, separators single and inside.
std::string repository_name(std::string_view application) {
  std::string out;
  for (const char c : application) {
    if (text::is_alnum(c)) out += text::lower(c);
    else if (!out.empty() && out.back() != '-') out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
}
}  // namespace

std::string config_template(std::string_view application) {
  if (!is_valid_name(application))
    throw Error(ErrorCode::invalid_argument, "config",
                fmt::format("{} cannot name an application: expected a letter or digit, then letters, digits, '_', '.' and '-', 63 at most", text::quoted(application)));
  std::string out(config::embedded_template());
  replace_all(out, "@APPLICATION@", application);
  replace_all(out, "@REPOSITORY@", repository_name(application));
  return out;
}

std::string_view config_schema() noexcept { return config::embedded_schema(); }

}  // namespace deploy
