// deploy.h for C++17: objects that free themselves, calls that say whether they went well. Header only, over the C ABI alone, so that it
// works with whatever compiler and standard library the program has. Copy it and add what you need: each function is three lines.
//
//   libdeploy::Result<libdeploy::Config> config = libdeploy::load("deploy.json");
//   if (!config) puts(config.error().message.c_str());    // without exceptions
//   use(std::move(config).value());                        // or with them: throws libdeploy::Error. Built with -fno-exceptions it aborts
//
// Ownership: every object is a std::unique_ptr that calls its deploy_..._free; a deployer goes before what its callbacks refer to.
// Threads: as in deploy.h. Different objects may be used by different threads, one object by one thread at a time.
#pragma once

#include <deploy/deploy.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace libdeploy {

/// A negative status, with all that the library said of it.
struct Error : std::exception {
  Error(deploy_status code, std::string in, std::string text) : status(code), area(std::move(in)), message(std::move(text)) {}
  [[nodiscard]] const char *what() const noexcept override { return message.c_str(); }
  deploy_status status;
  std::string area, message;
};

/// What came of a call: a value, or why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Error error) : content_(std::move(error)) {}
  explicit operator bool() const noexcept { return content_.index() == 0; }
  [[nodiscard]] const Error &error() const { return *std::get_if<Error>(&content_); }  ///< only when it is false
  [[nodiscard]] const T &operator*() const { return *std::get_if<T>(&content_); }      ///< only when it is true
  [[nodiscard]] T value() && {
    if (!*this) fail(error());
    return std::move(*std::get_if<T>(&content_));
  }

 private:
  [[noreturn]] static void fail(const Error &error) {
#ifdef __cpp_exceptions
    throw error;
#else
    std::fprintf(stderr, "%s (%s): %s\n", deploy_status_name(error.status), error.area.c_str(), error.message.c_str());
    std::abort();
#endif
  }
  std::variant<T, Error> content_;
};

template <class T, T *(*Free)(T *)>
struct Freed {
  void operator()(T *object) const noexcept { Free(object); }
};
template <class T, T *(*Free)(T *)>
using Object = std::unique_ptr<T, Freed<T, Free>>;
using Config = Object<deploy_config, deploy_config_free>;
using Simulation = Object<deploy_simulation, deploy_simulation_free>;
using Release = Object<deploy_release, deploy_release_free>;
using Deployment = Object<deploy_deployment, deploy_deployment_free>;

inline std::string text(const char *lent) { return lent ? lent : ""; }

/// Takes over what a call left behind in its `out_error`: NULL where there was no memory even for that.
inline Error taken(deploy_status status, deploy_error *error) {
  Error copy(status, text(deploy_error_get_area(error)), text(deploy_error_get_message(error)));
  deploy_error_free(error);
  return copy;
}

/// Calls `function(arguments..., &object, &error)`.
template <class Owned, class Function, class... Arguments>
Result<Owned> make(Function function, Arguments... arguments) {
  typename Owned::pointer object = nullptr;
  deploy_error *error = nullptr;
  const deploy_status status = function(arguments..., &object, &error);
  if (status < 0) return taken(status, error);
  return Owned(object);
}

/// A record as its _INIT macro makes it: its size, and zeros.
template <class Record>
Record blank() {
  Record record{};
  record.struct_size = sizeof(Record);
  return record;
}

/// Calls `use` with each record of a list (rule 8). What is in it is lent by the object.
template <class Record, class Owner, class Use>
void for_each(deploy_status (*get)(const Owner *, size_t, Record *), const Owner *owner, Use use) {
  Record record = blank<Record>();
  for (size_t i = 0; get(owner, i, &record) == DEPLOY_OK; ++i) use(record);
}

inline Result<Config> load(const std::string &path) { return make<Config>(deploy_config_load, path.c_str()); }
inline Result<Simulation> simulate(const Config &config) { return make<Simulation>(deploy_simulation_new, config.get()); }

/// Somebody pushes an image into that world; its reference.
inline Result<std::string> publish(const Simulation &world, const std::string &version, const char *behaviour) {
  const char *image = nullptr;  // lent
  deploy_error *error = nullptr;
  const deploy_status status = deploy_simulation_publish(world.get(), version.c_str(), behaviour, &image, &error);
  if (status < 0) return taken(status, error);
  return std::string(image);
}

/// Gets what happens, one at a time, on the thread of the call or one of the library. It must not throw: that ends the program.
using EventSink = std::function<void(const deploy_event_info &)>;
/// A port: gives the secret of that name, or an error, returned or thrown, which comes back to who called the deployer.
using SecretSource = std::function<Result<std::string>(std::string_view name)>;

/// A deployer with the callbacks that it calls, which live exactly as long.
class Deployer {
 public:
  static Result<Deployer> open(const Simulation &world, const std::string &actor, EventSink on_event, SecretSource secrets) {
    auto calls = std::make_unique<Callbacks>(Callbacks{std::move(on_event), std::move(secrets)});
    auto table = blank<deploy_secrets>();
    table.user_data = calls.get();
    table.resolve = resolve;
    auto options = blank<deploy_deployer_options>();
    options.actor = actor.c_str();
    options.on_event = pass_on;
    options.user_data = calls.get();
    options.secrets = &table;  // copied by the library, as is the actor
    auto handle = make<Handle>(deploy_simulation_open, world.get(), &options);
    if (!handle) return handle.error();
    return Deployer(std::move(calls), std::move(handle).value());
  }

  Result<Release> add_release(const std::string &image, const std::string &version) {
    return make<Release>(deploy_deployer_add_release, handle_.get(), image.c_str(), version.c_str(), nullptr);
  }
  Result<Deployment> promote(const std::string &release, const std::string &environment) {
    return make<Deployment>(deploy_deployer_promote, handle_.get(), release.c_str(), environment.c_str(), nullptr);
  }
  /// From any thread.
  void cancel() noexcept { deploy_deployer_cancel(handle_.get()); }

 private:
  using Handle = Object<deploy_deployer, deploy_deployer_free>;
  struct Callbacks {
    EventSink on_event;
    SecretSource secrets;
  };

  Deployer(std::unique_ptr<Callbacks> calls, Handle handle) : calls_(std::move(calls)), handle_(std::move(handle)) {}

  static void pass_on(const deploy_event *event, void *user_data) noexcept {
    auto info = blank<deploy_event_info>();
    const auto &self = *static_cast<Callbacks *>(user_data);
    if (self.on_event && deploy_event_get_info(event, &info) == DEPLOY_OK) self.on_event(info);
  }

  /// No exception passes through the library: it becomes an error of the library, which belongs to it from then on.
  static deploy_status resolve(void *user_data, const deploy_secret_source *source, deploy_call *call, deploy_error **out_error) noexcept {
    const Result<std::string> found = ask(*static_cast<Callbacks *>(user_data), source->name ? source->name : "");
    if (found) return deploy_call_give_text(call, (*found).data(), (*found).size());  // copied
    *out_error = deploy_error_new(found.error().status, found.error().area.c_str(), found.error().message.c_str());
    return found.error().status;
  }

  static Result<std::string> ask(const Callbacks &self, std::string_view name) {
#ifdef __cpp_exceptions
    try {
      return self.secrets(name);
    } catch (const Error &error) {
      return error;
    } catch (const std::exception &error) {
      return Error(DEPLOY_INTERNAL, "secrets", error.what());
    }
#else
    return self.secrets(name);
#endif
  }

  std::unique_ptr<Callbacks> calls_;  // before the handle: destroyed after it
  Handle handle_;
};

}  // namespace libdeploy
