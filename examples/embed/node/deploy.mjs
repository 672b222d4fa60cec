// What promote.mjs needs of libdeploy, through koffi: prototypes and structs are C, as in deploy.h.
//
// The first member of a struct says how much of it we know (rule 7 of the header). Texts are copied as they come.
//
// Threads: JavaScript runs on the main thread alone. Calls that take time are made on a thread of koffi's pool (`later`), so that the event
// loop goes on; callbacks, from whichever thread they come, are queued to the main thread, and the library waits for their answer. That is
// why a call that may call back is never made synchronously here: with a library thread in play the main thread would wait for itself.
import { promisify } from 'node:util';
import koffi from 'koffi';

const library = koffi.load('libdeploy.so.1');

for (const name of ['error', 'config', 'simulation', 'deployer', 'release', 'deployment', 'event', 'call', 'health_probe']) koffi.opaque(`deploy_${name}`);
koffi.alias('deploy_status', 'int32_t');

const structs = {
  event_info: koffi.struct('deploy_event_info', {
    struct_size: 'size_t', kind: 'int32_t', reserved: 'int32_t', kind_name: 'const char *', time: 'int64_t', environment: 'const char *',
    deployment: 'const char *', host: 'const char *', step: 'const char *', message: 'const char *',
  }),
  deployment_info: koffi.struct('deploy_deployment_info', {
    struct_size: 'size_t', id: 'const char *', environment: 'const char *', kind: 'const char *', version: 'const char *', digest: 'const char *',
    outcome: 'deploy_status', reserved: 'int32_t', outcome_name: 'const char *', live_version: 'const char *', live_digest: 'const char *',
    gap: 'int64_t', duration: 'int64_t', actor: 'const char *', started: 'int64_t', finished: 'int64_t',
  }),
  evidence: koffi.struct('deploy_evidence', {
    struct_size: 'size_t', host: 'const char *', container: 'const char *', container_status: 'const char *', error: 'const char *',
    logs: 'const char *', restart_count: 'int64_t', exit_code: 'int32_t', oom_killed: 'int32_t', verdict: 'int32_t', reserved: 'int32_t',
    verdict_name: 'const char *', verdict_reason: 'const char *', probed: 'int64_t',
  }),
};

koffi.proto('void deploy_event_fn(const deploy_event *event, void *user_data)');
koffi.proto('void deploy_destroy_fn(void *user_data)');
koffi.proto(`deploy_status deploy_attempt_fn(void *user_data, const deploy_health_probe *probe, const char *host, const char *container,
                                             int32_t *out_answer, deploy_call *call, deploy_error **out_error)`);
structs.prober = koffi.struct('deploy_prober', {
  struct_size: 'size_t', user_data: 'void *', destroy: 'deploy_destroy_fn *', attempt: 'deploy_attempt_fn *',
});
structs.deployer_options = koffi.struct('deploy_deployer_options', {
  struct_size: 'size_t', actor: 'const char *', on_event: 'deploy_event_fn *', user_data: 'void *', ledger_store: 'void *', engine: 'void *',
  prober: 'const deploy_prober *', secrets: 'void *', clock: 'void *', approval_check: 'void *',
});

