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
 *                 then it is yours to free. Start with `deploy_error *error = NULL;`.
 *  5. Strings.    UTF-8, ended by NUL. Copied on the way in. On the way out they live as long as their object. What does not
 *                 apply is "" unless NULL is said; a NULL `const char *` argument is allowed only where that is said.
 *  6. Time.       Milliseconds in int64_t: durations, and points in time since 1970-01-01 UTC. DEPLOY_NONE (-1): there is none.
 *  7. Structs.    Options go in and records come out as plain structs whose first member is their size. Begin with the
 *                 _INIT macro, always: `deploy_gate gate = DEPLOY_GATE_INIT;`. Later versions add members at the end; a program
 *                 built before them keeps working. Options may be NULL: all defaults. `reserved` stays 0.
 *  8. Lists.      Walk them by index until the end: `for (i = 0; deploy_plan_get_step(plan, i, &step) == DEPLOY_OK; i++)`.
 *                 Past the end a record getter answers DEPLOY_NOT_FOUND and a pointer getter NULL.
 *  9. Threads.    Different objects: any threads. One object: one thread at a time, except that what only reads (`_get_`,
 *                 `_to_json`) may run in several, and deploy_deployer_cancel may be called from any. No global state, no
 *                 signal handlers, nothing printed; environment variables are read only where the configuration names one.
 * 10. Callbacks.  Called on threads of the library, one at a time per deployer, with the `user_data` given beside them. What they
 *                 are handed is lent for the call. They must return: no longjmp, no C++ exception, and no call with the same
 *                 deployer but deploy_deployer_cancel.
 * 11. NULL.       A NULL where an object or an output is required is answered with DEPLOY_INVALID_ARGUMENT; a getter
 *                 without a status answers NULL, 0 or DEPLOY_NONE.
 * 12. ABI.        Every struct, value and function here keeps its meaning as long as the library is libdeploy.so.1 (capi/ABI.md).
 *                 Switch statements need a default: later versions add enumerators.
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
/** Which part spoke: "config", "engine", "registry", "ssh", "git", "probe", "ledger", "promotion", "capi" ... Since: 0.9 */
DEPLOY_API const char *deploy_error_get_area(const deploy_error *error);
/** For people; may have several lines (a configuration's faults, one per line). Since: 0.9 */
DEPLOY_API const char *deploy_error_get_message(const deploy_error *error);
/** One detail by name: `host`, `step`, `status` (HTTP), `exit_code`, `stderr`, `line` ...; NULL when there is none. Since: 0.9 */
DEPLOY_API const char *deploy_error_get_detail(const deploy_error *error, const char *key);
/** The details in the order of their keys. Since: 0.9 */
DEPLOY_API deploy_status deploy_error_get_detail_at(const deploy_error *error, size_t index, const char **out_key, const char **out_value);
/** {"code":"tag_moved","area":"registry","message":...,"details":{...}}. NULL only for NULL, or without memory. Since: 0.9 */
DEPLOY_API const char *deploy_error_to_json(const deploy_error *error);

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
/** Environments, an upstream before its downstream; NULL past the end. Since: 0.9 */
DEPLOY_API const deploy_environment *deploy_config_get_environment(const deploy_config *config, size_t index);
/** "staging". Since: 0.9 */
DEPLOY_API const char *deploy_environment_get_name(const deploy_environment *environment);
/** The name of the upstream environment; "" for a first one. Since: 0.9 */
DEPLOY_API const char *deploy_environment_get_after(const deploy_environment *environment);
/** Path of the list of keys whose decisions count there; NULL where decisions need no signature. Since: 0.9 */
DEPLOY_API const char *deploy_environment_get_allowed_signers(const deploy_environment *environment);
/** The hosts as URLs: "ssh://deploy@192.0.2.10"; NULL past the end. Since: 0.9 */
DEPLOY_API const char *deploy_environment_get_host(const deploy_environment *environment, size_t index);

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
} deploy_gate;
/** Since: 0.9 */
#define DEPLOY_GATE_INIT { sizeof(deploy_gate), NULL, NULL, 0, 0, 0 }

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
} deploy_pending;
/** Since: 0.9 */
#define DEPLOY_PENDING_INIT { sizeof(deploy_pending), NULL, NULL, NULL, NULL, 0, NULL, 0, 0 }

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
} deploy_deployer_options;
/** Since: 0.9 */
#define DEPLOY_DEPLOYER_OPTIONS_INIT { sizeof(deploy_deployer_options), NULL, NULL, NULL }

/** Opens the ledger (and creates it), connects to nothing yet. Since: 0.9 */
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

#ifdef __cplusplus
}
#endif

#endif /* DEPLOY_DEPLOY_H */
