/* libdeploy in C: this header is the whole contract.
 *
 *     #include <deploy/deploy.h>                      cc program.c $(pkg-config --cflags --libs libdeploy)
 *
 * An image is built once, proven in one environment, approved, and moved on by its digest; when health fails, the last
 * verified version is brought back and probed. A ledger records it all. These rules hold for every declaration below:
 *
 *  1. Names.      deploy_<noun>_<verb>. The first argument is the noun's object.
 *  2. Objects.    Every noun is an opaque handle. What a function gives through `out_...` is yours: release it with
 *                 deploy_<noun>_free, which takes NULL and gives NULL, so that `x = deploy_x_free(x)` leaves nothing dangling.
 *                 A pointer to const that a function returns is lent: it lives as long as the object it came from.
 *  3. Status.     0 is done. Positive: ended otherwise than hoped, and the record of it *is* given (a deployment that was
 *                 rolled back). Negative: could not be carried out, and no output is touched. `if (status < 0)` is the error test.
 *  4. Errors.     `deploy_error **out_error` is always last and may be NULL. It is written only when the status is negative;
 *                 then it is yours to free. Start with `deploy_error *error = NULL;`: it stays NULL when there is no memory for it.
 *  5. Strings.    UTF-8, ended by NUL. Copied on the way in. On the way out they live as long as their object. What does not
 *                 apply is "" unless NULL is said; a NULL `const char *` argument is allowed only where that is said.
 *  6. Time.       Milliseconds in int64_t: durations, and points in time since 1970-01-01 UTC. DEPLOY_NONE (-1): there is none.
 *  7. Structs.    Options go in and records come out as plain structs whose first member is their size. Begin with the
 *                 _INIT macro, always: `deploy_gate gate = DEPLOY_GATE_INIT;`. Later versions add members at the end; a program
 *                 built before them keeps working, but none is shorter than it was in 0.9: a binding declares all of these members.
 *                 Options may be NULL: all defaults. `reserved` stays 0.
 *  8. Lists.      Walk them by index until the end: `for (i = 0; deploy_plan_get_step(plan, i, &step) == DEPLOY_OK; i++)`.
 *                 Past the end a record getter answers DEPLOY_NOT_FOUND and a pointer getter NULL. Short ones stand in their
 *                 record: a *list* is an array of texts ended by NULL, a *map* such an array of name, value, name, value ...;
 *                 going in, NULL means the default. No record needs JSON to be understood; `_to_json` is for those who prefer it.
 *  9. Threads.    Different objects: any threads. One object: one thread at a time, except that what only reads (`_get_`,
 *                 `_to_json`) may run in several, and deploy_deployer_cancel may be called from any. No global state, no
 *                 signal handlers, nothing printed; environment variables are read only where the configuration names one.
 * 10. Callbacks.  Called one at a time per deployer (ports of your own: see there), with the `user_data` given beside them, on the
 *                 thread of your call; on threads of the library only where hosts are worked on in parallel (`max_parallel` above
 *                 1) and by deploy_deployer_logs. What they are handed is lent for the call. They must return: no longjmp, no C++
 *                 exception, and no call with the same deployer but deploy_deployer_cancel.
 * 11. NULL.       A NULL where an object or an output is required is answered with DEPLOY_INVALID_ARGUMENT; a getter
 *                 without a status answers NULL, 0 or DEPLOY_NONE, and of an error "" for what everybody prints.
 * 12. ABI.        Every struct, value and function here keeps its meaning as long as the library is libdeploy.so.1 (capi/ABI.md).
 *                 Switch statements need a default: later versions add enumerators.
 * 13. Setters.    `_new` without a status gives NULL only for NULL or without memory. What a setter is told is judged where the
 *                 object is used, all of it at once. Its own status is DEPLOY_INVALID_ARGUMENT (a NULL, a wrong size) or
 *                 DEPLOY_NO_MEMORY and need not be looked at: it stays with the object, and whatever uses that fails with it.
 *
 * In this order: status, errors · images, versions, tags · configuration: reading it, health probes, rollback policies, environments,
 * building it · events · parts of records, one probe by itself · releases, plans, deployments · the state of an environment · decisions ·
 * drift and checks · ports of your own · the deployer, which does the work · rehearsal and simulator.
 */
#ifndef DEPLOY_DEPLOY_H
#define DEPLOY_DEPLOY_H

#include <stddef.h>
#include <stdint.h>

/** Marks what libdeploy.so exports. Since: 0.9 */
#if defined(__GNUC__)
#define DEPLOY_API __attribute__((visibility("default")))
#else
#define DEPLOY_API
#endif

/** The version of this header; deploy_library_version() gives that of the library. Since: 0.9 */
#define DEPLOY_VERSION_MAJOR 0
#define DEPLOY_VERSION_MINOR 9
#define DEPLOY_VERSION_PATCH 0

/** No such time or duration. Since: 0.9 */
#define DEPLOY_NONE INT64_C(-1)

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status ------------------------------------------------------------------------------------------------------- */

/** How a call ended: see rule 3. Since: 0.9 */
typedef int32_t deploy_status;

enum {
  DEPLOY_OK = 0, /**< done as asked; as the outcome of a deployment: succeeded */

  /* Ended otherwise; the record is given. Since: 0.9 */
  DEPLOY_ROLLED_BACK = 1, /**< failed; the last verified version is back and probed healthy (or the environment is empty again, as before) */
  DEPLOY_HELD = 2,        /**< failed; the policy says do not roll back: a person decides */
  DEPLOY_STRANDED = 3,    /**< failed, and the way back failed or could not be verified: a person is needed */
  DEPLOY_BLOCKED = 4,     /**< a gate said no; nothing was changed */
  DEPLOY_CANCELLED = 5,   /**< stopped on request; as before */

  /* Could not be carried out; the error tells why. Since: 0.9 */
  DEPLOY_INVALID_ARGUMENT = -1,  /**< an argument is malformed, or NULL where it must not be */
  DEPLOY_INVALID_CONFIG = -2,    /**< the configuration is wrong; details `file`, `line`, `column`, `pointer` */
  DEPLOY_NOT_FOUND = -3,         /**< the named thing does not exist; past the end of a list */
  DEPLOY_ALREADY_EXISTS = -4,    /**< the name is taken */
  DEPLOY_CONFLICT = -5,          /**< somebody else changed it at the same time; nothing was written */
  DEPLOY_UNAUTHORIZED = -6,      /**< credentials are missing, wrong or do not suffice */
  DEPLOY_UNREACHABLE = -7,       /**< no connection was made: the peer has seen nothing */
  DEPLOY_CONNECTION_LOST = -8,   /**< the link dropped in the middle: whether it took effect is unknown */
  DEPLOY_TIMEOUT = -9,           /**< no answer in time: whether it took effect is unknown */
  DEPLOY_REFUSED = -10,          /**< the peer understood and said no */
  DEPLOY_PROTOCOL = -11,         /**< the peer's answer makes no sense */
  DEPLOY_HOST_KEY_UNKNOWN = -12, /**< SSH: no entry for this host in known_hosts */
  DEPLOY_HOST_KEY_CHANGED = -13, /**< SSH: the key differs from known_hosts, or is revoked there */
  DEPLOY_TAG_MOVED = -14,        /**< a version tag already names another digest (or git commit) */
  DEPLOY_LEASE_HELD = -15,       /**< another run holds the environment */
  DEPLOY_FENCED = -16,           /**< our lease was taken over; this process must not act any more */
  DEPLOY_CORRUPT = -17,          /**< the ledger's chain is broken, or a stored value makes no sense */
  DEPLOY_CALL_CANCELLED = -18,   /**< stopped on request before there was a deployment to record; "cancelled" by name */
  DEPLOY_IO = -19,               /**< the local file system or operating system said no */
  DEPLOY_UNSUPPORTED = -20,      /**< understood, but this library or this peer cannot do it */
  DEPLOY_NO_ROLLBACK_TARGET = -21, /**< nothing verified, unquarantined and obtainable to go back to */
  DEPLOY_INTERNAL = -22,         /**< a bug in libdeploy */
  DEPLOY_NO_MEMORY = -23         /**< an allocation failed */
};

/** The status in words, as in JSON and in the CLI: "succeeded", "rolled_back", "tag_moved" ... Never NULL: what this
 *  library does not know is "unknown". Since: 0.9 */
DEPLOY_API const char *deploy_status_name(deploy_status status);

/** The library's version, "0.9.0". Since: 0.9 */
DEPLOY_API const char *deploy_library_version(void);

/* ---- Errors ------------------------------------------------------------------------------------------------------- */

/** Why a call could not be carried out: what happened, where, how things are now, what to do next. No secret ever stands
 *  in it. Since: 0.9 */
typedef struct deploy_error deploy_error;

/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_error *deploy_error_free(deploy_error *error);
/** The negative status that the call returned. 0 for NULL. Since: 0.9 */
DEPLOY_API deploy_status deploy_error_get_status(const deploy_error *error);
/** Which part spoke: "config", "engine", "registry", "ssh", "git", "probe", "ledger", "promotion", "capi" ...; "" for NULL. Since: 0.9 */
DEPLOY_API const char *deploy_error_get_area(const deploy_error *error);
/** For people; may have several lines (a configuration's faults, one per line); "" for NULL. Since: 0.9 */
DEPLOY_API const char *deploy_error_get_message(const deploy_error *error);
/** One detail by name: `host`, `step`, `status` (HTTP), `exit_code`, `stderr`, `line` ...; NULL when there is none. Since: 0.9 */
DEPLOY_API const char *deploy_error_get_detail(const deploy_error *error, const char *key);
/** The details in the order of their keys. Since: 0.9 */
DEPLOY_API deploy_status deploy_error_get_detail_at(const deploy_error *error, size_t index, const char **out_key, const char **out_value);
/** {"code":"tag_moved","area":"registry","message":...,"details":{...}}. NULL only for NULL, or without memory. Since: 0.9 */
DEPLOY_API const char *deploy_error_to_json(const deploy_error *error);
/** An error of your own, for a port to answer with. `status` is one of the negative ones, `area` says which part speaks; a NULL is
 *  "". NULL without memory, or when `status` is no error. Since: 0.9 */
DEPLOY_API deploy_error *deploy_error_new(deploy_status status, const char *area, const char *message);
/** Replaces a detail of that name. Since: 0.9 */
DEPLOY_API deploy_status deploy_error_set_detail(deploy_error *error, const char *key, const char *value);

/* ---- Images, versions, tags: no I/O -------------------------------------------------------------------------------- */

/** An image reference, registry/repository[:tag][@digest], by the distribution grammar. Docker Hub names are
 *  normalised: `flask` is docker.io/library/flask. Immutable. Since: 0.9 */
typedef struct deploy_image deploy_image;

/** DEPLOY_INVALID_ARGUMENT says what is wrong with `text`, and where. No tag is invented. Since: 0.9 */
DEPLOY_API deploy_status deploy_image_parse(const char *text, deploy_image **out_image, deploy_error **out_error);
/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_image *deploy_image_free(deploy_image *image);
/** Host with its port: "docker.io", "localhost:5000". Since: 0.9 */
DEPLOY_API const char *deploy_image_get_registry(const deploy_image *image);
/** The path without the registry: "library/flask". Since: 0.9 */
DEPLOY_API const char *deploy_image_get_repository(const deploy_image *image);
/** NULL when the reference has none. Since: 0.9 */
DEPLOY_API const char *deploy_image_get_tag(const deploy_image *image);
/** "sha256:<64 hex>"; NULL when the reference has none. Since: 0.9 */
DEPLOY_API const char *deploy_image_get_digest(const deploy_image *image);
/** The canonical text; parsing it gives the same image. Since: 0.9 */
DEPLOY_API const char *deploy_image_get_text(const deploy_image *image);
/** As people write it: "flask:3" for docker.io/library/flask:3. Since: 0.9 */
DEPLOY_API const char *deploy_image_get_familiar(const deploy_image *image);

/** "docker.io/library/flask": registry and repository, without tag and digest. Since: 0.9 */
DEPLOY_API const char *deploy_image_get_name(const deploy_image *image);
/** 1 when registry, repository, tag and digest are the same, else 0; 0 for a NULL. Since: 0.9 */
DEPLOY_API int32_t deploy_image_equal(const deploy_image *a, const deploy_image *b);
/** The same repository with this tag and no digest. Since: 0.9 */
DEPLOY_API deploy_status deploy_image_with_tag(const deploy_image *image, const char *tag, deploy_image **out_image, deploy_error **out_error);
/** The same repository with this digest and no tag. Since: 0.9 */
DEPLOY_API deploy_status deploy_image_with_digest(const deploy_image *image, const char *digest, deploy_image **out_image, deploy_error **out_error);

/** Orders two SemVer 2.0.0 versions by precedence: *out_order is -1, 0 or 1. Build metadata (`+...`) does not count.
 *  DEPLOY_INVALID_ARGUMENT when one of them is no version (a leading `v` is none). Since: 0.9 */
DEPLOY_API deploy_status deploy_version_compare(const char *a, const char *b, int32_t *out_order, deploy_error **out_error);

/** What a tag is for. Since: 0.9 */
typedef int32_t deploy_tag_kind;
enum {
  DEPLOY_TAG_VERSION = 0, /**< SemVer: never moves */
  DEPLOY_TAG_BUILD = 1,   /**< `build-42`: never moves */
  DEPLOY_TAG_FLOATING = 2 /**< anything else, as `latest`: moves after a release is verified */
};

