import com.sun.jna.Pointer;
import java.lang.ref.Reference;
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
 * <p>Ownership: try-with-resources frees in reverse order, the deployer first. Threads: one at a time uses a deployer.
 */
final class Promote {
  private static final Deploy C = Deploy.C;
  private final Pointer world, deployer;
  private final Calendar calendar;

  /** A port of our own: a clock that stands still, so that whoever waits by it has waited at once. The library calls it while the deployer lives. */
  private static final class Calendar {
    private final Pointer world;
    private final Instant began;
    private volatile Instant now;
    private final Deploy.Clock table = new Deploy.Clock().init(); // holds the callbacks: JNA keeps none alive

    Calendar(Pointer world, Instant now) {
      this.world = world;
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

  private Promote(Pointer world, Pointer deployer, Calendar calendar) {
    this.world = world;
    this.deployer = deployer;
    this.calendar = calendar;
  }

  /** One event at a time. It is lent: what is to stay is copied before this returns. */
  private static void tell(Pointer event, Pointer userData) {
    Deploy.EventInfo info = new Deploy.EventInfo().init();
    if (C.deploy_event_get_info(event, info) != Deploy.OK || info.kind == Deploy.EVENT_GATE_ANSWERED || !info.host.isEmpty()) return;
    System.out.printf("  %s: %s%n", info.kind_name, info.message);
  }

  /** Somebody pushes an image; we register it. */
  private void add(String version, String behaviour) {
    String image = Deploy.give((out, error) -> C.deploy_simulation_publish(world, version, behaviour, out, error)).getString(0, "UTF-8"); // lent
    Deploy.own(C::deploy_release_free, (out, error) -> C.deploy_deployer_add_release(deployer, image, version, null, out, error)).close();
  }

  private void promote(String version) {
    try (Deploy.Owned done =
        Deploy.own(C::deploy_deployment_free, (out, error) -> C.deploy_deployer_promote(deployer, version, "staging", null, out, error))) {
      show(done.pointer());
    }
  }

  private static void show(Pointer done) {
    Deploy.DeploymentInfo info = new Deploy.DeploymentInfo().init();
    C.deploy_deployment_get_info(done, info);
    String live = info.live_version == null ? "nothing" : info.live_version;
    System.out.printf("%s to %s: %s; live: %s%n", info.version, info.environment, info.outcome_name, live);
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

  private static void run(String path) {
    try (Deploy.Owned config = Deploy.own(C::deploy_config_free, (out, error) -> C.deploy_config_load(path, out, error));
        Deploy.Owned world = Deploy.own(C::deploy_simulation_free, (out, error) -> C.deploy_simulation_new(config.pointer(), out, error))) {
      Calendar calendar = new Calendar(world.pointer(), Instant.parse("2026-11-27T17:00:00Z"));
      Deploy.DeployerOptions options = new Deploy.DeployerOptions().init();
      options.actor = "embed-java";
      options.on_event = Promote::tell; // in reach as long as `options` is: until the deployer is freed
      options.clock = calendar.table;
      try (Deploy.Owned deployer =
          Deploy.own(C::deploy_deployer_free, (out, error) -> C.deploy_simulation_open(world.pointer(), options, out, error))) {
        new Promote(world.pointer(), deployer.pointer(), calendar).play();
      } finally {
        Reference.reachabilityFence(options);
      }
    }
  }

  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: Promote CONFIG");
      System.exit(2);
    }
    try {
      run(arguments[0]);
    } catch (Deploy.DeployException error) {
      System.err.println(error.getMessage());
      System.exit(1);
    }
  }
}
