//! What we use of deploy.h, word for word. Nothing here is safe; deploy.rs is.
//!
//! The first member of a record says how much of it we know (rule 7 of the header).
#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_void};

/// Opaque objects: only ever behind a pointer.
macro_rules! opaque {
    ($($name:ident)*) => { $(#[repr(C)] pub struct $name { _private: [u8; 0] })* };
}
opaque!(deploy_error deploy_config deploy_simulation deploy_deployer deploy_release deploy_deployment deploy_event deploy_call);

pub type deploy_status = i32;
pub const DEPLOY_OK: deploy_status = 0;
pub const DEPLOY_INVALID_ARGUMENT: deploy_status = -1;
pub const DEPLOY_CONFLICT: deploy_status = -5;
pub const DEPLOY_FENCED: deploy_status = -16;
pub const DEPLOY_INTERNAL: deploy_status = -22;
pub const DEPLOY_EVENT_GATE_ANSWERED: i32 = 6;

#[repr(C)]
pub struct deploy_event_info {
    pub struct_size: usize,
    pub kind: i32,
    pub reserved: i32,
    pub kind_name: *const c_char,
    pub time: i64,
    pub environment: *const c_char,
    pub deployment: *const c_char,
    pub host: *const c_char,
    pub step: *const c_char,
    pub message: *const c_char,
}

#[repr(C)]
pub struct deploy_deployment_info {
    pub struct_size: usize,
    pub id: *const c_char,
    pub environment: *const c_char,
    pub kind: *const c_char,
    pub version: *const c_char,
    pub digest: *const c_char,
    pub outcome: deploy_status,
    pub reserved: i32,
    pub outcome_name: *const c_char,
    pub live_version: *const c_char,
    pub live_digest: *const c_char,
    pub gap: i64,
    pub duration: i64,
    pub actor: *const c_char,
    pub started: i64,
    pub finished: i64,
}

#[repr(C)]
pub struct deploy_evidence {
    pub struct_size: usize,
    pub host: *const c_char,
    pub container: *const c_char,
    pub container_status: *const c_char,
    pub error: *const c_char,
    pub logs: *const c_char,
    pub restart_count: i64,
    pub exit_code: i32,
    pub oom_killed: i32,
    pub verdict: i32,
    pub reserved: i32,
    pub verdict_name: *const c_char,
    pub verdict_reason: *const c_char,
    pub probed: i64,
}

#[repr(C)]
pub struct deploy_ledger_entry {
    pub struct_size: usize,
    pub seq: i64,
    pub time: *const c_char,
    pub kind: *const c_char,
    pub actor: *const c_char,
    pub environment: *const c_char,
    pub deployment: *const c_char,
    pub token: i64,
    pub data: *const c_char,
    pub prev: *const c_char,
    pub hash: *const c_char,
}

#[repr(C)]
pub struct deploy_ledger_head {
    pub struct_size: usize,
    pub seq: i64,
    pub hash: [c_char; 72],
}

#[repr(C)]
pub struct deploy_lease {
    pub struct_size: usize,
    pub name: *const c_char,
    pub actor: *const c_char,
    pub machine: *const c_char,
    pub process_start: *const c_char,
    pub process: i64,
    pub token: i64,
    pub since: i64,
    pub expires: i64,
}

pub type deploy_event_fn = extern "C" fn(*const deploy_event, *mut c_void);
pub type deploy_take_over_fn = extern "C" fn(*const deploy_lease, *mut c_void) -> i32;
type Out = *mut *mut deploy_error;

#[repr(C)]
pub struct deploy_ledger_store {
    pub struct_size: usize,
    pub user_data: *mut c_void,
    pub destroy: Option<extern "C" fn(*mut c_void)>,
    pub head: Option<extern "C" fn(*mut c_void, *mut deploy_ledger_head, Out) -> deploy_status>,
    pub read: Option<extern "C" fn(*mut c_void, i64, usize, *mut deploy_call, Out) -> deploy_status>,
    pub append: Option<
        extern "C" fn(*mut c_void, *const deploy_ledger_head, *const c_char, i64, *const *const deploy_ledger_entry, usize, Out) -> deploy_status,
    >,
    pub acquire: Option<extern "C" fn(*mut c_void, *const deploy_lease, Option<deploy_take_over_fn>, *mut c_void, *mut i64, Out) -> deploy_status>,
    pub renew: Option<extern "C" fn(*mut c_void, *const c_char, i64, i64, *mut i32, Out) -> deploy_status>,
    pub release: Option<extern "C" fn(*mut c_void, *const c_char, i64, Out) -> deploy_status>,
    pub lease: Option<extern "C" fn(*mut c_void, *const c_char, *mut deploy_call, Out) -> deploy_status>,
    pub checkpoint: Option<extern "C" fn(*mut c_void, *mut deploy_call, Out) -> deploy_status>,
    pub save_checkpoint: Option<extern "C" fn(*mut c_void, *const deploy_ledger_head, *const c_char, usize, Out) -> deploy_status>,
}

#[repr(C)]
pub struct deploy_deployer_options {
    pub struct_size: usize,
    pub actor: *const c_char,
    pub on_event: Option<deploy_event_fn>,
    pub user_data: *mut c_void,
    pub ledger_store: *const deploy_ledger_store,
    pub engine: *const c_void,
    pub prober: *const c_void,
    pub secrets: *const c_void,
    pub clock: *const c_void,
    pub approval_check: *const c_void,
}

#[link(name = "deploy")]
extern "C" {
    pub fn deploy_error_new(status: deploy_status, area: *const c_char, message: *const c_char) -> *mut deploy_error;
    pub fn deploy_error_free(error: *mut deploy_error) -> *mut deploy_error;
    pub fn deploy_error_get_area(error: *const deploy_error) -> *const c_char;
    pub fn deploy_error_get_message(error: *const deploy_error) -> *const c_char;
    pub fn deploy_status_name(status: deploy_status) -> *const c_char;
    pub fn deploy_config_load(path: *const c_char, out_config: *mut *mut deploy_config, out_error: Out) -> deploy_status;
    pub fn deploy_config_free(config: *mut deploy_config) -> *mut deploy_config;
    pub fn deploy_simulation_new(config: *const deploy_config, out_simulation: *mut *mut deploy_simulation, out_error: Out) -> deploy_status;
    pub fn deploy_simulation_free(simulation: *mut deploy_simulation) -> *mut deploy_simulation;
    pub fn deploy_simulation_open(
        simulation: *mut deploy_simulation,
        options: *const deploy_deployer_options,
        out_deployer: *mut *mut deploy_deployer,
        out_error: Out,
    ) -> deploy_status;
    pub fn deploy_simulation_publish(
        simulation: *mut deploy_simulation,
        version: *const c_char,
        behaviour: *const c_char,
        out_image: *mut *const c_char,
        out_error: Out,
    ) -> deploy_status;
    pub fn deploy_deployer_free(deployer: *mut deploy_deployer) -> *mut deploy_deployer;
    pub fn deploy_deployer_add_release(
        deployer: *mut deploy_deployer,
        image: *const c_char,
        version: *const c_char,
        options: *const c_void,
        out_release: *mut *mut deploy_release,
        out_error: Out,
    ) -> deploy_status;
    pub fn deploy_deployer_promote(
        deployer: *mut deploy_deployer,
        release: *const c_char,
        environment: *const c_char,
        options: *const c_void,
        out_deployment: *mut *mut deploy_deployment,
        out_error: Out,
    ) -> deploy_status;
    pub fn deploy_deployer_verify_ledger(deployer: *mut deploy_deployer, out_entries: *mut i64, out_error: Out) -> deploy_status;
    pub fn deploy_release_free(release: *mut deploy_release) -> *mut deploy_release;
    pub fn deploy_deployment_free(deployment: *mut deploy_deployment) -> *mut deploy_deployment;
    pub fn deploy_deployment_get_info(deployment: *const deploy_deployment, out_info: *mut deploy_deployment_info) -> deploy_status;
    pub fn deploy_deployment_get_reason(deployment: *const deploy_deployment, index: usize) -> *const c_char;
    pub fn deploy_deployment_get_evidence(deployment: *const deploy_deployment, index: usize, out_evidence: *mut deploy_evidence) -> deploy_status;
    pub fn deploy_event_get_info(event: *const deploy_event, out_info: *mut deploy_event_info) -> deploy_status;
    pub fn deploy_call_give_entry(call: *mut deploy_call, entry: *const deploy_ledger_entry) -> deploy_status;
    pub fn deploy_call_give_lease(call: *mut deploy_call, lease: *const deploy_lease) -> deploy_status;
}