/** *out_order of deploy_tag_compare for tags that have no order: different kinds, or floating ones. Since: 0.9 */
#define DEPLOY_UNORDERED 2

/** A tag with its kind. Immutable. Since: 0.9 */
typedef struct deploy_tag deploy_tag;

/** DEPLOY_INVALID_ARGUMENT when `text` cannot be an image tag. Since: 0.9 */
DEPLOY_API deploy_status deploy_tag_parse(const char *text, deploy_tag **out_tag, deploy_error **out_error);
/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_tag *deploy_tag_free(deploy_tag *tag);
/** As it was parsed. Since: 0.9 */
DEPLOY_API const char *deploy_tag_get_text(const deploy_tag *tag);
/** DEPLOY_TAG_FLOATING for NULL. Since: 0.9 */
DEPLOY_API deploy_tag_kind deploy_tag_get_kind(const deploy_tag *tag);
/** The number of a build tag, else 0. Since: 0.9 */
DEPLOY_API int64_t deploy_tag_get_build(const deploy_tag *tag);
/** 1 when the texts are the same, else 0; 0 for a NULL. Since: 0.9 */
DEPLOY_API int32_t deploy_tag_equal(const deploy_tag *a, const deploy_tag *b);
/** *out_order is -1, 0, 1 or DEPLOY_UNORDERED: versions by precedence, builds by number; an equal text is always 0. Since: 0.9 */
DEPLOY_API deploy_status deploy_tag_compare(const deploy_tag *a, const deploy_tag *b, int32_t *out_order, deploy_error **out_error);

/* ---- Configuration ------------------------------------------------------------------------------------------------- */

/** A validated deploy.json. Immutable. Since: 0.9 */
typedef struct deploy_config deploy_config;
/** A place with hosts, a container, a probe and gates; lent by its configuration. Since: 0.9 */
typedef struct deploy_environment deploy_environment;

/** Reads and validates a file. DEPLOY_INVALID_CONFIG lists every fault, one per line, and its details place the first one.
 *  Connects to nothing, resolves no secret. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_load(const char *path, deploy_config **out_config, deploy_error **out_error);
/** The same from text; relative paths in it are relative to `directory`. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_parse(const char *text, const char *directory, deploy_config **out_config, deploy_error **out_error);
/** Returns NULL. Deployers made from it keep what they need. Since: 0.9 */
DEPLOY_API deploy_config *deploy_config_free(deploy_config *config);

/** How deploy_config_write works. Since: 0.9 */
typedef struct deploy_write_options {
  size_t struct_size;
  const char *application; /**< names the application; NULL: "myapp" */
  int32_t overwrite;       /**< not 0: replace a file that is there */
  int32_t reserved;
} deploy_write_options;
/** Since: 0.9 */
#define DEPLOY_WRITE_OPTIONS_INIT { sizeof(deploy_write_options), NULL, 0, 0 }

/** Writes a commented deploy.json that validates. DEPLOY_ALREADY_EXISTS when there is a file, and nothing is changed. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_write(const char *path, const deploy_write_options *options, deploy_error **out_error);

/** The JSON Schema (draft 4) that configurations are validated against. Static. Since: 0.9 */
DEPLOY_API const char *deploy_config_schema(void);
/** The application's name. Since: 0.9 */
DEPLOY_API const char *deploy_config_get_application(const deploy_config *config);
/** Where the ledger is kept: "sqlite:/srv/app/.deploy/ledger.db". Since: 0.9 */
DEPLOY_API const char *deploy_config_get_state(const deploy_config *config);
/** The Engine that builds: "unix:///var/run/docker.sock". Since: 0.9 */
DEPLOY_API const char *deploy_config_get_engine(const deploy_config *config);
/** The folder that relative paths were relative to. Since: 0.9 */
DEPLOY_API const char *deploy_config_get_directory(const deploy_config *config);
/** Environments, an upstream before its downstream; NULL past the end. Since: 0.9 */
DEPLOY_API const deploy_environment *deploy_config_get_environment(const deploy_config *config, size_t index);
/** NULL when there is none of that name. Since: 0.9 */
DEPLOY_API const deploy_environment *deploy_config_find_environment(const deploy_config *config, const char *name);
/** All of it in the form of deploy.json, defaults filled in and paths absolute; deploy_config_parse reads it back. Since: 0.9 */
DEPLOY_API const char *deploy_config_to_json(const deploy_config *config);

/** Where a secret is to be had. Its value never stands in a configuration. Since: 0.9 */
typedef int32_t deploy_secret_kind;
enum { DEPLOY_SECRET_ENV = 0, DEPLOY_SECRET_FILE = 1, DEPLOY_SECRET_COMMAND = 2 };
/** Since: 0.9 */
typedef struct deploy_secret_source {
  size_t struct_size;
  deploy_secret_kind kind;
  int32_t reserved;
  const char *name;           /**< the environment variable, or the path of the file; NULL of a command */
  const char *const *command; /**< a list: the program that prints it, with its arguments; NULL of the others */
} deploy_secret_source;
/** Since: 0.9 */
#define DEPLOY_SECRET_SOURCE_INIT { sizeof(deploy_secret_source), 0, 0, NULL, NULL }

/** The image: what is built and pushed, and how it is called. The same record goes into deploy_config_builder_set_image; so do the next
 *  ones into their setters, where NULL and _INIT mean the default, which the schema tells. Since: 0.9 */
typedef struct deploy_image_settings {
  size_t struct_size;
  const char *repository; /**< "docker.io/acme/shop"; required */
  const char *context;    /**< folder that is sent to the build */
  const char *dockerfile;
  const char *target;         /**< stage of a multi-stage Dockerfile; "": the last */
  const char *version;        /**< "1.0.{build}" */
  const char *floating_after; /**< the environment whose verification moves the floating tags */
  const char *const *tags;    /**< a list: "{version}", "build-{build}" */
  const char *const *floating_tags; /**< a list: "latest" */
  const char *const *build_args;    /**< a map */
} deploy_image_settings;
/** Since: 0.9 */
#define DEPLOY_IMAGE_SETTINGS_INIT { sizeof(deploy_image_settings), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_config_get_image(const deploy_config *config, deploy_image_settings *out_image);

/** How to log in to the image's registry. Both NULL: ~/.docker/config.json is read, else access is anonymous. Since: 0.9 */
typedef struct deploy_registry_settings {
  size_t struct_size;
  const deploy_secret_source *username;
  const deploy_secret_source *password;
  int32_t insecure; /**< not 0: plain HTTP; loopback registries are always tried so */
  int32_t reserved;
} deploy_registry_settings;
/** Since: 0.9 */
#define DEPLOY_REGISTRY_SETTINGS_INIT { sizeof(deploy_registry_settings), NULL, NULL, 0, 0 }
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_config_get_registry(const deploy_config *config, deploy_registry_settings *out_registry);

/** The git tag that records a release. Since: 0.9 */
typedef struct deploy_git_settings {
  size_t struct_size;
  const char *tag;   /**< "{version}" */
  const char *push;  /**< the remote; "": the tag stays local */
  const char *after; /**< the environment whose verification writes the tag */
} deploy_git_settings;
/** Since: 0.9 */
#define DEPLOY_GIT_SETTINGS_INIT { sizeof(deploy_git_settings), NULL, NULL, NULL }
/** DEPLOY_NOT_FOUND when no git tag is written. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_get_git(const deploy_config *config, deploy_git_settings *out_git);

/** How ssh:// hosts are reached. Since: 0.9 */
typedef struct deploy_ssh_settings {
  size_t struct_size;
  const char *identity;    /**< private key; "": the usual ones and the agent */
  const char *known_hosts; /**< "": ~/.ssh/known_hosts */
  const char *jump;        /**< "ssh://bastion"; "": directly */
  const char *config;      /**< of the ssh program; "": ~/.ssh/config */
  const deploy_secret_source *passphrase; /**< NULL: none */
  const deploy_secret_source *agent;      /**< where the path of the agent's socket is to be had; NULL: no agent */
  int32_t openssh; /**< not 0: the system's ssh program; 0: libssh2, in process */
  int32_t reserved;
} deploy_ssh_settings;
/** Since: 0.9 */
#define DEPLOY_SSH_SETTINGS_INIT { sizeof(deploy_ssh_settings), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0 }
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_config_get_ssh(const deploy_config *config, deploy_ssh_settings *out_ssh);

/** PEM files for tcp:// Engines; "": none, or for `ca` the system's. Since: 0.9 */
typedef struct deploy_tls_settings {
  size_t struct_size;
  const char *ca;
  const char *cert;
  const char *key;
} deploy_tls_settings;
/** Since: 0.9 */
#define DEPLOY_TLS_SETTINGS_INIT { sizeof(deploy_tls_settings), NULL, NULL, NULL }
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_config_get_tls(const deploy_config *config, deploy_tls_settings *out_tls);

/* ---- Health probes ------------------------------------------------------------------------------------------------- */

/** How health is asked for, and how patiently. Yours from deploy_health_probe_new, or lent (const) by an environment. A new one asks
 *  for the image's own HEALTHCHECK, every second, two successes in a row, one minute at most. Since: 0.9 */
typedef struct deploy_health_probe deploy_health_probe;

/** Since: 0.9 */
typedef int32_t deploy_probe_kind;
enum {
  DEPLOY_PROBE_ENGINE = 0, /**< the image's HEALTHCHECK says healthy */
  DEPLOY_PROBE_HTTP = 1,
  DEPLOY_PROBE_TCP = 2, /**< accepts a connection */
  DEPLOY_PROBE_EXEC = 3 /**< a command ends with 0 in the container */
};
/** From where http and tcp are asked. Since: 0.9 */
typedef int32_t deploy_probe_from;
enum {
  DEPLOY_FROM_HOST = 0,      /**< on the host itself: through SSH, or local */
  DEPLOY_FROM_CONTROLLER = 1 /**< straight from where this library runs */
};

/** An HTTP request, and the answer that is healthy. Redirects are not followed. Since: 0.9 */
typedef struct deploy_http_check {
  size_t struct_size;
  const char *path;      /**< NULL: "/" */
  const int32_t *status; /**< the codes that are healthy, ended by 0; NULL: 200 alone */
  const char *body;      /**< a text that the body must contain; between slashes (/^ok$/) a regular expression; NULL: any */
  const char *ca;        /**< PEM file that signs the server's certificate; NULL or "": the system's */
  const char *const *headers; /**< a map; Host replaces the usual one */
  const char *const *json;    /**< a map: JSON pointers into the body, and the JSON value that must stand there: "/status", "\"ok\"" */
  int32_t port; /**< the published port on the host; required */
  int32_t tls;  /**< not 0: HTTPS */
} deploy_http_check;
/** Since: 0.9 */
#define DEPLOY_HTTP_CHECK_INIT { sizeof(deploy_http_check), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0 }

/** A probe's facts. Since: 0.9 */
typedef struct deploy_health_probe_info {
  size_t struct_size;
  deploy_probe_kind kind;
  deploy_probe_from from;
  const char *kind_name; /**< "http" */
  int64_t interval;
  int64_t timeout;      /**< of one try */
  int64_t start_period; /**< the deadline counts after it */
  int64_t deadline;     /**< until the first successes in a row */
  int32_t success_threshold;
  int32_t failure_threshold;  /**< failures in a row, once it was healthy */
  const char *const *command; /**< a list, of exec; else NULL */
  int32_t port;               /**< of http and tcp, else 0 */
  int32_t reserved;
} deploy_health_probe_info;
/** Since: 0.9 */
#define DEPLOY_HEALTH_PROBE_INFO_INIT { sizeof(deploy_health_probe_info), 0, 0, NULL, 0, 0, 0, 0, 0, 0, NULL, 0, 0 }

/** Since: 0.9 */
DEPLOY_API deploy_health_probe *deploy_health_probe_new(void);
/** Returns NULL. Not for probes that are lent. Since: 0.9 */
DEPLOY_API deploy_health_probe *deploy_health_probe_free(deploy_health_probe *probe);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_http(deploy_health_probe *probe, const deploy_http_check *check);
/** `port` is the published one on the host. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_tcp(deploy_health_probe *probe, int32_t port);
/** `command` is a list: a program and its arguments; no shell reads them. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_exec(deploy_health_probe *probe, const char *const *command);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_engine(deploy_health_probe *probe);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_from(deploy_health_probe *probe, deploy_probe_from from);
/** Between two tries; the first ones come faster. 1000 ms unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_interval(deploy_health_probe *probe, int64_t interval);
/** Of one try; 5000 ms unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_timeout(deploy_health_probe *probe, int64_t timeout);
/** What the service is given to start, before the deadline counts; 0 unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_start_period(deploy_health_probe *probe, int64_t start_period);
/** Until the first successes in a row; 60000 ms unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_deadline(deploy_health_probe *probe, int64_t deadline);
/** Successes in a row that make it healthy; 2 unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_success_threshold(deploy_health_probe *probe, int32_t successes);
/** Failures in a row that make it unhealthy, once it was healthy; 3 unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_set_failure_threshold(deploy_health_probe *probe, int32_t failures);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_get_info(const deploy_health_probe *probe, deploy_health_probe_info *out_info);
/** DEPLOY_NOT_FOUND when it is of another kind. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_get_http(const deploy_health_probe *probe, deploy_http_check *out_check);

/* ---- Rollback policies --------------------------------------------------------------------------------------------- */

