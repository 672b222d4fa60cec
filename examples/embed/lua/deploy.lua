-- What promote.lua needs of libdeploy, through LuaJIT's FFI. The declarations are deploy.h's own, word for word: more of them can be copied
-- from there as they are. The first member of a record says how much of it we know (rule 7).
--
-- Threads: LuaJIT runs a callback only on the thread that made it. In the simulator every callback comes on the thread of the call. Where hosts
-- are worked on in parallel (`max_parallel` above 1) events come on threads of the library: then do without `on_event`, or go through a C module.
-- Ownership: ffi.gc frees what is ours when Lua lets go of it. Callbacks are kept alive, and freed, by hand.
local ffi = require("ffi")

ffi.cdef [[
typedef int32_t deploy_status;
typedef struct deploy_error deploy_error;
typedef struct deploy_config deploy_config;
typedef struct deploy_simulation deploy_simulation;
typedef struct deploy_deployer deploy_deployer;
typedef struct deploy_release deploy_release;
typedef struct deploy_deployment deploy_deployment;
typedef struct deploy_decision deploy_decision;
typedef struct deploy_event deploy_event;
typedef struct deploy_call deploy_call;

typedef struct deploy_event_info {
  size_t struct_size;
  int32_t kind;
  int32_t reserved;
  const char *kind_name;
  int64_t time;
  const char *environment;
  const char *deployment;
  const char *host;
  const char *step;
  const char *message;
} deploy_event_info;

typedef struct deploy_deployment_info {
  size_t struct_size;
  const char *id;
  const char *environment;
  const char *kind;
  const char *version;
  const char *digest;
  deploy_status outcome;
  int32_t reserved;
  const char *outcome_name;
  const char *live_version;
  const char *live_digest;
  int64_t gap;
  int64_t duration;
  const char *actor;
  int64_t started;
  int64_t finished;
} deploy_deployment_info;

typedef struct deploy_evidence {
  size_t struct_size;
  const char *host;
  const char *container;
  const char *container_status;
  const char *error;
  const char *logs;
  int64_t restart_count;
  int32_t exit_code;
  int32_t oom_killed;
  int32_t verdict;
  int32_t reserved;
  const char *verdict_name;
  const char *verdict_reason;
  int64_t probed;
} deploy_evidence;

typedef struct deploy_decision_info {
  size_t struct_size;
  int32_t granted;
  int32_t reserved;
  const char *application;
  const char *environment;
  const char *version;
  const char *digest;
  const char *replaces_version;
  const char *replaces_digest;
  const char *policy_hash;
  const char *creator;
  const char *approver;
  int64_t issued;
  int64_t expires;
  const char *nonce;
  const char *comment;
  const char *text;
  const char *signature;
  const char *key;
  const char *key_type;
} deploy_decision_info;

enum { DEPLOY_OK = 0, DEPLOY_INTERNAL = -22, DEPLOY_EVENT_GATE_ANSWERED = 6 };


typedef void (*deploy_event_fn)(const deploy_event *event, void *user_data);
typedef deploy_status (*deploy_check_fn)(void *user_data, const deploy_decision *decision, deploy_call *call, deploy_error **out_error);

typedef struct deploy_approval_check {
  size_t struct_size;
  void *user_data;
  void (*destroy)(void *user_data);
  deploy_check_fn check;
} deploy_approval_check;

typedef struct deploy_deployer_options {
  size_t struct_size;
  const char *actor;
  deploy_event_fn on_event;
  void *user_data;
  const void *ledger_store;
  const void *engine;
  const void *prober;
  const void *secrets;
  const void *clock;
  const deploy_approval_check *approval_check;
} deploy_deployer_options;

const char *deploy_status_name(deploy_status status);
deploy_error *deploy_error_new(deploy_status status, const char *area, const char *message);
deploy_error *deploy_error_free(deploy_error *error);
const char *deploy_error_get_area(const deploy_error *error);
const char *deploy_error_get_message(const deploy_error *error);
deploy_status deploy_config_load(const char *path, deploy_config **out_config, deploy_error **out_error);
deploy_config *deploy_config_free(deploy_config *config);
deploy_status deploy_simulation_new(const deploy_config *config, deploy_simulation **out_simulation, deploy_error **out_error);
deploy_simulation *deploy_simulation_free(deploy_simulation *simulation);
deploy_status deploy_simulation_open(deploy_simulation *simulation, const deploy_deployer_options *options, deploy_deployer **out_deployer, deploy_error **out_error);
deploy_status deploy_simulation_publish(deploy_simulation *simulation, const char *version, const char *behaviour, const char **out_image, deploy_error **out_error);
deploy_deployer *deploy_deployer_free(deploy_deployer *deployer);
deploy_status deploy_deployer_add_release(deploy_deployer *deployer, const char *image, const char *version, const void *options, deploy_release **out_release, deploy_error **out_error);
deploy_status deploy_deployer_approve(deploy_deployer *deployer, const char *release, const char *environment, const char *comment, deploy_error **out_error);
deploy_status deploy_deployer_promote(deploy_deployer *deployer, const char *release, const char *environment, const void *options, deploy_deployment **out_deployment, deploy_error **out_error);
deploy_release *deploy_release_free(deploy_release *release);
deploy_deployment *deploy_deployment_free(deploy_deployment *deployment);
deploy_status deploy_deployment_get_info(const deploy_deployment *deployment, deploy_deployment_info *out_info);
const char *deploy_deployment_get_reason(const deploy_deployment *deployment, size_t index);
deploy_status deploy_deployment_get_evidence(const deploy_deployment *deployment, size_t index, deploy_evidence *out_evidence);
deploy_status deploy_event_get_info(const deploy_event *event, deploy_event_info *out_info);
deploy_status deploy_decision_get_info(const deploy_decision *decision, deploy_decision_info *out_info);
deploy_status deploy_call_give_text(deploy_call *call, const char *text, size_t length);
]]

