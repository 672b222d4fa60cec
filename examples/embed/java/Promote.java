import com.sun.jna.Pointer;
import java.time.Duration;
import java.time.Instant;

/**
 * Promotes a good release and a bad one in the simulator, and says how each ended. What time it is is decided by a clock of its own.
 *
 * <pre>
 *   javac -cp /usr/share/java/jna.jar -d out Deploy.java Promote.java
 *   java -cp /usr/share/java/jna.jar:out Promote ../deploy.json
 * </pre>
 *
 * <p>Ownership: close() frees, once, the deployer first. Threads: one at a time uses this object.
 */
final class Promote implements AutoCloseable {
  private static final Deploy C = Deploy.C;
  private final Pointer config, world, deployer;
  private final Calendar calendar = new Calendar(Instant.parse("2026-11-27T17:00:00Z"));
  private final Deploy.OnEvent onEvent = this::tell; // held here: JNA keeps no callback alive

  /** A clock of our own: it stands still, and whoever waits by it has waited at once. It begins on a Friday evening. */
  private final class Calendar {
    private final Instant began;
    private volatile Instant now;
    private final Deploy.Clock table = new Deploy.Clock().init();

    Calendar(Instant now) {
      this.began = this.now = now;
      table.now = userData -> this.now.toEpochMilli();
      table.elapsed = userData -> Duration.between(began, this.now).toMillis();
      table.sleep = (userData, duration, call) -> pass(Duration.ofMillis(duration));
      table.stands_still = 1; // no thread of the library needs to renew leases by it
    }

    /** The world's own clock goes along: applications start, crash and answer by that. */
    void pass(Duration duration) {
      now = now.plus(duration);
      C.deploy_simulation_advance(world, duration.toMillis(), null);
    }
  }

  Promote(String path) {
    Deploy.DeployerOptions options = new Deploy.DeployerOptions().init();
    options.actor = "embed-java";
    options.on_event = onEvent;
    options.clock = calendar.table; // copied by the library, but for the callbacks in it
    config = Deploy.give((out, error) -> C.deploy_config_load(path, out, error));
    world = Deploy.give((out, error) -> C.deploy_simulation_new(config, out, error));
    deployer = Deploy.give((out, error) -> C.deploy_simulation_open(world, options, out, error));
  }

  @Override
  public void close() {
    C.deploy_deployer_free(deployer);
    C.deploy_simulation_free(world);
    C.deploy_config_free(config);
  }

  /** One event at a time. It is lent: what is to stay is copied before this returns. */
  private void tell(Pointer event, Pointer userData) {
    Deploy.EventInfo info = new Deploy.EventInfo().init();
    if (C.deploy_event_get_info(event, info) == Deploy.OK && info.host.isEmpty()) System.out.printf("  %s: %s%n", info.kind_name, info.message);
  }

  private void add(String version, String behaviour) {
    Pointer image = Deploy.give((out, error) -> C.deploy_simulation_publish(world, version, behaviour, out, error)); // lent
    C.deploy_release_free(Deploy.give((out, error) -> C.deploy_deployer_add_release(deployer, image.getString(0, "UTF-8"), version, null, out, error)));
  }

  private void promote(String version) {
    Pointer done = Deploy.give((out, error) -> C.deploy_deployer_promote(deployer, version, "staging", null, out, error));
    try {
      show(done);
    } finally {
      C.deploy_deployment_free(done);
    }
  }

  private static void show(Pointer done) {
    Deploy.DeploymentInfo info = new Deploy.DeploymentInfo().init();
    C.deploy_deployment_get_info(done, info);
    System.out.printf("%s to %s: %s; live: %s%n", info.version, info.environment, info.outcome_name, info.live_version == null ? "nothing" : info.live_version);
    String reason;
    for (long i = 0; (reason = C.deploy_deployment_get_reason(done, i)) != null; i++) System.out.printf("  because %s%n", reason);
    Deploy.Gate gate = new Deploy.Gate().init();
    for (long i = 0; C.deploy_deployment_get_gate(done, i, gate) == Deploy.OK; i++)
      if (gate.allowed == 0) System.out.printf("  the gate %s opens at %s%n", gate.name, Instant.ofEpochMilli(gate.opens));
    Deploy.Evidence found = new Deploy.Evidence().init();
    for (long i = 0; C.deploy_deployment_get_evidence(done, i, found) == Deploy.OK; i++)
      System.out.printf("  found on %s: %s, %s%n", found.host, found.container_status, found.verdict_reason);
  }

  private void play() {
    add("1.0.0", "good");
    promote("1.0.0"); // on a Friday evening: the freeze window of deploy.json says no
    calendar.pass(Duration.ofHours(64)); // Monday morning
    promote("1.0.0");
    add("1.1.0", "unhealthy");
    promote("1.1.0");
  }

  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: Promote CONFIG");
      System.exit(2);
    }
    try (Promote example = new Promote(arguments[0])) {
      example.play();
    } catch (Deploy.DeployException error) {
      System.err.println(error.getMessage());
      System.exit(1);
    }
  }
}