/** What happens when a deployment fails. Yours from deploy_rollback_policy_new, or lent (const) by an environment. Since: 0.9 */
typedef struct deploy_rollback_policy deploy_rollback_policy;

/** What follows when health could not be found out. Since: 0.9 */
typedef int32_t deploy_on_unknown;
enum {
  DEPLOY_ON_UNKNOWN_HOLD = 0,    /**< things are left as they are; a person decides */
  DEPLOY_ON_UNKNOWN_ROLLBACK = 1 /**< as if it were unhealthy */
};

/** A policy's facts. Since: 0.9 */
typedef struct deploy_rollback_policy_info {
  size_t struct_size;
  int32_t automatic; /**< 0: the outcome is `held` instead of going back */
  deploy_on_unknown on_unknown;
  int64_t bake; /**< probing goes on so long after the last host is healthy */
  int32_t keep; /**< verified earlier versions whose containers are kept */
  int32_t reserved;
} deploy_rollback_policy_info;
/** Since: 0.9 */
#define DEPLOY_ROLLBACK_POLICY_INFO_INIT { sizeof(deploy_rollback_policy_info), 0, 0, 0, 0, 0 }

/** Since: 0.9 */
DEPLOY_API deploy_rollback_policy *deploy_rollback_policy_new(void);
/** Returns NULL. Not for policies that are lent. Since: 0.9 */
DEPLOY_API deploy_rollback_policy *deploy_rollback_policy_free(deploy_rollback_policy *policy);
/** 1 unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_rollback_policy_set_automatic(deploy_rollback_policy *policy, int32_t automatic);
/** DEPLOY_ON_UNKNOWN_HOLD unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_rollback_policy_set_on_unknown(deploy_rollback_policy *policy, deploy_on_unknown on_unknown);
/** 30000 ms unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_rollback_policy_set_bake(deploy_rollback_policy *policy, int64_t bake);
/** 5 unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_rollback_policy_set_keep(deploy_rollback_policy *policy, int32_t keep);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_rollback_policy_get_info(const deploy_rollback_policy *policy, deploy_rollback_policy_info *out_info);

/* ---- Environments -------------------------------------------------------------------------------------------------- */

/** Lent by a configuration (const), or yours from deploy_environment_new and deploy_environment_copy. A new one needs a host, a
 *  container and a probe. Since: 0.9 */
DEPLOY_API deploy_environment *deploy_environment_new(const char *name);
/** An environment of your own that begins like this one. Since: 0.9 */
DEPLOY_API deploy_environment *deploy_environment_copy(const deploy_environment *environment);
/** Returns NULL. Not for environments that are lent. Since: 0.9 */
DEPLOY_API deploy_environment *deploy_environment_free(deploy_environment *environment);
/** "staging". Since: 0.9 */
DEPLOY_API const char *deploy_environment_get_name(const deploy_environment *environment);
/** The name of the upstream environment; "" for a first one. Since: 0.9 */
DEPLOY_API const char *deploy_environment_get_after(const deploy_environment *environment);
/** Path of the list of keys whose decisions count there; NULL where decisions need no signature. Since: 0.9 */
DEPLOY_API const char *deploy_environment_get_allowed_signers(const deploy_environment *environment);
/** The hosts as URLs: "ssh://deploy@192.0.2.10"; NULL past the end. Since: 0.9 */
DEPLOY_API const char *deploy_environment_get_host(const deploy_environment *environment, size_t index);
/** unix:///path, ssh://[user@]host[:port] or tcp://host:port. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_add_host(deploy_environment *environment, const char *url);

/** Since: 0.9 */
typedef int32_t deploy_strategy;
enum { DEPLOY_STRATEGY_RECREATE = 0, DEPLOY_STRATEGY_BLUE_GREEN = 1, DEPLOY_STRATEGY_CANARY = 2 };

/** How releases come to an environment. Since: 0.9 */
typedef struct deploy_rules {
  size_t struct_size;
  const char *after; /**< the upstream: only what was verified there may come here; NULL or "": none */
  int64_t soak;      /**< how long a release must have been verified upstream */
  int64_t max_age;   /**< how old the upstream's verification may be before it is probed again there; 0: any age */
  int32_t stop_the_line;   /**< not 0: nothing comes while the upstream's last deployment needs a person */
  int32_t allow_downgrade; /**< not 0: a version below the live one may come */
  deploy_strategy strategy;
  int32_t max_parallel; /**< hosts that are worked on at the same time */
} deploy_rules;
/** Since: 0.9 */
#define DEPLOY_RULES_INIT { sizeof(deploy_rules), NULL, 0, 0, 0, 0, 0, 1 }
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_set_rules(deploy_environment *environment, const deploy_rules *rules);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_get_rules(const deploy_environment *environment, deploy_rules *out_rules);

/** The container that runs on each host. Since: 0.9 */
typedef struct deploy_container {
  size_t struct_size;
  const char *name;              /**< required */
  const char *const *ports;      /**< a list: "8080:80", "127.0.0.1:8080:80/tcp" */
  const char *const *volumes;    /**< a list: "source:target[:ro]" */
  const char *const *networks;   /**< a list; the first is the container's network mode */
  const char *const *labels;     /**< a map */
  const char *const *command;    /**< a list, in place of the image's CMD; NULL: the image's */
  const char *restart;           /**< no, always, unless-stopped (the default), on-failure[:N] */
  const char *user;              /**< NULL: the image's */
  int64_t stop_timeout;          /**< how long it may take to end before it is killed */
  int64_t memory;                /**< bytes; 0: unlimited */
  double cpus;                   /**< 0: unlimited */
  int32_t read_only;             /**< not 0: its root file system */
  int32_t reserved;
} deploy_container;
/** Since: 0.9 */
#define DEPLOY_CONTAINER_INIT { sizeof(deploy_container), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 0, 0, 0, 0 }
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_set_container(deploy_environment *environment, const deploy_container *container);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_get_container(const deploy_environment *environment, deploy_container *out_container);

/** An environment variable of the container: a text, or where a secret is to be had. Since: 0.9 */
typedef struct deploy_variable {
  size_t struct_size;
  const char *name;
  const char *value;                  /**< NULL when it is a secret */
  const deploy_secret_source *secret; /**< NULL when it is a text */
} deploy_variable;
/** Since: 0.9 */
#define DEPLOY_VARIABLE_INIT { sizeof(deploy_variable), NULL, NULL, NULL }
/** Replaces one of that name. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_set_variable(deploy_environment *environment, const deploy_variable *variable);
/** In the order of their names. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_get_variable(const deploy_environment *environment, size_t index, deploy_variable *out_variable);

/** Copied. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_set_probe(deploy_environment *environment, const deploy_health_probe *probe);
/** Lent; NULL where none was set. Since: 0.9 */
DEPLOY_API const deploy_health_probe *deploy_environment_get_probe(const deploy_environment *environment);
/** Copied. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_set_rollback(deploy_environment *environment, const deploy_rollback_policy *policy);
/** Lent. Since: 0.9 */
DEPLOY_API const deploy_rollback_policy *deploy_environment_get_rollback(const deploy_environment *environment);

/** Who must agree before a release goes there. Since: 0.9 */
typedef struct deploy_approval {
  size_t struct_size;
  const char *const *approvers; /**< a list; required */
  const char *allowed_signers;  /**< file of keys; NULL or "": decisions need no signature */
  const char *revoked_keys;     /**< file of keys that are taken no more; NULL or "": none */
  int64_t expires;              /**< how long an approval is good for */
  int32_t required;             /**< how many must agree */
  int32_t allow_requester;      /**< not 0: who made the release or asks for its promotion may approve it */
} deploy_approval;
/** Since: 0.9 */
#define DEPLOY_APPROVAL_INIT { sizeof(deploy_approval), NULL, NULL, NULL, 86400000, 1, 0 }
/** NULL: nobody needs to agree. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_set_approval(deploy_environment *environment, const deploy_approval *approval);
/** DEPLOY_NOT_FOUND when nobody needs to agree. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_get_approval(const deploy_environment *environment, deploy_approval *out_approval);

/** A weekly window in which nothing is promoted, in the wall time of a zone. Since: 0.9 */
typedef struct deploy_freeze_window {
  size_t struct_size;
  const char *from;     /**< "Fri 16:00" */
  const char *to;       /**< "Mon 08:00", exclusive */
  const char *timezone; /**< "Europe/Berlin"; NULL: "UTC" */
} deploy_freeze_window;
/** Since: 0.9 */
#define DEPLOY_FREEZE_WINDOW_INIT { sizeof(deploy_freeze_window), NULL, NULL, NULL }
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_add_freeze_window(deploy_environment *environment, const deploy_freeze_window *window);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_get_freeze_window(const deploy_environment *environment, size_t index, deploy_freeze_window *out_window);

/* ---- Building a configuration -------------------------------------------------------------------------------------- */

/** A configuration in the making, without a file. Since: 0.9 */
typedef struct deploy_config_builder deploy_config_builder;

/** Relative paths are relative to `directory`. Needs an image and an environment yet. Since: 0.9 */
DEPLOY_API deploy_config_builder *deploy_config_builder_new(const char *application, const char *directory);
/** One that begins like this configuration: to change something of a file that was loaded. Since: 0.9 */
DEPLOY_API deploy_config_builder *deploy_config_builder_copy(const deploy_config *config);
/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_config_builder *deploy_config_builder_free(deploy_config_builder *builder);
/** "sqlite:.deploy/ledger.db" unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_builder_set_state(deploy_config_builder *builder, const char *state);
/** "unix:///var/run/docker.sock" unless set. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_builder_set_engine(deploy_config_builder *builder, const char *url);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_config_builder_set_image(deploy_config_builder *builder, const deploy_image_settings *image);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_config_builder_set_registry(deploy_config_builder *builder, const deploy_registry_settings *registry);
/** NULL: no git tag is written. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_builder_set_git(deploy_config_builder *builder, const deploy_git_settings *git);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_config_builder_set_ssh(deploy_config_builder *builder, const deploy_ssh_settings *ssh);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_config_builder_set_tls(deploy_config_builder *builder, const deploy_tls_settings *tls);
/** Copied; replaces one of that name. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_builder_set_environment(deploy_config_builder *builder, const deploy_environment *environment);
/** Checks it as a file is checked: DEPLOY_INVALID_CONFIG lists every fault, and the detail `pointer` places the first one
 *  ("/environments/0/probe/http/port", environments counted as they were added). The builder may go on being used. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_builder_build(const deploy_config_builder *builder, deploy_config **out_config, deploy_error **out_error);

/* ---- Events -------------------------------------------------------------------------------------------------------- */

/** What happens, as it happens. Lent for the callback. Since: 0.9 */
typedef struct deploy_event deploy_event;

/** Since: 0.9 */
typedef int32_t deploy_event_kind;
enum {
  DEPLOY_EVENT_WARNING = 0, /**< something a person should know; changes nothing */
  DEPLOY_EVENT_BUILD_STARTED = 1,
  DEPLOY_EVENT_BUILD_OUTPUT = 2,
  DEPLOY_EVENT_BUILD_FINISHED = 3,
  DEPLOY_EVENT_IMAGE_PUSHED = 4,
  DEPLOY_EVENT_RELEASE_REGISTERED = 5,
  DEPLOY_EVENT_GATE_ANSWERED = 6, /**< one per gate; details `gate`, `allowed`, `reason` */
  DEPLOY_EVENT_DEPLOYMENT_STARTED = 7,
  DEPLOY_EVENT_STEP_STARTED = 8,
  DEPLOY_EVENT_STEP_PROGRESS = 9, /**< details `current`, `total`: bytes pulled */
  DEPLOY_EVENT_STEP_FINISHED = 10,
  DEPLOY_EVENT_STEP_FAILED = 11,
  DEPLOY_EVENT_STEP_UNDONE = 12,
  DEPLOY_EVENT_PROBE_TRIED = 13, /**< details `answer`, `detail` */
  DEPLOY_EVENT_BAKING = 14,      /**< healthy; probing goes on for the bake time */
  DEPLOY_EVENT_VERIFIED = 15,
  DEPLOY_EVENT_QUARANTINED = 16,
  DEPLOY_EVENT_APPROVAL_RECORDED = 17,
  DEPLOY_EVENT_DEPLOYMENT_FINISHED = 18 /**< one for every deployment; details `outcome` */
};

/** An event's facts. Since: 0.9 */
typedef struct deploy_event_info {
  size_t struct_size;
  deploy_event_kind kind;
  int32_t reserved;
  const char *kind_name; /**< "step_started" */
  int64_t time;
  const char *environment; /**< this and the next three: "" where it does not apply */
  const char *deployment;
  const char *host;
  const char *step;
  const char *message; /**< one line for people */
} deploy_event_info;
/** Since: 0.9 */
#define DEPLOY_EVENT_INFO_INIT { sizeof(deploy_event_info), 0, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL }

