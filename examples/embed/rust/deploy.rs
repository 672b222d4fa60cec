//! A safe wrapper over what promote.rs needs of libdeploy.
//!
//! Ownership: every object frees itself (`Drop`). The raw pointers in them make them neither `Send` nor `Sync`, and calls take `&mut self`:
//! that is the library's thread rule, kept by the compiler. Ports are `Send + Sync`: the library may call them on threads of its own.
//! No panic passes through the library: ports that panic answer with an error.

use crate::ffi;
use crate::store::{self, LedgerStore};
use std::ffi::{CStr, CString};
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::{fmt, mem, ptr};

/// A negative status, with all that the library said of it.
#[derive(Debug)]
pub struct Error {
    pub status: ffi::deploy_status,
    pub area: String,
    pub message: String,
}

impl Error {
    pub fn new(status: ffi::deploy_status, area: &str, message: &str) -> Error {
        Error { status, area: area.into(), message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{} ({}): {}", text(unsafe { ffi::deploy_status_name(self.status) }), self.area, self.message)
    }
}

impl std::error::Error for Error {}

pub type Result<T> = std::result::Result<T, Error>;

/// A copy of a lent text; "" for NULL.
pub(crate) fn text(lent: *const c_char) -> String {
    own(lent).to_string_lossy().into_owned()
}

pub(crate) fn own(lent: *const c_char) -> CString {
    if lent.is_null() { CString::default() } else { unsafe { CStr::from_ptr(lent) }.to_owned() }
}

/// Rust's texts may hold a NUL, C's may not: what comes after it would silently be lost, so it is refused.
pub(crate) fn c(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::new(ffi::DEPLOY_INVALID_ARGUMENT, "rust", "a text with a NUL in it; nothing was done"))
}

/// Runs a call that ends in `out_error`; a positive status is an outcome, not an error.
fn check(call: impl FnOnce(*mut *mut ffi::deploy_error) -> ffi::deploy_status) -> Result<ffi::deploy_status> {
    let mut error = ptr::null_mut();
    let status = call(&mut error);
    if status >= 0 {
        return Ok(status);
    }
    let taken = unsafe { Error { status, area: text(ffi::deploy_error_get_area(error)), message: text(ffi::deploy_error_get_message(error)) } };
    unsafe { ffi::deploy_error_free(error) };
    Err(taken)
}

/// A record as its _INIT macro makes it: its size, and zeros. Every one of them begins with its size.
pub(crate) fn blank<T>() -> T {
    unsafe {
        let mut record: T = mem::zeroed();
        *(&mut record as *mut T as *mut usize) = mem::size_of::<T>();
        record
    }
}