const c = Object.fromEntries([
  'const char *deploy_status_name(deploy_status status)',
  'deploy_error *deploy_error_new(deploy_status status, const char *area, const char *message)',
  'deploy_error *deploy_error_free(deploy_error *error)',
  'const char *deploy_error_get_area(const deploy_error *error)',
  'const char *deploy_error_get_message(const deploy_error *error)',
  'deploy_status deploy_config_load(const char *path, _Out_ deploy_config **out_config, _Out_ deploy_error **out_error)',
  'deploy_config *deploy_config_free(deploy_config *config)',
  'deploy_status deploy_simulation_new(const deploy_config *config, _Out_ deploy_simulation **out_simulation, _Out_ deploy_error **out_error)',
  'deploy_simulation *deploy_simulation_free(deploy_simulation *simulation)',
  `deploy_status deploy_simulation_open(deploy_simulation *simulation, const deploy_deployer_options *options, _Out_ deploy_deployer **out_deployer,
                                        _Out_ deploy_error **out_error)`,
  `deploy_status deploy_simulation_publish(deploy_simulation *simulation, const char *version, const char *behaviour, _Out_ const char **out_image,
                                           _Out_ deploy_error **out_error)`,
  'deploy_deployer *deploy_deployer_free(deploy_deployer *deployer)',
  `deploy_status deploy_deployer_add_release(deploy_deployer *deployer, const char *image, const char *version, const void *options,
                                             _Out_ deploy_release **out_release, _Out_ deploy_error **out_error)`,
  `deploy_status deploy_deployer_promote(deploy_deployer *deployer, const char *release, const char *environment, const void *options,
                                         _Out_ deploy_deployment **out_deployment, _Out_ deploy_error **out_error)`,
  'deploy_release *deploy_release_free(deploy_release *release)',
  'deploy_deployment *deploy_deployment_free(deploy_deployment *deployment)',
  'deploy_status deploy_deployment_get_info(const deploy_deployment *deployment, _Inout_ deploy_deployment_info *out_info)',
  'const char *deploy_deployment_get_reason(const deploy_deployment *deployment, size_t index)',
  'deploy_status deploy_deployment_get_evidence(const deploy_deployment *deployment, size_t index, _Inout_ deploy_evidence *out_evidence)',
  'deploy_status deploy_event_get_info(const deploy_event *event, _Inout_ deploy_event_info *out_info)',
  'deploy_status deploy_call_give_text(deploy_call *call, const char *text, size_t length)',
].map((prototype) => [/deploy_(\w+)\(/.exec(prototype)[1], library.func(prototype)]));

export const OK = 0, INTERNAL = -22;
export const EVENT = { gateAnswered: 6 };
export const PROBE = { success: 0, failure: 1, unknown: 2 };

/** A negative status, with all that the library said of it. */
export class DeployError extends Error {
  constructor(status, area, message) {
    super(message);
    Object.assign(this, { status, area });
  }
  toString() { return `${c.status_name(this.status)} (${this.area}): ${this.message}`; }
}

function judge(status, [error]) {
  if (status >= 0) return status;
  const thrown = new DeployError(status, c.error_get_area(error) ?? '', c.error_get_message(error) ?? '');
  c.error_free(error);
  throw thrown;
}

/** Calls and gives what came through the output before the error. The object is the caller's to free. */
function now(name, ...inputs) {
  const out = [null], error = [null];
  judge(c[name](...inputs, out, error), error);
  return out[0];
}

/** The same on another thread. One object: one call at a time (rule 9), so await it before the next. */
async function later(name, ...inputs) {
  const out = [null], error = [null];
  judge(await promisify(c[name].async)(...inputs, out, error), error);
  return out[0];
}

/** A record as its _INIT macro makes it. */
const blank = (name) => ({ struct_size: koffi.sizeof(structs[name]) });

/** The record that a getter fills in. */
function fetch(record, getter, object) {
  const found = blank(record);
  if (c[getter](object, found) !== OK) throw new Error(`deploy_${record} is not what the library knows`);
  return found;
}

function* walk(record, getter, object) {
  for (let i = 0, found = blank(record); c[getter](object, i, found) === OK; i++, found = blank(record)) yield found;
}

/** A deployer in a simulated world. Its callbacks stay registered until close(). */
export class Deployer {
  #config; #world; #handle; #registered = [];

  static async open(path, { actor, onEvent, probe }) {
    const self = new Deployer();
    try {
      self.#config = now('config_load', path);
      self.#world = now('simulation_new', self.#config);
      const prober = { ...blank('prober'), attempt: self.#register('deploy_attempt_fn', attempt.bind(null, probe)) };
      const options = { ...blank('deployer_options'), actor, prober, on_event: self.#register('deploy_event_fn', (event) => passOn(onEvent, event)) };
      self.#handle = await later('simulation_open', self.#world, options);
      return self;
    } catch (error) {
      await self.close();
      throw error;
    }
  }

  #register(type, callback) {
    this.#registered.push(koffi.register(callback, `${type} *`));
    return this.#registered.at(-1);
  }

  publish(version, behaviour) { return now('simulation_publish', this.#world, version, behaviour); }
  async addRelease(image, version) { c.release_free(await later('deployer_add_release', this.#handle, image, version, null)); }

  async promote(release, environment) {
    const done = await later('deployer_promote', this.#handle, release, environment, null);
    try {
      return recordOf(done);
    } finally {
      c.deployment_free(done);
    }
  }

  /** No call may be running. */
  async close() {
    await promisify(c.deployer_free.async)(this.#handle ?? null);
    c.simulation_free(this.#world ?? null);
    c.config_free(this.#config ?? null);
    this.#registered.forEach((callback) => koffi.unregister(callback));
  }
}

function recordOf(done) {
  const info = fetch('deployment_info', 'deployment_get_info', done), reasons = [];
  for (let i = 0, reason; (reason = c.deployment_get_reason(done, i)); i++) reasons.push(reason);
  return { version: info.version, environment: info.environment, outcome: info.outcome_name, live: info.live_version, reasons,
           evidence: [...walk('evidence', 'deployment_get_evidence', done)] };
}

/** The event is lent: what is to stay is copied here. An exception would be lost in koffi, so it ends the program. */
function passOn(onEvent, event) {
  try {
    onEvent(fetch('event_info', 'event_get_info', event));
  } catch (error) {
    process.nextTick(() => { throw error; });
  }
}

/** A port's function: what `probe` throws becomes an error of the library, which belongs to it from then on. */
function attempt(probe, _userData, _healthProbe, host, container, outAnswer, call, outError) {
  try {
    const { answer, detail = '' } = probe(host, container);
    koffi.encode(outAnswer, 'int32_t', answer);
    return c.call_give_text(call, detail, Buffer.byteLength(detail));
  } catch (error) {
    const status = error.status ?? INTERNAL;
    koffi.encode(outError, 'deploy_error *', c.error_new(status, error.area ?? 'prober', String(error.message)));
    return status;
  }
}