/** Since: 0.9 */
DEPLOY_API deploy_status deploy_event_get_info(const deploy_event *event, deploy_event_info *out_info);
/** One detail by name, as listed with the kinds; NULL when there is none. Since: 0.9 */
DEPLOY_API const char *deploy_event_get_detail(const deploy_event *event, const char *key);
/** The details in the order of their keys. Since: 0.9 */
DEPLOY_API deploy_status deploy_event_get_detail_at(const deploy_event *event, size_t index, const char **out_key, const char **out_value);
/** {"type":"event","event":"step_started","time":...}. Since: 0.9 */
DEPLOY_API const char *deploy_event_to_json(const deploy_event *event);

/** Rule 10 holds. Since: 0.9 */
typedef void (*deploy_event_fn)(const deploy_event *event, void *user_data);
/** A line, or a piece of text. `text` is `length` bytes long and has a NUL behind them. Since: 0.9 */
typedef void (*deploy_text_fn)(const char *text, size_t length, void *user_data);
/** A piece of the output of the container on `host`; any bytes. Since: 0.9 */
typedef void (*deploy_log_fn)(const char *host, const char *text, size_t length, void *user_data);

/* ---- Parts of records ---------------------------------------------------------------------------------------------- */

/** One gate's answer: interrupted, upstream_verified, upstream_settled, soak, evidence_age, approval, freeze, freeze_all,
 *  freeze_window, quarantine, downgrade, digest_available; of a rollback: interrupted, rollback_never. Since: 0.9 */
typedef struct deploy_gate {
  size_t struct_size;
  const char *name;
  const char *reason; /**< one sentence; of a denial it says what would open the gate */
  int64_t opens;      /**< when it opens by itself; DEPLOY_NONE when that is not known */
  int32_t allowed;    /**< 1 or 0 */
  int32_t reserved;
  const char *const *signed_by; /**< a map; of `approval`: who decided with a signature, and the fingerprint of the key. NULL: nobody */
} deploy_gate;
/** Since: 0.9 */
#define DEPLOY_GATE_INIT { sizeof(deploy_gate), NULL, NULL, 0, 0, 0, NULL }

/** Every gate's answer, in a fixed order. Since: 0.9 */
typedef struct deploy_gate_list deploy_gate_list;
/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_gate_list *deploy_gate_list_free(deploy_gate_list *list);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_gate_list_get(const deploy_gate_list *list, size_t index, deploy_gate *out_gate);
/** [{"gate":"soak","allowed":false,"reason":...,"opens":...}, ...]. Since: 0.9 */
DEPLOY_API const char *deploy_gate_list_to_json(const deploy_gate_list *list);

/** Since: 0.9 */
typedef int32_t deploy_step_kind;
enum {
  DEPLOY_STEP_PREFLIGHT = 0, /**< engine answers; ports and names are free */
  DEPLOY_STEP_PULL = 1,      /**< by digest, when it is not there yet and the disk has room for it */
  DEPLOY_STEP_CREATE = 2,    /**< the candidate, stopped */
  DEPLOY_STEP_RETAIN = 3,    /**< the live container steps aside by name; it is kept */
  DEPLOY_STEP_ADOPT_NAME = 4, /**< the candidate gets the live name */
  DEPLOY_STEP_STOP = 5,      /**< the old container: the gap begins */
  DEPLOY_STEP_START = 6,     /**< the candidate */
  DEPLOY_STEP_PROBE = 7      /**< to a verdict, and the identity check: the gap ends */
};

/** One idempotent act on one host, with a named undo. Since: 0.9 */
typedef struct deploy_step {
  size_t struct_size;
  int32_t index; /**< position in the plan; names the step in the ledger */
  int32_t batch; /**< hosts of one batch are worked on in parallel */
  deploy_step_kind kind;
  int32_t reserved;
  const char *kind_name; /**< "pull" */
  const char *host;
  const char *description;
  const char *undo; /**< what undoing means; "" when nothing is needed */
} deploy_step;
/** Since: 0.9 */
#define DEPLOY_STEP_INIT { sizeof(deploy_step), 0, 0, 0, 0, NULL, NULL, NULL, NULL }

/** What a probe concluded. Since: 0.9 */
typedef int32_t deploy_verdict;
enum {
  DEPLOY_VERDICT_HEALTHY = 0,
  DEPLOY_VERDICT_UNHEALTHY = 1,
  DEPLOY_VERDICT_UNKNOWN = 2 /**< we could not find out */
};

/** What one try of a probe found. Since: 0.9 */
typedef int32_t deploy_probe_answer;
enum {
  DEPLOY_PROBE_SUCCESS = 0,
  DEPLOY_PROBE_FAILURE = 1, /**< the service answered wrongly, refused, or took too long */
  DEPLOY_PROBE_UNKNOWN = 2  /**< we could not ask; says nothing about the service */
};

/** One try of a probe. Since: 0.9 */
typedef struct deploy_probe_try {
  size_t struct_size;
  int64_t time;
  int64_t latency;
  deploy_probe_answer answer;
  int32_t reserved;
  const char *answer_name; /**< "failure" */
  const char *detail;      /**< "503, expected 200" */
} deploy_probe_try;
/** Since: 0.9 */
#define DEPLOY_PROBE_TRY_INIT { sizeof(deploy_probe_try), 0, 0, 0, 0, NULL, NULL }

/** Gets each try of a probe as it is made; 0 to go on, anything else to stop. Since: 0.9 */
typedef int32_t (*deploy_try_fn)(const deploy_probe_try *attempt, void *user_data);

/** What came of running a probe by itself. Immutable. Since: 0.9 */
typedef struct deploy_probe_report deploy_probe_report;

/** Asks `address` (a name or IP address; the port is the probe's) from here until there is a verdict: no Engine, no configuration, no
 *  ledger. DEPLOY_OK whatever the verdict is. DEPLOY_INVALID_CONFIG for a probe that a configuration would refuse, DEPLOY_UNSUPPORTED
 *  for the kinds exec and engine, which only an Engine can answer, DEPLOY_CALL_CANCELLED when `on_try`, which may be NULL,
 *  stopped it. Since: 0.9 */
DEPLOY_API deploy_status deploy_health_probe_run(const deploy_health_probe *probe, const char *address, deploy_try_fn on_try, void *user_data,
                                                 deploy_probe_report **out_report, deploy_error **out_error);

/** Since: 0.9 */
typedef struct deploy_probe_report_info {
  size_t struct_size;
  deploy_verdict verdict;
  int32_t reserved;
  const char *verdict_name; /**< "healthy" */
  const char *reason;       /**< one sentence: why this verdict */
  int64_t waited;
} deploy_probe_report_info;
/** Since: 0.9 */
#define DEPLOY_PROBE_REPORT_INFO_INIT { sizeof(deploy_probe_report_info), 0, 0, NULL, NULL, 0 }

/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_probe_report *deploy_probe_report_free(deploy_probe_report *report);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_probe_report_get_info(const deploy_probe_report *report, deploy_probe_report_info *out_info);
/** The newest tries (50 at most), oldest first. Since: 0.9 */
DEPLOY_API deploy_status deploy_probe_report_get_try(const deploy_probe_report *report, size_t index, deploy_probe_try *out_try);
/** {"verdict":"healthy","reason":...,"waited_ms":N,"tries":[...]}. Since: 0.9 */
DEPLOY_API const char *deploy_probe_report_to_json(const deploy_probe_report *report);

/** What was found on one host when a deployment failed, before anything was removed. Since: 0.9 */
typedef struct deploy_evidence {
  size_t struct_size;
  const char *host;
  const char *container;
  const char *container_status; /**< "exited", "running" ... */
  const char *error;            /**< the engine's own words */
  const char *logs;             /**< the last lines of the container, bounded */
  int64_t restart_count;
  int32_t exit_code;
  int32_t oom_killed; /**< 1 or 0 */
  deploy_verdict verdict;
  int32_t reserved;
  const char *verdict_name;
  const char *verdict_reason; /**< one sentence: why this verdict */
  int64_t probed;             /**< how long it was probed */
} deploy_evidence;
/** Since: 0.9 */
#define DEPLOY_EVIDENCE_INIT { sizeof(deploy_evidence), NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL, 0 }

/* ---- Releases ------------------------------------------------------------------------------------------------------ */

/** One immutable artifact. Since: 0.9 */
typedef struct deploy_release deploy_release;

/** A release's facts. Since: 0.9 */
typedef struct deploy_release_info {
  size_t struct_size;
  const char *application;
  const char *version;
  int64_t build;      /**< 0 when something else built it */
  const char *image;  /**< name@digest: what is pulled */
  const char *digest; /**< what moves between environments */
  const char *commit; /**< "" when unknown; "-dirty" is appended for a dirty tree */
  const char *creator;
  int64_t created;
  int32_t rollback_never; /**< 1: marked "rollback: never"; nothing goes back from it by itself */
  int32_t reserved;
} deploy_release_info;
/** Since: 0.9 */
#define DEPLOY_RELEASE_INFO_INIT { sizeof(deploy_release_info), NULL, NULL, 0, NULL, NULL, NULL, NULL, 0, 0, 0 }

/** Returns NULL. Not for releases that are lent. Since: 0.9 */
DEPLOY_API deploy_release *deploy_release_free(deploy_release *release);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_release_get_info(const deploy_release *release, deploy_release_info *out_info);
/** {"application":...,"version":...,"build":...,"image":...,"digest":...,"commit":...,"creator":...,"created":...,
 *  "rollback":"allowed" or "never"}. Since: 0.9 */
DEPLOY_API const char *deploy_release_to_json(const deploy_release *release);

/** Releases, the newest first. Since: 0.9 */
typedef struct deploy_release_list deploy_release_list;
/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_release_list *deploy_release_list_free(deploy_release_list *list);
/** Lent by the list; NULL past the end. Since: 0.9 */
DEPLOY_API const deploy_release *deploy_release_list_get(const deploy_release_list *list, size_t index);

/* ---- Plans --------------------------------------------------------------------------------------------------------- */

/** The gates' answers and the ordered steps of a promotion, as data. Since: 0.9 */
typedef struct deploy_plan deploy_plan;

/** A plan's facts. Since: 0.9 */
typedef struct deploy_plan_info {
  size_t struct_size;
  const char *environment;
  const char *version; /**< what is to be live */
  const char *digest;
  const char *live_version; /**< what is live now; NULL when the environment is empty */
  const char *live_digest;
  const char *policy_hash; /**< of the environment's configuration, as far as promotions depend on it */
  const char *hash;        /**< of the plan */
  int64_t steps;           /**< how many; 0: nothing to do */
  int32_t rollback_never;  /**< 1: the release is marked "rollback: never": once it ran it is held when it fails, not undone */
  int32_t reserved;
} deploy_plan_info;
/** Since: 0.9 */
#define DEPLOY_PLAN_INFO_INIT { sizeof(deploy_plan_info), NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0 }

/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_plan *deploy_plan_free(deploy_plan *plan);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_plan_get_info(const deploy_plan *plan, deploy_plan_info *out_info);
/** Every gate's answer. Since: 0.9 */
DEPLOY_API deploy_status deploy_plan_get_gate(const deploy_plan *plan, size_t index, deploy_gate *out_gate);
/** The steps in their order. Since: 0.9 */
DEPLOY_API deploy_status deploy_plan_get_step(const deploy_plan *plan, size_t index, deploy_step *out_step);
/** Since: 0.9 */
DEPLOY_API const char *deploy_plan_to_json(const deploy_plan *plan);

/* ---- Deployments --------------------------------------------------------------------------------------------------- */

/** The record of one execution of a plan. Since: 0.9 */
typedef struct deploy_deployment deploy_deployment;

/** A deployment's facts. Since: 0.9 */
typedef struct deploy_deployment_info {
  size_t struct_size;
  const char *id;
  const char *environment;
  const char *kind;    /**< "promotion" or "rollback" */
  const char *version; /**< what was to be live */
  const char *digest;
  deploy_status outcome; /**< DEPLOY_OK (succeeded) or one of the positive ones */
  int32_t reserved;
  const char *outcome_name; /**< "succeeded", "rolled_back" ... */
  const char *live_version; /**< what was live when it ended; NULL: nothing */
  const char *live_digest;
  int64_t gap;      /**< the longest time a host had nobody serving; DEPLOY_NONE when nothing was switched */
  int64_t duration;
  const char *actor;
  int64_t started;
  int64_t finished;
} deploy_deployment_info;
/** Since: 0.9 */
#define DEPLOY_DEPLOYMENT_INFO_INIT \
  { sizeof(deploy_deployment_info), NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, 0, 0, NULL, 0, 0 }

/** Returns NULL. Not for deployments that are lent. Since: 0.9 */
DEPLOY_API deploy_deployment *deploy_deployment_free(deploy_deployment *deployment);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_deployment_get_info(const deploy_deployment *deployment, deploy_deployment_info *out_info);
/** Why it did not succeed, one sentence each (`no_rollback_target` stands alone as a word); NULL past the end. Since: 0.9 */
DEPLOY_API const char *deploy_deployment_get_reason(const deploy_deployment *deployment, size_t index);
/** What a person should know although it changed nothing (a moved tag, a stop that had to kill); NULL past the end. Since: 0.9 */
DEPLOY_API const char *deploy_deployment_get_warning(const deploy_deployment *deployment, size_t index);
/** What the next run or `resume` does: "floating_tags", "git_tag", "retention"; NULL past the end. Since: 0.9 */
DEPLOY_API const char *deploy_deployment_get_unfinished(const deploy_deployment *deployment, size_t index);
/** Every gate's answer. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployment_get_gate(const deploy_deployment *deployment, size_t index, deploy_gate *out_gate);
/** What was found on the hosts; nothing when all went well. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployment_get_evidence(const deploy_deployment *deployment, size_t index, deploy_evidence *out_evidence);
/** The newest tries of the probe that belong to the evidence at `evidence`, oldest first. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployment_get_probe_try(const deploy_deployment *deployment, size_t evidence, size_t index, deploy_probe_try *out_try);
/** How long the old container of each host took to stop. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployment_get_stop(const deploy_deployment *deployment, size_t index, const char **out_host, int64_t *out_duration);
/** {"deployment":ID,"environment":...,"release":...,"digest":...,"outcome":...,"live":...,"gap_ms":...,...}. Since: 0.9 */
DEPLOY_API const char *deploy_deployment_to_json(const deploy_deployment *deployment);