/// An object that is ours, freed by its own function.
macro_rules! object {
    ($(#[$doc:meta])* $name:ident, $raw:ident, $free:ident) => {
        $(#[$doc])*
        pub struct $name(*mut ffi::$raw);
        impl Drop for $name {
            fn drop(&mut self) { unsafe { ffi::$free(self.0) }; }
        }
    };
}
object!(Config, deploy_config, deploy_config_free);
object!(World, deploy_simulation, deploy_simulation_free);
object!(Release, deploy_release, deploy_release_free);
object!(Deployment, deploy_deployment, deploy_deployment_free);

impl Config {
    pub fn load(path: &str) -> Result<Config> {
        let (path, mut config) = (c(path)?, Config(ptr::null_mut()));
        check(|error| unsafe { ffi::deploy_config_load(path.as_ptr(), &mut config.0, error) })?;
        Ok(config)
    }
}

impl World {
    pub fn new(config: &Config) -> Result<World> {
        let mut world = World(ptr::null_mut());
        check(|error| unsafe { ffi::deploy_simulation_new(config.0, &mut world.0, error) })?;
        Ok(world)
    }

    /// Somebody pushes an image; its reference.
    pub fn publish(&mut self, version: &str, behaviour: &str) -> Result<String> {
        let (version, behaviour, mut image) = (c(version)?, c(behaviour)?, ptr::null());
        check(|error| unsafe { ffi::deploy_simulation_publish(self.0, version.as_ptr(), behaviour.as_ptr(), &mut image, error) })?;
        Ok(text(image))
    }
}

pub struct Event {
    pub kind: i32,
    pub kind_name: String,
    pub host: String,
    pub message: String,
}

pub type OnEvent = Box<dyn FnMut(Event) + Send>;

/// Frees itself before what its callbacks refer to.
pub struct Deployer {
    handle: *mut ffi::deploy_deployer,
    on_event: *mut OnEvent,
}

impl Drop for Deployer {
    fn drop(&mut self) {
        unsafe {
            ffi::deploy_deployer_free(self.handle);
            drop(Box::from_raw(self.on_event));
        }
    }
}

impl Deployer {
    pub fn open<S: LedgerStore>(world: &mut World, actor: &str, on_event: OnEvent, store: Arc<S>) -> Result<Deployer> {
        let (actor, table) = (c(actor)?, store::table(store));
        let mut deployer = Deployer { handle: ptr::null_mut(), on_event: Box::into_raw(Box::new(on_event)) };
        let options = ffi::deploy_deployer_options {
            actor: actor.as_ptr(),
            on_event: Some(pass_on),
            user_data: deployer.on_event as *mut c_void,
            ledger_store: &table, // copied; its `destroy` is called whatever comes of this call
            ..blank()
        };
        check(|error| unsafe { ffi::deploy_simulation_open(world.0, &options, &mut deployer.handle, error) })?;
        Ok(deployer)
    }

    pub fn add_release(&mut self, image: &str, version: &str) -> Result<Release> {
        let (image, version, mut release) = (c(image)?, c(version)?, Release(ptr::null_mut()));
        check(|error| unsafe { ffi::deploy_deployer_add_release(self.handle, image.as_ptr(), version.as_ptr(), ptr::null(), &mut release.0, error) })?;
        Ok(release)
    }

    pub fn promote(&mut self, release: &str, environment: &str) -> Result<Deployment> {
        let (release, environment, mut done) = (c(release)?, c(environment)?, Deployment(ptr::null_mut()));
        check(|error| unsafe { ffi::deploy_deployer_promote(self.handle, release.as_ptr(), environment.as_ptr(), ptr::null(), &mut done.0, error) })?;
        Ok(done)
    }

    /// Checks the whole chain of the ledger; how many entries it has.
    pub fn verify_ledger(&mut self) -> Result<i64> {
        let mut entries = 0;
        check(|error| unsafe { ffi::deploy_deployer_verify_ledger(self.handle, &mut entries, error) })?;
        Ok(entries)
    }
}

/// One event at a time, on the thread of the call or one of the library. A panic ends the program.
extern "C" fn pass_on(event: *const ffi::deploy_event, user_data: *mut c_void) {
    let mut info: ffi::deploy_event_info = blank();
    let told = catch_unwind(AssertUnwindSafe(|| unsafe {
        if ffi::deploy_event_get_info(event, &mut info) == ffi::DEPLOY_OK {
            (*(user_data as *mut OnEvent))(Event { kind: info.kind, kind_name: text(info.kind_name), host: text(info.host), message: text(info.message) });
        }
    }));
    if told.is_err() {
        std::process::abort();
    }
}

pub struct Evidence {
    pub host: String,
    pub container_status: String,
    pub verdict_reason: String,
}

pub struct Outcome {
    pub version: String,
    pub environment: String,
    pub name: String,
    pub live: String,
}

impl Deployment {
    pub fn outcome(&self) -> Outcome {
        let mut info: ffi::deploy_deployment_info = blank();
        let status = unsafe { ffi::deploy_deployment_get_info(self.0, &mut info) };
        assert_eq!(status, ffi::DEPLOY_OK);
        Outcome { version: text(info.version), environment: text(info.environment), name: text(info.outcome_name), live: text(info.live_version) }
    }

    pub fn reasons(&self) -> impl Iterator<Item = String> + '_ {
        (0..).map(|i| unsafe { ffi::deploy_deployment_get_reason(self.0, i) }).take_while(|reason| !reason.is_null()).map(text)
    }

    pub fn evidence(&self) -> impl Iterator<Item = Evidence> + '_ {
        (0..).map_while(|i| {
            let mut found: ffi::deploy_evidence = blank();
            let status = unsafe { ffi::deploy_deployment_get_evidence(self.0, i, &mut found) };
            (status == ffi::DEPLOY_OK).then(|| Evidence { host: text(found.host), container_status: text(found.container_status), verdict_reason: text(found.verdict_reason) })
        })
    }
}
