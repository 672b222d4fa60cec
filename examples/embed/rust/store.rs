//! A ledger store of the program's own: a trait, and the table of C functions that leads to it.

use crate::deploy::{blank, c, own, text, Error, Result};
use crate::ffi;
use std::ffi::CString;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

/// Where the ledger and the leases are kept. Every function is atomic, and durable when it returns. The library calls them on the thread
/// of the call and, for leases, on one of its own. An error comes back to who called the deployer.
pub trait LedgerStore: Send + Sync + 'static {
    fn head(&self) -> Result<Head>;
    /// The entries with seq above `after`, in order, at most `limit`.
    fn read(&self, after: i64, limit: usize) -> Result<Vec<Entry>>;
    /// All or nothing: DEPLOY_CONFLICT when the head is not `expected`, DEPLOY_FENCED when this lease (name, token) is not held any more.
    fn append(&self, expected: &Head, lease: Option<(String, i64)>, entries: Vec<Entry>) -> Result<()>;
    /// A new token, higher than every earlier one of that name; None while somebody else holds the lease.
    fn acquire(&self, wanted: Lease, may_take_over: &dyn Fn(&Lease) -> bool) -> Result<Option<i64>>;
    /// False when it is not held under this token any more.
    fn renew(&self, name: &str, token: i64, expires: i64) -> Result<bool>;
    fn release(&self, name: &str, token: i64) -> Result<()>;
    fn lease(&self, name: &str) -> Result<Option<Lease>>;
}

#[derive(Clone, Copy)]
pub struct Head {
    pub seq: i64,
    hash: [c_char; 72],
}

impl Default for Head {
    /// Of an empty ledger: 64 zeros, and a NUL.
    fn default() -> Head {
        let mut hash = [b'0' as c_char; 72];
        hash[64..].fill(0);
        Head { seq: 0, hash }
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Head) -> bool {
        self.seq == other.seq && self.hash[..64] == other.hash[..64]
    }
}

/// One line of the ledger, stored and read as it is: time, kind, actor, environment, deployment, data, prev, hash.
#[derive(Clone)]
pub struct Entry {
    pub seq: i64,
    pub token: i64,
    texts: [CString; 8],
}

impl Entry {
    unsafe fn copy(e: &ffi::deploy_ledger_entry) -> Entry {
        let texts = [e.time, e.kind, e.actor, e.environment, e.deployment, e.data, e.prev, e.hash].map(own);
        Entry { seq: e.seq, token: e.token, texts }
    }

    /// Lent: good as long as this entry is.
    fn lent(&self) -> ffi::deploy_ledger_entry {
        let [time, kind, actor, environment, deployment, data, prev, hash] = [0, 1, 2, 3, 4, 5, 6, 7].map(|i: usize| self.texts[i].as_ptr());
        ffi::deploy_ledger_entry { seq: self.seq, time, kind, actor, environment, deployment, token: self.token, data, prev, hash, ..blank() }
    }

    pub fn head(&self) -> Head {
        let mut head = Head { seq: self.seq, ..Head::default() };
        for (to, from) in head.hash.iter_mut().zip(self.texts[7].as_bytes()) {
            *to = *from as c_char;
        }
        head
    }
}

/// Who holds the right to change an environment, until when.
#[derive(Clone)]
pub struct Lease {
    pub name: String,
    pub token: i64,
    pub since: i64,
    pub expires: i64,
    process: i64,
    holder: [CString; 3], // actor, machine, process_start: stored as they are
}

impl Lease {
    unsafe fn copy(l: &ffi::deploy_lease) -> Lease {
        let holder = [l.actor, l.machine, l.process_start].map(own);
        Lease { name: text(l.name), token: l.token, since: l.since, expires: l.expires, process: l.process, holder }
    }

    /// Calls `use_it` with the record of the header, which is lent for the call.
    fn lend<R>(&self, use_it: impl FnOnce(*const ffi::deploy_lease) -> R) -> Result<R> {
        let (name, [actor, machine, process_start]) = (c(&self.name)?, [0, 1, 2].map(|i: usize| self.holder[i].as_ptr()));
        let (token, since, expires, process) = (self.token, self.since, self.expires, self.process);
        Ok(use_it(&ffi::deploy_lease { name: name.as_ptr(), actor, machine, process_start, process, token, since, expires, ..blank() }))
    }
}

