import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.PointerByReference;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What Promote.java needs of deploy.h, through JNA (a JDK from 22 on could do the same by java.lang.foreign). size_t is a long here: 64 bits.
 *
 * <p>Records have the header's members in the header's order; the first says how much of them we know (rule 7).
 * JNA copies texts as it reads a record. It keeps no callback alive: whoever makes one holds it until the deployer is freed.
 */
interface Deploy extends Library {
  Deploy C = Native.load("libdeploy.so.1", Deploy.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
  int OK = 0;
  int EVENT_GATE_ANSWERED = 6;

  /** As its _INIT macro makes it: its size, and zeros. */
  abstract class Record extends Structure {
    @SuppressWarnings("unchecked")
    <T extends Record> T init() {
      writeField("struct_size", (long) size());
      return (T) this;
    }
  }

  @FieldOrder({"struct_size", "kind", "reserved", "kind_name", "time", "environment", "deployment", "host", "step", "message"})
  class EventInfo extends Record {
    public long struct_size;
    public int kind, reserved;
    public String kind_name;
    public long time;
    public String environment, deployment, host, step, message;
  }

  @FieldOrder({"struct_size", "id", "environment", "kind", "version", "digest", "outcome", "reserved", "outcome_name", "live_version",
      "live_digest", "gap", "duration", "actor", "started", "finished"})
  class DeploymentInfo extends Record {
    public long struct_size;
    public String id, environment, kind, version, digest;
    public int outcome, reserved;
    public String outcome_name, live_version, live_digest;
    public long gap, duration;
    public String actor;
    public long started, finished;
  }

  @FieldOrder({"struct_size", "host", "container", "container_status", "error", "logs", "restart_count", "exit_code", "oom_killed", "verdict",
      "reserved", "verdict_name", "verdict_reason", "probed"})
  class Evidence extends Record {
    public long struct_size;
    public String host, container, container_status, error, logs;
    public long restart_count;
    public int exit_code, oom_killed, verdict, reserved;
    public String verdict_name, verdict_reason;
    public long probed;
  }

  @FieldOrder({"struct_size", "name", "reason", "opens", "allowed", "reserved"})
  class Gate extends Record {
    public long struct_size;
    public String name, reason;
    public long opens;
    public int allowed, reserved;
  }

  /** Called on the thread of the call or on one of the library, which JNA then attaches to the JVM. An exception goes to JNA's handler, not through C. */
  interface OnEvent extends Callback {
    void call(Pointer event, Pointer userData);
  }

  interface Time extends Callback {
    long call(Pointer userData);
  }

  interface Sleep extends Callback {
    void call(Pointer userData, long duration, Pointer call);
  }

  @FieldOrder({"struct_size", "user_data", "destroy", "now", "elapsed", "sleep", "stands_still", "reserved"})
  class Clock extends Record implements Structure.ByReference {
    public long struct_size;
    public Pointer user_data;
    public Callback destroy;
    public Time now, elapsed;
    public Sleep sleep;
    public int stands_still, reserved;
  }

  @FieldOrder({"struct_size", "actor", "on_event", "user_data", "ledger_store", "engine", "prober", "secrets", "clock", "approval_check"})
  class DeployerOptions extends Record {
    public long struct_size;
    public String actor;
    public OnEvent on_event;
    public Pointer user_data, ledger_store, engine, prober, secrets;
    public Clock clock;
    public Pointer approval_check;
  }

  String deploy_status_name(int status);
  Pointer deploy_error_free(Pointer error);
  String deploy_error_get_area(Pointer error);
  String deploy_error_get_message(Pointer error);
  int deploy_config_load(String path, PointerByReference config, PointerByReference error);
  Pointer deploy_config_free(Pointer config);
  int deploy_simulation_new(Pointer config, PointerByReference world, PointerByReference error);
  Pointer deploy_simulation_free(Pointer world);
  int deploy_simulation_open(Pointer world, DeployerOptions options, PointerByReference deployer, PointerByReference error);
  int deploy_simulation_publish(Pointer world, String version, String behaviour, PointerByReference image, PointerByReference error);
  int deploy_simulation_advance(Pointer world, long duration, PointerByReference error);
  Pointer deploy_deployer_free(Pointer deployer);
  int deploy_deployer_add_release(Pointer deployer, String image, String version, Pointer options, PointerByReference release, PointerByReference error);
  int deploy_deployer_promote(Pointer deployer, String release, String environment, Pointer options, PointerByReference done, PointerByReference error);
  Pointer deploy_release_free(Pointer release);
  Pointer deploy_deployment_free(Pointer deployment);
  int deploy_deployment_get_info(Pointer deployment, DeploymentInfo info);
  String deploy_deployment_get_reason(Pointer deployment, long index);
  int deploy_deployment_get_gate(Pointer deployment, long index, Gate gate);
  int deploy_deployment_get_evidence(Pointer deployment, long index, Evidence evidence);
  int deploy_event_get_info(Pointer event, EventInfo info);

  /** A negative status, with all that the library said of it. */
  class DeployException extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int status;

    DeployException(int status, Pointer error) {
      super(C.deploy_status_name(status) + " (" + C.deploy_error_get_area(error) + "): " + C.deploy_error_get_message(error));
      this.status = status;
      C.deploy_error_free(error);
    }
  }

  /** A call that gives something before its error. */
  interface Call {
    int with(PointerByReference out, PointerByReference error);
  }

  /** An object that is ours. */
  record Owned(Pointer pointer, UnaryOperator<Pointer> free) implements AutoCloseable {
    @Override
    public void close() { free.apply(pointer); }
  }

  static Owned own(UnaryOperator<Pointer> free, Call call) {
    return new Owned(give(call), free);
  }

  /** Calls; throws for a negative status, and an outcome is none. */
  static Pointer give(Call call) {
    PointerByReference out = new PointerByReference(), error = new PointerByReference();
    int status = call.with(out, error);
    if (status < 0) throw new DeployException(status, error.getValue());
    return out.getValue();
  }
}
