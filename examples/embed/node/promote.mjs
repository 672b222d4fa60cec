// Promotes a good release and a bad one in the simulator, and says how each ended. What is healthy is decided by a prober of its own.
//
//     npm ci
//     node promote.mjs ../deploy.json
import { Deployer, DeployError, EVENT, PROBE } from './deploy.mjs';

/** In place of the HTTP request that deploy.json describes: what the shop's monitoring says. It answers at once, as every port must. */
function monitoring() {
  let trusted; // the container that it has seen working
  return (_host, container) => {
    trusted ??= container;
    return container === trusted ? { answer: PROBE.success } : { answer: PROBE.failure, detail: 'nobody can pay' };
  };
}

function onEvent(event) {
  if (!event.host && event.kind !== EVENT.gateAnswered) console.log(`  ${event.kind_name}: ${event.message}`);
}

function show(done) {
  console.log(`${done.version} to ${done.environment}: ${done.outcome}; live: ${done.live ?? 'nothing'}`);
  for (const reason of done.reasons) console.log(`  because ${reason}`);
  for (const found of done.evidence) console.log(`  found on ${found.host}: ${found.container_status}, ${found.verdict_reason}`);
}

const [path] = process.argv.slice(2);
if (!path) {
  console.error('usage: node promote.mjs CONFIG');
  process.exit(2);
}
let deployer;
try {
  deployer = await Deployer.open(path, { actor: 'embed-node', onEvent, probe: monitoring() });
  for (const version of ['1.0.0', '1.1.0']) {
    await deployer.addRelease(deployer.publish(version, 'good'), version);
    show(await deployer.promote(version, 'staging'));
  }
} catch (error) {
  if (!(error instanceof DeployError)) throw error;
  console.error(error.toString());
  process.exitCode = 1;
} finally {
  await deployer?.close();
}
