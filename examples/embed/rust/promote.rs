//! Promotes a good release and a bad one in the simulator, and says how each ended. The ledger is kept by this program.
//!
//!     rustc --edition 2021 promote.rs -L native=$(pkg-config --variable=libdir libdeploy)
//!     ./promote ../deploy.json
//!
//! ffi.rs is the header in Rust's words, deploy.rs and store.rs the safe side of it.

mod deploy;
mod ffi;
mod store;

use deploy::{Config, Deployer, Deployment, Error, Event, Result, World};
use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use store::{Entry, Head, Lease, LedgerStore};

/// A ledger in memory. A real one is a table in a database: append and acquire are then transactions.
#[derive(Default)]
struct MemoryStore(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    entries: Vec<Entry>,
    leases: HashMap<String, Lease>, // by name; a released one stays, expired, so that tokens go on rising
}

impl Kept {
    fn head(&self) -> Head {
        self.entries.last().map_or_else(Head::default, Entry::head)
    }

    fn held(&mut self, name: &str, token: i64) -> Option<&mut Lease> {
        self.leases.get_mut(name).filter(|lease| lease.token == token && lease.expires > 0)
    }
}

impl LedgerStore for MemoryStore {
    fn head(&self) -> Result<Head> {
        Ok(self.0.lock().unwrap().head())
    }

    fn read(&self, after: i64, limit: usize) -> Result<Vec<Entry>> {
        Ok(self.0.lock().unwrap().entries.iter().skip(after as usize).take(limit).cloned().collect())
    }

    fn append(&self, expected: &Head, lease: Option<(String, i64)>, entries: Vec<Entry>) -> Result<()> {
        let mut kept = self.0.lock().unwrap();
        if kept.head() != *expected {
            return Err(Error::new(ffi::DEPLOY_CONFLICT, "store", "somebody else appended first; nothing was written"));
        }
        if let Some((name, token)) = lease {
            kept.held(&name, token).ok_or_else(|| Error::new(ffi::DEPLOY_FENCED, "store", "the lease is not ours any more; nothing was written"))?;
        }
        kept.entries.extend(entries);
        Ok(())
    }

    fn acquire(&self, mut wanted: Lease, may_take_over: &dyn Fn(&Lease) -> bool) -> Result<Option<i64>> {
        let mut kept = self.0.lock().unwrap();
        let last = kept.leases.get(&wanted.name);
        if last.map_or(false, |held| held.expires > wanted.since && !may_take_over(held)) {
            return Ok(None);
        }
        wanted.token = last.map_or(0, |held| held.token) + 1;
        let token = wanted.token;
        kept.leases.insert(wanted.name.clone(), wanted);
        Ok(Some(token))
    }

    fn renew(&self, name: &str, token: i64, expires: i64) -> Result<bool> {
        Ok(self.0.lock().unwrap().held(name, token).map(|lease| lease.expires = expires).is_some())
    }

    fn release(&self, name: &str, token: i64) -> Result<()> {
        self.0.lock().unwrap().held(name, token).map(|lease| lease.expires = 0);
        Ok(())
    }

    fn lease(&self, name: &str) -> Result<Option<Lease>> {
        Ok(self.0.lock().unwrap().leases.get(name).filter(|lease| lease.expires > 0).cloned())
    }
}

fn on_event(event: Event) {
    if event.host.is_empty() && event.kind != ffi::DEPLOY_EVENT_GATE_ANSWERED {
        println!("  {}: {}", event.kind_name, event.message);
    }
}

fn show(deployment: &Deployment) {
    let ended = deployment.outcome();
    let live = if ended.live.is_empty() { "nothing" } else { &ended.live };
    println!("{} to {}: {}; live: {}", ended.version, ended.environment, ended.name, live);
    for reason in deployment.reasons() {
        println!("  because {reason}");
    }
    for found in deployment.evidence() {
        println!("  found on {}: {}, {}", found.host, found.container_status, found.verdict_reason);
    }
}

fn play(path: &str) -> Result<()> {
    let mut world = World::new(&Config::load(path)?)?;
    let store = Arc::new(MemoryStore::default());
    let mut deployer = Deployer::open(&mut world, "embed-rust", Box::new(on_event), store.clone())?;
    for (version, behaviour) in [("1.0.0", "good"), ("1.1.0", "unhealthy")] {
        let image = world.publish(version, behaviour)?;
        deployer.add_release(&image, version)?;
        show(&deployer.promote(version, "staging")?);
    }
    let entries = deployer.verify_ledger()?;
    assert_eq!(entries as usize, store.0.lock().unwrap().entries.len());
    println!("the ledger here holds; it ends with entry {entries}");
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.len() != 2 {
        eprintln!("usage: {} CONFIG", arguments[0]);
        return ExitCode::from(2);
    }
    match play(&arguments[1]) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