local C = ffi.load("libdeploy.so.1")
local deploy = { C = C }

--- A copy of a lent text; nil for NULL.
function deploy.text(lent)
  if lent ~= nil then return ffi.string(lent) end
end

--- A record as its _INIT macro makes it: its size, and zeros.
function deploy.record(name)
  local record = ffi.new("deploy_" .. name)
  record.struct_size = ffi.sizeof(record)
  return record
end

--- The record that a getter fills in.
function deploy.fetch(name, getter, object)
  local record = deploy.record(name)
  assert(C["deploy_" .. getter](object, record) == C.DEPLOY_OK, "deploy_" .. name .. " is not what the library knows")
  return record
end

--- Calls deploy_NAME(..., &error). Raises a table { status, area, message } for a negative status; a positive one is an outcome.
-- Never compiled: the JIT cannot call what calls back.
function deploy.call(name, ...)
  local error_out = ffi.new("deploy_error *[1]")
  local arguments = { ... }
  arguments[select("#", ...) + 1] = error_out
  local status = C["deploy_" .. name](unpack(arguments, 1, select("#", ...) + 1))
  if status >= 0 then return status end
  local raised = { status = status, area = deploy.text(C.deploy_error_get_area(error_out[0])), message = deploy.text(C.deploy_error_get_message(error_out[0])) }
  C.deploy_error_free(error_out[0])
  error(setmetatable(raised, { __tostring = function(e) return ("%s (%s): %s"):format(ffi.string(C.deploy_status_name(e.status)), e.area, e.message) end }))
end
jit.off(deploy.call)

--- The same for a call that gives an object before its error: "config" from deploy_config_load. It frees itself.
function deploy.give(object, name, ...)
  local out = ffi.new("deploy_" .. object .. " *[1]")
  local arguments = { ... }
  arguments[select("#", ...) + 1] = out
  deploy.call(name, unpack(arguments, 1, select("#", ...) + 1))
  return ffi.gc(out[0], C["deploy_" .. object .. "_free"])
end

--- Frees an object now rather than when it is collected: a deployer has to go before its callbacks.
function deploy.close(object, name)
  ffi.gc(object, nil)
  C["deploy_" .. name .. "_free"](object)
end
jit.off(deploy.close)

--- Runs a port's function. No Lua error may pass through the library: it becomes an error of the library, which belongs to it from then on.
function deploy.answer(out_error, port)
  local fine, raised = pcall(port)
  if fine then return C.DEPLOY_OK end
  local ours = type(raised) == "table" and raised or { status = C.DEPLOY_INTERNAL, area = "lua", message = tostring(raised) }
  out_error[0] = C.deploy_error_new(ours.status, ours.area, ours.message)
  return ours.status
end

return deploy