/** Deployments; the function that gives the list says in which order. Since: 0.9 */
typedef struct deploy_deployment_list deploy_deployment_list;
/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_deployment_list *deploy_deployment_list_free(deploy_deployment_list *list);
/** Lent by the list; NULL past the end. Since: 0.9 */
DEPLOY_API const deploy_deployment *deploy_deployment_list_get(const deploy_deployment_list *list, size_t index);

/* ---- The state of an environment ----------------------------------------------------------------------------------- */

/** What the ledger says of an environment. Since: 0.9 */
typedef struct deploy_environment_state deploy_environment_state;

/** An environment's facts. Since: 0.9 */
typedef struct deploy_environment_info {
  size_t struct_size;
  const char *environment;
  const char *live_version; /**< this and the next three: NULL or DEPLOY_NONE when the environment is empty */
  const char *live_digest;
  const char *live_deployment;
  int64_t live_since;
  const char *rollback_target; /**< the version that `rollback` would bring back; NULL when there is none */
  const char *last_outcome;    /**< of the newest deployment, "succeeded" ...; NULL when there was none */
  const char *frozen_by;       /**< NULL: not frozen (by a person; windows are a matter of the gates) */
  const char *frozen_reason;
  const char *interrupted_deployment; /**< what `resume` will finish or undo; NULL when nothing was interrupted */
  const char *interrupted_version;
  const char *interrupted_step; /**< the last one known */
  int64_t interrupted_started;
  const char *lease_actor; /**< who acts on it now; NULL when nobody does */
  const char *lease_machine;
  int64_t lease_process;
  int64_t lease_expires;
  int32_t stranded; /**< 1: the last deployment left it for a person */
  int32_t reserved;
  int64_t lease_since;
  const char *lease_condition; /**< "held"; "expired": not renewed in time; "gone": its process has ended. `resume` takes the
                                    latter two over. NULL when nobody holds it */
  const char *stopped_by; /**< who froze every environment at once; NULL: nobody did */
  const char *stopped_reason;
  int64_t closed_until;         /**< end of the freeze window that it is in now; DEPLOY_NONE when it is in none */
  const char *rollback_barrier; /**< the version marked "rollback: never" for which rollback_target is NULL; NULL when there is none */
  const char *candidate;        /**< the newest release that could come here next; NULL when there is none */
  const char *candidate_digest;
} deploy_environment_info;
/** Since: 0.9 */
#define DEPLOY_ENVIRONMENT_INFO_INIT \
  { sizeof(deploy_environment_info), NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL, NULL, 0, NULL, NULL, NULL }

/** A version that was live there and passed probe and bake: what can be gone back to. Since: 0.9 */
typedef struct deploy_verified {
  size_t struct_size;
  const char *version;
  const char *digest;
  int64_t time;
  int32_t quarantined; /**< 1: it failed since; not offered until a person lifts it */
  int32_t reserved;
} deploy_verified;
/** Since: 0.9 */
#define DEPLOY_VERIFIED_INIT { sizeof(deploy_verified), NULL, NULL, 0, 0, 0 }

/** A release that waits for approval. Since: 0.9 */
typedef struct deploy_pending {
  size_t struct_size;
  const char *version;
  const char *digest;
  const char *const *granted_by; /**< names, ended by NULL */
  const char *const *denied_by;  /**< names, ended by NULL */
  int64_t required;              /**< how many must agree */
  const char *const *not_counted; /**< a sentence for each recorded decision that counts for nothing (unsigned, expired, policy changed ...), ended by NULL */
  int32_t signatures_required;   /**< 1: decisions count only when signed */
  int32_t reserved;
  const char *const *signed_by; /**< a map: of those who decided, the fingerprint of the key that each signed with. NULL: nobody */
} deploy_pending;
/** Since: 0.9 */
#define DEPLOY_PENDING_INIT { sizeof(deploy_pending), NULL, NULL, NULL, NULL, 0, NULL, 0, 0, NULL }

/** A digest that failed; no environment is offered it until a person lifts it. Since: 0.9 */
typedef struct deploy_quarantined {
  size_t struct_size;
  const char *version;
  const char *digest;
  const char *reason;
  const char *by;
  int64_t since;
} deploy_quarantined;
/** Since: 0.9 */
#define DEPLOY_QUARANTINED_INIT { sizeof(deploy_quarantined), NULL, NULL, NULL, NULL, 0 }

/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_environment_state *deploy_environment_state_free(deploy_environment_state *state);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_state_get_info(const deploy_environment_state *state, deploy_environment_info *out_info);
/** The newest first. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_state_get_verified(const deploy_environment_state *state, size_t index, deploy_verified *out_verified);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_state_get_pending(const deploy_environment_state *state, size_t index, deploy_pending *out_pending);
/** The gates that deny the candidate now; DEPLOY_NOT_FOUND at index 0: nothing is known to stand in its way. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_state_get_gate(const deploy_environment_state *state, size_t index, deploy_gate *out_gate);
/** Every quarantined digest of the application, in order of digest. Since: 0.9 */
DEPLOY_API deploy_status deploy_environment_state_get_quarantined(const deploy_environment_state *state, size_t index,
                                                                  deploy_quarantined *out_quarantined);
/** Since: 0.9 */
DEPLOY_API const char *deploy_environment_state_to_json(const deploy_environment_state *state);

/* ---- Decisions: approvals and denials ------------------------------------------------------------------------------ */

/** A decision on a release in an environment, drafted or recorded. It is bound to the digest, the environment and the policy there;
 *  any change of them voids it.
 *
 *  What is signed is its text, fixed lines ended by LF, in the SSH signature format and the namespace "approval@libdeploy", so that
 *  `ssh-keygen -Y sign -n approval@libdeploy -f KEY FILE` makes what `ssh-keygen -Y verify` and this library verify:
 *
 *      libdeploy-approval-v1
 *      decision: approve                              or: deny
 *      application: shop
 *      environment: production
 *      version: 1.0.2
 *      digest: sha256:dddf...
 *      replaces: 1.0.1 sha256:4f1c...                 what is live there; or: nothing
 *      policy: 3fa9...                                hash over all that a promotion there depends on
 *      creator: ci                                    who made the release
 *      approver: alice                                whose decision it is; a principal of allowed_signers
 *      issued: 2026-11-22T22:26:53.123Z
 *      expires: 2026-11-23T22:26:53.123Z              or, of a denial: never
 *      nonce: 0f6c...                                 each text is good for once
 *      comment: "tested the checkout by hand"         a JSON string
 *
 *  Signatures by ed25519, ECDSA, RSA (2048 bits or more, SHA-2) and security keys (touched) are taken. They are verified when they are
 *  recorded and again at each promotion, against the lists of keys as those are then. A denial needs a signature as well where signatures
 *  are wanted, or anybody could stop everything in another's name; it stands until its author withdraws it, even if the key has expired or
 *  was revoked since. In an emergency deploy_deployer_freeze stops an environment without any key. Since: 0.9 */
typedef struct deploy_decision deploy_decision;

/** Since: 0.9 */
typedef struct deploy_decision_info {
  size_t struct_size;
  int32_t granted; /**< 1: approved, 0: denied */
  int32_t reserved;
  const char *application;
  const char *environment;
  const char *version;
  const char *digest;
  const char *replaces_version; /**< what is live there; NULL: nothing */
  const char *replaces_digest;  /**< NULL: nothing */
  const char *policy_hash;
  const char *creator;  /**< who made the release */
  const char *approver; /**< who decides */
  int64_t issued;
  int64_t expires; /**< DEPLOY_NONE: a denial holds until it is withdrawn */
  const char *nonce;
  const char *comment;
  const char *text;      /**< what is signed */
  const char *signature; /**< armored; NULL unless signed */
  const char *key;       /**< "SHA256:..." of the key that signed; NULL unless signed */
  const char *key_type;  /**< "ssh-ed25519" ...; NULL unless signed */
} deploy_decision_info;
/** Since: 0.9 */
#define DEPLOY_DECISION_INFO_INIT \
  { sizeof(deploy_decision_info), 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL }

/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_decision *deploy_decision_free(deploy_decision *decision);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_decision_get_info(const deploy_decision *decision, deploy_decision_info *out_info);
/** Since: 0.9 */
DEPLOY_API const char *deploy_decision_to_json(const deploy_decision *decision);

/* ---- Drift and checks ---------------------------------------------------------------------------------------------- */

/** Where hosts differ from the ledger. Since: 0.9 */
typedef struct deploy_drift deploy_drift;

/** One difference. Since: 0.9 */
typedef struct deploy_difference {
  size_t struct_size;
  const char *host;
  const char *what; /**< "digest", "missing", "stopped", "ports", "env", "restarts", "configuration", "retained", "extra", "unreachable" */
  const char *expected;
  const char *found;
} deploy_difference;
/** Since: 0.9 */
#define DEPLOY_DIFFERENCE_INIT { sizeof(deploy_difference), NULL, NULL, NULL, NULL }

/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_drift *deploy_drift_free(deploy_drift *drift);
/** DEPLOY_NOT_FOUND at index 0: everything is as recorded. Since: 0.9 */
DEPLOY_API deploy_status deploy_drift_get_difference(const deploy_drift *drift, size_t index, deploy_difference *out_difference);
/** Since: 0.9 */
DEPLOY_API const char *deploy_drift_to_json(const deploy_drift *drift);

/** What `doctor` found. Since: 0.9 */
typedef struct deploy_checks deploy_checks;

/** Since: 0.9 */
typedef int32_t deploy_check_level;
enum { DEPLOY_CHECK_OK = 0, DEPLOY_CHECK_WARNING = 1, DEPLOY_CHECK_FAILURE = 2 };

/** One check. Since: 0.9 */
typedef struct deploy_check {
  size_t struct_size;
  deploy_check_level level;
  int32_t reserved;
  const char *level_name; /**< "ok", "warning", "failure" */
  const char *name;       /**< "engine", "host", "ssh", "registry", "git", "ledger", "probe" ... */
  const char *subject;    /**< which one: a host, a repository */
  const char *message;    /**< what was found */
  const char *advice;     /**< what to do; "" when ok */
} deploy_check;
/** Since: 0.9 */
#define DEPLOY_CHECK_INIT { sizeof(deploy_check), 0, 0, NULL, NULL, NULL, NULL, NULL }

/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_checks *deploy_checks_free(deploy_checks *checks);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_checks_get(const deploy_checks *checks, size_t index, deploy_check *out_check);
/** A JSON array. Since: 0.9 */
DEPLOY_API const char *deploy_checks_to_json(const deploy_checks *checks);

/* ---- Ports of your own --------------------------------------------------------------------------------------------- */

/* A port is a table of functions that the library calls in place of a built-in part; deploy_deployer_options carries them. Begin with
 * the _INIT macro, set `user_data` and the functions. What is NULL and not said to be optional is refused with
 * DEPLOY_INVALID_ARGUMENT and the detail `argument`, "engine.inspect".
 *
 * Each function gets `user_data` first. Its answer goes where its comment says: into an output (which holds a default before), or by
 * deploy_call_give_... into its call; what is given is copied, and giving nothing means "there is none". It returns DEPLOY_OK, or a
 * negative status with an error of its own (deploy_error_new) in *out_error, which then belongs to the library. The caller of the
 * deployer gets it back with the same status, area and details (the library may add some, and words around the message), unless it made
 * a step of a deployment fail: then its message is among the reasons. Without an error the status alone comes back, and
 * DEPLOY_NO_MEMORY as just that. Secrets that the library knows are taken out of it.
 *
 * Functions are called on the thread of the call, but for two: where hosts are worked on in parallel (`max_parallel` above 1) on several
 * threads at a time, and ledger store and clock also from the thread that renews a lease. In a simulation neither is the case, unless its
 * clock is your own and does not stand still. `destroy`, which may be NULL, is called exactly once, after the last
 * call; of a table whose `struct_size` is too small to have one it is not called.
 *
 * A registry, an image builder, a git repository and a traffic router cannot be supplied from C in this version. */

/** One call of a port: how long it may take, whether it is still wanted, where its answer goes. Lent for the call. The status of
 *  deploy_call_give_... need not be looked at: what could not be taken fails the call, whatever the function returns. Since: 0.9 */
typedef struct deploy_call deploy_call;

/** DEPLOY_NONE for a call without a limit. Since: 0.9 */
DEPLOY_API int64_t deploy_call_get_timeout(const deploy_call *call);
/** 1 when the call should end early, with DEPLOY_CALL_CANCELLED; else 0. From any thread. Since: 0.9 */
DEPLOY_API int32_t deploy_call_is_cancelled(const deploy_call *call);
/** A text; any bytes where it is output of a container. Since: 0.9 */
DEPLOY_API deploy_status deploy_call_give_text(deploy_call *call, const char *text, size_t length);