/// The table that the library copies. It holds one share of the store, which `destroy` gives back.
pub(crate) fn table<S: LedgerStore>(store: Arc<S>) -> ffi::deploy_ledger_store {
    ffi::deploy_ledger_store {
        user_data: Arc::into_raw(store) as *mut c_void,
        destroy: Some(destroy::<S>),
        head: Some(head::<S>),
        read: Some(read::<S>),
        append: Some(append::<S>),
        acquire: Some(acquire::<S>),
        renew: Some(renew::<S>),
        release: Some(release::<S>),
        lease: Some(lease::<S>),
        ..blank()
    }
}

type Out = *mut *mut ffi::deploy_error;

/// Runs a port's function. Its error belongs to the library from then on; so does what a panic becomes.
fn answer(out_error: Out, port: impl FnOnce() -> Result<()>) -> ffi::deploy_status {
    let panicked = || Error::new(ffi::DEPLOY_INTERNAL, "store", "the ledger store panicked");
    let error = match catch_unwind(AssertUnwindSafe(port)).unwrap_or_else(|_| Err(panicked())) {
        Ok(()) => return ffi::DEPLOY_OK,
        Err(error) => error,
    };
    if let (Ok(area), Ok(message)) = (c(&error.area), c(&error.message)) {
        unsafe { *out_error = ffi::deploy_error_new(error.status, area.as_ptr(), message.as_ptr()) };
    }
    error.status
}

unsafe fn at<'a, S>(user_data: *mut c_void) -> &'a S {
    &*(user_data as *const S)
}

extern "C" fn destroy<S: LedgerStore>(user_data: *mut c_void) {
    drop(unsafe { Arc::from_raw(user_data as *const S) });
}

extern "C" fn head<S: LedgerStore>(user_data: *mut c_void, out: *mut ffi::deploy_ledger_head, out_error: Out) -> ffi::deploy_status {
    answer(out_error, || unsafe {
        let found = at::<S>(user_data).head()?;
        (*out).seq = found.seq;
        (*out).hash = found.hash;
        Ok(())
    })
}

extern "C" fn read<S: LedgerStore>(user_data: *mut c_void, after: i64, limit: usize, call: *mut ffi::deploy_call, out_error: Out) -> ffi::deploy_status {
    answer(out_error, || unsafe {
        for entry in at::<S>(user_data).read(after, limit)? {
            ffi::deploy_call_give_entry(call, &entry.lent()); // copied
        }
        Ok(())
    })
}

extern "C" fn append<S: LedgerStore>(
    user_data: *mut c_void,
    expected: *const ffi::deploy_ledger_head,
    lease: *const c_char,
    token: i64,
    entries: *const *const ffi::deploy_ledger_entry,
    count: usize,
    out_error: Out,
) -> ffi::deploy_status {
    answer(out_error, || unsafe {
        let expected = Head { seq: (*expected).seq, hash: (*expected).hash };
        let claim = if lease.is_null() { None } else { Some((text(lease), token)) };
        at::<S>(user_data).append(&expected, claim, (0..count).map(|i| Entry::copy(&**entries.add(i))).collect())
    })
}

extern "C" fn acquire<S: LedgerStore>(
    user_data: *mut c_void,
    wanted: *const ffi::deploy_lease,
    may_take_over: Option<ffi::deploy_take_over_fn>,
    context: *mut c_void,
    out_token: *mut i64,
    out_error: Out,
) -> ffi::deploy_status {
    answer(out_error, || unsafe {
        let ask = |held: &Lease| may_take_over.map_or(false, |ask| held.lend(|lease| ask(lease, context)).map_or(false, |answer| answer != 0));
        *out_token = at::<S>(user_data).acquire(Lease::copy(&*wanted), &ask)?.unwrap_or(0);
        Ok(())
    })
}

extern "C" fn renew<S: LedgerStore>(user_data: *mut c_void, name: *const c_char, token: i64, expires: i64, out_held: *mut i32, out_error: Out) -> ffi::deploy_status {
    answer(out_error, || unsafe {
        *out_held = at::<S>(user_data).renew(&text(name), token, expires)? as i32;
        Ok(())
    })
}

extern "C" fn release<S: LedgerStore>(user_data: *mut c_void, name: *const c_char, token: i64, out_error: Out) -> ffi::deploy_status {
    answer(out_error, || unsafe { at::<S>(user_data).release(&text(name), token) })
}

extern "C" fn lease<S: LedgerStore>(user_data: *mut c_void, name: *const c_char, call: *mut ffi::deploy_call, out_error: Out) -> ffi::deploy_status {
    answer(out_error, || unsafe {
        match at::<S>(user_data).lease(&text(name))? {
            Some(found) => found.lend(|lease| ffi::deploy_call_give_lease(call, lease)).map(|_| ()),
            None => Ok(()),
        }
    })
}