/** One line of the ledger. `hash` is SHA-256 over the canonical bytes of the rest; lines are stored and read as they are. Since: 0.9 */
typedef struct deploy_ledger_entry {
  size_t struct_size;
  int64_t seq;             /**< 1, 2, 3 ... */
  const char *time;        /**< RFC 3339 UTC, milliseconds */
  const char *kind;        /**< "deployment_started", "step_intended" ... */
  const char *actor;
  const char *environment; /**< "" where it belongs to none */
  const char *deployment;  /**< "" */
  int64_t token;           /**< of the lease that it was written under; 0 where it needs none */
  const char *data;        /**< a canonical JSON object */
  const char *prev;        /**< hash of the entry before; 64 zeros for the first */
  const char *hash;
} deploy_ledger_entry;
/** Since: 0.9 */
#define DEPLOY_LEDGER_ENTRY_INIT { sizeof(deploy_ledger_entry), 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL }
/** Rule 10 holds. Since: 0.9 */
typedef void (*deploy_entry_fn)(const deploy_ledger_entry *entry, void *user_data);

/** The newest entry. An empty ledger has seq 0 and 64 zeros. Since: 0.9 */
typedef struct deploy_ledger_head {
  size_t struct_size;
  int64_t seq;
  char hash[72]; /**< 64 hex digits and a NUL */
} deploy_ledger_head;
/** Since: 0.9 */
#define DEPLOY_LEDGER_HEAD_INIT { sizeof(deploy_ledger_head), 0, "0000000000000000000000000000000000000000000000000000000000000000" }

/** Who holds the right to change an environment, until when. Since: 0.9 */
typedef struct deploy_lease {
  size_t struct_size;
  const char *name;  /**< the environment */
  const char *actor; /**< this and the next three name the holder; store them as they are */
  const char *machine;
  const char *process_start;
  int64_t process;
  int64_t token; /**< higher than every earlier one of that name */
  int64_t since;
  int64_t expires;
} deploy_lease;
/** Since: 0.9 */
#define DEPLOY_LEASE_INIT { sizeof(deploy_lease), NULL, NULL, NULL, NULL, 0, 0, 0, 0 }
/** 1 when the holder of this lease is known to be dead. Since: 0.9 */
typedef int32_t (*deploy_take_over_fn)(const deploy_lease *lease, void *context);

/** Since: 0.9 */
DEPLOY_API deploy_status deploy_call_give_entry(deploy_call *call, const deploy_ledger_entry *entry);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_call_give_lease(deploy_call *call, const deploy_lease *lease);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_call_give_checkpoint(deploy_call *call, const deploy_ledger_head *head, const char *state, size_t length);

/** Where the ledger and the leases are kept. Every function is atomic, and durable when it returns. Since: 0.9 */
typedef struct deploy_ledger_store {
  size_t struct_size;
  void *user_data;
  void (*destroy)(void *user_data);
  /** Into *out_head. */
  deploy_status (*head)(void *user_data, deploy_ledger_head *out_head, deploy_error **out_error);
  /** Gives the entries with seq above `after`, in order, at most `limit`. */
  deploy_status (*read)(void *user_data, int64_t after, size_t limit, deploy_call *call, deploy_error **out_error);
  /** Appends all or nothing. DEPLOY_CONFLICT when the head is not `expected`; with a `lease` (else NULL) DEPLOY_FENCED when the newest
   *  token of that name is not `token`, or was released. Both need no error. */
  deploy_status (*append)(void *user_data, const deploy_ledger_head *expected, const char *lease, int64_t token,
                          const deploy_ledger_entry *const *entries, size_t count, deploy_error **out_error);
  /** Takes the lease `wanted` (its token is 0 yet) if it is free, expired at wanted->since, or `may_take_over` says so of the one that is
   *  held: *out_token gets the new token. It stays 0 when somebody else holds it. */
  deploy_status (*acquire)(void *user_data, const deploy_lease *wanted, deploy_take_over_fn may_take_over, void *context, int64_t *out_token,
                           deploy_error **out_error);
  /** Sets a new end; *out_held becomes 0 when the lease is not held under this token any more. */
  deploy_status (*renew)(void *user_data, const char *name, int64_t token, int64_t expires, int32_t *out_held, deploy_error **out_error);
  /** Nothing happens when it is not held under this token. */
  deploy_status (*release)(void *user_data, const char *name, int64_t token, deploy_error **out_error);
  /** Gives the lease, expired or not; nothing when nobody holds it. */
  deploy_status (*lease)(void *user_data, const char *name, deploy_call *call, deploy_error **out_error);
  /** Gives the checkpoint that was saved last. This and the next are optional, together: they make opening a long ledger quick. */
  deploy_status (*checkpoint)(void *user_data, deploy_call *call, deploy_error **out_error);
  deploy_status (*save_checkpoint)(void *user_data, const deploy_ledger_head *head, const char *state, size_t length, deploy_error **out_error);
} deploy_ledger_store;
/** Since: 0.9 */
#define DEPLOY_LEDGER_STORE_INIT \
  { sizeof(deploy_ledger_store), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/** Since: 0.9 */
typedef struct deploy_engine_info {
  size_t struct_size;
  const char *version;
  const char *api_version;
  const char *os;
  const char *architecture;
  int64_t free_disk; /**< bytes free where images are kept; DEPLOY_NONE when that is not known */
  int32_t podman;    /**< not 0: it is podman */
  int32_t reserved;
} deploy_engine_info;
/** Since: 0.9 */
#define DEPLOY_ENGINE_INFO_INIT { sizeof(deploy_engine_info), NULL, NULL, NULL, NULL, DEPLOY_NONE, 0, 0 }

/** An image on a host. Since: 0.9 */
typedef struct deploy_image_info {
  size_t struct_size;
  const char *id;                  /**< "sha256:..." of its configuration */
  const char *const *repo_digests; /**< a list: "name@sha256:..." */
  const char *const *repo_tags;    /**< a list: "name:tag" */
  const char *const *labels;       /**< a map */
  int64_t size;
  int64_t containers; /**< made from it, in any state; DEPLOY_NONE when that was not asked (list_images asks) */
} deploy_image_info;
/** Since: 0.9 */
#define DEPLOY_IMAGE_INFO_INIT { sizeof(deploy_image_info), NULL, NULL, NULL, NULL, 0, DEPLOY_NONE }

/** Since: 0.9 */
typedef int32_t deploy_container_status;
enum {
  DEPLOY_CONTAINER_CREATED = 0,
  DEPLOY_CONTAINER_RUNNING = 1,
  DEPLOY_CONTAINER_PAUSED = 2,
  DEPLOY_CONTAINER_RESTARTING = 3,
  DEPLOY_CONTAINER_REMOVING = 4,
  DEPLOY_CONTAINER_EXITED = 5,
  DEPLOY_CONTAINER_DEAD = 6
};
/** What the image's HEALTHCHECK says. Since: 0.9 */
typedef int32_t deploy_engine_health;
enum { DEPLOY_HEALTH_NONE = 0, DEPLOY_HEALTH_STARTING = 1, DEPLOY_HEALTH_HEALTHY = 2, DEPLOY_HEALTH_UNHEALTHY = 3 };

/** A container on a host. Since: 0.9 */
typedef struct deploy_container_info {
  size_t struct_size;
  const char *id;
  const char *name;
  const char *image;    /**< as it was asked for when the container was made */
  const char *image_id; /**< "sha256:..." */
  deploy_container_status status;
  deploy_engine_health health;
  int32_t exit_code;
  int32_t oom_killed;
  int64_t restart_count;
  const char *error;          /**< the engine's own words, such as why a start failed */
  const char *health_log;     /**< output of the newest health check */
  const char *restart_policy; /**< "unless-stopped" */
  int64_t started;            /**< DEPLOY_NONE: never */
  int64_t finished;
  const char *const *labels; /**< a map */
  const char *const *env;    /**< a list: "NAME=value" */
  const char *const *ports;  /**< a list: "8080:80" */
} deploy_container_info;
/** Since: 0.9 */
#define DEPLOY_CONTAINER_INFO_INIT \
  { sizeof(deploy_container_info), NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL, NULL, DEPLOY_NONE, DEPLOY_NONE, NULL, NULL, NULL }

/** A container that is to be made. Since: 0.9 */
typedef struct deploy_container_request {
  size_t struct_size;
  const char *name;
  const char *image;                 /**< by digest: "name@sha256:..." */
  const deploy_container *container; /**< all but its name and labels counts */
  const char *const *env;            /**< a map; secrets are resolved, so never log it */
  const char *const *labels;         /**< a map: all of them */
} deploy_container_request;
/** Since: 0.9 */
#define DEPLOY_CONTAINER_REQUEST_INIT { sizeof(deploy_container_request), NULL, NULL, NULL, NULL, NULL }

/** Since: 0.9 */
DEPLOY_API deploy_status deploy_call_give_engine(deploy_call *call, const deploy_engine_info *info);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_call_give_image(deploy_call *call, const deploy_image_info *image);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_call_give_container(deploy_call *call, const deploy_container_info *container);
/** How far a pull is: bytes over all layers known so far. Since: 0.9 */
DEPLOY_API deploy_status deploy_call_give_progress(deploy_call *call, int64_t current, int64_t total);

/** The engines of all hosts; `host` is the URL in the configuration. An act on a container that is already in the wanted state succeeds
 *  (start of a running one, stop of a stopped one, removal of an absent one), so that a step can be repeated. `container` is an id, or of
 *  `inspect` an id or a name. Since: 0.9 */
typedef struct deploy_engine {
  size_t struct_size;
  void *user_data;
  void (*destroy)(void *user_data);
  /** Gives the engine. */
  deploy_status (*info)(void *user_data, const char *host, deploy_call *call, deploy_error **out_error);
  /** By digest; may give progress. */
  deploy_status (*pull)(void *user_data, const char *host, const char *image, deploy_call *call, deploy_error **out_error);
  /** Gives the image that this reference or id names; nothing when the host has none. */
  deploy_status (*find_image)(void *user_data, const char *host, const char *reference, deploy_call *call, deploy_error **out_error);
  /** Gives every image under the repository's name, by tag or digest. */
  deploy_status (*list_images)(void *user_data, const char *host, const char *repository, deploy_call *call, deploy_error **out_error);
  /** Takes the reference away, and the image with its last one; DEPLOY_CONFLICT when a container uses it. */
  deploy_status (*remove_image)(void *user_data, const char *host, const char *reference, deploy_call *call, deploy_error **out_error);
  /** Gives the id as text; DEPLOY_ALREADY_EXISTS when the name is taken. */
  deploy_status (*create)(void *user_data, const char *host, const deploy_container_request *request, deploy_call *call, deploy_error **out_error);
  deploy_status (*start)(void *user_data, const char *host, const char *container, deploy_call *call, deploy_error **out_error);
  /** Signals, and kills after `grace`. */
  deploy_status (*stop)(void *user_data, const char *host, const char *container, int64_t grace, deploy_call *call, deploy_error **out_error);
  deploy_status (*rename)(void *user_data, const char *host, const char *container, const char *name, deploy_call *call, deploy_error **out_error);
  /** DEPLOY_UNSUPPORTED where the engine cannot; the container keeps its policy then. */
  deploy_status (*set_restart_policy)(void *user_data, const char *host, const char *container, const char *policy, deploy_call *call,
                                      deploy_error **out_error);
  /** A running one is killed; anonymous volumes go with it. */
  deploy_status (*remove)(void *user_data, const char *host, const char *container, deploy_call *call, deploy_error **out_error);
  /** Gives the container; nothing when there is none. */
  deploy_status (*inspect)(void *user_data, const char *host, const char *container, deploy_call *call, deploy_error **out_error);
  /** Gives every container, in any state, that carries all these labels (a map). */
  deploy_status (*list)(void *user_data, const char *host, const char *const *labels, deploy_call *call, deploy_error **out_error);
  /** Gives the running containers that publish any of these host ports (a list: "8080:80"), whatever the address. */
  deploy_status (*list_publishing)(void *user_data, const char *host, const char *const *ports, deploy_call *call, deploy_error **out_error);
  /** Gives the newest lines as text. */
  deploy_status (*logs)(void *user_data, const char *host, const char *container, int32_t lines, deploy_call *call, deploy_error **out_error);
  /** Gives texts as they come, from the newest `lines` on, until the container ends or the call is cancelled. Optional. */
  deploy_status (*follow_logs)(void *user_data, const char *host, const char *container, int32_t lines, deploy_call *call, deploy_error **out_error);
  /** Runs a command (a list) in the container: into *out_exit_code, and gives its output as text. Optional. */
  deploy_status (*exec)(void *user_data, const char *host, const char *container, const char *const *command, int32_t *out_exit_code,
                        deploy_call *call, deploy_error **out_error);
} deploy_engine;
/** Since: 0.9 */
#define DEPLOY_ENGINE_INIT \
  { sizeof(deploy_engine), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/** One try of a health check. Since: 0.9 */
typedef struct deploy_prober {
  size_t struct_size;
  void *user_data;
  void (*destroy)(void *user_data);
  /** Into *out_answer (DEPLOY_PROBE_UNKNOWN before); gives one line of detail as text. An error is for what makes probing as such
   *  impossible: it fails the step. What merely could not be asked this time is DEPLOY_PROBE_UNKNOWN. */
  deploy_status (*attempt)(void *user_data, const deploy_health_probe *probe, const char *host, const char *container,
                           deploy_probe_answer *out_answer, deploy_call *call, deploy_error **out_error);
} deploy_prober;
/** Since: 0.9 */
#define DEPLOY_PROBER_INIT { sizeof(deploy_prober), NULL, NULL, NULL }

/** Where the secrets that the configuration names are to be had: of containers, of the registry, of SSH. Since: 0.9 */
typedef struct deploy_secrets {
  size_t struct_size;
  void *user_data;
  void (*destroy)(void *user_data);
  /** Gives the value as text: no newline is taken off. It is kept out of all that the library says. */
  deploy_status (*resolve)(void *user_data, const deploy_secret_source *source, deploy_call *call, deploy_error **out_error);
} deploy_secrets;
/** Since: 0.9 */
#define DEPLOY_SECRETS_INIT { sizeof(deploy_secrets), NULL, NULL, NULL }

/** Somebody who knows more of people than the configuration does: a directory, a rota. Since: 0.9 */
typedef struct deploy_approval_check {
  size_t struct_size;
  void *user_data;
  void (*destroy)(void *user_data);
  /** Asked before a decision is recorded, and of every approval again before it counts at a gate. Gives a sentence as text when it must
   *  not count: then it is not recorded (DEPLOY_UNAUTHORIZED, `problem` "objected"), or counts for nothing and the gate says why. Gives
   *  nothing when it may. Whoever is not among the approvers, or whose signature does not hold, is refused without asking. */
  deploy_status (*check)(void *user_data, const deploy_decision *decision, deploy_call *call, deploy_error **out_error);
} deploy_approval_check;
/** Since: 0.9 */
#define DEPLOY_APPROVAL_CHECK_INIT { sizeof(deploy_approval_check), NULL, NULL, NULL }

/** Time. It cannot fail. Leases, soak times, windows and expiries go by `now`; waiting goes by `elapsed` and `sleep`.
 *
 *  A lease is renewed before each act and, where `stands_still` is 0, by a thread of the library as well, which waits in real time and
 *  asks `elapsed` whether it is due: so no sleep or probe of yours can outlast it. A clock that only moves when somebody sleeps or sets it
 *  (a simulation) sets `stands_still`: then no such thread is started. Since: 0.9 */
typedef struct deploy_clock {
  size_t struct_size;
  void *user_data;
  void (*destroy)(void *user_data);
  int64_t (*now)(void *user_data);     /**< wall clock, milliseconds since 1970 UTC; may jump */
  int64_t (*elapsed)(void *user_data); /**< monotonic, from an arbitrary start. NULL: the system's */
  /** Returns early when the call is cancelled. NULL: the system's. */
  void (*sleep)(void *user_data, int64_t duration, const deploy_call *call);
  int32_t stands_still;
  int32_t reserved;
} deploy_clock;
/** Since: 0.9 */
#define DEPLOY_CLOCK_INIT { sizeof(deploy_clock), NULL, NULL, NULL, NULL, NULL, 0, 0 }

/* ---- The deployer -------------------------------------------------------------------------------------------------- */

/** Runs the pipeline of one configuration. Calls block until they are done; one thread at a time uses it, and
 *  deploy_deployer_cancel comes from any. Threads that it starts end with it.
 *
 *  A `release` argument selects: a version ("1.0.42"), a build number ("42"), a digest or a unique beginning of one
 *  (7 hex digits or more); NULL or "" is the newest. An `environment` argument is a name in the configuration. Since: 0.9 */
typedef struct deploy_deployer deploy_deployer;

/** Since: 0.9 */
typedef struct deploy_deployer_options {
  size_t struct_size;
  const char *actor;        /**< who acts; recorded with everything. Required */
  deploy_event_fn on_event; /**< may be NULL */
  void *user_data;          /**< for on_event */
  const deploy_ledger_store *ledger_store; /**< ports of your own, in place of the built-in ones; NULL: the built-in one */
  const deploy_engine *engine;
  const deploy_prober *prober;
  const deploy_secrets *secrets;
  const deploy_clock *clock;
  const deploy_approval_check *approval_check; /**< NULL: nobody else is asked */
} deploy_deployer_options;
/** Since: 0.9 */
#define DEPLOY_DEPLOYER_OPTIONS_INIT { sizeof(deploy_deployer_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/** Opens the ledger (and creates it), connects to nothing yet. Tables of ports are copied, and each one's `destroy` is called exactly
 *  once: when the deployer is freed, or before this call returns a negative status. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_new(const deploy_config *config, const deploy_deployer_options *options,
                                             deploy_deployer **out_deployer, deploy_error **out_error);
/** Returns NULL. No call may be running. Since: 0.9 */
DEPLOY_API deploy_deployer *deploy_deployer_free(deploy_deployer *deployer);
/** Stops the running call from any thread (not from a signal handler): what it changed is undone first, then it ends
 *  with DEPLOY_CANCELLED, or DEPLOY_CALL_CANCELLED where there is no deployment to tell of. Returns at once. Since: 0.9 */
DEPLOY_API void deploy_deployer_cancel(deploy_deployer *deployer);

/** Since: 0.9 */
typedef struct deploy_build_options {
  size_t struct_size;
  int64_t build; /**< 0: the ledger's next number */
  int32_t rollback_never; /**< not 0: marks the release "rollback: never" (a migrated schema ...): nothing goes back from it by itself */
  int32_t reserved;
} deploy_build_options;
/** Since: 0.9 */
#define DEPLOY_BUILD_OPTIONS_INIT { sizeof(deploy_build_options), 0, 0, 0 }

/** Builds once, pushes once, adds every tag, registers the release. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_build(deploy_deployer *deployer, const deploy_build_options *options, deploy_release **out_release,
                                               deploy_error **out_error);

/** Since: 0.9 */
typedef struct deploy_release_options {
  size_t struct_size;
  int32_t rollback_never; /**< as with deploy_build_options */
  int32_t reserved;
} deploy_release_options;
/** Since: 0.9 */
#define DEPLOY_RELEASE_OPTIONS_INIT { sizeof(deploy_release_options), 0, 0 }

/** Registers an image that something else built, under a version; its tag is resolved to a digest. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_add_release(deploy_deployer *deployer, const char *image, const char *version,
                                                     const deploy_release_options *options, deploy_release **out_release,
                                                     deploy_error **out_error);
/** Every registered release, the newest first. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_releases(deploy_deployer *deployer, deploy_release_list **out_releases, deploy_error **out_error);
/** DEPLOY_NOT_FOUND when none matches. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_find_release(deploy_deployer *deployer, const char *release, deploy_release **out_release,
                                                      deploy_error **out_error);

/** Since: 0.9 */
typedef struct deploy_promote_options {
  size_t struct_size;
  int32_t allow_downgrade; /**< not 0: a version below the live one may go there */
  int32_t reserved;
} deploy_promote_options;
/** Since: 0.9 */
#define DEPLOY_PROMOTE_OPTIONS_INIT { sizeof(deploy_promote_options), 0, 0 }

/** What a promotion would do, and whether the gates allow it. Changes nothing. DEPLOY_OK, or DEPLOY_BLOCKED when a gate says no;
 *  both give the plan. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_plan(deploy_deployer *deployer, const char *release, const char *environment,
                                              const deploy_promote_options *options, deploy_plan **out_plan, deploy_error **out_error);
/** Asks every gate what it says to this promotion now, by the ledger, the configuration and the clock alone: no registry, no host
 *  (`digest_available` is not asked). DEPLOY_OK when all allow, DEPLOY_BLOCKED when one denies; both give every answer, with the
 *  reason and, where it is known, when the gate opens. deploy_deployer_plan also asks the registry. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_ask_gates(deploy_deployer *deployer, const char *release, const char *environment,
                                                   const deploy_promote_options *options, deploy_gate_list **out_gates,
                                                   deploy_error **out_error);
/** Brings a release to an environment. The status is the deployment's outcome; every one of them gives the record. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_promote(deploy_deployer *deployer, const char *release, const char *environment,
                                                 const deploy_promote_options *options, deploy_deployment **out_deployment,
                                                 deploy_error **out_error);
/** Builds, then promotes to every environment in order until one does not succeed. The status is the last one's outcome; the
 *  list is in the order of the promotions. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_run(deploy_deployer *deployer, const deploy_build_options *options,
                                             deploy_deployment_list **out_deployments, deploy_error **out_error);

/** How a decision is given. Since: 0.9 */
typedef struct deploy_decision_options {
  size_t struct_size;
  int32_t deny; /**< not 0: a denial */
  int32_t reserved;
  const char *comment;     /**< may be NULL; part of what is signed */
  const char *sign_with;   /**< file of an SSH key, private, or public with its private part in an agent: signed by the `ssh-keygen` program, which
                                asks for a passphrase at the terminal where there is one. NULL: not signed here */
  const char *signed_text; /**< the text of a draft: the one that `signature` belongs to, or with `sign_with` the one to sign */
  const char *signature;   /**< armored, made elsewhere over `signed_text` */
} deploy_decision_options;
/** Since: 0.9 */
#define DEPLOY_DECISION_OPTIONS_INIT { sizeof(deploy_decision_options), 0, 0, NULL, NULL, NULL, NULL }

/** The actor's decision as it stands to be recorded or signed now. Records nothing. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_draft_decision(deploy_deployer *deployer, const char *release, const char *environment,
                                                        const deploy_decision_options *options, deploy_decision **out_decision,
                                                        deploy_error **out_error);
/** Records the actor's decision on this release in this environment under its present policy. DEPLOY_UNAUTHORIZED for who may not
 *  decide, and for a signature that is missing where the environment lists keys (`approval.signatures`) or that does not hold; the
 *  detail `problem` says which: `unsigned`, `altered`, `replayed`, `expired`, `wrong_namespace`, `unknown_key`, `other_principal`,
 *  `key_revoked`, `key_expired`, `other_digest`, `other_environment`, `other_policy`, `outdated` ... `out_decision` may be NULL. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_decide(deploy_deployer *deployer, const char *release, const char *environment,
                                                const deploy_decision_options *options, deploy_decision **out_decision,
                                                deploy_error **out_error);
/** deploy_deployer_decide without a signature: the actor's consent. `comment` may be NULL. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_approve(deploy_deployer *deployer, const char *release, const char *environment, const char *comment,
                                                 deploy_error **out_error);
/** The same, saying no. Nothing changes but the record. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_deny(deploy_deployer *deployer, const char *release, const char *environment, const char *comment,
                                              deploy_error **out_error);

/** Since: 0.9 */
typedef struct deploy_rollback_options {
  size_t struct_size;
  const char *to;        /**< a release that was verified there; NULL: the last one before the live one */
  int32_t no_quarantine; /**< not 0: the version that is left may be offered again */
  int32_t force;         /**< not 0: also back from, or across, a release marked "rollback: never" */
} deploy_rollback_options;
/** Since: 0.9 */
#define DEPLOY_ROLLBACK_OPTIONS_INIT { sizeof(deploy_rollback_options), NULL, 0, 0 }

/** Goes back to a verified version. DEPLOY_OK: it is live and healthy. DEPLOY_BLOCKED: a release marked "rollback: never" would
 *  be left or crossed, and `force` was not given. DEPLOY_NO_ROLLBACK_TARGET when there is nothing to go
 *  back to; the live version is left alone. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_rollback(deploy_deployer *deployer, const char *environment, const deploy_rollback_options *options,
                                                  deploy_deployment **out_deployment, deploy_error **out_error);

/** Since: 0.9 */
typedef struct deploy_resume_options {
  size_t struct_size;
  int32_t undo; /**< not 0: undo what was begun, rather than finish it */
  int32_t reserved;
} deploy_resume_options;
/** Since: 0.9 */
#define DEPLOY_RESUME_OPTIONS_INIT { sizeof(deploy_resume_options), 0, 0 }

/** Finishes (or undoes) what an interrupted run left; `environment` NULL means every one. Nothing interrupted: DEPLOY_OK and an
 *  empty list. Else the status is the outcome of the last deployment that did not succeed. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_resume(deploy_deployer *deployer, const char *environment, const deploy_resume_options *options,
                                                deploy_deployment_list **out_deployments, deploy_error **out_error);

/** What is live there, what could be gone back to, who must approve, what was interrupted. Reads the ledger only. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_state(deploy_deployer *deployer, const char *environment, deploy_environment_state **out_state,
                                               deploy_error **out_error);
/** Deployments, the newest first; `environment` NULL means every one. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_history(deploy_deployer *deployer, const char *environment, deploy_deployment_list **out_deployments,
                                                 deploy_error **out_error);
/** One deployment by its id, or by a unique beginning of it. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_find_deployment(deploy_deployer *deployer, const char *id, deploy_deployment **out_deployment,
                                                         deploy_error **out_error);

/** Since: 0.9 */
typedef struct deploy_log_options {
  size_t struct_size;
  int32_t lines;  /**< the newest so many of each host */
  int32_t follow; /**< not 0: go on until cancelled, or until the container ends */
} deploy_log_options;
/** Since: 0.9 */
#define DEPLOY_LOG_OPTIONS_INIT { sizeof(deploy_log_options), 100, 0 }

/** What the live containers wrote. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_logs(deploy_deployer *deployer, const char *environment, const deploy_log_options *options,
                                              deploy_log_fn on_text, void *user_data, deploy_error **out_error);
/** Compares the hosts with the ledger. Changes nothing. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_verify(deploy_deployer *deployer, const char *environment, deploy_drift **out_drift,
                                                deploy_error **out_error);
/** Takes into the ledger what it does not know of the hosts: from names and labels when it was lost, from name and image for a
 *  container that something else started. What is live is probed first. A line for each thing that was adopted. DEPLOY_CONFLICT
 *  when the hosts differ or it is another environment's, DEPLOY_NOT_FOUND when version or digest cannot be known. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_adopt(deploy_deployer *deployer, const char *environment, deploy_text_fn on_line, void *user_data,
                                               deploy_error **out_error);
/** Checks configuration, hosts, keys and registry, and says what to mend. A failed check is part of the result, not an
 *  error. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_doctor(deploy_deployer *deployer, deploy_checks **out_checks, deploy_error **out_error);

/** Nothing is promoted there until it is unfrozen; rollbacks stay possible. `environment` NULL or "" stops the line: every
 *  environment at once, by a switch of its own. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_freeze(deploy_deployer *deployer, const char *environment, const char *reason, deploy_error **out_error);
/** `environment` as above; the two switches do not open each other. DEPLOY_NOT_FOUND when it is not frozen. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_unfreeze(deploy_deployer *deployer, const char *environment, deploy_error **out_error);
/** Lets a digest that failed be deployed again. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_lift_quarantine(deploy_deployer *deployer, const char *digest, const char *reason,
                                                         deploy_error **out_error);

/** Checks the whole hash chain and counts its entries. DEPLOY_CORRUPT names the first bad one. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_verify_ledger(deploy_deployer *deployer, int64_t *out_entries, deploy_error **out_error);
/** The newest entry as "SEQ:HASH". Noted where nobody can reach it who can reach the ledger (a ticket, the log of the CI), it shows
 *  later whether the end is missing or history was rewritten as a whole. Lent until the next call of this function. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_ledger_head(deploy_deployer *deployer, const char **out_head, deploy_error **out_error);
/** As deploy_deployer_verify_ledger, and against a head that was noted earlier; NULL for none. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_verify_ledger_against(deploy_deployer *deployer, const char *head, int64_t *out_entries,
                                                               deploy_error **out_error);
/** Checks a ledger that was exported to a file (lines of JSON), without any configuration. The error's detail `line` names the
 *  first bad line, from 1. `head` as above. Since: 0.9 */
DEPLOY_API deploy_status deploy_ledger_verify_export(const char *path, const char *head, int64_t *out_entries, deploy_error **out_error);
/** Every entry as one line of JSON, the oldest first. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_export_ledger(deploy_deployer *deployer, deploy_text_fn on_line, void *user_data,
                                                       deploy_error **out_error);
/** The entries after the `after`-th, typed, the oldest first; `after` 0: all. Since: 0.9 */
DEPLOY_API deploy_status deploy_deployer_read_ledger(deploy_deployer *deployer, int64_t after, deploy_entry_fn on_entry, void *user_data,
                                                     deploy_error **out_error);

/* ---- Rehearsal: no I/O --------------------------------------------------------------------------------------------- */

/** What came of trying a configuration out in memory. Immutable. Since: 0.9 */
typedef struct deploy_rehearsal deploy_rehearsal;

/** Since: 0.9 */
typedef struct deploy_rehearse_options {
  size_t struct_size;
  int64_t seed;   /**< decides what goes wrong, and when; the same seed takes the same course. Not negative */
  int32_t runs;   /**< with faults: so many runs, with the seeds that follow; at least 1 */
  int32_t faults; /**< not 0: crashes, lost connections, reboots, races ...; 0: one story in which only a release is bad */
} deploy_rehearse_options;
/** Since: 0.9 */
#define DEPLOY_REHEARSE_OPTIONS_INIT { sizeof(deploy_rehearse_options), 1, 200, 0 }

/** Runs the library on in-memory hosts, registry and clock as this configuration describes them; connects to nothing and
 *  resolves no secret. `on_line`, which may be NULL, gets a line for people at a time. DEPLOY_OK whether or not a promise of
 *  the library was broken: deploy_rehearsal_get_info tells. DEPLOY_UNSUPPORTED when it asks for what this library cannot
 *  do. Since: 0.9 */
DEPLOY_API deploy_status deploy_config_rehearse(const deploy_config *config, const deploy_rehearse_options *options, deploy_text_fn on_line,
                                                void *user_data, deploy_rehearsal **out_rehearsal, deploy_error **out_error);
/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_rehearsal *deploy_rehearsal_free(deploy_rehearsal *rehearsal);

/** Since: 0.9 */
typedef struct deploy_rehearsal_info {
  size_t struct_size;
  int64_t runs;
  int64_t events;       /**< port calls and ledger entries after which every promise was checked */
  int64_t seed;         /**< of the run that broke a promise; DEPLOY_NONE when none was broken */
  int32_t broken;       /**< 1 when a promise was broken */
  int32_t invariant;    /**< which: 1 to 9, or 0 for a failure that no promise speaks of */
  const char *promise;  /**< as a sentence; this and the next two: NULL when none was broken */
  const char *sentence; /**< what was seen */
  const char *script;   /**< the shortest course of events that breaks it, a line each */
} deploy_rehearsal_info;
/** Since: 0.9 */
#define DEPLOY_REHEARSAL_INFO_INIT { sizeof(deploy_rehearsal_info), 0, 0, 0, 0, 0, NULL, NULL, NULL }

/** Since: 0.9 */
DEPLOY_API deploy_status deploy_rehearsal_get_info(const deploy_rehearsal *rehearsal, deploy_rehearsal_info *out_info);
/** How often deployments ended how, in the order of names: "blocked", "error: lease_held", "succeeded" ... Since: 0.9 */
DEPLOY_API deploy_status deploy_rehearsal_get_outcome(const deploy_rehearsal *rehearsal, size_t index, const char **out_name, int64_t *out_count);
/** {"ok":true,"runs":N,"events":N,"outcomes":{...},"violation":null or {"invariant":N,"promise":...,"sentence":...,"seed":N,
 *  "script":...}}. Since: 0.9 */
DEPLOY_API const char *deploy_rehearsal_to_json(const deploy_rehearsal *rehearsal);

/* ---- The simulator: no I/O ----------------------------------------------------------------------------------------- */

/** A world in memory: the hosts, Engines, registry, git remote and ledger that a configuration describes, and a clock that passes only
 *  when somebody waits. Deployers that are opened in it are the library itself and know nothing of being simulated. All is done on the
 *  calling thread, one host after the other, so that the same calls take the same course always. One thread at a time uses a simulation
 *  and its deployers; callbacks and ports may ask its time and let time pass. A clock of your own takes the place of the world's for its
 *  deployer: give it `sleep` and `elapsed`, or that deployer waits in real time. Since: 0.9 */
typedef struct deploy_simulation deploy_simulation;

/** Signatures of decisions, and what a probe expects of an answer but its status, are taken as given: no application in memory could
 *  know them. Since: 0.9 */
DEPLOY_API deploy_status deploy_simulation_new(const deploy_config *config, deploy_simulation **out_simulation, deploy_error **out_error);
/** Returns NULL. Deployers that were opened in it keep what they need. Since: 0.9 */
DEPLOY_API deploy_simulation *deploy_simulation_free(deploy_simulation *simulation);
/** As deploy_deployer_new, in this world: what `options` replaces by ports of your own is yours, all else is simulated. Secrets are
 *  placeholders unless `options.secrets` is given. Since: 0.9 */
DEPLOY_API deploy_status deploy_simulation_open(deploy_simulation *simulation, const deploy_deployer_options *options, deploy_deployer **out_deployer,
                                                deploy_error **out_error);
/** Somebody pushes an image under the version's tag; *out_image, lent until the next call, is what deploy_deployer_add_release takes.
 *  `behaviour` says what the application in it does: "good" (also NULL), "slow", "late", "unhealthy", "crashing", "fading" (unhealthy after
 *  a while), "hanging", "silent", "deaf" (to SIGTERM), "unstartable". Since: 0.9 */
DEPLOY_API deploy_status deploy_simulation_publish(deploy_simulation *simulation, const char *version, const char *behaviour, const char **out_image,
                                                   deploy_error **out_error);
/** What the next deploy_deployer_build will give; good applications after that. Since: 0.9 */
DEPLOY_API deploy_status deploy_simulation_prepare_build(deploy_simulation *simulation, const char *behaviour, deploy_error **out_error);
/** Something happens to the world: a line as in scripts, `cut host=URL`, `mend host=URL`, `reboot host=URL`, `restart_engine host=URL`,
 *  `fill_disk host=URL`, `free_disk host=URL`, `occupy host=URL to=ENVIRONMENT`, `vacate ...`, `stop_by_hand ...`, `remove_by_hand ...`,
 *  `erase release=VERSION`, `registry_down`, `registry_up`, `jump for=1h` (the wall clock alone). Since: 0.9 */
DEPLOY_API deploy_status deploy_simulation_happen(deploy_simulation *simulation, const char *line, deploy_error **out_error);
/** What time it is there; DEPLOY_NONE for NULL. Since: 0.9 */
DEPLOY_API int64_t deploy_simulation_get_time(const deploy_simulation *simulation);
/** Time passes there. Since: 0.9 */
DEPLOY_API deploy_status deploy_simulation_advance(deploy_simulation *simulation, int64_t duration, deploy_error **out_error);

/** Who does what, in order, and what goes wrong. One line for each action:
 *
 *      seed 7
 *      ship release=1.0.2 as=unhealthy
 *      promote release=1.0.2 to=staging by=ci on=controller
 *        at 17: kill_after                                     the process dies after its 17th port call
 *        meanwhile: approve release=1.0.2 to=production by=alice on=desk
 *      wait for=10m
 *
 *  Immutable. Since: 0.9 */
typedef struct deploy_script deploy_script;
/** What came of playing a script. Immutable. Since: 0.9 */
typedef struct deploy_script_report deploy_script_report;

/** DEPLOY_INVALID_ARGUMENT names the line. Since: 0.9 */
DEPLOY_API deploy_status deploy_script_parse(const char *text, deploy_script **out_script, deploy_error **out_error);
/** One that the seed, which is not negative, decides on. `faults` 0: only people and applications misbehave. Since: 0.9 */
DEPLOY_API deploy_status deploy_script_random(const deploy_config *config, int64_t seed, int32_t faults, deploy_script **out_script,
                                              deploy_error **out_error);
/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_script *deploy_script_free(deploy_script *script);
/** deploy_script_parse reads it back. Since: 0.9 */
DEPLOY_API const char *deploy_script_get_text(const deploy_script *script);
/** Plays it in a world of its own, mends everything, lets `resume` finish what is open, and checks the library's nine promises from
 *  outside after every event. DEPLOY_OK whether or not one was broken. The same script on the same configuration takes the same
 *  course. Since: 0.9 */
DEPLOY_API deploy_status deploy_script_play(const deploy_script *script, const deploy_config *config, deploy_script_report **out_report,
                                            deploy_error **out_error);
/** The shortest script found that breaks the same promise; the script itself when it breaks none. Since: 0.9 */
DEPLOY_API deploy_status deploy_script_shrink(const deploy_script *script, const deploy_config *config, deploy_script **out_script,
                                              deploy_error **out_error);

/** Since: 0.9 */
typedef struct deploy_script_report_info {
  size_t struct_size;
  int64_t events;       /**< port calls and ledger entries after which every promise was checked */
  int32_t broken;       /**< 1 when a promise was broken */
  int32_t invariant;    /**< which: 1 to 9, or 0 for a failure that no promise speaks of */
  const char *promise;  /**< as a sentence; this and the next: NULL when none was broken */
  const char *sentence; /**< what was seen */
} deploy_script_report_info;
/** Since: 0.9 */
#define DEPLOY_SCRIPT_REPORT_INFO_INIT { sizeof(deploy_script_report_info), 0, 0, 0, NULL, NULL }

/** Returns NULL. Since: 0.9 */
DEPLOY_API deploy_script_report *deploy_script_report_free(deploy_script_report *report);
/** Since: 0.9 */
DEPLOY_API deploy_status deploy_script_report_get_info(const deploy_script_report *report, deploy_script_report_info *out_info);
/** The story, a line for each action: what was done, and how it ended; NULL past the end. Since: 0.9 */
DEPLOY_API const char *deploy_script_report_get_line(const deploy_script_report *report, size_t index);
/** How often deployments ended how, in the order of names: "blocked", "error: lease_held", "succeeded" ... Since: 0.9 */
DEPLOY_API deploy_status deploy_script_report_get_outcome(const deploy_script_report *report, size_t index, const char **out_name, int64_t *out_count);
/** {"ok":true,"events":N,"outcomes":{...},"story":[...],"violation":null or {"invariant":N,"promise":...,"sentence":...}}. Since: 0.9 */
DEPLOY_API const char *deploy_script_report_to_json(const deploy_script_report *report);

#ifdef __cplusplus
}
#endif

#endif /* DEPLOY_DEPLOY_H */
